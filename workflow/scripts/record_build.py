"""Record what this build was made from: cut, configuration, code tree, lock and numbers."""

from pathlib import Path

from graftline.build_record import digest_sources, record_build
from graftline.code_tree import code_files
from graftline.cuts.checksums import hash_file
from graftline.errors import GraftlineError
from graftline.tables import read_json, write_json


def main(inputs, outputs, *, params):
    root = Path(params["root"])
    files = {Path(path).name: hash_file(path) for path in inputs["study_files"]}
    configuration = params["configuration"] | {"files": files}
    code = {file: hash_file(root / file) for file in code_files(root)}
    lock = hash_file(inputs["lock"])
    if digest_sources(code, lock, files) != params["sources_at_start"]:
        raise GraftlineError(
            "the code, the lock or the study's files changed while the run went on, so that its parts may "
            "not belong together; run snakemake again"
        )
    build = record_build(
        cut_digest=read_json(inputs["manifest"])["digest"],
        configuration=configuration,
        code=code,
        lock_sha256=lock,
        numbers_sha256=hash_file(inputs["numbers"]),
        data_label=params["data_label"],
    )
    write_json(outputs["build"], build)
    write_json(outputs["configuration"], configuration | {"data_label": params["data_label"]})


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
