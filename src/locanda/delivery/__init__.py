"""Fourth floor: handing over to portals, once and only once, and knowing what became of it."""
