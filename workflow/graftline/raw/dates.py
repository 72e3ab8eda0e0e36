"""ISO 8601 dates, complete and partial (what is known of a day: year, or year and month)."""

from __future__ import annotations

import numpy as np
import pandas as pd

# "2019---07" is ISO's way to say that the month is missing; the day alone means nothing.
_FORM = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$|^[0-9]{4}---[0-9]{2}$"
# Years of which every day fits into datetime64[ns].
FIRST_YEAR, LAST_YEAR = 1678, 2261

FORMAT = "format"
NOT_REAL = "not real"


def parse_dates(texts: pd.Series) -> pd.DataFrame:
    """What each text says: `earliest` and `latest` (datetime64[ns]), `precision` and `problem`.

    `precision` is day, month or year. `problem` is "format" for text that is not YYYY, YYYY-MM,
    YYYY-MM-DD or YYYY---DD, and "not real" for a day that no calendar has, such as 31 February; the
    other columns are then missing. Missing text gives a missing row without a problem. Each distinct
    text is parsed once.
    """
    codes, distinct = pd.factorize(texts)
    parsed = _parse_distinct(pd.Series(distinct, dtype=pd.StringDtype("pyarrow")))
    # Position -1, a missing text, takes the empty row that is put last.
    parsed.loc[len(parsed)] = [pd.NaT, pd.NaT, None, None]
    result = parsed.take(np.where(codes < 0, len(parsed) - 1, codes))
    result.index = texts.index
    return result


def _parse_distinct(texts: pd.Series) -> pd.DataFrame:
    """`parse_dates` of texts of which none is missing."""
    well_formed = texts.str.match(_FORM).to_numpy(dtype=bool, na_value=False)
    length = texts.str.len().to_numpy(dtype="int64", na_value=0)
    month_missing = well_formed & (length == 9)
    has_month = well_formed & (length >= 7) & ~month_missing
    has_day = well_formed & (length == 10)

    year = _digits(texts, 0, 4, well_formed, FIRST_YEAR)
    month = _digits(texts, 5, 7, has_month, 1)
    day = _digits(texts, 8, 10, has_day, 1)
    lone_day = _digits(texts, 7, 9, month_missing, 1)

    real = (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12)
    real &= (lone_day >= 1) & (lone_day <= 31)
    safe_year = np.where(real, year, FIRST_YEAR)
    safe_month = np.where(real, month, 1)
    month_start = (safe_year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (
        safe_month - 1
    )
    first = month_start.astype("datetime64[D]")
    days_in_month = ((month_start + 1).astype("datetime64[D]") - first).astype("int64")
    real &= (day >= 1) & (day <= days_in_month)

    year_end = (safe_year - 1969).astype("datetime64[Y]").astype("datetime64[D]") - 1
    earliest = first + (np.where(real, day, 1) - 1)
    latest = np.where(has_day, earliest, np.where(has_month, first + (days_in_month - 1), year_end))
    good = well_formed & real
    nat = np.datetime64("NaT", "ns")
    return pd.DataFrame(
        {
            "earliest": np.where(good, earliest.astype("datetime64[ns]"), nat),
            "latest": np.where(good, latest.astype("datetime64[ns]"), nat),
            "precision": np.select(
                [~good, has_day, has_month], [None, "day", "month"], default="year"
            ),
            "problem": np.select([~well_formed, ~real], [FORMAT, NOT_REAL], default=None),
        }
    )


def _digits(
    texts: pd.Series, start: int, stop: int, where: np.ndarray, otherwise: int
) -> np.ndarray:
    """The number in `texts[start:stop]` for the rows `where`, else `otherwise`."""
    numbers = np.full(len(texts), otherwise, dtype="int64")
    if where.any():
        numbers[where] = texts[where].str.slice(start, stop).astype("int64").to_numpy()
    return numbers
