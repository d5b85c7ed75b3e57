"""Ground floor: people, documents, stays, properties, time and problems. Pure: no web, database, network, clock."""
