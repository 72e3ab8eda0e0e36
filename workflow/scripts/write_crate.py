"""Describe the finished run, and state the sha256 of each of its outputs.

Called as a command, `python -S write_crate.py RULES SUMS LOG`, because every run waits for it: it
starts in a tenth of the time of the other scripts, and imports nothing that has to be installed.
"""

import sys
from pathlib import Path

from graftline.crate.sums import hash_outputs, list_outputs
from graftline.tables import read_json, write_text


def main(inputs, outputs, *, params):
    results = Path(outputs["sums"]).parent.parent
    names = list_outputs(read_json(inputs["rules"])["rules"], results)
    made_here = {Path(path).relative_to(results).as_posix() for path in outputs.values()}
    sums = hash_outputs(results, [name for name in names if name not in made_here])
    write_text(outputs["sums"], "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)))


if __name__ == "__main__":
    from graftline.script import run_command

    rules, sums, log = sys.argv[1:]
    run_command(main, {"rules": rules}, {"sums": sums}, log)
