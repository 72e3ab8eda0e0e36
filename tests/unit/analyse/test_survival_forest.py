"""The figure of sensitivity: which estimates stand beside the reported one, and where they are drawn."""

from types import SimpleNamespace

import pytest

from graftline.analyse.survival_forest import describe_forest, list_forest
from graftline.analyse.survival_series import Series
from graftline.figures.forest import draw_forest
from graftline.figures.style import write_svg
from tests.unit.figures.pictures import LONG, assert_readable

KM = {"estimator": "kaplan_meier", "events": ["death"], "paramcd": "OS"}
DECLARED = {
    "os": KM | {"label": "Overall survival", "origin": "TX"},
    "os_it": KM | {"label": "Overall survival", "origin": "IT"},
    "os_cr": KM | {"label": "Survival in remission", "origin": "TX", "report": "table"},
    "os_no": KM | {"label": "Not shown", "origin": "TX", "report": "registry"},
    "pfs": KM | {"label": "Progression-free survival", "origin": "TX", "events": ["relapse"]},
}
IDS = {
    "os.survival.12": (0.5, 0.2, 0.8),
    "os_it.survival.12": (0.4, 0.1, 0.7),
    "os_cr.survival.12": (None, None, None),
    "pfs.survival.12": (0.3, 0.1, 0.6),
}


def study(headlines=(), times=(12,)):
    series = [Series(key, one, "", one["label"], {}, 0) for key, one in DECLARED.items()]
    return SimpleNamespace(
        series=series,
        origins={"TX": {"label": "transplantation"}, "IT": {"label": "first dose"}},
        first_origin="TX",
        survival={"times": [{"time": at, "label": f"{at} months"} for at in times]},
        headlines=headlines,
        is_drawn=lambda one: one.endpoint["origin"] == "TX" and one.report == "main",
    )


def numbers(times=(12,)):
    values, printed = {}, {}
    for id, found in IDS.items():
        for at in times:
            stem = id.removesuffix("12") + str(at)
            for end, value in zip(("", ".lower", ".upper"), found, strict=True):
                values[stem + end] = value
                printed[stem + end] = "NE" if value is None else f"{100 * value:.0f}"
    return values, printed


def test_beside_an_estimate_stand_those_from_another_origin_and_by_another_definition():
    (block,) = list_forest(study(), *numbers())
    assert block["title"] == "Overall survival, 12 months"
    assert [row["label"] for row in block["rows"]] == [
        "as reported, from transplantation", "from first dose", "survival in remission",
    ]  # fmt: skip
    assert [row["text"] for row in block["rows"]] == [
        "50 (20–80)",
        "40 (10–70)",
        "NE (NE–NE)",
    ]
    first, _, last = block["rows"]
    assert (first["value"], first["lower"], first["upper"]) == pytest.approx((50, 20, 80))
    assert (last["value"], last["lower"], last["upper"]) == (None, None, None)


def test_estimates_at_the_ends_of_unknown_days_stand_there_without_an_interval():
    moved = SimpleNamespace(id="pfs.survival.12", number=lambda which: f"sensitivity.pfs.{which}")
    values, printed = numbers()
    values |= {"sensitivity.pfs.earliest": 0.25, "sensitivity.pfs.latest": 0.35}
    printed |= {"sensitivity.pfs.earliest": "25", "sensitivity.pfs.latest": "35"}
    block = list_forest(study([moved]), values, printed)[1]
    assert [(row["label"], row["value"], row["lower"]) for row in block["rows"][1:]] == [
        ("unknown days at their earliest", 25, None), ("unknown days at their latest", 35, None),
    ]  # fmt: skip


def test_where_there_is_too_much_for_a_page_the_first_time_alone_is_drawn():
    times = tuple(range(12, 25))  # thirteen blocks of three rows and a title
    blocks = list_forest(study(times=times), *numbers(times))
    assert [block["title"] for block in blocks] == ["Overall survival, 12 months"]
    few = list_forest(study(times=times[:11]), *numbers(times[:11]))
    assert len(few) == 11


def test_marks_stand_at_their_values_and_what_is_not_known_has_none():
    axes = draw_forest(list_forest(study(), *numbers())).axes[0]
    points = [line.get_xdata()[0] for line in axes.lines if line.get_marker() in ("s", "o")]
    assert points == pytest.approx([50, 40])
    assert [line.get_marker() for line in axes.lines if line.get_marker() in ("s", "o")] == [
        "s",
        "o",
    ]


@pytest.mark.parametrize("n", [1, 11])
def test_rows_can_be_read_whatever_their_names(n):
    row = {"label": LONG, "value": 50, "lower": 0, "upper": 100, "text": "100.0 (100.0–100.0)"}
    figure = draw_forest([{"title": LONG, "rows": [row] * 3}] * n)
    assert_readable(figure)
    axis = figure.axes[0].get_window_extent()
    for text in figure.axes[0].texts:
        box = text.get_window_extent()
        assert box.x1 < axis.x0 or box.x0 > axis.x1


def test_nothing_to_compare_is_said():
    analysis = study()
    analysis.series = analysis.series[-1:]
    assert list_forest(analysis, *numbers()) == []
    assert "more than one way" in draw_forest([]).texts[0].get_text()
    assert "confidence" in describe_forest(analysis)["caption"]


def test_the_same_estimates_give_the_same_bytes(tmp_path):
    for name in ("a.svg", "b.svg"):
        figure = draw_forest(list_forest(study(), *numbers()))
        write_svg(figure, tmp_path / name, data_label="NOT PATIENT DATA", alt="Rows")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
