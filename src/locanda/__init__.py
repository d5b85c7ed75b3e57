"""Locanda: every reporting duty of an Italian accommodation operator, from arrival to receipt."""

__version__ = "0.1.0"
