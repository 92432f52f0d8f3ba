"""Pages of waves, of the ledger and of the contact policy."""
