"""Validates the raw tables of a cut: validated tables, corrections, queries and their counts."""

from pathlib import Path

from graftline import tables
from graftline.disclosure.identifiers_of_cut import list_identifiers
from graftline.validation.cut import NO_CORRECTIONS, empty_table, validate_cut
from graftline.validation.queries import write_queries
from schemas.raw import RAW_SCHEMAS


def as_list(paths):
    """Snakemake gives one path as text and several as a list."""
    return [paths] if isinstance(paths, str) else list(paths)


def main(inputs, outputs, *, params):
    """inputs: manifest, raw, corrections; outputs: a table each, corrections, set_aside, queries,
    queries_page, findings, identifiers; params: study, cut, data_root, data_label and the keys of study.yaml."""
    cut_folder = f"{params['study']}/{params['cut']}"
    contents = {
        path.as_posix().rpartition(f"{cut_folder}/")[2]: path.read_bytes()
        for path in map(Path, as_list(inputs["raw"]))
    }
    corrections = ("corrections.csv", NO_CORRECTIONS)
    for path in as_list(inputs.get("corrections", [])):
        corrections = (path, Path(path).read_bytes())
    result = validate_cut(
        contents,
        folder=f"{params['data_root']}/{cut_folder}",
        study=params,
        cut=params["cut"],
        manifest=tables.read_json(inputs["manifest"]),
        corrections=corrections,
    )
    label = params.get("data_label")
    for name in RAW_SCHEMAS:
        if name in outputs:
            frame = result.tables[name] if name in result.tables else empty_table(name)
            tables.write_parquet(outputs[name], frame, data_label=label)
    tables.write_parquet(outputs["corrections"], result.corrections, data_label=label)
    tables.write_parquet(outputs["set_aside"], result.set_aside, data_label=label)
    tables.write_text(
        outputs["identifiers"], list_identifiers([*result.tables.values(), result.set_aside])
    )
    title = f"Queries about {params['study']}, data cut {params['cut']}"
    write_queries(outputs, result.findings, title=title, data_label=label)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
