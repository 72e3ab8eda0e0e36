"""Comparison of a data cut with the one before it: both as today's code builds them.

Everything that is compared is a derived or validated table, a list of findings or the records of the
numbers; each difference is a row of the table `cut_changes` or of `moved_numbers`, so that a number
of the comparison is counted and traced as any other.
"""
