"""Compare a data cut with the one before it, both as today's code builds them."""

from pathlib import Path

import pandas as pd

from graftline.compare_cuts import changes as kinds
from graftline.compare_cuts import declare, findings, layout, lineage, numbers, outcomes, records
from graftline.compare_cuts.explanations import (
    match_past,
    no_explanations,
    select_explanations,
)
from graftline.compare_cuts.page import render_page
from graftline.numbers import evaluate, fragment, quality
from graftline.raw.read_csv import read_csv
from graftline.tables import (
    read_json,
    read_parquet,
    write_csv,
    write_json,
    write_parquet,
    write_text,
)
from graftline.validation.findings import make_findings
from graftline.validation.gate import has_passed
from graftline.validation.queries import write_queries
from schemas.raw import RAW_SCHEMAS


def as_list(paths):
    """Snakemake gives one path as text and several as a list."""
    return [paths] if isinstance(paths, str) else list(paths)


def only(paths):
    """The one path of an input that has one."""
    (path,) = as_list(paths)
    return path


class Cut:
    """What was made of one cut; `suffix` tells the inputs of the previous cut from those of this."""

    def __init__(self, inputs, suffix: str = ""):
        def tables(name):
            paths = map(Path, as_list(inputs[name + suffix]))
            return {path.stem: read_parquet(path) for path in paths}

        self.validated = tables("validated")
        self.derived = tables("derived")
        self.lineage = pd.concat(tables("lineage").values(), ignore_index=True)
        self.queries = {
            Path(path).stem: pd.read_csv(path, dtype=str, keep_default_na=False)
            for path in as_list(inputs["queries" + suffix])
        }
        self.numbers = [
            record
            for path in as_list(inputs["fragments" + suffix])
            for record in read_json(path)["numbers"]
        ]
        found = quality.tabulate_findings(self.queries)
        corrected = read_parquet(only(inputs["corrected" + suffix]))
        corrected["row_key"] = corrected["correction_line"].astype("string[pyarrow]").str.zfill(7)
        aside = quality.tabulate_set_aside(read_parquet(only(inputs["set_aside" + suffix])))
        frames = {"findings": found, "corrections": corrected, "set_aside": aside}
        self.numbers += evaluate(quality.declare_quality(found, aside), frames)


def compare(inputs, params):
    """Changes, numbers that moved, the rows because of which they did, lineage, and this cut."""
    after, before = Cut(inputs), Cut(inputs, "_before")
    explanations = no_explanations()
    for path in as_list(inputs["corrections"]):
        explanations = select_explanations(
            read_csv(Path(path).read_bytes(), path), params["previous_cut"], params["cut"]
        )
    patients = records.compare_patients(before.validated, after.validated, explanations)
    gone = patients["subject_id"][patients["kind"].ne("patient_added")]
    keys = {table: RAW_SCHEMAS[table].metadata["key"] for table in after.validated}
    past = records.compare_records(before.validated, after.validated, keys, gone)
    changes = kinds.concat_changes(
        [
            patients,
            match_past(past, explanations),
            outcomes.compare_outcomes(
                before.derived, after.derived, explanations, (params["toxicity"] or {}).get("scale")
            ),
            findings.compare_findings(list(before.queries.values()), list(after.queries.values())),
        ]
    )
    moved = numbers.compare_records(before.numbers, after.numbers)
    responsible = numbers.find_responsible(
        moved, (before.numbers, after.numbers), (before.derived, after.derived)
    )
    moved = numbers.add_patients(moved, responsible)
    cells = lineage.trace_changes(changes, responsible, [before.lineage, after.lineage])
    return changes, moved, cells, after


def describe(changes, moved, after, params, label):
    """The fragment: declared numbers, the table, and facts that steer the text."""
    frames = {
        declare.CUTS: declare.tabulate_cuts(params["previous_cut"]),
        declare.CHANGES: changes,
        declare.MOVED: moved,
    }
    endpoints = params["endpoints"] or {}
    declarations = declare.declare_cuts()
    facts, tables = {"compared": False}, {}
    if after:
        declarations += declare.declare_changes(endpoints)
        declarations += declare.declare_moved(moved, after.numbers)
        listed = (params["disclosure"] or {}).get("case_listing")
        subjects = after.derived["subjects"]
        cases = (
            dict(zip(subjects["subject_id"], subjects["case_label"], strict=True)) if listed else {}
        )
        facts = layout.state_facts(changes, moved, cases)
        groups = layout.name_groups(endpoints, params["origins"] or {})
        table = layout.lay_out_moved(moved, after.numbers, groups)
        tables = {"changes": table} if table else {}
    found = evaluate(declarations, frames, data_label=label)
    return frames, fragment(found, tables=tables, facts=facts, data_label=label)


def main(inputs, outputs, *, params):
    """inputs: tables, queries, fragments, lineage of this cut and, with `_before`, of the previous one.

    Where the previous cut did not pass its gates, its files are empty and nothing is compared.
    """
    label = params["data_label"]
    if has_passed(only(inputs["gate_before"])):
        changes, moved, cells, after = compare(inputs, params)
        asked = findings.ask_about(changes)
    else:
        changes, after, asked = kinds.make_changes("", 0), None, make_findings([])
        moved = numbers.compare_records([], [])
        cells = lineage.trace_changes(changes, numbers.no_rows(), [])
    frames, made = describe(changes, moved, after, params, label)
    for name, frame in frames.items():
        write_parquet(outputs[name], frame, data_label=label)
    write_parquet(outputs["lineage"], cells, data_label=label)
    write_json(outputs["fragment"], made)
    title = f"{params['study']}: data cut {params['cut']} compared with {params['previous_cut']}"
    write_csv(outputs["changes"], changes, data_label=label)
    write_text(outputs["changes_page"], render_page(changes, moved, title=title, data_label=label))
    write_queries(outputs, asked, title=f"Queries about {title}", data_label=label)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
