"""Hold a run crate against the Provenance Run Crate profile 0.5, without a network.

usage: python validate_crate.py FOLDER    FOLDER holds ro-crate-metadata.json

Needs roc-validator 0.13.0 (`python -m pip install roc-validator==0.13.0`, in an environment of its own if you
like). The JSON-LD context that it would fetch lies beside this file (RO-Crate's, CC0). Prints each required
check that failed; exit status 0 if there is none.
"""

import json
import sys
from pathlib import Path

import requests
from rocrate_validator import services
from rocrate_validator.models import Severity, ValidationSettings
from rocrate_validator.utils.http import HttpRequester

PROFILE = "provenance-run-crate-0.5"
# Terms that the profiles of workflow runs add to RO-Crate's.
TERMS = (
    *("ParameterConnection", "connection", "sourceParameter", "targetParameter"),
    *("sha1", "sha256", "sha512", "md5", "containerImage", "environment", "resourceUsage"),
)
RUN_TERMS = {"@context": {term: f"https://w3id.org/ro/terms/workflow-run#{term}" for term in TERMS}}
CONTEXTS = {
    "https://w3id.org/ro/crate/1.1/context": Path(__file__)
    .with_name("ro-crate-1.1-context.jsonld")
    .read_bytes(),
    "https://w3id.org/ro/terms/workflow-run/context": json.dumps(RUN_TERMS).encode(),
}


def answer_from_here(self, url, *args, **kwargs):
    """A context that is known; nothing else, so that nothing leaves this machine."""
    answer = requests.Response()
    answer.url = url
    answer.status_code = 200 if url in CONTEXTS else 504
    answer._content = CONTEXTS.get(url, b"")
    answer.headers["Content-Type"] = "application/ld+json"
    return answer


def main(folder: str) -> int:
    """Print what failed; 1 if anything did."""
    HttpRequester.get = HttpRequester.fetch_fresh = answer_from_here
    settings = ValidationSettings(
        rocrate_uri=folder,
        profile_identifier=PROFILE,
        requirement_severity=Severity.REQUIRED,
        skip_availability_check=True,
    )
    failed = services.validate(settings).get_issues(Severity.REQUIRED)
    for issue in failed:
        print(f"{issue.check.identifier}: {issue.message} [{issue.violatingEntity}]")
    print(f"{len(failed)} required checks failed against {PROFILE}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
