"""Adverse events by preferred term and severity, for studies whose records carry a severity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graftline.analyse.toxicity.groups import (
    Group,
    group_columns,
    item_groups,
    make_row,
)
from graftline.analyse.toxicity.plan import SEVERITIES, Plan
from graftline.numbers import Declaration, select_rows
from graftline.slugs import slug

ANY, OTHER = "any", "other_terms"
LABELS = {"MILD": "Mild", "MODERATE": "Moderate", "SEVERE": "Severe"}


def list_terms(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Part of an id to the preferred terms that it stands for: all, each shown, and the folded."""
    terms: dict[str, tuple[str, ...]] = {ANY: (*plan.terms, *plan.folded)}
    for term in plan.terms:
        name = slug(term)
        while name in terms or name == OTHER:  # terms that differ in signs alone
            name += "_"
        terms[name] = (term,)
    return terms | ({OTHER: plan.folded} if plan.folded else {})


def _records(plan: Plan, group: Group, terms: dict[str, Any], severity: str) -> str:
    """SQL for the records on treatment of patients who had the terms, at worst of that severity."""
    records = {"scale": plan.main, "domain": "AE", "on_treatment": True, **terms}
    sql = group.rows("toxicity", **records, severity=severity)
    worse = list(SEVERITIES[SEVERITIES.index(severity) + 1 :])
    if worse:
        others = _subjects(select_rows("toxicity", **records, severity=worse))
        sql = f"{_unordered(sql)} AND subject_id NOT IN ({others}) ORDER BY row_key"
    return sql


def _unordered(sql: str) -> str:
    return sql.removesuffix(" ORDER BY row_key")


def _subjects(sql: str) -> str:
    """SQL for the patients whose rows `sql` returns."""
    return _unordered(sql).replace("SELECT row_key", "SELECT subject_id", 1)


def declare_severity(group: Group, plan: Plan) -> Iterator[Declaration]:
    """Patients by term and worst severity: their number, from the records, and the percentage of
    treated patients."""
    if not plan.severities:
        return
    treated = group.treated(plan.main)
    all_records = group.rows("toxicity", scale=plan.main, domain="AE", on_treatment=True)
    for name, terms in list_terms(plan).items():
        what = {ANY: "any adverse event", OTHER: "one of the less frequent adverse events"}.get(
            name, "the adverse event that the id names"
        )
        of_terms = {"pt": ("!=", None) if name == ANY else list(terms)}
        for severity in plan.severities:
            records = _records(plan, group, of_terms, severity)
            method = f"Number of patients with {what} on treatment, at worst {severity.lower()}."
            stem = f"event.{name}.{severity.lower()}{group.suffix}"
            yield Declaration(
                id=f"{stem}.n",
                population=group.population,
                method=method,
                table="toxicity",
                selected=records,
                considered=all_records,
                statistic="count_distinct",
                arguments={"column": "subject_id"},
                unit="patients",
            )
            patients = f"{_unordered(treated)} AND subject_id IN ({_subjects(records)})"
            yield Declaration(
                id=f"{stem}.percent",
                population=group.population,
                method=f"Percentage: {method[0].lower()}{method[1:]}",
                table="toxicity_worst",
                selected=f"{patients} ORDER BY row_key",
                considered=treated,
                statistic="percent",
                unit="percent",
                display="percent_bare",
                decimals=plan.decimals,
            )


def declare_event_counts(plan: Plan) -> Iterator[Declaration]:
    """Records on treatment without a severity, and how many preferred terms are folded."""
    if not plan.severities:
        return
    records = {"scale": plan.main, "domain": "AE", "on_treatment": True}
    for name, method, conditions, statistic, arguments, unit in (
        (
            "no_severity",
            "Number of records on treatment without a severity.",
            {"severity": None},
            "count",
            {},
            "records",
        ),
        (
            "folded",
            "Number of preferred terms that fewer than one in twenty patients of each group had.",
            {"severity": ("!=", None), "pt": list(plan.folded)},
            "count_distinct",
            {"column": "pt"},
            "terms",
        ),
    ):
        yield Declaration(
            id=f"event.{name}.n",
            population="adverse events of treated patients",
            method=method,
            table="toxicity",
            selected=select_rows("toxicity", **records, **conditions),
            considered=select_rows("toxicity", **records),
            statistic=statistic,
            arguments=arguments,
            unit=unit,
        )


def lay_out_severity(values: Mapping[str, Any], plan: Plan) -> dict[str, Any] | None:
    """The table: a row a preferred term, the most frequent first, a column a group and severity.
    None where no record has a severity."""
    if not plan.severities:
        return None
    groups = item_groups(plan.arms)

    def cell(name: str, severity: str, group: Group) -> str:
        number = f"event.{name}.{severity.lower()}{group.suffix}"
        return f"{{{number}.n}} ({{{number}.percent}})" if values[f"{number}.n"] else ""

    rows = []
    for name, terms in list_terms(plan).items():
        label = {ANY: "Any adverse event", OTHER: "Less frequent terms ({event.folded.n})"}
        rows.append(
            make_row(
                label.get(name, terms[0]),
                [cell(name, severity, group) for group in groups for severity in plan.severities],
            )
            | {"term": name not in (ANY, OTHER)}
        )
    notes = [
        "A patient is counted once for each term, with the worst severity on treatment; the "
        "denominator is all treated patients of the group. Empty cells are nought."
    ]
    if plan.folded:
        notes.append(
            "Less frequent terms: those that fewer than one in twenty patients of every group had."
        )
    if values["event.no_severity.n"]:
        notes.append("Records without a severity, not counted: {event.no_severity.n}.")
    return {
        "caption": "Adverse events on treatment by severity: number of patients (percentage).",
        **group_columns("Preferred term", groups, [LABELS[one] for one in plan.severities]),
        "rows": [row for row in rows if any(row["cells"])],
        "footnotes": notes,
    }
