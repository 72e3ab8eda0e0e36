"""Derive the table of endpoints, the same at the ends of partial dates, and their lineage."""

from graftline import tables
from graftline.canonical_tables import CANONICAL_TABLES
from graftline.derive.endpoints import derive_in_blocks
from graftline.parquet_parts import write_parquet_parts


def main(inputs, outputs, *, params):
    """inputs: validated tables by name; outputs: endpoints, endpoints_bounds, lineage; params:
    endpoints, origins, survival, events (sections of study.yaml; events may be None), cut,
    data_label."""
    validated = {
        name: tables.read_parquet(inputs[name]) for name in CANONICAL_TABLES if name in inputs
    }
    sections = {name: params[name] for name in ("endpoints", "origins", "survival", "cut")}
    blocks = derive_in_blocks(validated, events=params.get("events"), **sections)
    names = ("endpoints", "endpoints_bounds", "lineage")
    paths = {name: outputs[name] for name in names}
    write_parquet_parts(paths, blocks, data_label=params["data_label"])


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
