"""Data cuts: which exist, which are complete, and whether their files are what was received."""
