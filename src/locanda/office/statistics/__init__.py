"""The visitor statistics of the stored stays: what each day was, its figures, the portal it goes to."""
