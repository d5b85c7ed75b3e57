"""First floor: what the law asks. Pure: a day or an instant is always an argument."""
