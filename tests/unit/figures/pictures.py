"""What a figure's reader sees: its texts, where they stand, and how light its colours are in grey."""

from itertools import combinations

from matplotlib.colors import to_rgb
from matplotlib.text import Text

LONG = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrente nach Übertragung größerer Zellmengen"
TOLERANCE = 0.6  # of a point: what the rounding of letters' sizes makes


def shown_texts(figure):
    """Every text that is seen, with its box on the canvas."""
    figure.draw_without_rendering()
    found = []
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip() and text.axes_shown:
            found.append((text.get_text(), text.get_window_extent()))
    return found


def _mark_shown(figure):
    """Titles and ticks of axes that are off are there and not drawn."""
    for text in figure.findobj(Text):
        text.axes_shown = True
    for axes in figure.axes:
        if not axes.axison:
            for axis in (axes.xaxis, axes.yaxis):
                for text in axis.findobj(Text):
                    text.axes_shown = False
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in axis.get_major_ticks():
                if not low - 1e-9 <= tick.get_loc() <= high + 1e-9:
                    tick.label1.axes_shown = False


def assert_readable(figure):
    """No text is cut off at the edge of the canvas, and none lies on another."""
    figure.draw_without_rendering()
    _mark_shown(figure)
    texts = shown_texts(figure)
    assert texts
    for words, box in texts:
        inside = (
            box.x0 >= -TOLERANCE
            and box.y0 >= -TOLERANCE
            and box.x1 <= figure.bbox.width + TOLERANCE
            and box.y1 <= figure.bbox.height + TOLERANCE
        )
        assert inside, f"{words!r} is cut off: {box}"
    for (one, first), (other, second) in combinations(texts, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        along = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert min(across, along) <= TOLERANCE * 3, f"{one!r} lies on {other!r}"


def lightness(colour: str) -> float:
    """Relative luminance (WCAG 2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours (WCAG 2): 1 for the same, 21 for black and white."""
    dark, light = sorted((lightness(one), lightness(other)))
    return (light + 0.05) / (dark + 0.05)
