"""First floor: what the law asks, read from the packs of the territories. Pure: no web, database, network, clock."""
