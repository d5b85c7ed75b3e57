"""The command line: thin doors over the rooms below."""
