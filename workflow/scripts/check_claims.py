"""Hold the published claims against the registry of numbers."""

from graftline.claims import check_claims
from graftline.config.yaml_lines import read_yaml
from graftline.tables import read_json, write_json


def main(inputs, outputs, *, params):
    records = {record["id"]: record for record in read_json(inputs["numbers"])}
    claims = [
        claim for path in inputs["claims"] for claim in read_yaml(path, params["claims_file"])[0]
    ]
    checked = check_claims(
        claims, records, params["cut"], params["claims_file"], data_label=params["data_label"]
    )
    write_json(outputs["claims"], checked)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
