"""What a run ended with, for people and for the notification command; nothing patient-level."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

RELEASED, DATA_ERRORS, FAILED, NOTHING_NEW = 0, 1, 2, 3
OUTCOMES = {
    RELEASED: "released",
    DATA_ERRORS: "data errors",
    FAILED: "failure",
    NOTHING_NEW: "nothing new",
}
NOTIFICATION_SECONDS = 60


@dataclass(frozen=True)
class Summary:
    """The end of a scheduled run. `status` is the exit status; `message` one sentence; `details` are
    digests, counts and paths."""

    status: int
    message: str
    study: str | None = None
    cut: str | None = None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """released, data errors, failure or nothing new."""
        return OUTCOMES[self.status]

    def as_json(self) -> str:
        """The summary as one line of JSON."""
        content = asdict(self)
        content |= {"outcome": self.outcome} | content.pop("details")
        return json.dumps(content, sort_keys=True)


def notify(command: Sequence[str], summary: Summary) -> str | None:
    """Give the summary, as JSON, to the command's standard input; what went wrong with that, if anything.

    The command is called without a shell, and has a minute.
    """
    if not command:
        return None
    try:
        status = subprocess.run(
            list(command),
            input=summary.as_json() + "\n",
            text=True,
            timeout=NOTIFICATION_SECONDS,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return (
            f"the notification command {command[0]} took more than {NOTIFICATION_SECONDS} seconds"
        )
    except OSError as error:
        return f"the notification command {command[0]} cannot be run: {error.strerror}"
    return f"the notification command {command[0]} ended with status {status}" if status else None
