"""The pages: Italian first, English second, phone first. Thin: they read what the office says and call what it offers."""
