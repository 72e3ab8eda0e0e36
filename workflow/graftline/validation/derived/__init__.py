"""The second stage: checks that need derived values, made before any number is.

Not made: that the number at risk never rises without delayed entry (E55). It is computed as the
number of times at or after t, which cannot rise.

E34 compares with what the pipeline graded from vital signs, E36 with what it graded from
laboratory values, within the days of the event; E39 and E40 take the grade of the event itself.
E55 compares the endpoints of one origin by their names: `pfs` or `rfs`, `cir` and `nrm` (and
`pfs_it`, `cir_it`, `nrm_it`).
"""

from graftline.validation.derived import endpoints, grades, reported  # noqa: F401  (registers)
from graftline.validation.derived.stage import DERIVED_CHECKS, derived_cohort

__all__ = ["DERIVED_CHECKS", "derived_cohort"]
