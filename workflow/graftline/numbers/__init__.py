"""The registry of numbers: an analysis declares what a number is, the registry computes it.

A declaration names a derived table and two queries over it that return row keys: the rows the
number is made of, and the population they were chosen from. `evaluate` runs both in DuckDB and
hands the rows to the named statistic. Text, tables and figures take numbers from its records only.
"""

from graftline.numbers.declaration import Declaration, literal, select_rows
from graftline.numbers.evaluation import evaluate
from graftline.numbers.fragments import add_part, fragment

__all__ = ["Declaration", "add_part", "evaluate", "fragment", "literal", "select_rows"]
