"""Building blocks of the raw tables' schemas: one function a kind of column.

A column carries its title, description (with the unit), and in `metadata`: `kind` (text, code, whole,
number, date, partial_date, time), `cdisc` (the CDISC variable), `unit`, `allowed` (codes),
`allowed_from` (the key of study.yaml that lists the codes), `in_file` (the file must have the column
unless the study declares it absent), `free_text`. A check's error reads "RULE: sentence".
"""

from __future__ import annotations

from typing import Any

import pandera.pandas as pa

TEXT = "string[pyarrow]"
WHOLE = "Int64"
NUMBER = "float64"
DATE = "datetime64[ns]"

YES_NO = ("Y", "N")


def _column(
    kind: str,
    dtype: str,
    title: str,
    description: str,
    checks: list[pa.Check],
    *,
    cdisc: str | None,
    needed: bool,
    in_file: bool,
    **metadata: Any,
) -> pa.Column:
    return pa.Column(
        dtype,
        checks,
        nullable=not needed,
        title=title,
        description=description,
        metadata={"kind": kind, "cdisc": cdisc, "in_file": in_file, **metadata},
    )


def text(
    title: str,
    description: str,
    *,
    cdisc: str | None = None,
    needed: bool = False,
    in_file: bool = True,
    pattern: str | None = None,
    pattern_sentence: str = "",
    free_text: bool = False,
) -> pa.Column:
    """Text as written; `pattern` is a regular expression that the whole cell must match."""
    checks = []
    if pattern:
        checks.append(pa.Check.str_matches(pattern, error=f"E04: {pattern_sentence}"))
    return _column(
        "text",
        TEXT,
        title,
        description,
        checks,
        cdisc=cdisc,
        needed=needed,
        in_file=in_file,
        pattern=pattern,
        free_text=free_text,
    )


def code(
    title: str,
    description: str,
    allowed: tuple[str, ...] = (),
    *,
    allowed_from: str | None = None,
    cdisc: str | None = None,
    needed: bool = False,
    in_file: bool = True,
) -> pa.Column:
    """One of the codes `allowed`, exactly as they are written; or of those that the study lists."""
    checks = [] if allowed_from else [is_code(allowed)]
    return _column(
        "code",
        TEXT,
        title,
        description,
        checks,
        cdisc=cdisc,
        needed=needed,
        in_file=in_file,
        allowed=list(allowed),
        allowed_from=allowed_from,
    )


def is_code(allowed: tuple[str, ...] | list[str]) -> pa.Check:
    """The check of rule E05: a cell is exactly one of the codes."""
    listed = ", ".join(allowed)
    return pa.Check.isin(
        list(allowed), error=f"E05: is not one of the codes allowed here; write one of {listed}"
    )


def _bounds(least: float | None, most: float | None, unit: str, rule: str) -> list[pa.Check]:
    where = f" {unit}" if unit else ""
    if least is not None and most is not None:
        sentence = f"lies outside {least} to {most}{where}; check the value and its unit"
        return [pa.Check.in_range(least, most, error=f"{rule}: {sentence}")]
    if least is not None:
        return [pa.Check.ge(least, error=f"{rule}: is below {least}{where}; check the value")]
    return []


def whole(
    title: str,
    description: str,
    *,
    least: int | None = None,
    most: int | None = None,
    unit: str = "",
    rule: str = "E04",
    cdisc: str | None = None,
    needed: bool = False,
    in_file: bool = True,
) -> pa.Column:
    """A whole number, within `least` and `most` where given (both included)."""
    return _column(
        "whole",
        WHOLE,
        title,
        description,
        _bounds(least, most, unit, rule),
        cdisc=cdisc,
        needed=needed,
        in_file=in_file,
        unit=unit,
        least=least,
        most=most,
    )


def number(
    title: str,
    description: str,
    *,
    least: float | None = None,
    most: float | None = None,
    unit: str = "",
    rule: str = "E04",
    cdisc: str | None = None,
    needed: bool = False,
    in_file: bool = True,
) -> pa.Column:
    """A number with a decimal point, within `least` and `most` where given (both included)."""
    return _column(
        "number",
        NUMBER,
        title,
        description,
        _bounds(least, most, unit, rule),
        cdisc=cdisc,
        needed=needed,
        in_file=in_file,
        unit=unit,
        least=least,
        most=most,
    )


def date(
    title: str,
    description: str,
    *,
    cdisc: str | None = None,
    needed: bool = False,
    in_file: bool = True,
) -> pa.Column:
    """A complete date, YYYY-MM-DD; a partial one is an error (E54)."""
    return _column(
        "date", DATE, title, description, [], cdisc=cdisc, needed=needed, in_file=in_file
    )


def partial_date(
    title: str,
    description: str,
    *,
    cdisc: str | None = None,
    needed: bool = False,
    in_file: bool = True,
) -> pa.Column:
    """A date of which day, or day and month, may be unknown: YYYY, YYYY-MM or YYYY-MM-DD."""
    return _column(
        "partial_date", TEXT, title, description, [], cdisc=cdisc, needed=needed, in_file=in_file
    )


def time_of_day(title: str, description: str, *, cdisc: str | None = None) -> pa.Column:
    """A time of day on the 24-hour clock, HH:MM or HH:MM:SS; files may leave the column out."""
    return _column(
        "time",
        TEXT,
        title,
        description,
        [
            pa.Check.str_matches(
                r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$",
                error="E04: is not a time of day; write HH:MM on the 24-hour clock",
            )
        ],
        cdisc=cdisc,
        needed=False,
        in_file=False,
    )


def subject_id() -> pa.Column:
    """The patient's identifier, which every table has."""
    return text(
        "Subject",
        "Identifier of the patient in the study.",
        cdisc="USUBJID",
        needed=True,
        pattern=r"^[A-Z0-9-]{1,20}$",
        pattern_sentence="is not an identifier; write 1 to 20 capitals, digits or hyphens, without blanks",
    )


def table_schema(
    name: str,
    title: str,
    description: str,
    columns: dict[str, pa.Column],
    *,
    key: tuple[str, ...],
    key_is_unique: bool = True,
    gathered: tuple[str, ...] = (),
) -> pa.DataFrameSchema:
    """The schema of a validated table: its columns, what partial dates may mean, and the source line.

    Each partial date has two companions, `<column>_earliest` and `<column>_latest`: the first and
    last day that it allows. `key` is the primary key, in the order in which corrections name it.
    `gathered` are columns that a source may keep in records of their own: each has `<column>_line`,
    the source row of that cell, missing where it is the row's own.
    """
    all_columns: dict[str, pa.Column] = {}
    for column_name, column in columns.items():
        all_columns[column_name] = column
        if column.metadata["kind"] == "partial_date":
            for end, word in (("earliest", "First"), ("latest", "Last")):
                all_columns[f"{column_name}_{end}"] = pa.Column(
                    DATE,
                    nullable=True,
                    title=f"{column.title}, {end}",
                    description=f"{word} day that the date as written allows.",
                    metadata={"kind": "companion", "of": column_name},
                )
    all_columns["src_file"] = pa.Column(
        TEXT,
        title="Source file",
        description="File that the row was read from.",
        metadata={"kind": "source"},
    )
    all_columns["src_line"] = pa.Column(
        WHOLE,
        title="Source line",
        description="Line of that file, the header being line 1; in an SDTM domain the record's --SEQ.",
        metadata={"kind": "source"},
    )
    for column_name in gathered:
        all_columns[f"{column_name}_line"] = pa.Column(
            WHOLE,
            nullable=True,
            title=f"{all_columns[column_name].title}, source line",
            description="Source row of the cell, where it is not that of the whole row.",
            metadata={"kind": "source"},
        )
    return pa.DataFrameSchema(
        all_columns,
        strict=True,
        ordered=True,
        name=name,
        title=title,
        description=description,
        metadata={"key": list(key), "key_is_unique": key_is_unique},
    )
