"""Figure: patients by item and worst grade, one panel an arm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from graftline.figures.style import GRADE_COLOURS, INK, new_figure, wrap

WIDTH_MM, LABEL_MM = 170, 44
BAR = 0.72
DIGIT_MM, GAP_MM = 1.35, 0.9  # a digit of a count, and the room beside it
MASKED = "*"  # at the end of a bar of which something is not drawn
LETTERS = 30  # of an item's label, in a line


def _colour(grade: int) -> str:
    return GRADE_COLOURS[min(grade, len(GRADE_COLOURS) - 1)]


def draw_toxicity(bars: Mapping[str, Any]) -> Figure:
    """Stacked bars of counts. `bars` is what `graftline.analyse.toxicity.collect_bars` returns.

    Grades go from light to dark, so that they can be told apart in grey and without colour vision,
    and each segment with room for it carries its count; the number of patients with any of the
    grades stands at the bar's end. Every panel has the same axis. Without anything to draw, the panel says
    so.
    """
    items, grades, panels = bars["items"], bars["grades"], bars["panels"]
    panel_mm = (WIDTH_MM - LABEL_MM) / len(panels) - 4
    titles = [wrap(_title(panel), int(panel_mm / 1.7), most_lines=6) for panel in panels]
    title_mm = 4 * max(title.count("\n") for title in titles)
    row_mm = 5.4
    figure = new_figure(WIDTH_MM, 30 + title_mm + row_mm * max(len(items), 3))
    axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    widest = max([panel["n"] or _longest_bar(panel) for panel in panels] + [1])
    longest = widest * (1 + (DIGIT_MM * len(str(widest)) + 2 * GAP_MM) / panel_mm)
    for axis, panel, title in zip(axes, panels, titles, strict=True):
        axis.set_title(title, loc="left")
        axis.set_xlim(0, longest)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=max(2, int(panel_mm / 14))))
        axis.set_xlabel("Patients")
        axis.set_yticks(range(len(items)), [wrap(label, LETTERS) for label in items])
        axis.set_ylim(max(len(items), 1) - 0.5, -0.5)
        axis.tick_params(axis="y", length=0)
        if not items:
            nothing = wrap("no toxicity of grade I or more", int(panel_mm / 1.6), most_lines=5)
            axis.text(longest / 2, 0, nothing, ha="center", va="center")
        _draw_bars(axis, panel["counts"], grades, longest / panel_mm)
    figure.legend(
        handles=[_swatch(grade, f"Grade {roman}") for grade, roman in grades],
        loc="outside upper center",
        ncols=len(grades),
    )
    return figure


def has_bars(bars: Mapping[str, Any]) -> bool:
    """Whether there is more to draw than asterisks: a bar, or that nobody had any."""
    counts = [count for panel in bars["panels"] for row in panel["counts"] for count in row]
    return any(counts) or None not in counts


def _title(panel: Mapping[str, Any]) -> str:
    return panel["label"] + (f" (n\u00a0=\u00a0{panel['n']})" if panel["n"] is not None else "")


def _longest_bar(panel: Mapping[str, Any]) -> int:
    """The most patients that a bar of `panel` stands for, where their number in all is masked."""
    return max((sum(count or 0 for count in row) for row in panel["counts"]), default=0)


def _draw_bars(axis, counts: list[list[int | None]], grades, per_mm: float) -> None:
    """The bars of one panel; `per_mm` patients take a millimetre of its axis."""
    rows = range(len(counts))
    left = [0] * len(counts)
    for position, (grade, _) in enumerate(grades):
        of_grade = [row[position] or 0 for row in counts]
        axis.barh(
            rows,
            of_grade,
            BAR,
            left=left,
            color=_colour(grade),
            edgecolor=INK,
            linewidth=[0.4 if count else 0 for count in of_grade],
        )
        for row, count in enumerate(of_grade):
            if count / per_mm > DIGIT_MM * len(str(count)) + GAP_MM:
                axis.text(
                    left[row] + count / 2, row, str(count), ha="center", va="center_baseline",
                    fontsize=7, color="white" if grade >= 3 else INK,
                )  # fmt: skip
        left = [start + count for start, count in zip(left, of_grade, strict=True)]
    for row, total in enumerate(left):
        text = MASKED if None in counts[row] else str(total)
        if text != "0":
            axis.text(
                total + GAP_MM * per_mm, row, text, ha="left", va="center_baseline",
                fontsize=7, weight=600,
            )  # fmt: skip


def _swatch(grade: int, label: str) -> Patch:
    return Patch(facecolor=_colour(grade), edgecolor=INK, linewidth=0.4, label=label)
