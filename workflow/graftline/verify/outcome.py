"""What a verification found."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """`problems`: a sentence for each thing that differs; `notes`: what was not looked at, or may matter;
    `checked`: how many things of which kind were looked at."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    checked: dict[str, int] = field(default_factory=dict)

    def add(self, problems: list[str], below: str = "") -> None:
        """Add problems of files below the folder `below`."""
        self.problems += [below + problem for problem in problems]

    def add_unnamed(self, problems: list[str], below: str = "") -> None:
        """Add problems of files below the folder `below`, but for those that speak of a file that is
        named already: what is in an altered file is no news."""
        named = {problem.partition(": ")[0] for problem in self.problems}
        names = {name.rpartition("/")[2] for name in named if "/" in name or "." in name}
        self.problems += [
            problem
            for problem in problems
            if below + problem.partition(": ")[0] not in named
            and not names & set(problem.partition(": ")[2].replace(":", "").split())
        ]

    def count(self, kind: str, number: int) -> None:
        """Count `number` things of a kind as looked at."""
        self.checked[kind] = self.checked.get(kind, 0) + number

    def summary(self) -> str:
        """How much was looked at and how much differs, for people."""
        looked = ", ".join(f"{number} {kind}" for kind, number in self.checked.items())
        number = len(self.problems)
        found = "1 difference" if number == 1 else f"{number} differences"
        return f"{looked or 'nothing'} checked, {found}"
