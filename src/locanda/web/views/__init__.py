"""The views, one small module a subject. Each reads what the office says, calls what it offers, and sends the person on."""
