"""Compare a data cut with the one before it, both as today's code builds them."""

from pathlib import Path

import pandas as pd

from graftline.compare_cuts import changes as kinds
from graftline.compare_cuts import (
    declare,
    findings,
    layout,
    lineage,
    numbers,
    outcomes,
    records,
    responsible,
)
from graftline.compare_cuts.explanations import (
    match_past,
    no_explanations,
    select_explanations,
)
from graftline.compare_cuts.masked import judge_records, moved_by_few
from graftline.compare_cuts.page import render_page
from graftline.compare_cuts.renamed import find_renamed, pair_keys, rename_patients
from graftline.derive.lineage import concat_lineage
from graftline.disclosure.policy import read_policy
from graftline.numbers import evaluate, fragment, quality
from graftline.numbers.collection import release_records
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

    def __init__(self, inputs, policy, suffix: str = ""):
        def tables(name):
            paths = map(Path, as_list(inputs[name + suffix]))
            return {path.stem: read_parquet(path) for path in paths}

        self.validated = tables("validated")
        self.derived = tables("derived") | tables("received")
        self.lineage = as_list(inputs["lineage" + suffix])
        self.earlier_keys = pd.Series(dtype=object)
        self.queries = {
            Path(path).stem: pd.read_csv(path, dtype=str, keep_default_na=False)
            for path in as_list(inputs["queries" + suffix])
        }
        fragments = [read_json(path) for path in as_list(inputs["fragments" + suffix])]
        self.numbers, self.pinned, self.masked = (
            [number for fragment in fragments for number in fragment[name]]
            for name in ("numbers", "drawn", "masked")
        )
        found = quality.tabulate_findings(self.queries)
        corrected = read_parquet(only(inputs["corrected" + suffix]))
        corrected["row_key"] = corrected["correction_line"].astype("string[pyarrow]").str.zfill(7)
        aside = quality.tabulate_set_aside(read_parquet(only(inputs["set_aside" + suffix])))
        frames = {"findings": found, "corrections": corrected, "set_aside": aside}
        self.numbers += evaluate(
            quality.declare_quality(found, aside), frames, masking=policy.is_masking
        )

    def rename(self, ids):
        """Give renamed patients their new ids, in all that is compared by patient."""
        derived = {name: rename_patients(frame, ids) for name, frame in self.derived.items()}
        if len(ids):
            paired = [
                pair_keys(self.derived[name], frame)
                for name, frame in derived.items()
                if len(frame)
            ]
            self.earlier_keys = pd.concat(paired)
        self.derived = derived
        self.validated, self.queries = (
            {name: rename_patients(frame, ids) for name, frame in frames.items()}
            for frames in (self.validated, self.queries)
        )

    def read_lineage(self, wanted):
        """The cells that decided the derived rows `wanted`, and no others: a table of them all is long."""
        earlier = self.earlier_keys[self.earlier_keys.index.isin(wanted["derived_key"])]
        keys = sorted({*wanted["derived_key"], *earlier})
        decided = [("role", "=", "decided"), ("row_key", "in", keys)]
        parts = [read_parquet(path, filters=decided) for path in self.lineage if keys]
        cells = pd.concat(parts, ignore_index=True) if parts else concat_lineage([])
        now = {key: name for name, key in earlier.items()}
        return cells.assign(row_key=cells["row_key"].replace(now)) if now else cells

    def release(self, policy):
        """The numbers as they could be released."""
        return release_records(
            [{"rule": "compare_cuts"} | record for record in self.numbers],
            policy,
            pinned=self.pinned,
            masked=self.masked,
        )


def compare(inputs, params, policy):
    """Changes, numbers that moved, their lineage, this cut and the previous one."""
    after, before = Cut(inputs, policy), Cut(inputs, policy, "_before")
    explanations = no_explanations()
    for path in as_list(inputs["corrections"]):
        explanations = select_explanations(
            read_csv(Path(path).read_bytes(), path), params["previous_cut"], params["cut"]
        )
    patients = records.compare_patients(before.validated, after.validated, explanations)
    gone = patients["subject_id"][patients["kind"].ne("patient_added")]
    before.rename(find_renamed(patients, before.validated["subjects"]))
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
    rows, people = responsible.find_responsible(
        moved, (before.numbers, after.numbers), (before.derived, after.derived)
    )
    moved = numbers.add_patients(moved, people)
    wanted = lineage.list_wanted(changes, rows)
    cells = lineage.trace_changes(
        changes, wanted, [before.read_lineage(wanted), after.read_lineage(wanted)]
    )
    return changes, moved, cells, (after, before)


def describe(changes, moved, cuts, params, policy):
    """The fragment: declared numbers, the table, and facts that steer the text."""
    frames = {
        declare.CUTS: declare.tabulate_cuts(params["previous_cut"]),
        declare.CHANGES: changes,
        declare.MOVED: moved,
    }
    endpoints = params["endpoints"] or {}
    declarations = declare.declare_cuts()
    facts, tables, earlier = {"compared": False}, {}, []
    if cuts:
        after, before = cuts
        earlier = before.release(policy)
        declarations += declare.declare_changes(endpoints)
        declarations += declare.declare_moved(moved, after.numbers)
        subjects, cases = after.derived["subjects"], {}
        if policy.patients_may_be_shown:
            cases = dict(zip(subjects["subject_id"], subjects["case_label"], strict=True))
        facts = layout.state_facts(changes, moved, cases)
        groups = layout.name_groups(endpoints, params["origins"] or {})
        facts["before_masked"] = moved_by_few(moved, policy)
        table = layout.lay_out_moved(moved, after.numbers, groups)
        tables = {"changes": table} if table and not facts["before_masked"] else {}
    label = params["data_label"]
    found = evaluate(declarations, frames, data_label=label, masking=policy.is_masking)
    found, masked = judge_records(found, moved, earlier, policy)
    return frames, fragment(found, tables=tables, facts=facts, data_label=label, masked=masked)


def main(inputs, outputs, *, params):
    """inputs: tables, queries, fragments, lineage of this cut and, with `_before`, of the previous one.

    Where the previous cut did not pass its gates, its files are empty and nothing is compared.
    """
    label, policy = params["data_label"], read_policy(params["disclosure"])
    if has_passed(only(inputs["gate_before"])):
        changes, moved, cells, cuts = compare(inputs, params, policy)
        asked = findings.ask_about(changes)
    else:
        changes, cuts, asked = kinds.make_changes("", 0), None, make_findings([])
        moved = numbers.compare_records([], [])
        cells = concat_lineage([])
    frames, made = describe(changes, moved, cuts, params, policy)
    for name, frame in frames.items():
        write_parquet(outputs[name], frame, data_label=label)
    study_cuts = Path(params["cut_folder"]).parent
    sums = [f"{study_cuts / cut}/SHA256SUMS" for cut in (params["previous_cut"], params["cut"])]
    cells = lineage.trace_cuts(frames, cells, sums)
    write_parquet(outputs["lineage"], cells, data_label=label)
    write_json(outputs["fragment"], made)
    title = f"{params['study']}: data cut {params['cut']} compared with {params['previous_cut']}"
    write_csv(outputs["changes"], changes, data_label=label)
    write_text(outputs["changes_page"], render_page(changes, moved, title=title, data_label=label))
    write_queries(outputs, asked, title=f"Queries about {title}", data_label=label)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
