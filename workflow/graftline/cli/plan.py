"""graftline plan: which rules a run would run and why; and, after it, which numbers moved."""

from __future__ import annotations

import argparse
from pathlib import Path

from graftline.errors import GraftlineError

MEMORY = Path(".graftline") / "plan"


def add_command(commands) -> None:
    """Add the command to the subparsers `commands`."""
    command = commands.add_parser(
        "plan",
        help="say what a run would do and why, and after it which numbers moved",
        description="Before a run: the rules that it would run, and the lines, keys, functions and packages "
        "that are the reason. With --after, when it is done: the numbers that moved since the plan.",
    )
    command.add_argument(
        "--after", action="store_true", help="the run is done: which numbers moved"
    )
    command.add_argument(
        "--config", nargs="+", default=[], metavar="KEY=VALUE", help="keys of config/config.yaml"
    )
    command.add_argument("--all", action="store_true", help="list all numbers that moved")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the plan, or what moved since; raises GraftlineError where there is no telling."""
    from graftline.cli.settings import read_config
    from graftline.pipeline import Pipeline

    config = read_config(arguments.config)
    pipeline = Pipeline(Path(), config)
    target = pipeline.target
    remembered = MEMORY / target["study"] / f"{target['cut']}.json"
    results = Path(config["results"]) / target["study"]
    if arguments.after:
        return _tell_numbers(remembered, results / target["cut"], 10**9 if arguments.all else 20)
    return _tell_plan(pipeline, arguments.config, results, remembered)


def _tell_plan(pipeline, settings: list[str], results: Path, remembered: Path) -> int:
    from types import SimpleNamespace

    from graftline.cuts.checksums import hash_file
    from graftline.plan.recorded import find_recorded, list_changes
    from graftline.plan.rules import explain_rules, plan_rules
    from graftline.release.finished import NUMBERS
    from graftline.release.layout import StudyReleases
    from graftline.tables import read_json, write_json

    config, target = pipeline.config, SimpleNamespace(**pipeline.target)
    planned = plan_rules(Path(), settings)
    recorded = find_recorded(results, target.cut)
    numbers = recorded / NUMBERS if recorded else None
    write_json(
        remembered,
        {
            "of": recorded.name if recorded else None,
            "rules": sorted(planned),
            "numbers": read_json(numbers) if numbers and numbers.is_file() else [],
        },
    )
    if not planned:
        print("nothing would run: everything is as it was")
        return 0
    print(f"{sum(planned.values())} jobs of {len(planned)} rules would run")
    if recorded is None:
        print("nothing was built of this study up to this cut")
        return 0
    changes = list_changes(
        Path(),
        recorded,
        StudyReleases(Path(config.get("releases", "releases")) / target.study),
        configuration=pipeline.merged_configuration(target),
        raw_files=pipeline.manifest(target)["files"],
        raw=Path(config["data"]) / target.study,
        study_files={Path(path).name: hash_file(path) for path in pipeline.study_files(target)},
    )
    print(f"since the run of cut {recorded.name}:")
    for change in changes:
        print(f"  {change}")
    if not changes:
        print("  no line, key, function or package changed")
    print("the rules:")
    rules = read_json(recorded / "audit" / "rules.json")["rules"]
    for rule, reasons in explain_rules(planned, rules, changes).items():
        print(f"  {rule}: {'; '.join(reasons)}")
    print("after the run, `graftline plan --after` says which numbers moved")
    return 0


def _tell_numbers(remembered: Path, results: Path, most: int) -> int:
    from graftline.release.differences import compare_numbers
    from graftline.release.finished import NUMBERS
    from graftline.tables import read_json

    if not remembered.is_file():
        raise GraftlineError("there is no plan to compare with; call graftline plan before the run")
    if not (results / NUMBERS).is_file():
        raise GraftlineError(f"{results}: has no numbers; the run is not finished")
    before = read_json(remembered)
    found = compare_numbers(before["numbers"], read_json(results / NUMBERS))
    if not any(found.values()):
        ran = ", ".join(before["rules"]) or "nothing"
        print(f"no number moved (planned were: {ran})")
        return 0
    for one in found["moved"][:most]:
        print(f"{one['id']}: from {one['from']} to {one['to']}")
    for kind in ("new", "gone"):
        for name in found[kind][:most]:
            print(f"{name}: {kind}")
    counts = ", ".join(f"{len(found[kind])} {kind}" for kind in ("moved", "new", "gone"))
    print(f"numbers: {counts}, against the run of cut {before['of']}")
    return 0
