"""Partial dates: what they allow, the day imputed by rule, and the earliest and latest day.

`dates` says which day a partial date stands for: IMPUTED, by rule in the middle; EARLIEST or LATEST,
the ends of what it allows. Bounds (alive until, dead from) act on all three.
"""

from __future__ import annotations

import pandas as pd

MIDDLE_DAY = 15
IMPUTED, EARLIEST, LATEST = "imputed", "earliest", "latest"
ALL_DATES = (IMPUTED, EARLIEST, LATEST)


def flag_precision(earliest: pd.Series, latest: pd.Series) -> pd.Series:
    """D where the day is missing, M where month and day are, missing where the date is complete.

    `earliest` and `latest` are the first and last day that the recorded text allows.
    """
    partial = earliest.notna() & (earliest != latest)
    same_month = (earliest.dt.year == latest.dt.year) & (earliest.dt.month == latest.dt.month)
    flag = pd.Series(pd.NA, index=earliest.index, dtype="string[pyarrow]")
    return flag.mask(partial & same_month, "D").mask(partial & ~same_month, "M")


def impute_middle(earliest: pd.Series, latest: pd.Series, flag: pd.Series) -> pd.Series:
    """The 15th where the day is missing, 30 June where month and day are; else the date itself
    (admiral's "mid" imputation)."""
    day = earliest + pd.Timedelta(days=MIDDLE_DAY - 1)
    june = earliest + pd.to_timedelta(180 + earliest.dt.is_leap_year.astype(int), unit="D")
    # 1 January plus 180 days is 30 June, one day more in a leap year.
    return earliest.mask(flag.eq("D").fillna(False), day).mask(flag.eq("M").fillna(False), june)


def choose_day(
    earliest: pd.Series, latest: pd.Series, flag: pd.Series, dates: str = IMPUTED
) -> pd.Series:
    """The day that each partial date stands for; a complete one is itself whatever `dates` says."""
    if dates == EARLIEST:
        return earliest
    return latest if dates == LATEST else impute_middle(earliest, latest, flag)


def apply_bounds(
    date: pd.Series,
    earliest: pd.Series,
    latest: pd.Series,
    *,
    not_before: pd.Series | None = None,
    not_after: pd.Series | None = None,
) -> pd.Series:
    """`date` moved inside its bounds, which act only within the period that the date allows.

    A bound outside [earliest, latest] is ignored, so that the known parts never change; a missing
    bound does nothing. A complete date is its own period and never moves.
    """
    if not_before is not None:
        inside = (not_before >= earliest) & (not_before <= latest)
        date = date.mask(inside & (not_before > date), not_before)
    if not_after is not None:
        inside = (not_after >= earliest) & (not_after <= latest)
        date = date.mask(inside & (not_after < date), not_after)
    return date
