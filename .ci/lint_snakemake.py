"""Run snakemake --lint and fail for every message but the one that the project sets aside."""

import json
import subprocess
import sys

# Packages are pinned with hashes in requirements.lock and set up by ./run; there is no conda
# environment and no container, on purpose (docs/decisions/0003-environment.md).
SET_ASIDE = "Specify a conda environment or container for each rule."


def main() -> int:
    lint = subprocess.run(
        ["snakemake", "--lint", "json"], capture_output=True, text=True, check=False
    )
    try:
        report = json.loads(lint.stdout)
    except json.JSONDecodeError:
        print(lint.stdout, lint.stderr, sep="\n", file=sys.stderr)
        return 1
    messages = [
        (entry.get("rule", "Snakefile"), message["title"], message["body"])
        for group in ("snakefiles", "rules")
        for entry in report.get(group, [])
        for message in entry["lints"]
        if message["title"] != SET_ASIDE
    ]
    for where, title, body in messages:
        print(f"{where}: {title}\n    {body}", file=sys.stderr)
    return 1 if messages else 0


if __name__ == "__main__":
    sys.exit(main())
