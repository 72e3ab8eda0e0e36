"""Figure: patients by item and worst grade, one panel an arm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from graftline.figures.style import GRADE_COLOURS, INK, new_figure

WIDTH_MM = 170
BAR = 0.72
SMALLEST_LABELLED = 0.04  # of the axis: a shorter segment has no room for its count


def draw_toxicity(bars: Mapping[str, Any]) -> Figure:
    """Stacked bars of counts. `bars` is what `graftline.analyse.toxicity.collect_bars` returns.

    Grades go from light to dark, so that they can be told apart in grey and without colour vision,
    and each segment with room for it carries its count. Every panel has the same axis. Without
    anything to draw, the panel says so.
    """
    items, grades, panels = bars["items"], bars["grades"], bars["panels"]
    figure = new_figure(WIDTH_MM, 30 + 7 * max(len(items), 3))
    axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    widest = max([panel["n"] for panel in panels] + [1])
    for axis, panel in zip(axes, panels, strict=True):
        axis.set_title(f"{panel['label']} (n = {panel['n']})", loc="left")
        axis.set_xlim(0, widest * 1.02)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        axis.set_xlabel("Patients")
        axis.set_yticks(range(len(items)), items)
        axis.set_ylim(max(len(items), 1) - 0.5, -0.5)
        axis.tick_params(axis="y", length=0)
        if not items:
            axis.text(widest / 2, 0, "no toxicity of grade I or more", ha="center", va="center")
        left = [0] * len(items)
        for position, (grade, _) in enumerate(grades):
            counts = [row[position] for row in panel["counts"]]
            colour = GRADE_COLOURS[min(grade, len(GRADE_COLOURS) - 1)]
            axis.barh(
                range(len(items)),
                counts,
                BAR,
                left=left,
                color=colour,
                edgecolor=INK,
                linewidth=0.4,
            )
            for row, count in enumerate(counts):
                if count > SMALLEST_LABELLED * widest:
                    axis.text(
                        left[row] + count / 2,
                        row,
                        str(count),
                        ha="center",
                        va="center_baseline",
                        fontsize=7,
                        color="white" if grade >= 3 else INK,
                    )
            left = [start + count for start, count in zip(left, counts, strict=True)]
    figure.legend(
        handles=[_swatch(grade, f"Grade {roman}") for grade, roman in grades],
        loc="outside upper center",
        ncols=len(grades),
    )
    return figure


def _swatch(grade: int, label: str):
    from matplotlib.patches import Patch

    colour = GRADE_COLOURS[min(grade, len(GRADE_COLOURS) - 1)]
    return Patch(facecolor=colour, edgecolor=INK, linewidth=0.4, label=label)
