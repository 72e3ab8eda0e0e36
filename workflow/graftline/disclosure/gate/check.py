"""The check of a finished run's files, before anything of them may leave."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from graftline.disclosure.gate.identifiers import Identifiers
from graftline.disclosure.gate.pdf import Unreadable
from graftline.disclosure.gate.texts import read_pieces
from graftline.errors import GraftlineError

RELEASABLE = ("aggregate", "audit")


def list_releasable(results: str | Path) -> list[Path]:
    """Every file under the folders of a run that may leave, sorted."""
    found = [path for name in RELEASABLE for path in (Path(results) / name).rglob("*")]
    return sorted(path for path in found if not path.is_dir())


def _count(path: Path, identifiers: Identifiers) -> int:
    """How many identifiers of patients stand in a file, its name included."""
    texts, count = [path.name], 0
    for piece in read_pieces(path.name, path.read_bytes()):
        if isinstance(piece, str):
            texts.append(piece)
        else:
            count += identifiers.count_in_field(*piece)
    return max(count, identifiers.count_in("\n".join(texts)))


def check_releasable(
    results: str | Path, identifiers: Identifiers, *, but: Iterable[str] = ()
) -> None:
    """Raise GraftlineError unless every file under aggregate/ and audit/ of `results` can be read and
    none has an identifier of a patient. `but`: files, relative to `results`, that are written after.

    The message names files and numbers of identifiers, never one of them.
    """
    refused = []
    for path in list_releasable(results):
        name = path.relative_to(results).as_posix()
        if name in set(but):
            continue
        try:
            if path.is_symlink():
                raise Unreadable("a link to another file")
            count = _count(path, identifiers)
        except (Unreadable, OSError, ValueError, KeyError, IndexError, RecursionError) as error:
            said = str(error) if isinstance(error, Unreadable) else type(error).__name__
            refused.append(f"{name} cannot be read ({said})")
        else:
            if count:
                refused.append(f"{name} holds patients' ids or dates ({count})")
    if refused:
        raise GraftlineError(
            "nothing of this run may leave: "
            + "; ".join(refused)
            + ". See docs/how-to/share-results.md for what to do"
        )
