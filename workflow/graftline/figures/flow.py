"""Patient flow: boxes of text joined by arrows, from the first record to each analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from graftline.figures.style import INK, new_figure, wrap

WIDTH_MM = 170
LINE_MM, PAD_MM, GAP_MM, FOOT_MM = 3.5, 1.3, 4, 5
LETTER_MM = 1.52
TRUNK_MM, ASIDE_MM, MOST_MM = 58, 50, 64  # widths of boxes
ARROW = {"arrowstyle": "-|>", "color": INK, "linewidth": 0.8, "mutation_scale": 7}


def _wrap_box(lines: Sequence[str], width: float) -> list[str]:
    letters = int((width - 2 * PAD_MM) / LETTER_MM)
    return [part for line in lines for part in wrap(line, letters, most_lines=4).split("\n")]


def _height(lines: Sequence[str]) -> float:
    return LINE_MM * len(lines) + 2 * PAD_MM


class _Canvas:
    """Axes in millimetres from the top left corner."""

    def __init__(self, height: float):
        self.figure = new_figure(WIDTH_MM, height + FOOT_MM)
        self.figure.set_layout_engine("none")
        self.axes = self.figure.add_axes(
            [0, FOOT_MM / (height + FOOT_MM), 1, height / (height + FOOT_MM)]
        )
        self.axes.set_xlim(0, WIDTH_MM)
        self.axes.set_ylim(height, 0)
        self.axes.set_axis_off()

    def box(self, middle: float, top: float, width: float, lines: Sequence[str]) -> float:
        """A box, and where it ends below; the first line is the heading."""
        height = _height(lines)
        corner = (middle - width / 2, top)
        self.axes.add_patch(
            Rectangle(corner, width, height, facecolor="white", edgecolor=INK, linewidth=0.8)
        )
        for place, line in enumerate(lines):
            self.axes.text(
                corner[0] + PAD_MM, top + PAD_MM + (place + 0.5) * LINE_MM, line, va="center_baseline",
                fontsize=7.5, weight=400 if place else 600,
            )  # fmt: skip
        return top + height

    def arrow(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.axes.annotate(
            "", xy=end, xytext=start, arrowprops=ARROW | {"shrinkA": 0, "shrinkB": 0}
        )

    def line(self, *points: tuple[float, float]) -> None:
        self.axes.plot(*zip(*points, strict=True), color=INK, linewidth=0.8)


def draw_flow(flow: Mapping[str, Any]) -> Figure:
    """The figure of `graftline.analyse.flow.lay_out_flow`: a trunk, what leaves it to the right,
    and a column a group, all of the same steps. Boxes of one step are as high as the highest of them."""
    n = len(flow["columns"])
    width = min((WIDTH_MM - 4 * (n - 1) - 2) / n, MOST_MM)
    aside = _wrap_box(flow["aside"], ASIDE_MM)
    trunk = [_wrap_box(lines, TRUNK_MM) for lines in flow["trunk"]]
    columns = [[_wrap_box(lines, width) for lines in column] for column in flow["columns"]]
    for step in range(len(columns[0])):
        most = max(len(column[step]) for column in columns)
        for column in columns:
            column[step] += [""] * (most - len(column[step]))
    # Without any group and analysis the flow ends with the study.
    columns = [column for column in columns if column]
    between = max(GAP_MM, _height(aside) + 3)
    height = 1 + sum(map(_height, trunk)) + between + 2 * GAP_MM
    height += sum(_height(lines) + GAP_MM for lines in (columns or [[]])[0]) - GAP_MM + 1
    canvas = _Canvas(height)

    middle = WIDTH_MM / 2
    below = canvas.box(middle, 1, TRUNK_MM, trunk[0])
    left = middle + 12 + ASIDE_MM / 2
    canvas.box(left, below + (between - _height(aside)) / 2, ASIDE_MM, aside)
    canvas.arrow((middle, below + between / 2), (left - ASIDE_MM / 2, below + between / 2))
    canvas.arrow((middle, below), (middle, below + between))
    below = canvas.box(middle, below + between, TRUNK_MM, trunk[1])

    if not columns:
        return canvas.figure
    places = [middle + (place - (n - 1) / 2) * (width + 4) for place in range(n)]
    fork = below + GAP_MM
    canvas.line((middle, below), (middle, fork))
    canvas.line((places[0], fork), (places[-1], fork))
    for place, column in zip(places, columns, strict=True):
        top, start = fork + GAP_MM, fork
        for lines in column:
            canvas.arrow((place, start), (place, top))
            start = canvas.box(place, top, width, lines)
            top = start + GAP_MM
    return canvas.figure
