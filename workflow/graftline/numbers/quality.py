"""Numbers about the data themselves: what was found wrong, and what was corrected."""

from __future__ import annotations

import pandas as pd

from graftline.errors import GraftlineError
from graftline.numbers.declaration import Declaration, select_rows
from graftline.slugs import slug

FINDING_COLUMNS = [
    "row_key",
    "stage",
    "rule",
    "severity",
    "table_name",
    "src_file",
    "src_line",
    "src_column",
]


def tabulate_findings(stages: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The findings of all stages as one table, without values and messages.

    `stages` maps a stage's name to its queries as read from CSV (all text).
    """
    parts = []
    for stage, queries in stages.items():
        number = pd.Series(range(1, len(queries) + 1), index=queries.index, dtype="int64")
        parts.append(
            pd.DataFrame(
                {
                    "row_key": stage + "/" + number.astype(str).str.zfill(7),
                    "stage": stage,
                    "rule": queries["rule"],
                    "severity": queries["severity"],
                    "table_name": queries["table"],
                    "src_file": queries["file"],
                    "src_line": pd.to_numeric(queries["line"], errors="coerce"),
                    "src_column": queries["column"],
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    if not frame["severity"].isin(["E", "W"]).all():
        raise GraftlineError("a finding's severity is neither E nor W; it would be counted nowhere")
    text = [column for column in FINDING_COLUMNS if column != "src_line"]
    return frame.astype(dict.fromkeys(text, "string[pyarrow]") | {"src_line": "Int64"})


def tabulate_set_aside(set_aside: pd.DataFrame) -> pd.DataFrame:
    """The records that the study sets aside, each with a key: table, patient and source row."""
    parts = [set_aside["table_name"], set_aside["subject_id"], set_aside["src_line"]]
    table, subject, line = (part.astype("string[pyarrow]") for part in parts)
    return set_aside.assign(row_key=table + "/" + subject.fillna("") + "/" + line)


def declare_quality(findings: pd.DataFrame, set_aside: pd.DataFrame) -> list[Declaration]:
    """Numbers of errors, of warnings, of warnings by rule, of corrections, and of patients and records
    set aside, in all and by reason."""

    def number(name: str, what: str, table: str, **conditions) -> Declaration:
        return Declaration(
            id=f"quality.{name}.n",
            population="the data cut",
            method=f"Number of {what}.",
            table=table,
            selected=select_rows(table, **conditions),
            considered=select_rows(table),
            statistic="count",
            unit=table,
        )

    declarations = [
        number("errors", "errors that the checks of the data found", "findings", severity="E"),
        number("warnings", "warnings that the checks of the data gave", "findings", severity="W"),
        number("corrections", "corrections applied to the data", "corrections"),
    ]
    for rule in sorted(findings["rule"].dropna().unique()):
        declarations.append(number(slug(rule), f"findings of check {rule}", "findings", rule=rule))
    return declarations + _declare_set_aside(set_aside)


def _declare_set_aside(set_aside: pd.DataFrame) -> list[Declaration]:
    """`quality.set_aside.patients.n`, `quality.set_aside.rows.n`, and the same by reason."""
    kinds = {
        "patients": ("patient", "patients", "count_distinct", {"column": "subject_id"}),
        "rows": ("row", "records", "count", {}),
    }
    declarations = []
    for name, (what, label, statistic, arguments) in kinds.items():
        of_kind = set_aside[set_aside["what"].eq(what).fillna(False)]
        for reason in [None, *sorted(of_kind["reason"].unique())]:
            conditions = {"what": what} | ({"reason": reason} if reason else {})
            declarations.append(
                Declaration(
                    id=f"quality.set_aside.{name}{f'.{slug(reason)}' if reason else ''}.n",
                    population="the data cut",
                    method=f"Number of {label} that the study sets aside"
                    + (f": {reason}." if reason else "."),
                    table="set_aside",
                    selected=select_rows("set_aside", **conditions),
                    considered=select_rows("set_aside"),
                    statistic=statistic,
                    arguments=arguments,
                    unit=name,
                )
            )
    return declarations
