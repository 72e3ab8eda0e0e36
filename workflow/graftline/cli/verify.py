"""graftline verify: whether results, or a release, are still what was made, and made from that."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from graftline.errors import GraftlineError

if TYPE_CHECKING:
    from graftline.verify.outcome import Outcome


def add_command(commands) -> None:
    """Add the command to the subparsers `commands`."""
    command = commands.add_parser(
        "verify",
        help="check results or a release, and compute their numbers again",
        description="Compares the checksums of inputs, code and outputs, runs every number's queries again, "
        "recomputes estimates by second implementations, checks the ledger's chain, and names each thing that "
        "differs. FOLDER is results/<study>/<cut>, a release, releases/<study> for all of them, or an "
        "aggregate/ alone.",
    )
    command.add_argument(
        "folder", metavar="FOLDER", nargs="?", help="by default the newest results"
    )
    command.add_argument(
        "--ledger", metavar="FILE", help="another copy of the ledger to compare with"
    )
    command.add_argument(
        "--allowed-signers",
        metavar="FILE",
        help="check signed heads of the ledger against these keys",
    )
    command.add_argument("--heads", metavar="FOLDER", help="signed heads that are kept elsewhere")
    command.set_defaults(run=run)


def _project():
    """The project in the current folder, if there is one."""
    from graftline.config.yaml_lines import read_yaml
    from graftline.release.finished import Project

    if not Path("config/config.yaml").is_file():
        return None
    config, _ = read_yaml("config/config.yaml")
    return Project(Path(), config.get("studies", "config"), config.get("data", "data"))


def _path(given: str | None) -> Path | None:
    return Path(given) if given else None


def _verify_study(folder: Path, arguments: argparse.Namespace) -> dict[Path, Outcome]:
    """The ledger of a study, and each of its releases."""
    from graftline.release.layout import StudyReleases
    from graftline.verify.outcome import Outcome
    from graftline.verify.own_code import recompute_with_own_code
    from graftline.verify.releases import verify_ledger, verify_release

    releases = StudyReleases(folder)
    of_ledger = Outcome()
    verify_ledger(
        releases,
        of_ledger,
        allowed=_path(arguments.allowed_signers),
        heads=_path(arguments.heads),
    )
    found = {folder: of_ledger}
    for cut, sequence in releases.list_folders():
        one = releases.folder(cut, sequence)
        # The ledger was checked as a whole; here it only says what the release has to be.
        ledger = _path(arguments.ledger) or releases.ledger
        found[one] = verify_release(one, recompute_with_own_code, ledger=ledger)
    return found


def _verify(folder: Path, arguments: argparse.Namespace) -> dict[Path, Outcome]:
    """Folder -> what was found in it; what kind of folder it is shows in what it holds."""
    from graftline.ledger.file import LEDGER
    from graftline.release.layout import PROJECT, RECORD, RESULTS, StudyReleases

    ledger = _path(arguments.ledger)
    if (folder / LEDGER).is_file() or StudyReleases(folder).list_folders():
        return _verify_study(folder, arguments)
    if any((folder / name).exists() for name in (RECORD, PROJECT, RESULTS)):
        from graftline.verify.own_code import recompute_with_own_code
        from graftline.verify.releases import verify_release

        found = verify_release(
            folder.resolve(),  # `latest` is a link
            recompute_with_own_code,
            ledger=ledger,
            allowed=_path(arguments.allowed_signers),
            heads=_path(arguments.heads),
        )
        return {folder: found}
    if (folder / "patient_level").is_dir():
        from graftline.verify.folders import verify_results
        from graftline.verify.recompute import recompute_results

        return {folder: verify_results(folder, _project(), recompute_results)}
    if (folder / "audit").is_dir():
        from graftline.verify.folders import verify_without_patients

        return {folder: verify_without_patients(folder)}
    if folder.is_dir() and (folder.name == "aggregate" or (folder / "numbers.json").is_file()):
        from graftline.verify.released import verify_aggregate

        return {folder: verify_aggregate(folder, ledger)}
    raise GraftlineError(
        f"{folder}: there are no finished results here, and no release; name another"
    )


def _newest_results() -> Path:
    from graftline.cli.results import choose_results

    return choose_results(None).path


def run(arguments: argparse.Namespace) -> int:
    """Print what differs; 1 if anything does."""
    folder = Path(arguments.folder) if arguments.folder else _newest_results()
    found = _verify(folder, arguments)
    for one, outcome in found.items():
        for line in (*outcome.problems, *(f"note: {note}" for note in outcome.notes)):
            print(line)
        print(f"{one}: {outcome.summary()}")
    return 1 if any(outcome.problems for outcome in found.values()) else 0
