"""Schemas: what raw tables, derived tables, scales and the configuration may hold."""
