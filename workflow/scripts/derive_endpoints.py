"""Derive the table of endpoints and its lineage from the validated tables."""

from graftline import tables
from graftline.canonical_tables import CANONICAL_TABLES
from graftline.derive.endpoints import derive_endpoints


def main(inputs, outputs, *, params):
    """inputs: validated tables by name; outputs: endpoints, lineage; params: endpoints, origins,
    survival (sections of study.yaml), cut, data_label."""
    validated = {
        name: tables.read_parquet(inputs[name]) for name in CANONICAL_TABLES if name in inputs
    }
    endpoints, lineage = derive_endpoints(
        validated,
        endpoints=params["endpoints"],
        origins=params["origins"],
        survival=params["survival"],
        cut=params["cut"],
    )
    tables.write_parquet(outputs["endpoints"], endpoints, data_label=params["data_label"])
    tables.write_parquet(outputs["lineage"], lineage, data_label=params["data_label"])


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
