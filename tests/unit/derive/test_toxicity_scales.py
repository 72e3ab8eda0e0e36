"""Several scales side by side: each grades by itself, and none lends its grade to another."""

import importlib

import pandas as pd
import pytest

from tests.unit.derive.toxicity_tables import (
    CTCAE,
    CUT,
    PROTOCOL,
    UNITS,
    WHO,
    derive,
    derive_toxicity,
    event,
    lab,
    nine_patients,
    tables,
    vital,
    worst,
)

BOTH = [WHO, CTCAE]


@pytest.fixture(scope="module")
def nine():
    return derive(nine_patients(), scales=BOTH)


def of_patients(derived, item, scale):
    rows = derived["toxicity_worst"]
    rows = rows[(rows["item"] == item) & (rows["scale"] == scale)]
    return rows.set_index("subject_id")["grade"].to_dict()


def test_a_second_scale_leaves_the_published_grades_as_they_are(nine):
    expected = dict(zip([f"P0{n}" for n in range(1, 10)], [2, 4, 2, 2, 4, 1, 1, 1, 1], strict=True))
    assert of_patients(nine, "ANY", "who-1981") == expected


def test_each_scale_has_the_rows_that_it_has_alone(nine):
    for scale in BOTH:
        alone = derive(nine_patients(), scales=[scale])
        for name in ("toxicity", "toxicity_worst"):
            mine = nine[name][nine[name]["scale"] == scale.scale]
            mine = mine[~mine["item"].isin(["ANY_CTC"])].reset_index(drop=True)
            pd.testing.assert_frame_equal(mine, alone[name])


@pytest.mark.parametrize("name", ["toxicity", "toxicity_worst", "signs"])
def test_the_tables_meet_their_schemas_and_every_row_has_a_cell_that_decided_it(nine, name):
    importlib.import_module(f"schemas.derived.{name}").SCHEMA.validate(nine[name], lazy=True)
    lineage = nine["lineage"]
    decided = lineage[(lineage["derived_table"] == name) & (lineage["role"] == "decided")]
    assert set(nine[name]["row_key"]) == set(decided["row_key"])
    assert not lineage.duplicated(lineage.columns.drop("role").tolist()).any()


@pytest.mark.parametrize("some", [["P02"], ["P01", "P05", "P09"]])
def test_each_patients_rows_depend_on_that_patient_alone(nine, some):
    def of(wanted):
        given = {k: t[t["subject_id"].isin(wanted)] for k, t in nine_patients().items()}
        return derive(given, scales=BOTH)

    others = [f"P0{n}" for n in range(1, 10) if f"P0{n}" not in some]
    for name, whole in nine.items():
        order = list(whole.columns)[:6]
        together = pd.concat([of(part)[name] for part in (some, others)]).sort_values(order)
        pd.testing.assert_frame_equal(
            together.reset_index(drop=True), whole.sort_values(order).reset_index(drop=True)
        )


def test_a_sign_that_the_main_scale_lacks_never_has_a_grade_on_it(nine):
    lacking = {"Chills", "Asthenia", "Decreased appetite", "Weight decreased"}
    rows = nine["toxicity"]
    rows = rows[rows["pt"].isin(lacking) & (rows["scale"] == "who-1981")]
    assert len(rows) == 9 * len(lacking)
    assert rows[["item", "grade", "criterion"]].isna().all(axis=None)
    assert set(rows["reason"]) == {"not_in_scale"}


def test_signs_have_the_grade_of_the_main_scale_and_that_of_the_next():
    given = tables(
        ae=[
            event("Chills", "1994-01-05", None, "moderate tremor of the entire body"),
            event("Chills", "1994-01-15", None, "shivering"),
            event("Nausea", "1994-01-05", None, "nausea"),
        ]
    )
    signs = derive(given, scales=BOTH)["signs"].set_index("pt")
    columns = ["who_item", "worst_grade", "ctc_item", "ctc_grade", "n_episodes"]
    assert signs.loc["Chills", columns].tolist() == [pd.NA, pd.NA, "Chills", 2, 2]
    assert signs.loc["Nausea", columns].tolist() == ["NAUVOM", 1, "Nausea", pd.NA, 1]
    alone = derive(given)["signs"]
    assert alone[["ctc_item", "ctc_grade"]].isna().all(axis=None)


def any_ctc(given, signs=None, scales=BOTH):
    """The row ANY_CTC of the patient."""
    protocol = PROTOCOL if signs is None else PROTOCOL | {"signs": signs}
    rows = derive_toxicity(given, scales, UNITS, protocol, CUT)["toxicity_worst"]
    return rows.set_index("row_key").loc["A/who-1981/ANY_CTC"]


CHILLS = event("Chills", "1994-01-05", None, "moderate tremor of the entire body")  # CTCAE 2


def test_the_highest_with_ctc_also_takes_the_listed_signs_that_the_main_scale_lacks():
    nausea = event("Nausea", "1994-01-05", None, "nausea")  # WHO 1
    row = any_ctc(tables(ae=[CHILLS, nausea]))
    assert (row["grade"], row["treatment_emergent"], row["n_episodes"]) == (2, True, 2)
    assert worst(tables(ae=[CHILLS, nausea]), scales=BOTH)["grade"] == 1


def test_a_sign_that_is_not_listed_does_not_count_among_them():
    assert any_ctc(tables(ae=[CHILLS]), {"Pyrexia": "fever"})["grade"] is pd.NA


def test_what_the_main_scale_has_is_not_taken_from_the_other():
    # Over 40 for more than a day is 3 on WHO and 4 on CTCAE, potassium is on CTCAE alone.
    given = tables(
        vitals=[
            vital("1994-01-05", 40.5, time="08:00"),
            vital("1994-01-06", 40.5, time="12:00"),
        ],
        labs=[lab("K", 7.5, "1994-01-10", "mmol/L", lln=3.5, uln=5.1)],
    )
    assert any_ctc(given)["grade"] == 3
    assert worst(given, scale=CTCAE, scales=BOTH)["grade"] == 4


def test_a_measured_sign_counts_with_its_measurements():
    given = tables(
        vitals=[vital("1994-01-02", weight=60.0), vital("1994-01-10", weight=48.0)],
    )
    assert any_ctc(given, {"Weight decreased": "weight loss"})["grade"] == 3


def test_there_is_no_such_row_with_one_scale():
    assert "ANY_CTC" not in set(derive(tables(ae=[CHILLS]))["toxicity_worst"]["item"])


def test_a_patient_without_observations_has_its_rows_on_every_scale():
    rows = derive(tables(), scales=BOTH)["toxicity_worst"]
    assert rows["row_key"].tolist() == [
        "A/ctcae-5.0/ANY",
        "A/who-1981/ANY",
        "A/who-1981/ANY_CTC",
    ]
    assert rows["grade"].isna().all()
    assert rows["n_episodes"].tolist() == [0, 0, 0]


def test_severity_is_carried_where_the_study_records_it_and_no_grade_is_taken_from_it():
    given = tables(ae=[event("Chills", "1994-01-05", severity="SEVERE")])
    rows = derive(given, scales=BOTH)["toxicity"]
    assert rows["severity"].tolist() == ["SEVERE", "SEVERE"]
    assert rows["grade"].isna().all()
    without = {"subjects": given["subjects"], "ae": given["ae"].drop(columns="severity")}
    assert derive(without)["toxicity"]["severity"].isna().all()
