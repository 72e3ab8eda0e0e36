"""Derive the table of endpoints, the same at the ends of partial dates, and their lineage."""

from graftline import tables
from graftline.canonical_tables import CANONICAL_TABLES
from graftline.derive.endpoints import derive_bounds, derive_endpoints
from graftline.derive.lineage import concat_lineage


def main(inputs, outputs, *, params):
    """inputs: validated tables by name; outputs: endpoints, endpoints_bounds, lineage; params:
    endpoints, origins, survival, events (sections of study.yaml; events may be None), cut,
    data_label."""
    label = params["data_label"]
    validated = {
        name: tables.read_parquet(inputs[name]) for name in CANONICAL_TABLES if name in inputs
    }
    sections = {name: params[name] for name in ("endpoints", "origins", "survival", "cut")}
    sections["events"] = params.get("events")
    endpoints, lineage = derive_endpoints(validated, **sections)
    bounds, more = derive_bounds(validated, (endpoints, lineage), **sections)
    tables.write_parquet(outputs["endpoints"], endpoints, data_label=label)
    tables.write_parquet(outputs["endpoints_bounds"], bounds, data_label=label)
    lineage = concat_lineage([lineage, more]) if len(more) else lineage
    tables.write_parquet(outputs["lineage"], lineage, data_label=label)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
