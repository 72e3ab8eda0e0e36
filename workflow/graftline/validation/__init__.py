"""Checks of raw and derived tables. All findings of a cut are collected; nothing stops half-way."""
