"""The second stage: checks that need derived values, made before any number is.

Not made: that the number at risk never rises without delayed entry (E55). It is computed as the
number of times at or after t, which cannot rise.

E34 compares with what the pipeline graded from vital signs, E36 with what it graded from
laboratory values, within the days of the event, and E63 with what it graded from the finding; each
on the scale that was reported, if it is one of the study's. E39 and E40 take the grade of the event
itself, the worst of the study's scales.
E55 compares endpoints of which some part the events of another among them, as relapse and death
without it part progression-free survival (`list_families`), and those whose events are among another's.
"""

from graftline.validation.derived import (  # noqa: F401  (registers)
    endpoints,
    endpoints_agree,
    grades,
    reported,
)
from graftline.validation.derived.stage import DERIVED_CHECKS, derived_cohort

__all__ = ["DERIVED_CHECKS", "derived_cohort"]
