"""A table of laboratory values as text, each row with its own term, graded row by row."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from difflib import get_close_matches

import numpy as np
import pandas as pd

from graftline.errors import GraftlineError
from graftline.grading import reasons
from graftline.grading.laboratory import grade_laboratory
from graftline.grading.scale import Scale
from graftline.grading.units import Units

REQUIRED = ("term", "value")
NUMBERS = ("lln", "uln", "baseline", "baseline_lln", "baseline_uln")
# No term of the scales that are graded from values depends on sex or age.
UNUSED = ("sex", "age_years")
COLUMNS = (*REQUIRED, "unit", *NUMBERS, *UNUSED)
GRADED = ("grade", "reason", "limit", "criterion")

TEXT = pd.StringDtype("pyarrow")
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


def check_columns(names: Sequence[str], file: str, line: int) -> None:
    """Raise GraftlineError, naming `file` and `line`, unless `names` are columns of such a table."""
    where = f"{file}, line {line}"
    if not set(names) & set(COLUMNS):
        separators = [
            word for mark, word in ((";", "semicolons"), ("\t", "tabs")) if mark in names[0]
        ]
        if separators:
            raise GraftlineError(
                f"{where}: cells are separated by {separators[0]}; save the file with commas"
            )
        raise GraftlineError(
            f"{where}: this is no header; the first line must name the columns: {', '.join(COLUMNS)}"
        )
    for position, name in enumerate(names, start=1):
        if name not in COLUMNS:
            near = get_close_matches(name.strip().lower(), COLUMNS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"the columns are {', '.join(COLUMNS)}"
            shown = f"unknown column {name!r}" if name.strip() else f"column {position} has no name"
            raise GraftlineError(f"{where}: {shown}; {hint}")
    for name in names:
        if list(names).count(name) > 1:
            raise GraftlineError(
                f"{where}: the column {name} stands twice; keep the one that is meant"
            )
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise GraftlineError(f"{where}: the column {missing[0]} is missing; add it to the header")


def _trim(cells: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Position of each cell's text among the distinct ones, and these without blanks at their ends."""
    codes, distinct = pd.factorize(cells)
    return codes, pd.Series(distinct, dtype=TEXT).str.strip()


def read_numbers(cells: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of text `cells` (NaN where there is none), and which cells are neither empty nor a
    number (digits with a decimal point; a decimal comma is no number)."""
    codes, distinct = _trim(cells)
    found = [float(text) if _NUMBER.fullmatch(text) else math.nan for text in distinct]
    numbers = np.array([number if math.isfinite(number) else math.nan for number in found])
    wrong = np.isnan(numbers) & (distinct != "").to_numpy(bool)
    return numbers[codes], wrong[codes]


def read_values(cells: pd.Series) -> pd.DataFrame:
    """value, below_limit and above_limit ("Y" or missing) and wrong (bool) of text `cells`.

    "<0.5" is under the assay's limit of 0.5 and ">600" above one of 600; wrong: neither that nor a
    number nor empty.
    """
    codes, distinct = _trim(cells)
    mark = distinct.str.slice(0, 1)
    marked = mark.isin(["<", ">"]).to_numpy(bool)
    numbers, wrong = read_numbers(distinct.str.slice(1).where(marked, distinct))
    wrong |= marked & np.isnan(numbers)
    frame = pd.DataFrame(
        {
            "value": numbers,
            "below_limit": pd.array(np.where(mark == "<", "Y", None), dtype=TEXT),
            "above_limit": pd.array(np.where(mark == ">", "Y", None), dtype=TEXT),
            "wrong": wrong,
        }
    )
    return frame.take(codes).set_axis(cells.index)


def _codes_of_terms(texts: pd.DataFrame, scale: Scale, file: str) -> tuple[np.ndarray, list[str]]:
    """Position of each row's item among the items found (-1 where the term is empty), and these."""
    codes, distinct = _trim(texts["term"])
    for position, term in enumerate(distinct):
        if term == "":
            continue
        item = scale.items.get(term)
        if item is not None and item.kind == "laboratory":
            continue
        first = texts["src_line"].iloc[int(np.argmax(codes == position))]
        where = f"{file}, line {first}, column term"
        if item is not None:
            raise GraftlineError(
                f"{where}: {term} of {scale.label} is not graded from a laboratory value; remove the row"
            )
        raise GraftlineError(f"{where}: {_name_near_term(term, scale)}")
    found = sorted(set(distinct) - {""})
    place = {term: position for position, term in enumerate(found)} | {"": -1}
    return np.array([place[term] for term in distinct], dtype=int)[codes], found


def _name_near_term(term: str, scale: Scale) -> str:
    """What is wrong with a term that the scale does not have, and which is meant."""
    terms = {code: code for code, item in scale.items.items() if item.kind == "laboratory"}
    names = {item.label: code for code, item in scale.items.items() if code in terms} | terms
    lower = {name.lower(): code for name, code in names.items()}
    near = get_close_matches(term.lower(), lower, n=1)
    if near:
        return f"unknown term {term!r} of {scale.label}; did you mean {lower[near[0]]}?"
    # Text that is near no term may be a patient's value in the wrong column: it is not repeated.
    return f"this is no term of {scale.label}; its terms are the items of its file in config/scales"


def grade_table(
    texts: pd.DataFrame, scale: Scale, units: Units, file: str
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Grades of the rows of `texts`, and how many cells of each column of NUMBERS are no numbers.

    `texts` has the columns of COLUMNS that the file has, as text with empty cells "", and src_line.
    Returns, on its index, grade (Int64), reason (code; missing where a grade has nothing to add),
    limit (float, in the row's unit) and criterion (text), as `grade_laboratory` gives them. A value
    that is no number has the reason value_not_a_number; another cell that is none counts as empty.
    Raises GraftlineError, naming `file`, line and a near match, for a term that the scale does not
    have, or has not from laboratory values.
    """
    codes, terms = _codes_of_terms(texts, scale, file)
    rows = read_values(texts["value"])
    unreadable = {}
    for name in NUMBERS:
        if name in texts:
            rows[name], wrong = read_numbers(texts[name])
            unreadable[name] = int(wrong.sum())
        else:
            rows[name] = np.nan
    unit = texts["unit"] if "unit" in texts else pd.Series("", texts.index, dtype=TEXT)
    rows["unit"] = unit.mask(unit.str.strip() == "")

    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(terms) + 1))
    graded = [
        grade_laboratory(scale.items[term], rows.take(order[start:stop]), units)[list(GRADED)]
        for term, start, stop in zip(terms, bounds[:-1], bounds[1:], strict=True)
    ]
    result = pd.concat(graded) if graded else pd.DataFrame(columns=list(GRADED))
    result = result.astype({"grade": "Int64", "reason": TEXT, "limit": float, "criterion": TEXT})
    result = result.reindex(texts.index)
    named = codes >= 0
    reason = result["reason"].mask(~named, reasons.TERM_MISSING)
    wrong = rows["wrong"].to_numpy(bool) & named
    result["reason"] = reason.mask(wrong, reasons.VALUE_NOT_A_NUMBER)
    return result, unreadable


def format_grades(graded: pd.DataFrame) -> pd.DataFrame:
    """The result of `grade_table` as text: limits with 12 significant digits, missing as missing."""
    codes, distinct = pd.factorize(graded["limit"])  # -1 is a missing limit
    limits = np.array([f"{limit:.12g}" for limit in distinct] + [None], dtype=object)
    return pd.DataFrame(
        {
            "grade": graded["grade"].astype(TEXT),
            "reason": graded["reason"],
            "limit": pd.array(limits[codes], dtype=TEXT),
            "criterion": graded["criterion"],
        },
        index=graded.index,
    )
