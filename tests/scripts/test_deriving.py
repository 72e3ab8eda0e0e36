"""derive_subjects, derive_exposure and grade_toxicity, on files; every value worked out from small_study's rows."""

from importlib import import_module
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from graftline import tables
from graftline.derive.lineage import LINEAGE_COLUMNS
from tests.scripts.small_study import CUT, LABEL, ROWS, Made, made

DERIVED = ("subjects", "exposure", "exposure_total", "toxicity", "toxicity_worst", "signs")
LINEAGES = ("lineage_subjects", "lineage_exposure", "lineage_toxicity")


def row(name, key):
    return made().frame(name).set_index("row_key").loc[key]


@pytest.mark.parametrize("name", DERIVED)
def test_a_derived_table_meets_its_schema(name):
    import_module(f"schemas.derived.{name}").SCHEMA.validate(made().frame(name))


@pytest.mark.parametrize("name", [*DERIVED, *LINEAGES])
def test_a_derived_file_carries_the_data_label(name):
    assert pq.read_schema(made().path(name)).metadata[b"data_label"].decode() == LABEL


def test_subjects_have_their_days_counted_from_transplantation():
    # 10 January to 11 April 1994 is 91 days; to 1 July 172. 10 January to 1 October 1995 is 264.
    first, second = row("subjects", "P01"), row("subjects", "P02")
    assert (first["age"], first["days_to_treatment"], first["days_tx_to_last_dose"]) == (
        44,
        91,
        172,
    )
    assert (second["age"], second["days_tx_to_end"]) == (35, 264)
    assert (first["vital_status"], second["death_cause"]) == ("ALIVE", "RELAPSE")
    assert (first["case_label"], second["case_label"]) == ("Case 1", "Case 2")


def test_exposure_compares_doses_given_with_the_plan():
    # Two cycles of 20 doses of 9 planned and given; 5 doses of 1 of the 20 x (1 + 2 + 4 + 6) planned.
    full, stopped = row("exposure_total", "P01/IL-2"), row("exposure_total", "P02/IL-2")
    assert (full["total_planned"], full["total_given"]) == (360, 360)
    assert (stopped["total_planned"], stopped["total_given"]) == (260, 5)
    assert (full["completed"], full["withdrawn"]) == (True, False)
    assert (stopped["withdrawn"], stopped["stop_reason"]) == (True, "weakness")


def test_toxicity_is_graded_from_what_was_observed():
    # 39.0 degrees with a systolic pressure of 85 is grade IV; nausea is grade I.
    assert row("toxicity_worst", "P01/who-1981/ANY")["grade"] == 4
    assert row("toxicity_worst", "P02/who-1981/ANY")["grade"] == 1
    assert row("signs", "P01/Pyrexia")["present"] and not row("signs", "P02/Pyrexia")["present"]


@pytest.mark.parametrize(
    ("derived", "lineage"), [("subjects", LINEAGES[0]), ("toxicity", LINEAGES[2])]
)
def test_every_row_stands_on_a_raw_cell_that_decided_it(derived, lineage):
    cells = made().frame(lineage)
    assert list(cells.columns) == LINEAGE_COLUMNS
    decided = cells[(cells["derived_table"] == derived) & (cells["role"] == "decided")]
    assert set(made().frame(derived)["row_key"]) == set(decided["row_key"])
    assert decided["src_line"].ge(2).all() and decided["src_file"].str.endswith(".csv").all()


def test_the_same_tables_give_the_same_bytes_in_another_folder(tmp_path):
    again = Made(tmp_path).write_validated().derive()
    for name in (*DERIVED, *LINEAGES):
        assert Path(again.path(name)).read_bytes() == Path(made().path(name)).read_bytes(), name


def test_one_patient_alone_has_the_rows_that_he_has_among_others(tmp_path):
    alone = {
        name: [one for one in rows if one["subject_id"] == "P02"] for name, rows in ROWS.items()
    }
    derived = Made(tmp_path).write_validated(alone).derive()
    for name in DERIVED:
        among = made().frame(name)
        among = among[among["subject_id"] == "P02"].reset_index(drop=True)
        # Rows of raw files are counted from the top of the file, and cases from the first patient.
        depend = [column for column in ("case_label", "row_key", "src_line") if column in among]
        mine = derived.frame(name).reset_index(drop=True)
        assert mine.drop(columns=depend).equals(among.drop(columns=depend)), name


def test_a_study_without_dated_tables_still_has_its_subjects(tmp_path):
    few = Made(tmp_path).write_validated({name: ROWS[name] for name in ("subjects", "disease")})
    outputs = {name: few.path(name) for name in ("subjects", "lineage")}
    few.run("derive_subjects", few.raw, outputs, cut=CUT)
    subjects = tables.read_parquet(outputs["subjects"])
    assert subjects["diagnosis"].tolist() == ["AML", "CML"]
    assert subjects[["tx_date", "it_start", "vital_status"]].isna().all(axis=None)
