"""graftline correct: a row is added to a study's corrections, if it corrects what is there."""

from __future__ import annotations

import argparse
import fcntl
import os
from datetime import date
from pathlib import Path
from typing import Any

from graftline.errors import GraftlineError

FILE = "corrections.csv"


def add_command(commands) -> None:
    """Add the command to the subparsers `commands`."""
    command = commands.add_parser(
        "correct",
        help="correct a cell of a cut by a row of corrections.csv",
        description="Adds a row to config/STUDY/corrections.csv, valid from a cut on, after checking that the "
        "old value is there. The raw tables are never edited.",
    )
    command.add_argument("table", metavar="TABLE", help="a canonical table, such as vitals")
    command.add_argument("key", metavar="KEY", help="its primary key, parts joined by |")
    command.add_argument("column", metavar="COLUMN", help="the canonical column")
    command.add_argument("--old", required=True, help="what the cell holds; '' for an empty cell")
    command.add_argument("--new", required=True, help="what it should hold; '' to empty it")
    command.add_argument("--reason", required=True, help="why, for whoever reads the file")
    command.add_argument("--author", required=True, help="who says so")
    command.add_argument("--study", required=True, help="a study of config/")
    command.add_argument(
        "--cut", required=True, metavar="YYYY-MM-DD", help="the cut from which on it holds"
    )
    command.set_defaults(run=run)


def _read(folder: Any) -> dict[str, bytes]:
    """The files of a cut, by name."""
    from graftline.cuts.manifest import build_manifest

    names = build_manifest(folder.path, folder.shown)["files"]
    return {name: (folder.path / name).read_bytes() for name in names}


def _deliver(files: dict[str, bytes], folder: Any, study: dict[str, Any]):
    """The canonical texts of a cut as it was delivered."""
    from graftline.raw.add_correction import Delivered
    from graftline.validation.read_tables import read_tables

    return Delivered(folder.name, read_tables(files, folder.shown, study).texts)


def run(arguments: argparse.Namespace) -> int:
    """Add the row; raises GraftlineError, with the place, where it does not correct what is there."""
    from graftline.config.study import read_study
    from graftline.config.yaml_lines import read_yaml
    from graftline.cuts.find import choose_cut, list_cut_folders
    from graftline.raw.add_correction import append_row, check_addition
    from graftline.tables import write_bytes
    from graftline.validation.of_correction import check_new_value
    from schemas.raw import RAW_SCHEMAS

    root = Path()
    config, _ = read_yaml(root / "config" / "config.yaml", "config/config.yaml")
    study = read_study(root, config["studies"], arguments.study).content
    folders = list_cut_folders(root, config["data"], arguments.study)
    chosen = choose_cut(folders, arguments.cut, arguments.study)
    earlier = [one for one in folders if one.missing is None and one.name < chosen.name]
    files = _read(chosen)
    here = _deliver(files, chosen, study)
    previous = _deliver(_read(earlier[-1]), earlier[-1], study) if earlier else None
    shown = f"{config['studies']}/{arguments.study}/{FILE}"
    row = {name: getattr(arguments, name) for name in ("table", "key", "column", "old", "new")}
    row |= {"reason": arguments.reason, "author": arguments.author}
    row |= {"date": date.today().isoformat(), "from_cut": chosen.name}
    keys = {table: RAW_SCHEMAS[table].metadata["key"] for table in here.texts}
    path = root / shown
    # Who else adds a row at this moment waits, so that neither row is lost.
    lock = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        content = path.read_bytes() if path.is_file() else b""
        place = check_addition(content, row, shown, keys, here, previous)
        longer = append_row(content, row)
        asked = check_new_value(
            files,
            folder=chosen.shown,
            study=study,
            cut=chosen.name,
            before=(shown, content),
            after=(shown, longer),
        )
        write_bytes(path, longer)
    except OSError as error:
        raise GraftlineError(f"nothing was added: {error}") from error
    finally:
        os.close(lock)
    print(f"{shown}: a row was added, which holds from the cut {chosen.name} on")
    print(f"the cell: {place}")
    for sentence in asked:
        print(f"a run will ask because of it: {sentence}")
    return 0
