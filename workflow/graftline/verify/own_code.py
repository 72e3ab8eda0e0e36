"""A release computed again by its own copy of the code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any


def recompute_with_own_code(project: Path, results: Path) -> dict[str, Any]:
    """What `graftline.verify.recompute` of the code in `project` says of the folder `results`, run by this
    Python with the packages installed here.

    Nothing is written: no compiled file appears beside the code. `problems` says so where that code
    cannot be run here.
    """
    package = project / "workflow" / "graftline"
    # Else Python would look further, and find the code that is installed here.
    if not all((package / name).is_file() for name in ("__init__.py", "verify/recompute.py")):
        return _could_not(project, "it has no graftline.verify.recompute")
    code = os.pathsep.join((str(project.resolve() / "workflow"), str(project.resolve())))
    done = subprocess.run(
        [sys.executable, "-B", "-P", "-m", "graftline.verify.recompute", str(results.resolve())],
        env=os.environ | {"PYTHONPATH": code, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
        text=True,
    )
    if done.returncode == 0:
        return json.loads(done.stdout)
    # Its words may hold a patient's value; its kind does not.
    kinds = re.findall(r"^(\w+(?:Error|Exception))\b", done.stderr, re.MULTILINE)
    kind = kinds[-1] if kinds else f"status {done.returncode}"
    return _could_not(project, kind)


def _could_not(project: Path, why: str) -> dict[str, Any]:
    problem = (
        f"numbers: could not be computed again, the copied code fails here ({why}); copy {project} to where "
        "it can be written, and run `./run graftline verify` in it, with the environment of its own lock"
    )
    return {"problems": [problem], "numbers": 0, "estimates": 0}
