"""Toxicity grading: a scale as data, and one tested function for each kind of item."""
