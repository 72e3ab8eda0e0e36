"""One row a patient: arm, baseline, treatment, and status at the cut."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from graftline.derive.endpoints.named_dates import NamedDates, find_named_dates
from graftline.derive.lineage import concat_lineage, lineage_of

TEXT, DATE = "string[pyarrow]", "datetime64[ns]"

# What is read of each table that a study may lack; without it these are missing for everybody.
READ = {
    "disease": {"diagnosis": TEXT, "status_at_tx": TEXT, "risk_reason": TEXT},
    "transplant": {"tx_no": "Int64", "graft": TEXT, "anc500_date": DATE, "plt20_date": DATE},
    "exposure": {"start_date": DATE, "end_date": DATE, "n_given": "Int64"},
    "assessments": {"response": TEXT},
    "followup": {
        "date_earliest": DATE,
        "vital_status": TEXT,
        "death_date_earliest": DATE,
        "death_cause": TEXT,
        "final_status": TEXT,
    },
}
SOURCE = {"subject_id": TEXT, "src_file": TEXT, "src_line": "Int64"}
DATED_TABLES = ("transplant", "exposure", "ae", "labs", "vitals", "assessments", "followup")
# The validated tables that are read, where a study has them.
TABLES = ("subjects", "disease", *DATED_TABLES, "new_therapy")


def _read(tables: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """The columns `READ` of a table, or the same columns without rows where the study lacks it."""
    columns = SOURCE | READ[name]
    if name not in tables:
        return pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in columns.items()})
    return tables[name][list(columns)].reset_index(drop=True)


def _one_row(rows: pd.DataFrame, subject_ids: pd.Series, keep: str = "first") -> pd.DataFrame:
    """The first or last of `rows` of each patient, in the order of `subject_ids`."""
    one = rows.drop_duplicates("subject_id", keep=keep).set_index("subject_id")
    return one.reindex(subject_ids).reset_index()


def _count_days(start: pd.Series, end: pd.Series) -> pd.Series:
    """Whole days from `start` to `end`; missing where either is."""
    return (end - start).dt.days.astype("Int64")


def _label_cases(subjects: pd.DataFrame, tx_date: pd.Series) -> pd.Series:
    """ "Case 1" and so on in the order of enrolment, then of transplantation.

    The only column that depends on who else is in the study.
    """
    order = subjects.assign(tx_date=tx_date).sort_values(
        ["enrol_order", "tx_date", "subject_id"], na_position="last", kind="stable"
    )
    place = pd.Series(range(1, len(order) + 1), index=order.index)
    return ("Case " + place.astype(str)).reindex(subjects.index).astype(TEXT)


def _find_dates(tables: Mapping[str, pd.DataFrame], cut: pd.Timestamp) -> NamedDates | None:
    """The dates that endpoints are made of as well; None for a study without dates."""
    if not any(table in tables for table in DATED_TABLES):
        return None
    return find_named_dates(tables, cut)


def _cells(dates: NamedDates | None, name: str, ids: pd.Series, cut: pd.Timestamp) -> pd.DataFrame:
    """The cell of each patient for the date `name`, where that is not after the cut."""
    columns = {"date": DATE, "what": TEXT, "srcvar": TEXT, "src_file": TEXT, "src_line": "Int64"}
    if dates is None or name not in dates.cells:
        empty = pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in columns.items()})
        return empty.reindex(range(len(ids))).assign(subject_id=ids)
    cells = dates.cells[name].reindex(ids).reset_index()
    return cells.where(cells["date"] <= cut).assign(subject_id=ids)


def _find_followup(
    followup: pd.DataFrame, subject_ids: pd.Series, cut: pd.Timestamp
) -> pd.DataFrame:
    """The row that states how the patient is: that of the death, else the last contact.

    One whose death is dated after the cut was alive at the cut; in which state is not known.
    """
    known = followup[followup["date_earliest"].isna() | (followup["date_earliest"] <= cut)].copy()
    later_death = (known["death_date_earliest"] > cut).fillna(False)
    known["vital_status"] = known["vital_status"].mask(later_death, "ALIVE")
    known[["death_cause", "final_status"]] = known[["death_cause", "final_status"]].mask(
        later_death, pd.NA
    )
    known["dead"] = (known["vital_status"] == "DEAD").fillna(False)
    order = ["subject_id", "dead", "date_earliest", "src_line"]
    known = known.sort_values(order, na_position="first", kind="stable")
    return _one_row(known, subject_ids, keep="last")


def derive_subjects(
    tables: Mapping[str, pd.DataFrame], *, cut: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row a patient as known on `cut` (ISO date), and its lineage.

    `tables` holds the validated tables that the study has, at least `subjects`; what only an absent
    table could say is missing. Dates of relapse, death and the last date known alive are those of
    the endpoints (`find_named_dates`, which raises GraftlineError where dates contradict each
    other). Days count from the day of transplantation, which is day 0; age is the difference of
    years at transplantation, or at the first dose in a study without transplants. `very_high_risk` is true where a reason for it is given, and missing, not false, where
    none is. Nothing but `case_label` depends on other patients.
    """
    cut_date = pd.Timestamp(cut)
    subjects = tables["subjects"].sort_values("subject_id", kind="stable").reset_index(drop=True)
    ids = subjects["subject_id"]
    disease = _one_row(_read(tables, "disease"), ids)
    transplants = _read(tables, "transplant")
    graft = _one_row(transplants[(transplants["tx_no"] == 1).fillna(False)], ids)
    status = _find_followup(_read(tables, "followup"), ids, cut_date)

    exposure = _read(tables, "exposure")
    given = exposure[(exposure["n_given"].fillna(1) > 0) & (exposure["start_date"] <= cut_date)]
    by_end = given.sort_values("end_date", na_position="first", kind="stable")
    last_dose = _one_row(by_end, ids, keep="last")
    n_doses = given.groupby("subject_id")["n_given"].sum(min_count=1).reindex(ids)

    dates = _find_dates(tables, cut_date)
    tx, first_dose, relapse, death, last_alive = (
        _cells(dates, name, ids, cut_date)
        for name in ("transplant", "treatment_start", "relapse", "death", "last_alive")
    )
    tx_date = tx["date"]
    reference = tx_date if "transplant" in tables else first_dose["date"]
    progressed = relapse["what"].str.startswith("Progression").astype("boolean")
    kind = progressed.map({True: "PROGRESSION", False: "RELAPSE"}).astype(TEXT)

    frame = pd.DataFrame(
        {
            "row_key": ids,
            "subject_id": ids,
            "case_label": _label_cases(subjects, tx_date),
            "arm": subjects["arm"],
            "age": reference.dt.year.astype("Int64") - subjects["birth_year"],
            "sex": subjects["sex"],
            "diagnosis": disease["diagnosis"],
            "status_at_tx": disease["status_at_tx"],
            "very_high_risk": disease["risk_reason"]
            .notna()
            .astype("boolean")
            .replace(False, pd.NA),
            "graft": graft["graft"],
            "tx_date": tx_date,
            "it_start": first_dose["date"],
            "it_end": last_dose["end_date"],
            "n_doses_given": n_doses.astype("Int64").array,
            "days_to_treatment": _count_days(tx_date, first_dose["date"]),
            "days_tx_to_last_dose": _count_days(tx_date, last_dose["end_date"]),
            "days_tx_to_anc500": _count_days(tx_date, graft["anc500_date"]),
            "days_tx_to_plt20": _count_days(tx_date, graft["plt20_date"]),
            "relapse_date": relapse["date"],
            "relapse_kind": kind,
            "days_tx_to_relapse": _count_days(tx_date, relapse["date"]),
            "vital_status": status["vital_status"],
            "death_date": death["date"],
            "death_cause": status["death_cause"],
            "final_status": status["final_status"],
            "last_alive_date": last_alive["date"],
            "days_tx_to_end": _count_days(tx_date, death["date"].fillna(last_alive["date"])),
        }
    )
    read = {
        "subjects": (subjects, ("subject_id", "arm", "sex", "birth_year")),
        "disease": (disease, ("diagnosis", "status_at_tx", "risk_reason")),
        "transplant": (graft, ("graft", "anc500_date", "plt20_date")),
        "last_dose": (last_dose, ("end_date",)),
        "doses": (given, ("n_given",)),
        "followup": (status, ("vital_status", "death_cause", "final_status")),
    }
    response = relapse[relapse["srcvar"] == "date"].assign(srcvar="response")
    chosen = [tx, first_dose, relapse, response, death, last_alive]
    looked_at = list(dates.evidence.values()) if dates else []
    return frame, _trace(read, chosen, looked_at, _read(tables, "assessments"))


def _trace_cells(cells: pd.DataFrame, role: str) -> list[pd.DataFrame]:
    """Lineage of cells, which name their own column."""
    cells = cells.reset_index().dropna(subset="srcvar")
    return [
        lineage_of("subjects", part["subject_id"], part, column, role=role)
        for column, part in cells.groupby("srcvar")
    ]


def _trace(read: dict, chosen: list, looked_at: list, assessments: pd.DataFrame) -> pd.DataFrame:
    """Lineage: the cells that gave a column its value decided; the responses, which might have been
    a relapse, and the latest evidence of life in each other table contributed."""
    parts = []
    for rows, columns in read.values():
        for column in columns:
            filled = rows[rows[column].notna()]
            parts.append(lineage_of("subjects", filled["subject_id"], filled, column))
    for cells in chosen:
        parts += _trace_cells(cells, "decided")
    for cells in looked_at:
        parts += _trace_cells(cells, "contributed")
    ids = assessments["subject_id"]
    parts.append(lineage_of("subjects", ids, assessments, "response", role="contributed"))
    lineage = concat_lineage(parts)
    # A cell that decided one column and was looked at for another decided the row; "decided" sorts
    # after "contributed".
    cell = ["derived_table", "row_key", "src_file", "src_line", "src_column"]
    return lineage.drop_duplicates(cell, keep="last").reset_index(drop=True)
