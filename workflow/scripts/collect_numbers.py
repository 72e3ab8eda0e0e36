"""Gather the numbers of all analyses, and add those of the configuration, software and checks."""

from pathlib import Path

import pandas as pd

from graftline.config.yaml_lines import read_yaml
from graftline.derive.lineage import concat_lineage, lineage_of, lineage_of_cells
from graftline.disclosure.policy import read_policy
from graftline.environment import applicable_pins
from graftline.numbers import configured, evaluate, quality
from graftline.numbers.collection import collect_records, record_fully, release_records
from graftline.tables import read_json, read_parquet, write_json, write_parquet


def read_configuration(inputs, params):
    """The numbers that stand in the study's files, and the cut's date."""
    parts = []
    for paths, file, prefix in (
        (inputs["study"], params["study_file"], "config"),
        (inputs["claims"], params["claims_file"], "claims"),
    ):
        for path in paths:
            content, lines = read_yaml(path, file)
            parts.append(configured.tabulate_file(content, lines, file, prefix))
    return pd.concat(parts, ignore_index=True)


def main(inputs, outputs, *, params):
    label = params["data_label"]
    lock = Path(inputs["lock"]).read_text(encoding="utf-8")
    frames = {
        "configuration": read_configuration(inputs, params),
        "software": configured.tabulate_versions(applicable_pins(lock), "requirements.lock"),
        "findings": quality.tabulate_findings(
            {
                stage: pd.read_csv(inputs[name], dtype=str, keep_default_na=False)
                for stage, name in (("raw", "queries"), ("derived", "queries_derived"))
            }
        ),
        "corrections": read_parquet(inputs["corrections"]),
        "set_aside": quality.tabulate_set_aside(read_parquet(inputs["set_aside"])),
        "cut": configured.tabulate_cut(params["cut"], f"{params['cut_folder']}/SHA256SUMS"),
    }
    declarations = {
        "configuration": configured.declare_configuration(frames["configuration"]),
        "software": configured.declare_texts(
            frames["software"], "software", "The version that the lock file pins.", "version"
        ),
        "cut": configured.declare_texts(frames["cut"], "cut", "The date of the data cut.", "date"),
        "quality": quality.declare_quality(frames["findings"], frames["set_aside"]),
    }
    frames["corrections"]["row_key"] = (
        frames["corrections"]["correction_line"].astype("string[pyarrow]").str.zfill(7)
    )
    policy = read_policy(params["disclosure"])
    records = evaluate(
        [number for group in declarations.values() for number in group],
        frames,
        data_label=label,
        masking=policy.is_masking,
    )
    fragments = {Path(path).stem: read_json(path) for path in inputs["fragments"]}
    parts = [(rule, fragment["numbers"]) for rule, fragment in fragments.items()]
    registry = collect_records([*parts, ("collect_numbers", records)])
    pinned, masked = (
        [number for fragment in fragments.values() for number in fragment[name]]
        for name in ("drawn", "masked")
    )
    write_json(outputs["numbers_full"], record_fully(registry))
    write_json(outputs["numbers"], release_records(registry, policy, pinned=pinned, masked=masked))
    lineage = [
        lineage_of(name, frames[name]["row_key"], frames[name], "value")
        for name in ("configuration", "software", "cut")
    ]
    lineage += lineage_of_cells("corrections", frames["corrections"], "column")
    lineage += lineage_of_cells("findings", frames["findings"], "src_column")
    aside = frames["set_aside"]
    lineage.append(lineage_of("set_aside", aside["row_key"], aside, ""))
    for name, frame in frames.items():
        write_parquet(outputs[name], frame, data_label=label)
    write_parquet(outputs["lineage"], concat_lineage(lineage), data_label=label)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
