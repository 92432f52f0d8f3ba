"""Messages that ask nothing: who got one, who did not and why, beside the ledger of asks."""
