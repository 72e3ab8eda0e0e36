"""Curves: where they stop, what is printed under them, and that it can be read."""

import numpy as np
import pytest

from graftline.estimate.aalen_johansen import estimate_aalen_johansen
from graftline.estimate.kaplan_meier import estimate_kaplan_meier
from graftline.figures.at_risk import arrange_panels, find_end_of_curve, space_ticks
from graftline.figures.cumulative_incidence import draw_cumulative_incidence
from graftline.figures.style import STACK, write_svg
from graftline.figures.survival import draw_kaplan_meier
from tests.unit.figures.pictures import LONG, assert_readable, contrast

TICKS = [0, 2, 4]


def one_by_one(n, n_events):
    """Patients who leave on days 1, 2, ... n, the first `n_events` of them with the event."""
    days = np.arange(1, n + 1)
    return days, days <= n_events


def km_curve(label="", time=(1, 2, 3, 4), status=(1, 0, 1, 0), texts=("4", "3", "1")):
    curve = estimate_kaplan_meier(np.array(time, float), np.array(status) == 1, None)
    under = {"at_risk": texts, "events": texts, "censored": texts}
    return {"curve": curve, "label": label, **{name: list(each) for name, each in under.items()}}


def km_figure(n_panels=1, n_curves=1, label="n = 4, 2 events", texts=("4", "3", "1")):
    panels = [
        {"title": LONG, "curves": [km_curve(label, texts=texts) for _ in range(n_curves)]}
        for _ in range(n_panels)
    ]
    return draw_kaplan_meier(panels, TICKS, "Days since transplantation")


def test_of_few_patients_a_curve_stops_where_less_than_a_tenth_is_at_risk():
    # 29 patients: a tenth is 2.9, so three must be at risk. On day k there are 30 - k: until day 27.
    assert find_end_of_curve(estimate_kaplan_meier(*one_by_one(29, 9), None).risk) == 27


def test_of_thirty_patients_a_curve_stops_where_fewer_than_five_are_at_risk():
    # A tenth of 30 is 3, but five must be at risk. On day k there are 31 - k: until day 26.
    assert find_end_of_curve(estimate_kaplan_meier(*one_by_one(30, 9), None).risk) == 26


def test_of_a_hundred_patients_a_tenth_must_be_at_risk():
    assert find_end_of_curve(estimate_kaplan_meier(*one_by_one(100, 9), None).risk) == 91


def test_the_drawn_curve_ends_there_and_later_censorings_have_no_mark():
    curve = estimate_kaplan_meier(*one_by_one(30, 3), None)
    one = {"curve": curve, "label": "n = 30", "at_risk": ["30"], "events": ["0"], "censored": ["0"]}
    axes = draw_kaplan_meier([{"title": "Survival", "curves": [one]}], [0], "Days").axes[0]
    step, marks = axes.lines
    assert step.get_xdata()[-1] == 26
    assert list(marks.get_xdata()) == list(range(4, 27))
    # 1, then 29/30 after one death, 28/30 after two, 27/30 after three.
    assert list(step.get_ydata()[:4]) == pytest.approx([1, 29 / 30, 28 / 30, 27 / 30])


def test_numbers_under_a_panel_stand_at_its_ticks_in_the_order_at_risk_events_censored():
    one = km_curve("n = 4") | {
        "at_risk": ["4", "3", "1"], "events": ["0", "1", "2"], "censored": ["0", "1", "2"],
    }  # fmt: skip
    figure = draw_kaplan_meier([{"title": "Survival", "curves": [one]}], TICKS, "Days")
    upper, under = figure.axes
    assert upper.get_xlim() == under.get_xlim()
    written = [(text.get_position()[0], text.get_text()) for text in under.texts]
    assert written == [
        (0, "Patients at risk"), (0, "4"), (2, "3"), (4, "1"),
        (0, "Cumulative events"), (0, "0"), (2, "1"), (4, "2"),
        (0, "Cumulative censored"), (0, "0"), (2, "1"), (4, "2"),
    ]  # fmt: skip
    heights = [text.get_position()[1] for text in under.texts]
    assert heights == sorted(heights, reverse=True)


def test_long_numbers_are_written_at_every_second_tick():
    # Ticks 10 mm apart; six digits take 9 mm and 1.6 mm of room: too many for each, not for each other.
    assert space_ticks([0, 1, 2], ["9"], 2, 20) == 1
    assert space_ticks([0, 1, 2], ["100000"], 2, 20) == 2
    assert space_ticks([0], ["100000"], 1, 20) == 1


def test_panels_stand_two_side_by_side():
    assert [arrange_panels(n) for n in (1, 2, 3, 4, 5)] == [(1, 1), (1, 2), (2, 2), (2, 2), (3, 2)]


@pytest.mark.parametrize("n_panels", [1, 2, 3])
@pytest.mark.parametrize("n_curves", [1, 4])
@pytest.mark.parametrize("texts", [("4", "3", "1"), ("1000000", "999999", "999999")])
def test_curves_can_be_read_whatever_their_number_and_names(n_panels, n_curves, texts):
    label = f"{LONG}: n = 1000000, 999999 events, 1 censored, median follow-up 1330 days"
    assert_readable(km_figure(n_panels, n_curves, label, texts))


@pytest.mark.parametrize(
    ("n_panels", "n_curves"), [(1, 1), (1, 4), (2, 1), (2, 2), (2, 4), (3, 2), (4, 2)]
)
def test_curves_fit_on_a_page(n_panels, n_curves):
    assert km_figure(n_panels, n_curves).get_figheight() * 25.4 <= 225


@pytest.mark.parametrize("n", [1, 2, 4])
def test_stacks_fit_on_a_page(n):
    assert stack(n=n).get_figheight() * 25.4 <= 225


def test_marks_of_more_than_a_hundred_censorings_would_hide_the_curve():
    for n, marks in (
        (100, 90),
        (250, 0),
    ):  # a curve of 100 ends on day 91, after ten events or none
        curve = estimate_kaplan_meier(*one_by_one(n, 1), None)
        one = {"curve": curve, "label": "n", "at_risk": ["9"], "events": ["0"], "censored": ["0"]}
        axes = draw_kaplan_meier([{"title": "Survival", "curves": [one]}], [0], "Days").axes[0]
        assert len(axes.lines[1].get_xdata()) == marks


def test_a_curve_without_events_is_drawn_at_one_without_a_band():
    one = km_curve("n = 4", status=(0, 0, 0, 0))
    figure = draw_kaplan_meier([{"title": "Survival", "curves": [one]}], TICKS, "Days")
    assert set(figure.axes[0].lines[0].get_ydata()) == {1}
    assert_readable(figure)


def stack(status=(1, 2, 0, 1), title="", n=1, texts=("4", "3", "1")):
    curve = estimate_aalen_johansen(np.array([1.0, 2, 3, 4]), np.array(status), None, causes=(1, 2))
    headings = ("Patients at risk", "Cumulative events: relapse", f"Cumulative events: {LONG[:30]}")
    panel = {
        "title": title,
        "about": "n = 4, 2 events, 1 competing event, 1 censored",
        "curve": curve,
    }
    panel["rows"] = [{"heading": heading, "texts": list(texts)} for heading in headings]
    labels = ["Relapse", "Non-relapse mortality", "Alive without either"]
    return draw_cumulative_incidence([panel] * n, labels, TICKS, "Days since transplantation")


def test_the_layers_lie_on_each_other_and_fill_up_to_one():
    # Four at risk: relapse of one (1/4), death of one of the three (1/4 more), censored, relapse.
    layers = stack().axes[0].collections
    tops = [layer.get_paths()[0].vertices[:, 1].max() for layer in layers]
    assert tops == pytest.approx([0.75, 1.0, 1.0])
    at_two_and_a_half = [contains(layer, 2.5) for layer in layers]
    assert at_two_and_a_half == [(0, 0.25), (0.25, 0.5), (0.5, 1)]


def contains(layer, x):
    """Lowest and highest height of the layer at `x`, on a grid of hundredths."""
    heights = np.arange(0.005, 1, 0.01)
    inside = heights[layer.get_paths()[0].contains_points([(x, y) for y in heights])]
    return round(inside.min() - 0.005, 2), round(inside.max() + 0.005, 2)


def test_the_legend_names_the_layers_from_the_top():
    (legend,) = stack().legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "Alive without either", "Non-relapse mortality", "Relapse",
    ]  # fmt: skip


def test_neighbouring_layers_differ_in_grey():
    colours = [style["facecolor"] for style in STACK]
    assert all(contrast(*pair) > 1.2 for pair in zip(colours, colours[1:], strict=False))
    assert contrast(colours[0], colours[1]) > 2 and "hatch" in STACK[1]


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize("texts", [("4", "3", "1"), ("1000000", "999999", "999999")])
def test_stacks_can_be_read_for_one_to_four_groups(n, texts):
    assert_readable(stack(title=LONG, n=n, texts=texts))


def test_a_study_without_such_endpoints_gets_a_figure_that_says_so():
    assert "was declared" in draw_kaplan_meier([], TICKS, "Days").texts[0].get_text()
    assert "was declared" in draw_cumulative_incidence([], [], TICKS, "Days").texts[0].get_text()


@pytest.mark.parametrize("draw", [km_figure, stack])
def test_the_same_curves_give_the_same_bytes(tmp_path, draw):
    for name in ("a.svg", "b.svg"):
        write_svg(draw(), tmp_path / name, data_label="NOT PATIENT DATA", alt="Curves")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
