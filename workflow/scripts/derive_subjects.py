"""Make the table of subjects: arm, baseline, treatment and status at the cut, one row a patient."""

from graftline.derive.subjects import TABLES, derive_subjects
from graftline.tables import read_parquet, write_parquet


def main(inputs, outputs, *, params):
    """Inputs: the validated tables of the study. Outputs: subjects, lineage.

    Params: cut, data_label.
    """
    tables = {name: read_parquet(inputs[name]) for name in TABLES if name in inputs}
    subjects, lineage = derive_subjects(tables, cut=params["cut"])
    write_parquet(outputs["subjects"], subjects, data_label=params["data_label"])
    write_parquet(outputs["lineage"], lineage, data_label=params["data_label"])


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
