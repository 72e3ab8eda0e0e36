"""summarise_cohort and tabulate_toxicity, on files; values by hand from small_study's rows."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.scripts.small_study import ANALYSES, LABEL, PROTOCOL, ROOT, Made, made

PLACE = re.compile(r"\{([a-z0-9_.]+)\}")


def test_the_cohort_is_counted_and_described():
    value = made().values("summarise_cohort")
    assert (value["cohort.n"], value["cohort.high_dose.n"], value["cohort.escalating.n"]) == (
        2,
        1,
        1,
    )
    assert value["cohort.age.median"] == 39.5  # of 44 and 35
    assert value["cohort.days_to_treatment.median"] == 90.5  # of 91 and 90
    assert (value["cohort.alive.n"], value["cohort.alive_cr.n"]) == (1, 1)
    assert (value["cohort.dead.n"], value["cohort.deaths_disease.n"]) == (1, 1)
    assert value["cohort.deaths_treatment_related.n"] == 0
    assert value["cohort.very_high_risk.n"] == 1


def test_the_flow_goes_from_the_records_received_to_the_analyses():
    value = made().values("summarise_cohort")
    assert (value["flow.received.n"], value["flow.set_aside.n"], value["flow.entered.n"]) == (
        2,
        0,
        2,
    )
    for arm in ("high_dose", "escalating"):
        steps = ("group", "transplanted", "not_transplanted", "treated", "not_treated")
        assert [value[f"flow.{step}.{arm}.n"] for step in steps] == [1, 1, 0, 1, 0]
        assert (value[f"flow.toxicity.{arm}.n"], value[f"flow.no_toxicity.{arm}.n"]) == (1, 0)


def test_exposure_is_described_by_drug():
    value = made().values("summarise_cohort")
    assert value["exposure.withdrawn_any.n"] == 1
    assert (value["exposure.il2.completed.n"], value["exposure.il2.completed.percent"]) == (1, 50)
    assert value["exposure.il2.withdrawn.weakness.n"] == 1
    assert value["exposure.il2.relative_total_dose.minimum"] == pytest.approx(5 / 260, abs=1e-12)
    assert value["exposure.il2.relative_total_dose.maximum"] == 1


def test_toxicity_is_counted_with_exact_limits():
    value = made().values("tabulate_toxicity")
    assert value["toxicity.grade4.high_dose.n"] == 1
    assert value["toxicity.grade4.escalating.n"] == 0
    assert value["toxicity.grade1.escalating.n"] == 1
    # One of one: the lower limit is 0.025 and the upper 1; none of one: 0 and 0.975.
    assert value["toxicity.grade4.high_dose.lower"] == pytest.approx(2.5)
    assert value["toxicity.grade4.high_dose.upper"] == 100
    assert value["toxicity.grade4.escalating.lower"] == 0
    assert value["toxicity.grade4.escalating.upper"] == pytest.approx(97.5)
    # One against none, of one each, is one of two equally probable tables.
    assert value["toxicity.grade_at_least2.fisher_p"] == pytest.approx(1)
    assert (value["toxicity.serious.n"], value["toxicity.infection_related.n"]) == (1, 0)
    assert (value["sign.fever.n"], value["sign.nausea.escalating.n"], value["sign.chills.n"]) == (
        1,
        1,
        0,
    )


@pytest.mark.parametrize("name", ANALYSES)
def test_a_fragment_prints_no_digit_but_through_declared_numbers(name):
    content = made().json(name)
    known = set(made().values(name)) | {one["id"] for one in made().json("numbers")}
    texts = json.dumps([content["tables"], [f["caption"] for f in content["figures"].values()]])
    asked = set(PLACE.findall(texts))
    assert asked and asked <= known
    strings = [text for text in _strings(content["tables"]) if isinstance(text, str)]
    tokens = yaml.safe_load((ROOT / "report" / "tokens.yaml").read_text("utf-8"))
    names = "|".join(token["pattern"] for token in tokens)
    rest = [re.sub(names, "", PLACE.sub("", text)) for text in strings]
    assert [text for text in rest if re.search(r"\d", text)] == []


def _strings(value):
    """All texts in what a fragment lays out; counts of columns and indents are no texts."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in _strings(one)]
    if isinstance(value, list):
        return [text for one in value for text in _strings(one)]
    return [value]


@pytest.mark.parametrize("name", ANALYSES)
def test_fragment_and_records_carry_the_data_label(name):
    content = made().json(name)
    assert content["data_label"] == LABEL
    assert {record["data_label"] for record in content["numbers"]} == {LABEL}


@pytest.mark.parametrize(
    "figure", ["swimmer.svg", "toxicity.svg", "flow.svg", "dose_intensity.svg", "laboratory.svg"]
)
def test_a_figure_shows_the_data_label_and_says_what_it_shows(figure):
    svg = Path(made().path(figure)).read_text("utf-8")
    assert LABEL in svg
    assert any(
        words in svg
        for words in (
            "Stacked bars",
            "One bar a patient",
            "Boxes joined",
            "Dose given",
            "Laboratory",
        )
    )


def test_the_same_tables_give_the_same_bytes_in_another_folder(tmp_path):
    again = Made(tmp_path).write_validated().derive().analyse()
    for name in (
        *ANALYSES,
        "swimmer.svg",
        "toxicity.svg",
        "flow.svg",
        "dose_intensity.svg",
        "laboratory.svg",
    ):
        assert Path(again.path(name)).read_bytes() == Path(made().path(name)).read_bytes(), name


def test_no_patient_is_shown_alone_where_the_study_does_not_allow_it(tmp_path):
    closed = Made(tmp_path, PROTOCOL | {"disclosure": {"case_listing": False}})
    closed.summarise_cohort(made())
    content = closed.json("summarise_cohort")
    assert "cases" not in content["tables"] and set(content["figures"]) == {
        "flow",
        "dose_intensity",
    }
    assert not any(
        number.startswith("cohort.case_") for number in closed.values("summarise_cohort")
    )
    assert any(number.startswith("cohort.case_") for number in made().values("summarise_cohort"))
    assert "Case" not in Path(closed.path("swimmer.svg")).read_text("utf-8")
