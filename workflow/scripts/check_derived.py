"""Checks the derived tables: their schemas, and what can only be checked after derivation."""

from pathlib import Path

from graftline import tables
from graftline.validation.derived import DERIVED_CHECKS, derived_cohort
from graftline.validation.derived.schemas import check_derived_schemas
from graftline.validation.findings import concat_findings
from graftline.validation.queries import write_queries
from graftline.validation.register import run_checks
from schemas.raw import RAW_SCHEMAS


def main(inputs, outputs, *, params):
    """inputs: validated tables by name, derived (paths named after their tables); outputs: queries,
    queries_page, findings; params: study, cut, endpoints, origins and toxicity (of study.yaml),
    data_label."""
    paths = inputs["derived"]
    paths = [Path(path) for path in ([paths] if isinstance(paths, str) else paths)]
    derived = {path.stem: tables.read_parquet(path) for path in paths}
    validated = {name: tables.read_parquet(inputs[name]) for name in RAW_SCHEMAS if name in inputs}
    misfits = check_derived_schemas(derived, folder="derived")
    # A table that is not what it says would only be wrong again in what follows.
    sound = {name: table for name, table in derived.items() if name not in set(misfits["table"])}
    cohort = derived_cohort(
        validated,
        sound,
        folder="derived",
        cut=params["cut"],
        endpoints=params["endpoints"],
        origins=params["origins"],
        main_scale=(params["toxicity"] or {}).get("scale"),
    )
    findings = concat_findings([misfits, run_checks(cohort, DERIVED_CHECKS)])
    title = f"Queries about derived values of {params['study']}, data cut {params['cut']}"
    write_queries(outputs, findings, title=title, data_label=params["data_label"])


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
