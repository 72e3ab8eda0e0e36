"""The figure of toxicity: bars as long as the counts, told apart in grey, the same bytes each
time."""

import matplotlib.colors
import pytest

from graftline.figures.style import GRADE_COLOURS, write_svg
from graftline.figures.toxicity import draw_toxicity

GRADES = [(1, "I"), (2, "II"), (3, "III"), (4, "IV")]


def bars(panels, items):
    return {"items": items, "grades": GRADES, "panels": panels}


TWO = bars(
    [
        {"label": "High-dose group", "n": 5, "counts": [[0, 3, 0, 2], [5, 0, 0, 0]]},
        {"label": "Escalating-dose group", "n": 4, "counts": [[4, 0, 0, 0], [0, 0, 0, 0]]},
    ],
    ["Fever, drug", "Platelets"],
)


def test_segments_are_as_long_as_the_counts_and_follow_each_other():
    axes = draw_toxicity(TWO).axes
    assert [axis.get_title(loc="left") for axis in axes] == [
        "High-dose group (n = 5)",
        "Escalating-dose group (n = 4)",
    ]
    drawn = [
        [[(patch.get_x(), patch.get_width()) for patch in grade] for grade in axis.containers]
        for axis in axes
    ]
    # grade, then item: (start, length)
    assert drawn[0] == [[(0, 0), (0, 5)], [(0, 3), (5, 0)], [(3, 0), (5, 0)], [(3, 2), (5, 0)]]
    assert drawn[1] == [[(0, 4), (0, 0)], [(4, 0), (0, 0)], [(4, 0), (0, 0)], [(4, 0), (0, 0)]]


def test_every_segment_carries_its_count_and_nought_does_not():
    axes = draw_toxicity(TWO).axes
    assert [[text.get_text() for text in axis.texts] for axis in axes] == [["5", "3", "2"], ["4"]]


def test_all_panels_have_one_scale():
    axes = draw_toxicity(TWO).axes
    assert len({axis.get_xlim() for axis in axes}) == 1
    assert axes[0].get_xlim()[1] >= 5


def test_grades_grow_darker_so_that_they_can_be_told_apart_in_grey():
    def lightness(colour):
        red, green, blue = matplotlib.colors.to_rgb(colour)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    shades = [lightness(colour) for colour in GRADE_COLOURS[1:]]
    assert all(lighter - darker > 0.1 for lighter, darker in zip(shades, shades[1:], strict=False))


@pytest.mark.parametrize("n_panels", [1, 2, 3])
def test_a_study_without_toxicity_says_so_in_each_panel(n_panels):
    panels = [{"label": f"Group {n}", "n": 3, "counts": []} for n in range(n_panels)]
    axes = draw_toxicity(bars(panels, [])).axes
    assert [axis.texts[0].get_text() for axis in axes] == [
        "no toxicity of grade I or more"
    ] * n_panels


def test_the_file_has_the_same_bytes_each_time_and_the_label(tmp_path):
    for name in ("a.svg", "b.svg"):
        write_svg(
            draw_toxicity(TWO),
            tmp_path / name,
            data_label="NOT PATIENT DATA",
            alt="bars of toxicity",
        )
    first = (tmp_path / "a.svg").read_bytes()
    assert first == (tmp_path / "b.svg").read_bytes()
    assert b"<title>bars of toxicity</title>" in first
