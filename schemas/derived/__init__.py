"""pandera models of the derived tables, one module a table."""
