"""Analyses: each declares its numbers, and lays out the tables that print them."""
