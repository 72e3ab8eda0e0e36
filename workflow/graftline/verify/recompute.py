"""Numbers and estimates of a results folder, computed again.

`python -m graftline.verify.recompute FOLDER` prints the outcome as JSON: so a release is computed again by
its own copy of the code. What it prints keeps its form from version to version.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from graftline.errors import GraftlineError
from graftline.results_folder import ResultsFolder
from graftline.tables import read_json
from graftline.verify.numbers import verify_numbers
from graftline.verify.paper import compare_paper
from graftline.verify.released import compare_released

ENDPOINTS = "endpoints"
ANALYSIS = (ENDPOINTS, "origins", "survival", "labels", "arms")


def verify_estimates(results: ResultsFolder) -> tuple[list[str], int]:
    """The survival estimates of the registry held against the second implementations: what differs, and
    how many were compared."""
    protocol = results.configuration["protocol"]
    file = results.path / "patient_level" / "derived" / f"{ENDPOINTS}.parquet"
    if not protocol.get(ENDPOINTS) or not file.is_file():
        return [], 0
    from graftline.analyse.survival import SurvivalAnalysis
    from graftline.analyse.survival_checks import check_estimates
    from graftline.tables import read_parquet

    analysis = SurvivalAnalysis(read_parquet(file), *(protocol.get(name) for name in ANALYSIS))
    try:
        done = check_estimates(analysis, results.records.values())
    except GraftlineError as error:
        return [str(error)], 0
    except KeyError as error:
        return [f"{error.args[0]}: an estimate that the registry does not have"], 0
    return [], done["checked"] + done["sums"]


def verify_released(results: ResultsFolder) -> list[str]:
    """Whether what may leave says the same as the registry and the build's record."""
    aggregate = results.path / "aggregate"
    paper = compare_paper(aggregate, results.build["build_digest"])
    records = {one["id"]: one for one in read_json(results.file("aggregate", "numbers.json"))}
    return [f"aggregate/{problem}" for problem in paper] + compare_released(aggregate, records)


def recompute_results(folder: Path) -> dict[str, Any]:
    """`problems` and how many `numbers` and `estimates` of a results folder were computed again."""
    try:
        results = ResultsFolder(folder)
        problems = verify_numbers(results)
        more, estimates = verify_estimates(results)
        more += verify_released(results)
    except GraftlineError as error:
        return {"problems": [str(error)], "numbers": 0, "estimates": 0}
    except (ValueError, LookupError, TypeError, AttributeError, OSError) as error:
        # What was altered cannot be read any more. The words of the error may hold a patient's value.
        problem = f"numbers: cannot be computed again of these files ({type(error).__name__})"
        return {"problems": [problem], "numbers": 0, "estimates": 0}
    return {
        "problems": problems + more,
        "numbers": len(results.records),
        "estimates": estimates,
    }


if __name__ == "__main__":
    json.dump(recompute_results(Path(sys.argv[1])), sys.stdout)
