"""Numbers of exposure and the table that prints them."""

import re

import pandas as pd
import pytest

from graftline.analyse.exposure import declare_exposure, lay_out_exposure, state_facts
from graftline.numbers import evaluate

TEXT = "string[pyarrow]"
ARMS = {
    "HD": {"id": "high_dose", "label": "high-dose group"},
    "ESC": {"id": "escalating", "label": "escalating-dose group"},
}
DRUGS = {
    "IL-2": {"id": "il2", "label": "interleukin-2"},
    "IFN-A2B": {"id": "ifn", "label": "interferon alfa-2b"},
}


def total(who, arm, drug, given, *, relative=1.0, intensity=1.0, completed=True, reason=None):
    return {
        "row_key": f"{who}/{drug}",
        "subject_id": who,
        "arm": arm,
        "drug": drug,
        "n_cycles_begun": 2,
        "n_given": given,
        "relative_total_dose": relative,
        "relative_dose_intensity": intensity,
        "completed": completed,
        "withdrawn": reason is not None,
        "stop_reason": reason or None,
    }


def make_totals(*rows):
    return pd.DataFrame(rows).astype(
        dict.fromkeys(["row_key", "subject_id", "arm", "drug", "stop_reason"], TEXT)
        | dict.fromkeys(["n_cycles_begun", "n_given"], "Int64")
        | dict.fromkeys(["relative_total_dose", "relative_dose_intensity"], "float64")
        | dict.fromkeys(["completed", "withdrawn"], "boolean")
    )


STOPPED = {"relative": 0.3, "intensity": 1.5375, "completed": False, "reason": "fever"}
TOTALS = make_totals(
    total("A", "HD", "IL-2", 40),
    total("A", "HD", "IFN-A2B", 40),
    total("B", "HD", "IL-2", 12, **STOPPED),
    total("B", "HD", "IFN-A2B", 12, **STOPPED),
    total("C", "ESC", "IL-2", 80),
)


def values(totals=TOTALS):
    numbers = declare_exposure(totals, arms=ARMS, drugs=DRUGS)
    return {record["id"]: record for record in evaluate(numbers, {"exposure_total": totals})}


@pytest.mark.parametrize(
    ("id_", "value"),
    [
        ("exposure.treated.n", 3),  # patients, not rows
        ("exposure.withdrawn_any.n", 1),
        ("exposure.il2.n", 3),
        ("exposure.ifn.n", 2),
        ("exposure.ifn.escalating.n", 0),
        ("exposure.il2.completed.n", 2),
        ("exposure.il2.completed.high_dose.percent", 50.0),
        ("exposure.il2.withdrawn.n", 1),
        ("exposure.il2.withdrawn.fever.high_dose.n", 1),
        ("exposure.il2.withdrawn.fever.escalating.n", 0),
        ("exposure.il2.n_given.median", 40),
        ("exposure.il2.n_given.high_dose.median", 26),  # of 12 and 40
        ("exposure.il2.relative_total_dose.minimum", 0.3),
        ("exposure.il2.relative_total_dose.high_dose.median", 0.65),
        ("exposure.il2.relative_dose_intensity.maximum", 1.5375),
        ("exposure.il2.relative_dose_intensity.escalating.maximum", 1.0),
    ],
)
def test_a_number_is_what_counting_by_hand_gives(id_, value):
    assert values()[id_]["value"] == pytest.approx(value)


def test_relative_doses_are_printed_in_percent():
    records = values()
    assert records["exposure.il2.relative_total_dose.minimum"]["display"] == "30%"
    assert records["exposure.il2.relative_dose_intensity.maximum"]["display"] == "154%"


def test_a_group_without_anybody_on_the_drug_has_no_median():
    record = values()["exposure.ifn.relative_total_dose.escalating.median"]
    assert record["value"] is None
    assert record["display"] == "NE"


def test_withdrawal_without_a_reason_has_a_number_of_its_own():
    totals = make_totals(total("A", "HD", "IL-2", 12, **(STOPPED | {"reason": ""})))
    assert values(totals)["exposure.il2.withdrawn.not_stated.n"]["value"] == 1
    assert "exposure.il2.withdrawn.not_stated.n" not in values()


def test_without_a_plan_nothing_is_declared_that_compares_with_it():
    totals = make_totals(
        total("A", "HD", "IL-2", 40, relative=None, intensity=None, completed=None)
    )
    assert not [id_ for id_ in values(totals) if "relative" in id_ or "completed" in id_]
    (drug,) = state_facts(totals, arms=ARMS, drugs=DRUGS)["exposure.drugs"]
    assert drug["has_plan"] is False


@pytest.mark.parametrize("totals", [TOTALS, TOTALS[:1]])
def test_every_cell_of_the_table_names_a_number_that_is_declared_and_types_no_digit(totals):
    layout = lay_out_exposure(totals, arms=ARMS, drugs=DRUGS)
    known = values(totals)
    text = [layout["caption"], *layout["columns"], *layout["footnotes"]]
    for row in layout["rows"]:
        assert len(row["cells"]) == len(layout["columns"]) - 1
        text += [row["label"], *row["cells"]]
    for piece in text:
        assert set(re.findall(r"\{([^}]*)\}", piece)) <= set(known)
        names = re.sub(r"\{[^}]*\}|[Ii]nterleukin-2|alfa-2b", "", piece)
        assert not re.search(r"\d", names)


def test_prose_learns_the_reasons_with_their_numbers():
    facts = state_facts(TOTALS, arms=ARMS, drugs=DRUGS)
    assert facts["exposure.all_completed"] is False
    assert facts["exposure.drugs"][0]["reasons"] == [
        {"label": "fever", "number": "exposure.il2.withdrawn.fever.n"}
    ]
    assert facts["exposure.drugs"][0]["reasons"][0]["number"] in values()


def test_a_drug_that_was_planned_and_never_given_is_counted_as_not_given():
    # Two patients with a plan; the second had no dose of it.
    totals = pd.DataFrame(
        {
            "row_key": ["P1/IL-2", "P2/IL-2"],
            "subject_id": ["P1", "P2"],
            "arm": ["HD", "HD"],
            "drug": ["IL-2", "IL-2"],
            "stop_reason": [None, None],
        }
    ).astype("string[pyarrow]")
    for column, values in {"n_given": [20, 0], "n_cycles_begun": [1, 0]}.items():
        totals[column] = pd.array(values, dtype="Int64")
    for column, values in {"completed": [True, False], "withdrawn": [False, False]}.items():
        totals[column] = pd.array(values, dtype="boolean")
    totals["relative_total_dose"] = [1.0, 0.0]
    totals["relative_dose_intensity"] = [1.0, None]
    drugs = {"IL-2": {"id": "il2", "label": "interleukin-2"}}

    numbers = declare_exposure(totals, arms={}, drugs=drugs)
    values = {
        record["id"]: record["value"] for record in evaluate(numbers, {"exposure_total": totals})
    }

    assert values["exposure.il2.n"] == 2
    assert values["exposure.il2.given.n"] == 1
    assert values["exposure.treated.n"] == 1


# A study that records from when to when a drug was given, and nothing else.
BARE = TOTALS.assign(
    n_given=pd.array([pd.NA] * len(TOTALS), dtype="Int64"),
    relative_total_dose=float("nan"),
    relative_dose_intensity=float("nan"),
    completed=pd.array([pd.NA] * len(TOTALS), dtype="boolean"),
    withdrawn=pd.array([pd.NA] * len(TOTALS), dtype="boolean"),
    stop_reason=pd.array([pd.NA] * len(TOTALS), dtype=TEXT),
    actual_days=pd.array([82, 82, 12, 12, 110], dtype="Int64"),
)


def test_what_was_not_recorded_has_no_number():
    found = values(BARE)
    assert not any("withdrawn" in name or "completed" in name for name in found)
    assert not any("n_given" in name or "relative" in name for name in found)
    assert found["exposure.il2.given.n"]["value"] == 3
    assert found["exposure.il2.actual_days.median"]["value"] == 82
    assert found["exposure.il2.actual_days.high_dose.median"]["value"] == 47  # of 12 and 82


def test_every_number_of_a_bare_table_is_declared():
    layout = lay_out_exposure(BARE, arms=ARMS, drugs=DRUGS)
    asked = re.findall(r"{([a-z0-9_.]+)}", str(layout["rows"]))
    assert set(asked) <= set(values(BARE))
    assert layout["footnotes"] == [] and layout["caption"] == "Doses given."
    assert not any(
        one["has_plan"] for one in state_facts(BARE, arms=ARMS, drugs=DRUGS)["exposure.drugs"]
    )
