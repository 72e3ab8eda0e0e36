"""Figures: one style for all of them, and one module a figure."""
