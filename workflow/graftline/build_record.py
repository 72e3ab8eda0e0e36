"""The build digest: one sha256 over data, configuration, code, packages and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graftline.cuts.manifest import digest_of


def record_build(
    *,
    cut_digest: str,
    configuration: Mapping[str, Any],
    code: Mapping[str, str],
    lock_sha256: str,
    numbers_sha256: str,
    data_label: str | None,
) -> dict[str, Any]:
    """What a build was made from, and its digest.

    `code` maps each file of the code tree to its sha256. The digest is the sha256 of the five
    parts as canonical JSON; no time and no place enters it.
    """
    parts = {
        "cut_manifest": cut_digest,
        "configuration": digest_of(configuration),
        "code_tree": digest_of(code),
        "lock": lock_sha256,
        "numbers": numbers_sha256,
    }
    return {
        "build_digest": digest_of(parts),
        "parts": parts,
        "code": dict(code),
        "data_label": data_label,
    }


def digest_sources(code: Mapping[str, str], lock_sha256: str, study: Mapping[str, str]) -> str:
    """One digest of the files of the code, the lock and the study's folder, name -> sha256 each."""
    return digest_of({"code": dict(code), "lock": lock_sha256, "study": dict(study)})
