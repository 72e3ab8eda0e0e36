"""State what a data cut holds: each file with its sha256, and the digest of them all."""

from pathlib import Path

from graftline.cuts.manifest import build_manifest, describe_cut
from graftline.tables import write_json


def main(inputs, outputs, *, params):
    folder = params["folder"]
    manifest = build_manifest(Path(folder), folder)
    write_json(outputs["manifest"], describe_cut(folder, manifest, params["data_label"]))


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
