"""How closely two computations of one number must agree, and what happens where they do not."""

from __future__ import annotations

import math

from graftline.errors import GraftlineError

AGREEMENT = 1e-9
AGREEMENT_OF_COX = 1e-8  # iterated: each implementation stops a little before the maximum
IDENTITY = 1e-12


def assert_close(name: str, ours: float, theirs: float, how: str, tolerance: float) -> None:
    """Raise GraftlineError if the two differ by more than `tolerance`, or one is not a number.

    Above 1 the tolerance is relative: a time of 2000 days has no more digits than one of 2.
    """
    if not abs(ours - theirs) <= tolerance * max(1.0, abs(theirs)) or math.isinf(theirs):
        raise GraftlineError(
            f"the number {name} is {ours!r} by our estimator and {theirs!r} by {how}; "
            "nothing is reported before the two agree"
        )
