"""Third floor: what is kept. Accounts, properties, stays, deliveries, receipts; the vault; the chain of events."""
