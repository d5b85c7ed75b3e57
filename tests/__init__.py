"""Tests mirror src; house/ holds the rules of the house itself."""
