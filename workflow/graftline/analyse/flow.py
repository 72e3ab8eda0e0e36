"""Patients from the first record received to each analysis: numbers that add up, and boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from graftline.analyse.describe import Group
from graftline.errors import GraftlineError
from graftline.numbers import Declaration, select_rows
from graftline.slugs import slug

NO_ARM = Group(".no_arm", "patients of no arm", "No group recorded", {"arm": None})


@dataclass(frozen=True)
class Step:
    """One step of the flow in one group: `id` counts those who go on, `left_id` those who do not."""

    id: str
    label: str
    left_id: str = ""
    left_label: str = ""


@dataclass(frozen=True)
class Flow:
    """What a study's flow shows. `reasons` are those of records set aside; `has_transplants` and
    `has_treatment` whether it knows of any; `scale` is its main toxicity scale, if it grades any;
    `endpoints` are key and label of those in the main text."""

    groups: tuple[Group, ...]
    reasons: tuple[str, ...] = ()
    has_transplants: bool = False
    has_treatment: bool = False
    scale: str | None = None
    endpoints: tuple[tuple[str, str], ...] = field(default=())

    def steps(self, group: Group) -> list[Step]:
        """The steps that follow on each other."""
        found = []
        for name, label, shown in (
            ("transplanted", "Transplanted", self.has_transplants),
            ("treated", "Treated", self.has_treatment),
        ):
            if shown:
                left = f"flow.not_{name}{group.suffix}.n"
                found.append(Step(f"flow.{name}{group.suffix}.n", label, left, f"not {name}"))
        return found

    def analyses(self, group: Group) -> list[Step]:
        """The analyses, each of all the group's patients."""
        found = []
        if self.scale:
            id, left = (f"flow.{name}{group.suffix}.n" for name in ("toxicity", "no_toxicity"))
            found.append(Step(id, "toxicity", left, "not graded"))
        return found + [Step(f"flow.{key}{group.suffix}.n", label) for key, label in self.endpoints]


def plan_flow(
    received: pd.DataFrame,
    subjects: pd.DataFrame,
    *,
    arms: Mapping[str, Mapping[str, str]],
    scale: str | None,
    endpoints: Mapping[str, Mapping[str, Any]],
) -> Flow:
    """The flow of a study: the tables `received` and `subjects`, and sections of study.yaml."""
    groups = [
        Group(f".{arm['id']}", f"patients of the {arm['label']}", arm["label"], {"arm": code})
        for code, arm in arms.items()
        if subjects["arm"].eq(code).fillna(False).any()
    ]
    if groups and subjects["arm"].isna().any():
        groups.append(NO_ARM)
    main = {key: one for key, one in endpoints.items() if one.get("report", "main") == "main"}
    first = next(iter(main.values()))["origin"] if main else None
    return Flow(
        groups=tuple(groups) or (Group("", "all patients", "All patients"),),
        reasons=tuple(sorted(received["reason"].dropna().unique())),
        has_transplants=bool(subjects["tx_date"].notna().any()),
        has_treatment=bool(subjects["it_start"].notna().any()),
        scale=scale,
        endpoints=tuple((key, one["label"]) for key, one in main.items() if one["origin"] == first),
    )


def _count(id: str, who: str, method: str, table: str, selected: str, considered: str):
    return Declaration(
        id=id,
        population=who,
        method=f"Number of {method}.",
        table=table,
        selected=selected,
        considered=considered,
        statistic="count",
        unit="patients",
    )


def _declare_received(flow: Flow) -> list[Declaration]:
    def records(id: str, method: str, **conditions: Any) -> Declaration:
        rows, every = select_rows("received", **conditions), select_rows("received")
        return _count(id, "records of the subjects' file", method, "received", rows, every)

    return [
        records("flow.received.n", "records received"),
        records("flow.set_aside.n", "records set aside", reason=("!=", None)),
        *[
            records(
                f"flow.set_aside.{slug(reason)}.n", f"records set aside: {reason}", reason=reason
            )
            for reason in flow.reasons
        ],
        records("flow.entered.n", "records that were not set aside", reason=None),
    ]


def _declare_group(flow: Flow, group: Group) -> list[Declaration]:
    of_group = select_rows("subjects", **group.conditions)
    numbers = [
        _count(
            f"flow.group{group.suffix}.n", group.words, "patients", "subjects", of_group, of_group
        )
    ]
    before: dict[str, Any] = dict(group.conditions)
    columns = {"transplanted": "tx_date", "treated": "it_start"}
    for step in flow.steps(group):
        column = columns[step.label.lower()]
        for id, words, wanted in (
            (step.id, step.label.lower(), ("!=", None)),
            (step.left_id, step.left_label, None),
        ):
            rows = select_rows("subjects", **before, **{column: wanted})
            considered = select_rows("subjects", **before)
            method = f"patients {words}"
            numbers.append(_count(id, group.words, method, "subjects", rows, considered))
        before[column] = ("!=", None)
    if flow.scale:
        numbers += _declare_toxicity(flow, group)
    for key, label in flow.endpoints:
        rows = {"endpoint": key, **group.conditions}
        considered = select_rows("endpoints", **rows)
        method = f"patients at risk of the endpoint: {label[:1].lower()}{label[1:]}"
        selected = select_rows("endpoints", **rows, in_risk_set=True)
        id = f"flow.{key}{group.suffix}.n"
        numbers.append(_count(id, group.words, method, "endpoints", selected, considered))
    return numbers


def _declare_toxicity(flow: Flow, group: Group) -> list[Declaration]:
    rows = {"scale": flow.scale, "item": "ANY", **group.conditions}
    considered = select_rows("toxicity_worst", **rows)
    graded = select_rows("toxicity_worst", **rows, treated=True, grade=("!=", None))
    others = f"SELECT row_key FROM ({considered}) EXCEPT {graded}"
    others = f"SELECT row_key FROM ({others}) ORDER BY row_key"
    return [
        _count(
            f"flow.{name}{group.suffix}.n", group.words, method, "toxicity_worst", sql, considered
        )
        for name, method, sql in (
            ("toxicity", "treated patients with a toxicity grade", graded),
            ("no_toxicity", "patients without a toxicity grade on treatment", others),
        )
    ]


def declare_flow(flow: Flow) -> list[Declaration]:
    """All counts of the flow."""
    numbers = _declare_received(flow)
    for group in flow.groups:
        numbers += _declare_group(flow, group)
    return numbers


def check_flow(flow: Flow, values: Mapping[str, int]) -> None:
    """Raise GraftlineError unless the counts add up from each box to the next."""

    def must(whole: str, parts: list[str]) -> None:
        total = sum(values[part] for part in parts)
        if values[whole] != total:
            raise GraftlineError(
                f"the patient flow does not add up: {whole} is {values[whole]}, and "
                f"{' + '.join(parts)} is {total}; see derived/received.parquet and subjects.parquet"
            )

    must("flow.received.n", ["flow.set_aside.n", "flow.entered.n"])
    must("flow.set_aside.n", [f"flow.set_aside.{slug(reason)}.n" for reason in flow.reasons])
    must("flow.entered.n", [f"flow.group{group.suffix}.n" for group in flow.groups])
    for group in flow.groups:
        last = whole = f"flow.group{group.suffix}.n"
        for step in flow.steps(group):
            must(last, [step.id, step.left_id])
            last = step.id
        for step in flow.analyses(group):
            if step.left_id:
                must(whole, [step.id, step.left_id])
            elif values[step.id] > values[whole]:
                raise GraftlineError(
                    f"the patient flow does not add up: {step.id} is {values[step.id]}, of "
                    f"{values[whole]} patients of {whole}"
                )


def lay_out_flow(flow: Flow, printed: Mapping[str, str]) -> dict[str, Any]:
    """What the figure draws, with numbers as the registry prints them: `trunk`, boxes from the first
    record to the study; `aside`, what leaves between them; and `columns`, one a group, each a list
    of boxes. A box is a list of lines."""
    aside = [f"Set aside: {printed['flow.set_aside.n']}"]
    aside += [f"{reason}: {printed[f'flow.set_aside.{slug(reason)}.n']}" for reason in flow.reasons]
    columns = []
    for group in flow.groups:
        title = group.title[:1].upper() + group.title[1:]
        boxes = []
        if group.conditions:  # all patients stand in the trunk already
            boxes.append([f"{title}: {printed[f'flow.group{group.suffix}.n']}"])
        for step in flow.steps(group):
            boxes.append(
                [
                    f"{step.label}: {printed[step.id]}",
                    f"{step.left_label}: {printed[step.left_id]}",
                ]
            )
        analysed = []
        for step in flow.analyses(group):
            words = f"{step.label[:1].lower()}{step.label[1:]}: {printed[step.id]}"
            left = f" ({step.left_label}: {printed[step.left_id]})" if step.left_id else ""
            analysed.append(words + left)
        if analysed:
            boxes.append(["Analysed for", *analysed])
        columns.append(boxes)
    return {
        "trunk": [
            [f"Patients' records received: {printed['flow.received.n']}"],
            [f"Patients in the study: {printed['flow.entered.n']}"],
        ],
        "aside": aside,
        "columns": columns,
    }


def describe_flow(flow: Flow) -> dict[str, str]:
    """File, caption and alternative text."""
    by = " by group" if len(flow.groups) > 1 else ""
    steps = [step.label.lower() for step in flow.steps(flow.groups[0])]
    words = ", ".join(["in the study", *steps, "analysed"])
    return {
        "file": "figures/flow.svg",
        "caption": (
            "Patients from the records received to the analyses. Each box is the sum of those below it "
            "and of the patients named as left out; an analysis is of the patients of its group."
        ),
        "alt": f"Boxes joined by arrows from the records received to the patients {words}{by}.",
    }
