"""The style of all figures: same bytes, fonts of the package, label in print."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib
import pytest
from matplotlib import font_manager
from matplotlib.text import Text

from graftline.figures import style
from tests.unit.figures.pictures import contrast, lightness

LABEL = "RECONSTRUCTED, NOT PATIENT DATA"

DRAW = """
import sys
sys.path[:0] = {path!r}
from graftline.figures import style
figure = style.new_figure(80, 60)
axes = figure.add_subplot()
axes.step([0, 1, 2], [1, 0.5, 0.25], label="high-dose", clip_on=True)
axes.fill_between([0, 1, 2], [0.2, 0.1, 0.1], [1, 0.9, 0.8], hatch="//")
axes.plot([1], [0.5], marker="+")
axes.set_title("Overall survival", weight="bold")
axes.set_xlabel("Days", style="italic")
axes.legend()
style.write_svg(figure, sys.argv[1], data_label={label!r}, alt="A curve")
"""


def draw(path: Path, *, label=LABEL, alt="A curve", title="Overall survival"):
    figure = style.new_figure(80, 60)
    axes = figure.add_subplot()
    axes.plot([0, 1], [1, 0.5])
    axes.set_title(title)
    style.write_svg(figure, path, data_label=label, alt=alt)
    return path.read_text(encoding="utf-8")


def test_two_processes_write_the_same_bytes(tmp_path):
    written = []
    for seed in ("1", "2"):
        path = tmp_path / f"folder {seed}" / "figure.svg"
        subprocess.run(
            [sys.executable, "-c", DRAW.format(path=sys.path, label=LABEL), str(path)],
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": f"UTC+{seed}"},
        )
        written.append(path.read_bytes())
    assert len(written[0]) > 5000
    assert written[0] == written[1]


def test_a_matplotlibrc_of_the_machine_changes_nothing(tmp_path):
    written = []
    for folder, text in (
        ("plain", ""),
        ("own", "axes.facecolor: red\nfont.size: 20\nsvg.fonttype: none\n"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "matplotlibrc").write_text(text)
        path = tmp_path / folder / "figure.svg"
        subprocess.run(
            [sys.executable, "-c", DRAW.format(path=sys.path, label=LABEL), str(path)],
            check=True,
            cwd=tmp_path / folder,  # matplotlib reads a matplotlibrc of the working folder
        )
        written.append(path.read_bytes())
    assert written[0] == written[1]


def test_no_time_and_no_version_is_in_the_file(tmp_path):
    svg = draw(tmp_path / "a.svg")
    assert "dc:date" not in svg
    assert matplotlib.__version__ not in svg


def fonts_used(path: Path, monkeypatch) -> set[str]:
    """The font files that text is set in while a figure with every style is written."""
    used = set()
    find = font_manager.FontManager._find_fonts_by_props

    def note(self, *args, **kwargs):
        found = find(self, *args, **kwargs)
        used.update(str(font) for font in found)
        return found

    monkeypatch.setattr(font_manager.FontManager, "_find_fonts_by_props", note)
    figure = style.new_figure(80, 60)
    axes = figure.add_subplot()
    axes.set_title("Bold", weight="bold")
    axes.set_xlabel("Italic", style="italic")
    axes.set_ylabel("Semibold", weight="semibold")
    style.write_svg(figure, path, data_label=LABEL, alt="x")
    return used


def test_all_text_is_set_in_the_fonts_of_the_package(tmp_path, monkeypatch):
    used = fonts_used(tmp_path / "a.svg", monkeypatch)
    assert {Path(font).name for font in used} == {
        "SourceSansPro-Regular.ttf",
        "SourceSansPro-Semibold.ttf",
        "SourceSansPro-Bold.ttf",
        "SourceSansPro-It.ttf",
    }
    assert {Path(font).parents[1].name for font in used} == {"font_source_sans_pro"}


def test_a_font_of_the_same_name_on_the_machine_is_not_used(tmp_path, monkeypatch):
    before = draw(tmp_path / "a.svg")
    other = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSerif.ttf"
    font_manager.fontManager.ttflist.insert(
        0, font_manager.FontEntry(fname=str(other), name=style.FONT, style="normal", weight=400)
    )
    font_manager.fontManager._findfont_cached.cache_clear()
    assert draw(tmp_path / "b.svg") == before
    assert {
        entry.fname for entry in font_manager.fontManager.ttflist if entry.name == style.FONT
    } == fonts_used(tmp_path / "c.svg", monkeypatch)


def test_the_label_is_printed_and_only_where_there_is_one(tmp_path):
    assert f">{LABEL}</text>" in draw(tmp_path / "a.svg")
    assert LABEL not in draw(tmp_path / "b.svg", label=None)


def test_the_label_lies_within_the_figure_and_below_the_axes(tmp_path):
    figure = style.new_figure(80, 60)
    axes = figure.add_subplot()
    axes.set_xlabel("Days")
    style.write_svg(figure, tmp_path / "a.svg", data_label=LABEL, alt="x")
    figure.draw_without_rendering()  # at the figure's own resolution again
    [label] = [text for text in figure.findobj(Text) if text.get_text() == LABEL]
    box = label.get_window_extent()
    assert 0 <= box.x0 < box.x1 <= figure.bbox.width
    assert 0 <= box.y0 < box.y1 <= axes.xaxis.label.get_window_extent().y0


def test_a_figure_that_uses_its_foot_itself_is_refused_rather_than_loses_it(tmp_path):
    figure = style.new_figure(80, 60)
    figure.supxlabel("Days from transplantation")
    with pytest.raises(ValueError, match="the foot of the figure is the data label's"):
        style.write_svg(figure, tmp_path / "a.svg", data_label=LABEL, alt="x")
    style.write_svg(figure, tmp_path / "a.svg", data_label=None, alt="x")


def test_the_alternative_text_is_the_title_of_the_picture(tmp_path):
    draw(tmp_path / "a.svg", alt='5 < 9 & "so" on')
    root = ET.parse(tmp_path / "a.svg").getroot()
    first = list(root)[0]
    assert first.tag == "{http://www.w3.org/2000/svg}title"
    assert first.text == '5 < 9 & "so" on'


def test_a_figure_has_the_size_asked_for(tmp_path):
    draw(tmp_path / "a.svg")
    root = ET.parse(tmp_path / "a.svg").getroot()
    # 80 mm by 60 mm at 72 points an inch
    assert float(root.get("width").removesuffix("pt")) == pytest.approx(80 / 25.4 * 72, abs=1e-3)
    assert float(root.get("height").removesuffix("pt")) == pytest.approx(60 / 25.4 * 72, abs=1e-3)


def test_grades_go_from_light_to_dark_so_that_they_can_be_told_apart_in_grey():
    values = [lightness(colour) for colour in style.GRADE_COLOURS]
    assert values == sorted(values, reverse=True)
    # neighbours differ by a contrast of 1.2 at least
    assert all((a + 0.05) / (b + 0.05) > 1.2 for a, b in zip(values, values[1:], strict=False))


def test_arms_differ_in_colour_and_in_marker():
    assert len(set(style.ARM_COLOURS)) == len(style.ARM_COLOURS)
    assert len(set(style.ARM_MARKERS)) == len(style.ARM_MARKERS) == len(style.ARM_COLOURS)


def test_lines_stand_out_from_the_page_and_differ_without_their_colour():
    assert all(contrast(colour, "white") >= 3 for colour in style.LINE_COLOURS)
    assert len({str(line) for line in style.LINES}) == len(style.LINES) == len(style.LINE_COLOURS)


def test_text_is_wrapped_and_what_does_not_fit_is_marked():
    assert style.wrap("one two three", 7) == "one two\nthree"
    assert style.wrap("one two three four", 7) == "one two\nthree…"
    assert style.wrap("Übertragungszellen", 8) == "Übertrag\nungszel…"
    assert style.wrap("", 7) == ""
