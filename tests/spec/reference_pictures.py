"""Each page of the small paper, and each figure, as a small grey picture.

    ./run python -m tests.spec.reference_pictures

writes them to tests/reference/pictures anew: after a change of the layout that was looked at and is meant.
"""

from __future__ import annotations

import base64
import io
from functools import cache
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageChops

from graftline.estimate.aalen_johansen import estimate_aalen_johansen
from graftline.estimate.kaplan_meier import estimate_kaplan_meier
from graftline.figures.cumulative_incidence import draw_cumulative_incidence
from graftline.figures.forest import draw_forest
from graftline.figures.laboratory import draw_courses
from graftline.figures.style import write_svg
from graftline.figures.survival import draw_kaplan_meier
from graftline.report.pictures import draw_pictures
from tests.scripts.small_study import CUT, LABEL, made
from tests.spec.full_paper import paper_pdf

FOLDER = Path(__file__).parents[1] / "reference" / "pictures"
# Pixels to the inch: a line of text is five pixels high, and a millimetre is one and a half.
PAGES, FIGURES = 36, 48
STEP = 17  # between two greys of a picture, of 255
# What may be otherwise: so many pixels by more than so much of 255, for a version's digits and another
# machine's rounding. A word elsewhere is more.
MOST, APART = 30, 50
OF_THE_STUDY = ("flow", "swimmer", "dose_intensity", "toxicity")
ARMS = (("High-dose group", 1), ("Escalating-dose group", -1))
YEARS = ("one year", "two years", "three years")
TICKS = [0, 365, 730]
TIMES = np.array([90.0, 200, 300, 420, 500, 640, 800, 900])
STATUS = np.array([1, 0, 1, 2, 0, 1, 0, 0])


def shrink(image: Image.Image, size: tuple[int, int] | None = None) -> Image.Image:
    """`image` in few greys, in pixels of `size`."""
    grey = image.convert("L")
    grey = grey.resize(size, Image.Resampling.BOX) if size else grey
    return grey.point(lambda level: level // STEP * STEP)


def draw_pages(pdf: bytes) -> dict[str, Image.Image]:
    """The pages of `pdf` by name."""
    pages = pypdfium2.PdfDocument(pdf)
    return {
        f"page-{number:02}": shrink(page.render(scale=PAGES / 72).to_pil())
        for number, page in enumerate(pages, start=1)
    }


def _curve(label: str, status: np.ndarray) -> dict:
    texts = {what: ["8", "5", "2"] for what in ("at_risk", "events", "censored")}
    return {"curve": estimate_kaplan_meier(TIMES, status > 0, None), "label": label, **texts}


def _survival_figures() -> dict:
    about = "n = 8, 4 events, 4 censored, median follow-up 640 days"
    curves = [
        {
            "title": title,
            "curves": [_curve(f"{arm}: {about}", STATUS[::step]) for arm, step in ARMS],
        }
        for title in ("Overall survival", "Progression-free survival")
    ]
    headings = ("Patients at risk", "Cumulative events: relapse", "Cumulative censored")
    stack = {
        "title": "High-dose group",
        "about": about,
        "curve": estimate_aalen_johansen(TIMES, STATUS, None, causes=(1, 2)),
        "rows": [{"heading": heading, "texts": ["8", "5", "2"]} for heading in headings],
    }
    row = {"value": 56, "lower": 20, "upper": 80, "text": "56% (20–80)"}
    rows = [row | {"label": label} for label in ("as reported", "from start of immunotherapy")]
    causes = ["Relapse", "Non-relapse mortality", "Alive without either"]
    days = "Days since transplantation"
    return {
        "kaplan_meier": draw_kaplan_meier(curves, TICKS, days),
        "cumulative_incidence": draw_cumulative_incidence([stack] * 2, causes, TICKS, days),
        "forest": draw_forest([{"title": f"Overall survival, {at}", "rows": rows} for at in YEARS]),
    }


def _laboratory():
    bands = [("I", 9.5, 11.0), ("II", 8.0, 9.5), ("III", 6.5, 8.0), ("IV", -np.inf, 6.5)]
    lines = [([0, 14, 28, 56], [12.5, 10.2, 9.1, start]) for start in (9.9, 11.4)]
    groups = [{"lines": lines[:1]}, {"lines": lines[1:]}]
    panel = {"title": "haemoglobin, g/dL", "bands": bands, "groups": groups}
    names = [name for name, _ in ARMS]
    return draw_courses({"singly": True, "groups": names, "panels": [panel] * 5})


def draw_figures(folder: Path) -> dict[str, Image.Image]:
    """Every figure of a paper by name; `folder` is for files on the way."""
    files = {name: Path(made().path(f"{name}.svg")) for name in OF_THE_STUDY}
    for name, figure in (_survival_figures() | {"laboratory": _laboratory()}).items():
        files[name] = folder / f"{name}.svg"
        write_svg(figure, files[name], data_label=LABEL, alt=name)
    start = "data:image/svg+xml;base64,"
    addresses = {
        name: start + base64.b64encode(file.read_bytes()).decode() for name, file in files.items()
    }
    drawn = draw_pictures(addresses.values(), cut=CUT)
    pictures = {}
    for name, address in addresses.items():
        picture = drawn[address]
        size = [round(side / 72 * FIGURES) for side in (picture.width, picture.height)]
        pictures[f"figure-{name}"] = shrink(Image.open(io.BytesIO(picture.png)), tuple(size))
    return pictures


@cache
def pages() -> dict[str, Image.Image]:
    """The pages of the small paper."""
    return draw_pages(paper_pdf())


def count_apart(one: Image.Image, other: Image.Image) -> int:
    """How many pixels of two pictures are apart; all, if one is larger than the other."""
    if one.size != other.size:
        return one.size[0] * one.size[1]
    return int((np.asarray(ImageChops.difference(one, other)) > APART).sum())


def stored() -> dict[str, Image.Image]:
    """The pictures of FOLDER by name."""
    return {path.stem: Image.open(path).convert("L") for path in sorted(FOLDER.glob("*.png"))}


def main() -> None:
    """Write the pictures anew."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        pictures = pages() | draw_figures(Path(folder))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*.png"):
        path.unlink()
    for name, picture in pictures.items():
        greys = picture.quantize(256 // STEP + 1)
        greys.save(FOLDER / f"{name}.png", optimize=True)
    total = sum(path.stat().st_size for path in FOLDER.glob("*.png"))
    print(f"{len(pictures)} pictures, {total / 1024:.0f} KB, in {FOLDER}")


if __name__ == "__main__":
    main()
