"""The table of imputations, corrections and deviations."""

from graftline.report.numbers_in_text import NumbersInText
from graftline.report.quality_table import lay_out_quality

PROTOCOL = {"tables": {"labs": {}}, "regimens": {"A": {}}}
BASE = {
    "quality.errors.n": 0,
    "quality.warnings.n": 3,
    "quality.corrections.n": 1,
    "quality.set_aside.patients.n": 0,
    "quality.set_aside.rows.n": 0,
}


def lay_out(protocol=PROTOCOL, survival=None, **counts):
    values = BASE | {name.replace("__", "."): n for name, n in counts.items()}
    records = [{"id": name, "value": n, "display": str(n)} for name, n in values.items()]
    return lay_out_quality(NumbersInText(records, links=False), protocol, survival or {})


def labels(layout):
    return [row["label"] for row in layout["rows"]]


def test_sums_are_given_even_where_they_are_nought():
    layout = lay_out()
    assert [row["cells"] for row in layout["rows"]] == [
        ["{quality.errors.n}"],
        ["{quality.corrections.n}"],
        ["{quality.set_aside.patients.n}"],
        ["{quality.set_aside.rows.n}"],
        ["{quality.warnings.n}"],
    ]


def test_deviations_from_the_protocol_stand_apart_from_other_findings():
    layout = lay_out(quality__e16__n=2, quality__e29__n=1)
    assert labels(layout)[-4:] == [
        "Of these, deviations from the protocol",
        "more doses than the days of a cycle allow",
        "Other findings",
        "values below a limit of detection",
    ]
    assert "No check of doses" not in " ".join(layout["footnotes"])
    assert "No check of doses" in " ".join(lay_out()["footnotes"])


def test_a_study_without_a_plan_of_treatment_says_nothing_of_deviations():
    assert "No check of doses" not in " ".join(lay_out(PROTOCOL | {"regimens": {}})["footnotes"])


def test_imputed_events_are_given_by_endpoint_and_origin():
    survival = {
        "origins": {"TX": "transplantation"},
        "endpoints": [{"key": "os", "label": "Overall survival", "origin": "TX"}],
    }
    survival |= {"dated": True}
    assert "No event is dated by imputation." in lay_out(survival=survival)["footnotes"]
    assert "No event is dated by imputation." not in lay_out()["footnotes"]
    layout = lay_out(survival=survival, os__n_imputed=1)
    assert labels(layout)[4:6] == [
        "Events dated by imputation",
        "overall survival, from transplantation",
    ]


def test_what_is_set_aside_is_given_by_reason():
    tables = {"labs": {"set_aside": [{"reason": "urinalysis"}]}}
    layout = lay_out(PROTOCOL | {"tables": tables}, quality__set_aside__rows__urinalysis__n=4)
    assert "urinalysis" in labels(layout)


def test_a_registry_without_quality_has_no_table():
    assert lay_out_quality(NumbersInText([], links=False), PROTOCOL, {}) is None
