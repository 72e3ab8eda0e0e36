"""The figure of toxicity: bars as long as the counts, told apart in grey, the same bytes each
time."""

import pytest

from graftline.figures.style import write_svg
from graftline.figures.toxicity import draw_toxicity, has_bars
from tests.unit.figures.pictures import LONG, assert_readable

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
        "High-dose group (n\u00a0=\u00a05)",
        "Escalating-dose group (n\u00a0=\u00a04)",
    ]
    drawn = [
        [[(patch.get_x(), patch.get_width()) for patch in grade] for grade in axis.containers]
        for axis in axes
    ]
    # grade, then item: (start, length)
    assert drawn[0] == [[(0, 0), (0, 5)], [(0, 3), (5, 0)], [(3, 0), (5, 0)], [(3, 2), (5, 0)]]
    assert drawn[1] == [[(0, 4), (0, 0)], [(4, 0), (0, 0)], [(4, 0), (0, 0)], [(4, 0), (0, 0)]]


def test_every_segment_carries_its_count_and_each_bar_its_sum_and_nought_does_not():
    axes = draw_toxicity(TWO).axes
    inside = [
        [text.get_text() for text in axis.texts if text.get_ha() == "center"] for axis in axes
    ]
    at_end = [[text.get_text() for text in axis.texts if text.get_ha() == "left"] for axis in axes]
    assert inside == [["5", "3", "2"], ["4"]]
    assert at_end == [["5", "5"], ["4"]]


def test_a_segment_too_short_for_its_count_does_not_carry_it():
    one = bars([{"label": "All", "n": 1000, "counts": [[3, 0, 0, 900]]}], ["Fever"])
    written = [text.get_text() for text in draw_toxicity(one).axes[0].texts]
    assert written == ["900", "903"]


@pytest.mark.parametrize("n_panels", [1, 2, 3, 4])
@pytest.mark.parametrize("n_items", [0, 1, 30])
@pytest.mark.parametrize("n", [0, 9, 100000])
def test_bars_can_be_read_for_one_to_four_arms(n_panels, n_items, n):
    counts = [[n - 3 * (n // 4), n // 4, n // 4, n // 4]] * n_items
    panels = [{"label": LONG, "n": n, "counts": counts} for _ in range(n_panels)]
    assert_readable(draw_toxicity(bars(panels, [f"{LONG} {item}" for item in range(n_items)])))


def test_a_fifth_grade_has_a_colour_of_its_own():
    grades = [*GRADES, (5, "V")]
    one = {"items": ["Fever"], "grades": grades, "panels": [
        {"label": "All", "n": 5, "counts": [[1, 1, 1, 1, 1]]}]}  # fmt: skip
    colours = [grade[0].get_facecolor() for grade in draw_toxicity(one).axes[0].containers]
    assert len(set(colours)) == 5


def test_all_panels_have_one_scale():
    axes = draw_toxicity(TWO).axes
    assert len({axis.get_xlim() for axis in axes}) == 1
    assert axes[0].get_xlim()[1] >= 5


@pytest.mark.parametrize("n_panels", [1, 2, 3])
def test_a_study_without_toxicity_says_so_in_each_panel(n_panels):
    panels = [{"label": f"Group {n}", "n": 3, "counts": []} for n in range(n_panels)]
    axes = draw_toxicity(bars(panels, [])).axes
    said = [axis.texts[0].get_text().replace("\n", " ") for axis in axes]
    assert said == ["no toxicity of grade I or more"] * n_panels


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


def test_a_figure_of_masked_counts_alone_is_none():
    one = {"label": "All", "n": None, "counts": [[None, 0, None, 0]]}
    assert not has_bars(bars([one], ["Fever"]))
    assert has_bars(bars([one | {"counts": [[None, 6, 0, 0]]}], ["Fever"]))
    assert has_bars(bars([one | {"counts": []}], [])) and has_bars(TWO)
