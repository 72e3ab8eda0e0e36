"""Doses planned and given, by patient, drug and cycle, and in total.

Doses of a cycle are in the unit of the plan: the dose of each day times the number of doses given,
so that a dose per m2 needs no body surface area to be compared with one planned per m2. What the
totals mean is defined in `exposure_total`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graftline.derive.exposure_total import total_exposure
from graftline.derive.lineage import concat_lineage, lineage_of
from graftline.errors import GraftlineError

TEXT = "string[pyarrow]"
CYCLE = ["subject_id", "drug", "cycle"]
PLAN = {
    "arm": TEXT,
    "drug": TEXT,
    "cycle": "Int64",
    "plan_unit": TEXT,
    "plan_start_day": "Int64",
    "plan_days": "Int64",
    "plan_dose": "float64",
    "plan_n": "Int64",
}


def _tabulate_plan(regimens: Mapping[str, Any], drugs: Mapping[str, Any]) -> pd.DataFrame:
    """The protocol's plan, one row an arm, drug and cycle. Doses are in the drug's first unit."""
    rows = [
        (
            arm,
            drug,
            cycle["cycle"],
            drugs[drug]["dose_units"][0],
            cycle["start_day"],
            cycle["days"],
            cycle["dose"],
            cycle["n_planned"],
        )
        for arm, regimen in regimens.items()
        for drug, cycles in regimen.items()
        if drug in drugs
        for cycle in cycles
    ]
    return pd.DataFrame(rows, columns=list(PLAN)).astype(PLAN)


def _check_units(rows: pd.DataFrame) -> None:
    """Doses of one drug add up, and compare with the plan, only in one unit."""
    planned = rows["plan_unit"].notna() & rows["dose_unit"].notna()
    wrong = rows[planned & (rows["dose_unit"] != rows["plan_unit"])]
    if len(wrong):
        first = wrong.iloc[0]
        raise GraftlineError(
            f"{first['src_file']}, line {first['src_line']}, dose_unit: the regimen of "
            f"{first['drug']} is planned in {first['plan_unit']}; give the dose in that unit"
        )


def _sum_cycles(given: pd.DataFrame) -> pd.DataFrame:
    """One row a patient, drug and cycle of what was given, should a cycle stand on several lines.

    The dose of a cycle is then the mean of its doses, and its action that of the last line.
    """
    given = given.sort_values([*CYCLE, "start_date", "src_line"], kind="stable")
    # Nothing given is a dose of zero, whatever the dose was to be; an unknown number is unknown.
    total = (given["dose_actual"] * given["n_given"].astype("float64")).mask(
        (given["n_given"] == 0).fillna(False), 0.0
    )
    given = given.assign(total_given=total, known=total.notna(), counted=given["n_given"].notna())
    groups = given.groupby(CYCLE, sort=True)
    cycles = groups.agg(
        start_date=("start_date", "min"),
        end_date=("end_date", "max"),
        dose_unit=("dose_unit", "first"),
        raw_dose=("dose_planned", "first"),
        raw_n=("n_planned", "sum"),
        n_given=("n_given", "sum"),
        total_given=("total_given", "sum"),
        known=("known", "all"),
        counted=("counted", "all"),
        action=("action", "last"),
        action_reason=("action_reason", "last"),
    )
    cycles["total_given"] = cycles["total_given"].where(cycles["known"])
    cycles["n_given"] = cycles["n_given"].where(cycles["counted"], pd.NA)
    return cycles.drop(columns=["known", "counted"]).reset_index()


def _merge_plan(given: pd.DataFrame, subjects: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    """One row a patient, drug and cycle, planned or given, of the patients who were given anything.

    A cycle that the protocol does not plan for the patient's arm has the plan of its own line.
    """
    treated = subjects[subjects["subject_id"].isin(given["subject_id"])]
    planned = treated[["subject_id", "arm"]].merge(plan, on="arm", how="inner")
    rows = planned.merge(_sum_cycles(given), on=CYCLE, how="outer", indicator=True)
    rows["planned"] = (rows["_merge"] != "right_only").astype("boolean")
    rows["begun"] = (rows["start_date"].notna() & (rows["n_given"].fillna(1) > 0)).astype("boolean")
    arms = subjects.set_index("subject_id")["arm"]
    rows["arm"] = arms.reindex(rows["subject_id"]).array
    # A cycle of the plan without a line was not begun: nothing of it was given.
    no_line = rows["_merge"] == "left_only"
    rows["n_given"] = rows["n_given"].mask(no_line, 0)
    rows["total_given"] = rows["total_given"].mask(no_line, 0.0)
    return rows.sort_values(CYCLE, kind="stable").reset_index(drop=True)


def _tabulate_cycles(rows: pd.DataFrame) -> pd.DataFrame:
    """The table `exposure` of the merged rows."""
    key = rows["subject_id"] + "/" + rows["drug"] + "/" + rows["cycle"].astype(TEXT)
    unplanned = ~rows["planned"].astype(bool)
    n_planned = rows["plan_n"].mask(unplanned, rows["raw_n"])
    dose_planned = rows["plan_dose"].mask(unplanned, rows["raw_dose"])
    n_given = rows["n_given"].astype("float64")
    return pd.DataFrame(
        {
            "row_key": key,
            "subject_id": rows["subject_id"],
            "arm": rows["arm"],
            "drug": rows["drug"],
            "cycle": rows["cycle"].astype("Int64"),
            "planned": rows["planned"],
            "begun": rows["begun"],
            "start_date": rows["start_date"],
            "end_date": rows["end_date"],
            "dose_unit": rows["plan_unit"].fillna(rows["dose_unit"]),
            "dose_planned": dose_planned,
            "dose_given": (rows["total_given"] / n_given).where(n_given > 0),
            "n_planned": n_planned.astype("Int64"),
            "n_given": rows["n_given"].astype("Int64"),
            "total_planned": dose_planned * n_planned.astype("float64"),
            "total_given": rows["total_given"],
            "planned_start_day": rows["plan_start_day"],
            "planned_days": rows["plan_days"],
            "actual_days": ((rows["end_date"] - rows["start_date"]).dt.days + 1).astype("Int64"),
            "action": rows["action"],
            "action_reason": rows["action_reason"],
        }
    )


def _trace(
    cycles: pd.DataFrame, totals: pd.DataFrame, given: pd.DataFrame, subjects: pd.DataFrame
) -> pd.DataFrame:
    """Lineage: what was given decided a cycle and a total; the arm, which chooses the plan, decided
    a cycle without a line and contributed to the others, as dates and actions did."""
    by_drug = given["subject_id"] + "/" + given["drug"]
    by_cycle = by_drug + "/" + given["cycle"].astype(TEXT)
    parts = []
    for table, key, rows in (("exposure", by_cycle, cycles), ("exposure_total", by_drug, totals)):
        for column in ("n_given", "dose_actual"):
            parts.append(lineage_of(table, key, given, column))
        for column in ("start_date", "end_date", "action", "action_reason"):
            filled = given[given[column].notna()]
            parts.append(lineage_of(table, key[filled.index], filled, column, role="contributed"))
        has_line = rows["row_key"].isin(key)
        for role, chosen in (("contributed", rows[has_line]), ("decided", rows[~has_line])):
            source = subjects.set_index("subject_id").reindex(chosen["subject_id"])
            parts.append(lineage_of(table, chosen["row_key"], source, "arm", role=role))
    return concat_lineage(parts)


def derive_exposure(
    tables: Mapping[str, pd.DataFrame],
    *,
    cut: str,
    regimens: Mapping[str, Any] | None = None,
    drugs: Mapping[str, Any] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """`exposure`, `exposure_total` and their lineage, of the validated `subjects` and `exposure`.

    `regimens` and `drugs` are the study's; without a regimen for an arm the plan of each line is
    shown, and relative doses are missing. Lines that start after `cut` are left out; patients
    without any line have no row. The definitions are in `exposure_total`. Raises
    GraftlineError, naming file and line, for a dose in another unit than the plan's.
    """
    subjects, raw = tables["subjects"], tables["exposure"]
    given = raw[raw["start_date"] <= pd.Timestamp(cut)].reset_index(drop=True)
    plan = _tabulate_plan(regimens or {}, drugs or {})
    units = plan.drop_duplicates("drug")[["drug", "plan_unit"]]
    _check_units(given.merge(units, on="drug", how="left"))
    cycles = _tabulate_cycles(_merge_plan(given, subjects, plan))
    totals = total_exposure(cycles)
    return cycles, totals, _trace(cycles, totals, given, subjects)
