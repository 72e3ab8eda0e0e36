"""Derived tables: each module turns validated tables into one derived table and its lineage."""
