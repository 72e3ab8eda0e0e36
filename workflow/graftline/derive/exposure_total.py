"""Totals of what was planned and given, by patient and drug.

Definitions, for one patient and drug, in the unit of the plan:

- relative total dose: the total given, divided by the total planned for all cycles. Whoever stops
  early keeps the whole plan in the denominator;
- relative dose intensity: (total given / actual duration) / (total planned / planned duration)
  (Hryniuk and Bush, J Clin Oncol 1984;2:1281-8). The actual duration is the days from the first to
  the last dose given, both included, and the planned duration those from the first to the last
  planned dose: rest weeks between cycles are in both. Whoever stops before a planned rest has an
  actual duration without it, and can have a relative dose intensity above one: it describes the
  time on treatment, the relative total dose describes the whole plan.
"""

from __future__ import annotations

import pandas as pd

TEXT = "string[pyarrow]"
DRUG = ["subject_id", "drug"]


def total_exposure(cycles: pd.DataFrame) -> pd.DataFrame:
    """The table `exposure_total` of the table `exposure`: one row a patient and drug.

    A total is missing where the number of doses, or the dose, of any cycle is not known; what
    compares with the plan is missing where there is none, and whether the drug was withdrawn where
    no action is recorded.
    """
    planned_end = cycles["planned_start_day"] + cycles["planned_days"]
    withdrawn = (cycles["action"] == "WITHDRAW").fillna(False)
    full = (cycles["n_given"] >= cycles["n_planned"]).fillna(False) | ~cycles["planned"]
    begun = cycles["begun"].astype(bool)
    work = cycles.assign(
        planned_end=planned_end,
        withdrawn=withdrawn,
        full=full.astype(bool),
        n_planned=cycles["n_planned"].where(cycles["planned"], 0),
        total_planned=cycles["total_planned"].where(cycles["planned"], 0.0),
        start_date=cycles["start_date"].where(begun),
        end_date=cycles["end_date"].where(begun),
        stop_reason=cycles["action_reason"].where(withdrawn),
        unknown=cycles["total_given"].isna() | cycles["n_given"].isna(),
        asked=cycles["action"].notna(),
    )
    totals = work.groupby(DRUG, sort=True).agg(
        arm=("arm", "first"),
        dose_unit=("dose_unit", "first"),
        n_cycles_planned=("planned", "sum"),
        n_cycles_begun=("begun", "sum"),
        n_planned=("n_planned", "sum"),
        n_given=("n_given", "sum"),
        total_planned=("total_planned", "sum"),
        total_given=("total_given", "sum"),
        first=("start_date", "min"),
        last=("end_date", "max"),
        plan_first=("planned_start_day", "min"),
        plan_last=("planned_end", "max"),
        completed=("full", "all"),
        withdrawn=("withdrawn", "any"),
        stop_reason=("stop_reason", "first"),
        unknown=("unknown", "any"),
        asked=("asked", "any"),
    )
    totals = totals.reset_index()
    known = ~totals["unknown"]
    total_given = totals["total_given"].where(known)
    has_plan = totals["total_planned"] > 0
    planned_days = (totals["plan_last"] - totals["plan_first"]).astype("Int64")
    actual_days = ((totals["last"] - totals["first"]).dt.days + 1).astype("Int64")
    actual, planned = actual_days.astype("float64"), planned_days.astype("float64")
    relative = (total_given / totals["total_planned"]).where(has_plan)
    return pd.DataFrame(
        {
            "row_key": totals["subject_id"] + "/" + totals["drug"],
            "subject_id": totals["subject_id"],
            "arm": totals["arm"],
            "drug": totals["drug"],
            "dose_unit": totals["dose_unit"],
            "n_cycles_planned": totals["n_cycles_planned"].where(has_plan, pd.NA).astype("Int64"),
            "n_cycles_begun": totals["n_cycles_begun"].astype("Int64"),
            "n_planned": totals["n_planned"].where(has_plan, pd.NA).astype("Int64"),
            "n_given": totals["n_given"].where(known, pd.NA).astype("Int64"),
            "total_planned": totals["total_planned"].where(has_plan),
            "total_given": total_given,
            "planned_days": planned_days,
            "actual_days": actual_days,
            "relative_total_dose": relative,
            "relative_dose_intensity": relative * planned / actual,
            "completed": totals["completed"].astype("boolean").where(has_plan, pd.NA),
            "withdrawn": totals["withdrawn"].astype("boolean").where(totals["asked"], pd.NA),
            "stop_reason": totals["stop_reason"].astype(TEXT),
        }
    )
