"""Signed heads: what a ledger ended with at some time, signed with a key that is kept elsewhere.

A head says how many records a ledger had and the hash of the last one. Who keeps the signed head out
of reach of those who can write to the ledger can later show that records were cut off, or that the
chain was written anew. Signing and checking is OpenSSH's (`ssh-keygen -Y`), in a namespace of our own.
"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from graftline.errors import GraftlineError
from graftline.ledger.records import format_record
from graftline.tables import read_json, write_text

NAMESPACE = "graftline"
FOLDER = "heads"


def describe_head(study: str, records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The head of a ledger that has at least one record."""
    return {"study": study, "records": len(records), "hash": records[-1]["hash"]}


def _call_ssh_keygen(*arguments: str, content: bytes = b"") -> subprocess.CompletedProcess:
    try:
        return subprocess.run(
            ["ssh-keygen", "-Y", *arguments], input=content, capture_output=True, check=False
        )
    except FileNotFoundError:
        raise GraftlineError(
            "ssh-keygen is not there; install OpenSSH's client (Debian, Ubuntu: openssh-client)"
        ) from None


def sign_head(head: Mapping[str, Any], folder: Path, key: Path) -> Path:
    """Write `head` to `folder` and its signature by the private `key` beside it (.sig)."""
    file = folder / f"{head['records']:06d}.json"
    write_text(file, format_record(head))
    signature = file.with_name(file.name + ".sig")
    signature.unlink(missing_ok=True)  # ssh-keygen asks before it writes over one
    done = _call_ssh_keygen("sign", "-q", "-f", str(key), "-n", NAMESPACE, str(file))
    if done.returncode or not signature.is_file():
        said = done.stderr.decode(errors="replace").strip()
        raise GraftlineError(f"{file} was not signed: ssh-keygen says: {said}")
    return file


def _find_signer(file: Path, signature: Path, allowed: Path) -> str | None:
    """Who of the file `allowed` (as in ssh-keygen's ALLOWED SIGNERS) signed `file`; None for nobody."""
    found = _call_ssh_keygen("find-principals", "-f", str(allowed), "-s", str(signature))
    for signer in found.stdout.decode(errors="replace").splitlines():
        checked = _call_ssh_keygen(
            *("verify", "-f", str(allowed), "-I", signer, "-n", NAMESPACE, "-s", str(signature)),
            content=file.read_bytes(),
        )
        if checked.returncode == 0:
            return signer
    return None


def check_heads(folder: Path, allowed: Path, records: Sequence[Mapping[str, Any]]) -> list[str]:
    """A sentence for each head in `folder` that nobody of the file `allowed` signed, or that the
    ledger's `records` do not agree with."""
    if not allowed.is_file():
        raise GraftlineError(f"{allowed}: there is no such file of allowed signers")
    files = sorted(folder.glob("*.json"))
    if not files:
        return [f"{folder}: there is no signed head"]
    problems = []
    for file in files:
        signature = file.with_name(file.name + ".sig")
        if not signature.is_file():
            problems.append(f"{file}: there is no signature beside it")
            continue
        if _find_signer(file, signature, allowed) is None:
            problems.append(f"{file}: the signature is not that of an allowed signer")
            continue
        head = read_json(file)
        length = head["records"]
        if length > len(records):
            problems.append(
                f"{file}: the ledger had {length} records when this was signed and has {len(records)}: "
                "its last ones were removed"
            )
        elif records[length - 1]["hash"] != head["hash"]:
            problems.append(
                f"{file}: record {length} of the ledger is not the one that was signed: it was written anew"
            )
    return problems
