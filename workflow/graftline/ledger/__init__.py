"""The ledger of a study's releases: a record each, every one bound to the one before it by a hash."""
