"""Fifth floor: use cases. The doors call these and nothing below; the clock is handed in here."""
