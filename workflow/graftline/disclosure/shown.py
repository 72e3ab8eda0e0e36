"""What an analysis may say and draw of its own numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graftline.disclosure.masking import mask_records
from graftline.disclosure.policy import HIDDEN, MASKED, Policy, is_masked

MASKED_IN_FIGURES = "*"
NOTE = f" {MASKED_IN_FIGURES}: masked, as the study's disclosure policy asks for."


class _Asked(dict):
    """A dictionary that remembers what was asked of it."""

    def __init__(self, content: Mapping[str, Any]):
        super().__init__(content)
        self.ids: set[str] = set()

    def __getitem__(self, number: str) -> Any:
        self.ids.add(number)
        return super().__getitem__(number)


class Shown:
    """The numbers of one analysis as its policy lets them be seen, of which facts, layouts and figures
    are made: `values` has `HIDDEN` for a masked one, `printed` what figures print.
    """

    def __init__(self, records: Iterable[Mapping[str, Any]], policy: Policy):
        released = mask_records(records, policy)
        self.policy = policy
        self.masked = [record["id"] for record in released if is_masked(record)]
        self.values = {
            record["id"]: HIDDEN if is_masked(record) else record["value"] for record in released
        }
        displays = {record["id"]: record["display"] for record in released}
        self.printed = _Asked(
            {
                number: MASKED_IN_FIGURES if display == MASKED else display
                for number, display in displays.items()
            }
        )
        self.drawn_values = _Asked(self.values)

    @property
    def note(self) -> str:
        """What a figure's caption adds where something is masked in it."""
        return NOTE if self.printed.ids & set(self.masked) else ""

    def hand_over(self) -> dict[str, list[str]]:
        """What `graftline.numbers.fragment` says of masking: the numbers masked, and those that a figure
        shows."""
        drawn = self.printed.ids | self.drawn_values.ids if self.policy.is_masking else set()
        return {"masked": self.masked, "drawn": sorted(drawn - set(self.masked))}
