"""Describe the finished run as a crate, read whatever may leave and refuse it if it names a patient, and
state the sha256 of each of the run's outputs.

Called as a command, with the files of INPUTS and OUTPUTS and the log in their order, because every run
waits for it: `python -S` starts in a tenth of the time of the other scripts, and only the standard
library is imported.
"""

import sys
from pathlib import Path

from graftline.crate.describe import Sources, describe_run, find_version
from graftline.crate.sums import hash_outputs, list_outputs, name_sums, sum_other_cuts
from graftline.disclosure.gate import check_releasable, read_identifiers
from graftline.tables import read_json, write_json, write_text

INPUTS = ("rules", "build", "configuration", "manifest", "snakefile", "lock", "identifiers")
OUTPUTS = ("crate", "workflow", "sums")


def main(inputs, outputs, *, params):
    results = Path(outputs["sums"]).parent.parent
    recorded, build, configuration, manifest = (read_json(inputs[name]) for name in INPUTS[:4])
    lock = Path(inputs["lock"]).read_text("utf-8")
    write_text(outputs["workflow"], Path(inputs["snakefile"]).read_text("utf-8"))
    names = list_outputs(recorded["rules"], results)
    made_here = {Path(outputs[name]).relative_to(results).as_posix() for name in ("crate", "sums")}
    sums = hash_outputs(results, [name for name in names if name not in made_here])
    crate = describe_run(
        Sources(
            rules=recorded["rules"],
            other_cuts=recorded["other_cuts"],
            sums=name_sums(sums, build, configuration, manifest)
            | sum_other_cuts(recorded["other_cuts"], results),
            build_digest=build["build_digest"],
            study=configuration["study"],
            cut=configuration["cut"],
            title=configuration["protocol"].get("title", configuration["study"]),
            data_label=build["data_label"],
            snakemake=find_version(lock, "snakemake"),
            python=".".join(map(str, sys.version_info[:3])),
        )
    )
    write_json(outputs["crate"], crate)
    cuts = [path.name for path in results.parent.iterdir()]
    identifiers = read_identifiers(inputs["identifiers"], cuts, manifest["files"])
    check_releasable(
        results, identifiers, but=[Path(outputs["sums"]).relative_to(results).as_posix()]
    )
    sums |= hash_outputs(results, [Path(outputs["crate"]).relative_to(results).as_posix()])
    write_text(outputs["sums"], "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)))


if __name__ == "__main__":
    from graftline.script import run_command

    files = sys.argv[1:-1]
    made = dict(zip(OUTPUTS, files[len(INPUTS) :], strict=True))
    run_command(
        main,
        dict(zip(INPUTS, files, strict=False)),
        made,
        sys.argv[-1],
        # It hashes what the run made, and states the sums of the study's other cuts.
        folders=[Path(made["sums"]).parents[2]],
    )
