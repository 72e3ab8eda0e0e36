"""One row a patient: by hand, at the cut, and with tables missing."""

import pandas as pd
import pytest

from graftline.derive.subjects import derive_subjects

TEXT, DATE = "string[pyarrow]", "datetime64[ns]"
CUT = "2000-12-31"

COLUMNS = {
    "subjects": "subject_id:t birth_year:i sex:t arm:t consent_date:d enrol_order:i",
    "disease": "subject_id:t diagnosis:t status_at_tx:t risk_reason:t",
    "transplant": "subject_id:t tx_no:i tx_date:d graft:t anc500_date:d plt20_date:d",
    "exposure": "subject_id:t drug:t cycle:i start_date:d end_date:d n_given:i",
    "ae": "subject_id:t start_date:p",
    "labs": "subject_id:t date:d",
    "vitals": "subject_id:t date:d",
    "assessments": "subject_id:t date:p response:t adequate:t",
    "followup": "subject_id:t date:p vital_status:t death_date:p death_cause:t final_status:t",
}
KINDS = {"t": TEXT, "i": "Int64", "d": DATE}


def table(name, *rows):
    """A validated table of `rows`, written with spaces between cells; "-" is an empty cell."""
    columns = [column.split(":") for column in COLUMNS[name].split()]
    cells = [[None if cell == "-" else cell for cell in row.split()] for row in rows]
    assert all(len(row) == len(columns) for row in cells)
    raw = pd.DataFrame(cells, columns=[column for column, _ in columns], dtype=object)
    frame = pd.DataFrame(index=raw.index)
    for column, kind in columns:
        if kind == "p":  # partial dates: the text, and the first and last day that it allows
            periods = [pd.Period(text) if text else pd.NaT for text in raw[column]]
            frame[column] = raw[column].astype(TEXT)
            for end, pick in (("earliest", "start_time"), ("latest", "end_time")):
                days = [pd.NaT if p is pd.NaT else getattr(p, pick).normalize() for p in periods]
                frame[f"{column}_{end}"] = pd.Series(days, index=raw.index, dtype=DATE)
        elif kind == "i":
            frame[column] = pd.to_numeric(raw[column]).astype("Int64")
        else:
            frame[column] = raw[column].astype(KINDS[kind])
    frame["src_file"] = pd.Series(f"{name}.csv", index=frame.index, dtype=TEXT)
    frame["src_line"] = pd.Series(range(2, len(frame) + 2), index=frame.index, dtype="Int64")
    return frame


def cohort(**changes):
    """Two patients: A relapsed and died, B is alive in chronic phase."""
    tables = {
        "subjects": table("subjects", "A 1950 F HD 1999-03-25 1", "B 1961 M ESC 1999-06-01 2"),
        "disease": table("disease", "A AML CR2 second-remission", "B CML AP -"),
        "transplant": table(
            "transplant",
            "A 1 1999-01-01 BM 1999-01-21 1999-02-05",
            "B 1 1999-03-01 PBSC 1999-03-13 -",
        ),
        "exposure": table(
            "exposure",
            "A IL-2 1 1999-04-11 1999-05-06 20",
            "A IL-2 2 1999-06-06 1999-07-01 15",
            "B IL-2 1 1999-06-15 1999-07-10 20",
        ),
        "assessments": table(
            "assessments",
            "A 1999-04-01 CR Y",
            "A 1999-10-01 REL Y",
            "B 1999-06-01 CP Y",
            "B 2000-11-01 CP Y",
        ),
        "followup": table(
            "followup",
            "A 2000-02-01 DEAD 2000-02-01 RELAPSE DEAD",
            "B 2000-12-01 ALIVE - - CP",
        ),
    }
    return tables | changes


def derive(tables, cut=CUT):
    frame, lineage = derive_subjects(tables, cut=cut)
    return frame.set_index("subject_id"), lineage


def test_a_patient_who_relapsed_and_died_is_described_in_days_from_transplantation():
    a = derive(cohort())[0].loc["A"]
    # 1 January 1999 is day 0: 11 April is day 100, 1 July 181, 21 January 20, 5 February 35,
    # 1 October 273, and 1 February 2000 is day 365 + 31.
    assert (a["days_to_treatment"], a["days_tx_to_last_dose"]) == (100, 181)
    assert (a["days_tx_to_anc500"], a["days_tx_to_plt20"]) == (20, 35)
    assert (a["days_tx_to_relapse"], a["relapse_kind"]) == (273, "RELAPSE")
    assert (a["vital_status"], a["death_cause"], a["days_tx_to_end"]) == ("DEAD", "RELAPSE", 396)
    assert (a["age"], a["n_doses_given"]) == (1999 - 1950, 35)


def test_a_patient_alive_has_neither_relapse_nor_death():
    b = derive(cohort())[0].loc["B"]
    assert b[["relapse_date", "relapse_kind", "death_date", "death_cause"]].isna().all()
    assert (b["vital_status"], b["final_status"]) == ("ALIVE", "CP")
    assert b["last_alive_date"] == pd.Timestamp("2000-12-01")
    assert b["days_tx_to_end"] == 641  # 1 March 1999 + 366 = 1 March 2000, + 275 = 1 December
    assert pd.isna(b["days_tx_to_plt20"])


def test_a_reason_makes_the_risk_very_high_and_without_one_it_is_not_known():
    frame = derive(cohort())[0]
    assert frame.loc["A", "very_high_risk"] == True  # noqa: E712
    assert pd.isna(frame.loc["B", "very_high_risk"])


@pytest.mark.parametrize(
    ("cut", "relapsed", "dead"),
    [
        ("1999-09-30", False, False),  # the day before the relapse
        ("1999-10-01", True, False),
        ("2000-01-31", True, False),  # the day before the death
        ("2000-02-01", True, True),
    ],
)
def test_relapse_and_death_count_from_their_day_on(cut, relapsed, dead):
    a = derive(cohort(), cut)[0].loc["A"]
    assert pd.notna(a["relapse_date"]) == relapsed
    assert pd.notna(a["death_date"]) == dead
    assert (a[["vital_status"]] == "DEAD").fillna(False).item() == dead


def test_a_death_after_the_cut_leaves_the_patient_alive_in_a_state_that_is_not_known():
    followup = table(
        "followup", "A 1999-12-01 DEAD 2000-02-01 RELAPSE DEAD", "B 2000-12-01 ALIVE - - CP"
    )
    a = derive(cohort(followup=followup), "1999-12-31")[0].loc["A"]
    assert a["vital_status"] == "ALIVE"
    assert a[["death_date", "death_cause", "final_status"]].isna().all()


def test_progression_is_told_from_relapse():
    assessments = table("assessments", "A 1999-10-01 PD Y", "B 1999-06-01 CP Y")
    frame = derive(cohort(assessments=assessments))[0]
    assert frame.loc["A", "relapse_kind"] == "PROGRESSION"


def test_the_first_relapse_counts():
    assessments = table(
        "assessments", "A 1999-11-01 PD Y", "A 1999-10-01 REL Y", "A 1999-04-01 CR Y"
    )
    a = derive(cohort(assessments=assessments))[0].loc["A"]
    assert (a["days_tx_to_relapse"], a["relapse_kind"]) == (273, "RELAPSE")


def test_a_cycle_of_which_nothing_was_given_is_neither_first_nor_last_dose():
    exposure = table(
        "exposure",
        "A IL-2 1 1999-03-01 1999-03-26 0",
        "A IL-2 2 1999-04-11 1999-05-06 20",
        "A IL-2 3 1999-06-06 1999-07-01 0",
    )
    frame = derive(cohort(exposure=exposure))[0]
    assert frame.loc["A", "it_start"] == pd.Timestamp("1999-04-11")
    assert frame.loc["A", "it_end"] == pd.Timestamp("1999-05-06")
    assert frame.loc["A", "n_doses_given"] == 20
    assert pd.isna(frame.loc["B", "it_start"])
    assert pd.isna(frame.loc["B", "n_doses_given"])  # no line is not a dose of zero


def test_a_second_transplantation_is_not_the_index():
    transplant = table(
        "transplant",
        "A 2 1999-12-01 PBSC 1999-12-20 -",
        "A 1 1999-01-01 BM 1999-01-21 -",
        "B 1 1999-03-01 PBSC - -",
    )
    a = derive(cohort(transplant=transplant))[0].loc["A"]
    assert (a["tx_date"], a["graft"]) == (pd.Timestamp("1999-01-01"), "BM")


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("labs", "B 2000-12-20"),
        ("vitals", "B 2000-12-20"),
        ("ae", "B 2000-12-20"),
        ("followup", "B 2000-12-20 ALIVE - - CP"),
        ("assessments", "B 2000-12-20 CP Y"),
        ("exposure", "B IL-2 9 2000-12-01 2000-12-20 1"),
    ],
)
def test_the_last_date_alive_is_the_latest_evidence_in_any_table(name, row):
    frame, lineage = derive(cohort(**{name: table(name, row)}))
    assert frame.loc["B", "last_alive_date"] == pd.Timestamp("2000-12-20")
    cell = lineage[(lineage["row_key"] == "B") & (lineage["src_file"] == f"{name}.csv")]
    assert "decided" in set(cell["role"])


def test_evidence_on_the_cut_counts_and_evidence_after_it_does_not_move_the_date_beyond():
    on = derive(cohort(labs=table("labs", "B 2000-12-31")))[0]
    after = derive(cohort(labs=table("labs", "B 2001-01-05")))[0]
    assert on.loc["B", "last_alive_date"] == pd.Timestamp("2000-12-31")
    assert after.loc["B", "last_alive_date"] <= pd.Timestamp("2000-12-31")


def test_an_imputed_day_is_no_evidence_of_life():
    frame = derive(cohort(ae=table("ae", "B 2000-12")))[0]
    assert frame.loc["B", "last_alive_date"] == pd.Timestamp("2000-12-01")  # the contact


def test_cases_are_numbered_by_enrolment_then_by_transplantation():
    subjects = table(
        "subjects", "A 1950 F HD - -", "B 1961 M ESC - 1", "C 1961 M ESC - -", "D 1961 M ESC - -"
    )
    transplant = table(
        "transplant", "A 1 1999-05-01 BM - -", "B 1 1999-06-01 BM - -", "C 1 1999-04-01 BM - -"
    )
    labels = derive({"subjects": subjects, "transplant": transplant})[0]["case_label"]
    # B has a number; C was transplanted before A; D has neither number nor date.
    assert labels.to_dict() == {"B": "Case 1", "C": "Case 2", "A": "Case 3", "D": "Case 4"}


def test_what_only_an_absent_table_could_say_is_missing():
    frame, lineage = derive({name: cohort()[name] for name in ("subjects", "disease")})
    assert frame["diagnosis"].tolist() == ["AML", "CML"]
    others = ["age", "tx_date", "graft", "it_start", "relapse_date", "vital_status"]
    others += ["death_date", "final_status", "last_alive_date", "days_tx_to_end", "n_doses_given"]
    assert frame[others].isna().all(axis=None)
    assert set(lineage["src_file"]) == {"subjects.csv", "disease.csv"}


def test_an_unknown_birth_year_gives_no_age():
    subjects = table("subjects", "A - F HD - 1", "B 1961 M ESC - 2")
    frame = derive(cohort(subjects=subjects))[0]
    assert pd.isna(frame.loc["A", "age"])
    assert frame.loc["B", "age"] == 38


def test_patients_do_not_change_each_other_but_for_the_number_of_the_case():
    tables = cohort()
    whole, lineage = derive_subjects(tables, cut=CUT)
    parts = [
        derive_subjects(
            {name: frame[frame["subject_id"] == who] for name, frame in tables.items()}, cut=CUT
        )
        for who in ("A", "B")
    ]
    together = pd.concat([frame for frame, _ in parts], ignore_index=True)
    pd.testing.assert_frame_equal(
        whole.drop(columns="case_label"), together.drop(columns="case_label")
    )
    traced = pd.concat([part for _, part in parts], ignore_index=True)
    order = list(traced.columns)
    pd.testing.assert_frame_equal(
        lineage.sort_values(order, ignore_index=True), traced.sort_values(order, ignore_index=True)
    )


def test_each_row_names_the_cells_that_decided_it():
    _, lineage = derive(cohort())
    a = lineage[(lineage["row_key"] == "A") & (lineage["role"] == "decided")]
    cells = set(zip(a["src_file"], a["src_line"], a["src_column"], strict=True))
    assert {
        ("subjects.csv", 2, "arm"),
        ("disease.csv", 2, "risk_reason"),
        ("transplant.csv", 2, "tx_date"),
        ("exposure.csv", 2, "start_date"),
        ("exposure.csv", 3, "end_date"),
        ("assessments.csv", 3, "date"),
        ("assessments.csv", 3, "response"),
        ("followup.csv", 2, "death_date"),
    } <= cells
    looked_at = lineage[(lineage["row_key"] == "A") & (lineage["role"] == "contributed")]
    assert ("assessments.csv", 2, "response") in set(
        zip(looked_at["src_file"], looked_at["src_line"], looked_at["src_column"], strict=True)
    )


def test_no_cell_has_two_roles_in_one_row():
    _, lineage = derive(cohort())
    cell = ["derived_table", "row_key", "src_file", "src_line", "src_column"]
    assert not lineage.duplicated(cell).any()


def test_the_table_is_what_its_schema_declares():
    from schemas.derived.subjects import SCHEMA

    SCHEMA.validate(derive_subjects(cohort(), cut=CUT)[0], lazy=True)


def test_age_counts_to_the_first_dose_where_the_study_has_no_transplants():
    tables = cohort()
    with_transplants, _ = derive(tables)
    del tables["transplant"]
    frame, _ = derive(tables)
    born = tables["subjects"].set_index("subject_id")["birth_year"]
    first = tables["exposure"].groupby("subject_id")["start_date"].min()
    for who in first.index:
        assert frame.loc[who, "age"] == first[who].year - born[who]
    assert frame["tx_date"].isna().all()
    assert with_transplants["tx_date"].notna().any()
