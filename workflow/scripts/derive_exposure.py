"""Make the tables of doses planned and given, by cycle and in total."""

from graftline.derive.exposure import derive_exposure
from graftline.tables import read_parquet, write_parquet


def main(inputs, outputs, *, params):
    """Inputs: subjects, exposure. Outputs: exposure, exposure_total, lineage.

    Params: cut, regimens, drugs, data_label.
    """
    tables = {name: read_parquet(inputs[name]) for name in ("subjects", "exposure")}
    exposure, exposure_total, lineage = derive_exposure(
        tables, cut=params["cut"], regimens=params["regimens"], drugs=params["drugs"]
    )
    write_parquet(outputs["exposure"], exposure, data_label=params["data_label"])
    write_parquet(outputs["exposure_total"], exposure_total, data_label=params["data_label"])
    write_parquet(outputs["lineage"], lineage, data_label=params["data_label"])


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
