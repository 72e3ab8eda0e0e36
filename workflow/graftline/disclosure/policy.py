"""A study's policy: whether patients may be shown one by one, and from how many on they are counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class Hidden:
    """The value of a masked number, for what chooses words by values: it is something, and more than
    one; it equals nothing, and nothing can be computed from it."""

    def __bool__(self):
        return True

    def __gt__(self, other):
        return True

    __ge__ = __gt__

    def __lt__(self, other):
        return False

    __le__ = __lt__

    def __eq__(self, other):
        return False

    __hash__ = object.__hash__

    def __repr__(self):
        return "HIDDEN"


HIDDEN = Hidden()
THRESHOLD = 5  # where a study does not say otherwise
MASKED = "masked"


@dataclass(frozen=True)
class Policy:
    """`threshold`: counts of 1 to threshold - 1 patients are masked; under 2, nothing is.

    `patients_may_be_shown`: as Case 1, Case 2 and so on, in a list and in a figure.
    """

    patients_may_be_shown: bool = False
    threshold: int = THRESHOLD

    @property
    def is_masking(self) -> bool:
        """Whether anything is masked at all."""
        return self.threshold > 1

    def masks(self, n: int) -> bool:
        """Whether a count of `n` patients is masked by itself. 0 is not: nobody is in it."""
        return 0 < n < self.threshold

    @property
    def small(self) -> str:
        """What is printed for a masked count: "<5"."""
        return f"<{self.threshold}"


NOTHING_MASKED = Policy(False, 0)


def is_masked(record: Mapping[str, Any]) -> bool:
    """Whether a record of the registry, as it was released, is masked."""
    return record.get("format", {}).get("display") == MASKED


def read_policy(disclosure: Mapping[str, Any] | None) -> Policy:
    """The policy of a study's `disclosure` section; without one, the strictest.

    A study that shows its patients one by one masks nothing, since a list of them gives every count.
    """
    content = disclosure or {}
    shown = bool(content.get("case_listing"))
    return Policy(shown, 0 if shown else content.get("mask_below", THRESHOLD))
