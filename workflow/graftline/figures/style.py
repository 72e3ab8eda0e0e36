"""The one style of all figures, and the one way to write them."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from html import escape
from importlib.util import find_spec
from pathlib import Path

import matplotlib

matplotlib.use("svg")

from matplotlib import font_manager  # noqa: E402
from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402

from graftline.tables import write_text  # noqa: E402

FONT = "Source Sans Pro"
MM_PER_INCH = 25.4
LEGEND_LETTERS = 100  # in a row of a legend, with its marks

# Okabe and Ito's colours (2008), ordered so that neighbours differ in lightness too.
ARM_COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"]
ARM_MARKERS = ["o", "s", "D", "^", "v", "P"]
# The same hues, dark enough for lines on white (a contrast of three to one), and the lines' patterns.
LINE_COLOURS = ["#0072B2", "#A86A00", "#00785A", "#A0527F"]
LINES = ["-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (5, 1.5, 1, 1.5))]
GRADE_COLOURS = ["#F2F2F2", "#C6DBEF", "#6BAED6", "#2171B5", "#08306B", "#000000"]  # grades 0 to 5
BAND_GREYS = ["#F1F1F1", "#E2E2E2", "#D0D0D0", "#BDBDBD", "#A9A9A9"]  # grades 1 to 5, behind lines
INK = "#222222"
GRID = "#D9D9D9"
# The layers of stacked probabilities from below: told apart by lightness, and the middle one by lines too.
STACK = [
    {"facecolor": "#3B8BBE"},
    {"facecolor": "#F6D88F", "hatch": "////", "edgecolor": "#8A6410"},
    {"facecolor": "#F4F4F4"},
]

STYLE = {
    "axes.edgecolor": INK,
    "axes.grid": False,
    "axes.labelcolor": INK,
    "axes.labelsize": 8.5,
    "axes.linewidth": 0.7,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 9,
    "font.family": FONT,
    "font.size": 8.5,
    "hatch.linewidth": 0.5,
    "legend.fontsize": 8,
    "legend.frameon": False,
    "lines.linewidth": 1.4,
    "svg.fonttype": "none",  # text stays text, to be searched, read aloud and copied
    "svg.hashsalt": "graftline",
    "text.color": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
}


def _use_style() -> None:
    """Set the style, with fonts from the pinned package and nothing from the machine: neither its
    copy of a font of that name nor its matplotlibrc."""
    files = Path(find_spec("font_source_sans_pro").origin).parent / "files"
    manager = font_manager.fontManager
    paths = [
        str(files / f"SourceSansPro-{weight}.ttf")
        for weight in ("Regular", "Semibold", "Bold", "It")
    ]
    if [entry.fname for entry in manager.ttflist if entry.name == FONT] != paths:
        manager.ttflist = [entry for entry in manager.ttflist if entry.name != FONT]
        for path in paths:
            manager.addfont(path)
    matplotlib.rcdefaults()
    matplotlib.rcParams.update(STYLE)


def wrap(text: str, letters: int, *, most_lines: int = 2) -> str:
    """`text` in lines of at the most `letters` letters, at the most `most_lines` of them: a longer word
    is broken, and what does not fit is left out, with an ellipsis in its place."""
    lines = textwrap.wrap(text, max(letters, 1))
    if len(lines) > most_lines:
        lines = [*lines[: most_lines - 1], lines[most_lines - 1][: max(letters, 1) - 1] + "…"]
    return "\n".join(lines)


def fit_legend(labels: Sequence[str]) -> int:
    """In how many columns a legend of `labels` fits a figure as wide as the page: all, or one."""
    return len(labels) if sum(len(label) + 8 for label in labels) <= LEGEND_LETTERS else 1


def new_figure(width_mm: float, height_mm: float) -> Figure:
    """An empty figure of that size, in the project's style, laid out so that nothing overlaps."""
    _use_style()
    return Figure(
        figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH), layout="constrained", dpi=100
    )


def write_svg(figure: Figure, path: str | Path, *, data_label: str | None, alt: str) -> None:
    """Write `figure` as SVG with the same bytes each time, `alt` as its title for a reader who
    cannot see it, and `data_label`, when the data are not real, printed at its foot."""
    if data_label:
        if figure.get_supxlabel():
            raise ValueError("the foot of the figure is the data label's; label the axes instead")
        figure.supxlabel(data_label, fontsize=6.5, color="#8A1C1C")
    # As savefig does it, it draws the whole figure only to lay it out, and once more to write it.
    FigureCanvasSVG(figure)
    if figure.axes and (layout := figure.get_layout_engine()):
        layout.execute(figure)
        figure.set_layout_engine("none")
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    # Where the file stands alone, a reader may not have the font.
    svg = buffer.getvalue().replace(f"'{FONT}'", f"'{FONT}', sans-serif")
    start = svg.index("<svg")
    end = svg.index(">", start) + 1
    write_text(path, svg[:end] + f"\n <title>{escape(alt)}</title>" + svg[end:])
