"""Run snakemake --lint and fail for every message but the one that the project sets aside.

Snakemake 9.27.1 prints its messages as text on stderr whatever format it is asked for, so they are
read from there: a line "Lints for ..." names the place, a line "    * ..." begins a message.
"""

import re
import subprocess
import sys

# Packages are pinned with hashes in requirements.lock and set up by ./run; there is no conda
# environment and no container, on purpose (docs/decisions/0003-environment.md).
SET_ASIDE = "Specify a conda environment or container for each rule."
PLACE = re.compile(r"^Lints for (.*):$")
MESSAGE = re.compile(r"^    \* (.*?):?$")


def read_messages(text: str) -> list[tuple[str, str]]:
    """(place, message) of all lints in what Snakemake printed."""
    place, messages = "", []
    for line in text.splitlines():
        if found := PLACE.match(line):
            place = found[1]
        elif found := MESSAGE.match(line):
            messages.append((place, found[1]))
    return messages


def main() -> int:
    """Print the messages that count; 1 if there is one, or if there is no telling."""
    lint = subprocess.run(
        [sys.executable, "-m", "snakemake", "--lint", "json"],
        capture_output=True,
        text=True,
        check=False,
    )
    messages = read_messages(lint.stdout + lint.stderr)
    if not messages and lint.returncode:
        print(lint.stdout, lint.stderr, sep="\n", file=sys.stderr)
        return 1
    counting = [message for message in messages if message[1] != SET_ASIDE]
    for place, message in counting:
        print(f"{place}: {message}", file=sys.stderr)
    print(f"{len(counting)} messages, {len(messages) - len(counting)} set aside")
    return 1 if counting else 0


if __name__ == "__main__":
    sys.exit(main())
