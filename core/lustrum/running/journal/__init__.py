"""The lasting record of runs: the ledger, and the parts of every batch."""
