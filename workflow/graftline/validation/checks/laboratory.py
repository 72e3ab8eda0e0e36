"""Laboratory values: units, plausible ranges, limits of normal, differential counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from graftline.validation.cohort import Cohort, equals
from graftline.validation.findings import ERROR, WARNING
from graftline.validation.register import Flag, check
from schemas.raw.measurements import LAB_RANGES, LAB_UNITS

# Tests that the scale grades as multiples of the upper limit of normal.
GRADED_BY_ULN = ("BILI", "AST", "ALT", "ALP", "CREAT", "BUN")


def _factors(frame: pd.DataFrame) -> np.ndarray:
    """Factor of each row to the test's first unit; NaN where the test does not have the unit."""
    tests, test_names = pd.factorize(frame["test"])
    units, unit_names = pd.factorize(frame["unit"])
    # One row and column more: code -1, a missing cell, finds NaN there.
    table = np.full((len(test_names) + 1, len(unit_names) + 1), np.nan)
    for i, test in enumerate(test_names):
        for j, unit in enumerate(unit_names):
            table[i, j] = LAB_UNITS.get(test, {}).get(unit, np.nan)
    return table[tests, units]


def _is_slip(frame: pd.DataFrame) -> pd.Series:
    """Haemoglobin that is in g/L and says g/dL."""
    return (
        equals(frame["test"], "HGB")
        & equals(frame["unit"], "g/dL")
        & frame["value"].between(30, 220)
    ).fillna(False)


@check(
    "E24",
    ERROR,
    "labs",
    sentence="The unit is not one that the test may have; write one of those allowed for it.",
)
def check_unit(cohort: Cohort):
    """The unit is in the list of the test."""
    frame = cohort["labs"]
    wrong = np.isnan(_factors(frame)) & frame["test"].notna() & frame["unit"].notna()
    for test in frame["test"][wrong].unique():
        message = f"The unit is not one that {test} may have; write {' or '.join(LAB_UNITS[test])}."
        yield Flag("labs", wrong & equals(frame["test"], test), "unit", message=message)


@check(
    "E24",
    ERROR,
    "labs",
    sentence="The value is not plausible for the test in this unit; check value and unit.",
)
def check_plausible(cohort: Cohort):
    """The converted value lies in the range of the test."""
    frame = cohort["labs"]
    value = (frame["value"] * _factors(frame)).round(9)
    outside = pd.Series(False, index=frame.index)
    for test, (least, most) in LAB_RANGES.items():
        of_test = equals(frame["test"], test)
        outside |= of_test & (value.lt(least) | value.gt(most))
    yield Flag("labs", outside & ~_is_slip(frame), "value")


@check(
    "E25",
    ERROR,
    "labs",
    sentence="The haemoglobin is in g/L and the unit says g/dL; correct the unit.",
)
def check_haemoglobin_unit(cohort: Cohort):
    """No haemoglobin of 30..220 g/dL."""
    yield Flag("labs", _is_slip(cohort["labs"]), "value")


@check(
    "E26",
    ERROR,
    "labs",
    sentence="The upper limit of normal is missing; the test cannot be graded without it.",
)
def check_upper_limit_given(cohort: Cohort):
    """uln is there for tests graded by it."""
    needed = cohort["labs"]["test"].isin(GRADED_BY_ULN)
    yield Flag("labs", needed & cohort.is_blank("labs", "uln"), "uln")


@check(
    "E26",
    ERROR,
    "labs",
    sentence="The limits of normal are not right: the upper one must be above 0 and the lower one.",
)
def check_limits_order(cohort: Cohort):
    """uln > 0 and lln < uln."""
    frame = cohort["labs"]
    yield Flag("labs", frame["uln"].le(0) | frame["lln"].ge(frame["uln"]), "uln")


@check(
    "E26",
    WARNING,
    "labs",
    "subjects",
    sentence="The site has another upper limit of normal for the test on the same day; confirm it.",
)
def check_upper_limit_steady(cohort: Cohort):
    """One uln a site, day, test, unit and sample; where one of these (but the sample) is missing,
    none is compared. A study may say that ranges depend on sex or age: then patients alike in these
    are compared."""
    frame = cohort["labs"]
    site = cohort.of_subject("labs", cohort.column_of("subjects", "site_id"))
    of_site = frame.assign(site=site)[["site", "date", "test", "unit", "sample", "uln"]]
    group_by = ["site", "date", "test", "unit", "sample"]
    for name in (cohort.options.get("normal_ranges") or {}).get("depend_on", []):
        column = {"sex": "sex", "age": "birth_year"}[name]
        of_site[column] = cohort.of_subject("labs", cohort.column_of("subjects", column))
        group_by.append(column)
    of_site = of_site.dropna(subset=["site", "date", "test", "unit", "uln"])
    group = of_site.groupby(group_by, dropna=False, sort=False)
    differs = of_site["uln"] != group["uln"].transform("first")
    yield Flag("labs", differs.reindex(frame.index, fill_value=False), "uln")


@check(
    "E28",
    ERROR,
    "labs",
    sentence="Neutrophils are above all leukocytes of the same time; check both values and units.",
)
def check_neutrophils(cohort: Cohort):
    """NEUT <= WBC x 1.02."""
    counts = _counts(cohort["labs"])
    rows = counts.loc[(counts["NEUT"] - 1.02 * counts["WBC"]).round(9) > 0, "NEUT_row"]
    yield Flag("labs", _at(cohort["labs"], rows), "value")


@check(
    "E28",
    ERROR,
    "labs",
    sentence="Neutrophils and lymphocytes are together above all leukocytes of the same time; check "
    "the three values and their units.",
)
def check_differential(cohort: Cohort):
    """LYM + NEUT <= WBC x 1.02; neutrophils that are too many alone are the check above."""
    counts = _counts(cohort["labs"])
    limit = 1.02 * counts["WBC"]
    alone = (counts["NEUT"] - limit).round(9) > 0
    together = (counts["NEUT"].fillna(0) + counts["LYM"] - limit).round(9) > 0
    yield Flag("labs", _at(cohort["labs"], counts.loc[together & ~alone, "LYM_row"]), "value")


def _at(frame: pd.DataFrame, rows: pd.Series) -> np.ndarray:
    flags = np.zeros(len(frame), dtype=bool)
    flags[rows.dropna().to_numpy(dtype="int64")] = True
    return flags


def _counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Leukocytes, neutrophils and lymphocytes of one time side by side, with the rows they are in.

    Values in 10*3/uL; of a test repeated at one time the first counts (the rest is E27). A value
    below a limit of detection is left out: the true one is not known.
    """
    key = ["subject_id", "date", "time", "sample"]
    value = frame["value"] * _factors(frame)
    usable = frame["test"].isin(["WBC", "NEUT", "LYM"]) & value.notna() & frame["date"].notna()
    usable &= ~equals(frame["below_limit"], "Y")
    chosen = frame.loc[usable, [*key, "test"]]
    # Only the values of these rows: pandas gives a frame without rows those of a longer series.
    chosen = chosen.assign(value=value[usable], row=np.flatnonzero(usable))
    chosen["moment"] = chosen.groupby(key, dropna=False, sort=False).ngroup()
    chosen = chosen.drop_duplicates(["moment", "test"]).set_index("moment")
    of_test = {
        test: chosen.loc[equals(chosen["test"], test), ["value", "row"]].rename(
            columns={"value": test, "row": f"{test}_row"}
        )
        for test in ("WBC", "NEUT", "LYM")
    }
    return of_test["WBC"].join(of_test["NEUT"], how="left").join(of_test["LYM"], how="left")
