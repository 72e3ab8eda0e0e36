"""What there is to read in a file, by its kind; a kind that is not known is not readable."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote_to_bytes

from graftline.disclosure.gate.identifiers import IS_FIELD
from graftline.disclosure.gate.pdf import Unreadable, read_pdf

# A piece of a file: text, or the name of a field and its value.
Piece = str | tuple[str, Any]
_DATA = re.compile(r"data:([\w/+.-]*)((?:;[\w=-]+)*),([A-Za-z0-9+/=%_.~-]*)")
# What draws and tells nothing: the geometry of figures, and colours.
_GEOMETRY = re.compile(
    r"\s(?:d|points|transform|viewBox|style|clip-path|x|y|x1|x2|y1|y2|width|height|cx|cy|r|xlink:href)"
    r"=(?:\"[^\"]*\"|'[^']*')"
)
_TAG = re.compile(r"<[^>]*>")
_INLINE = re.compile(r"</?(?:a|b|i|em|span|strong|sub|sup|tspan|w:r|w:t|t|r)\b[^>]*>")
_PIXELS = {
    b"IHDR",
    b"PLTE",
    b"IDAT",
    b"IEND",
    b"pHYs",
    b"gAMA",
    b"cHRM",
    b"sRGB",
    b"sBIT",
    b"tRNS",
    b"bKGD",
}
FONTS = ("font/otf", "font/ttf", "font/woff", "font/woff2")
SUFFIX_OF_TYPE = {"image/svg+xml": ".svg", "image/png": ".png", "application/json": ".json"}


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("text that is not UTF-8") from None


def _read_json(data: bytes) -> Iterator[Piece]:
    text = _decode(data)
    try:
        content = json.loads(text)
    except json.JSONDecodeError:
        raise Unreadable("JSON that cannot be read") from None
    # Escapes are undone, so that no id hides behind one.
    yield json.dumps(content, ensure_ascii=False) if "\\" in text else text
    waiting = [content]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            waiting += one.values()
            for name, value in one.items():
                if IS_FIELD.fullmatch(name) and not isinstance(value, (dict, list)):
                    yield name, value
                yield from (
                    (name, part)
                    for part in (value if isinstance(value, list) else [])
                    if IS_FIELD.fullmatch(name) and isinstance(part, (str, int))
                )


def _read_csv(data: bytes) -> Iterator[Piece]:
    text = _decode(data)
    yield text
    rows = list(csv.reader(io.StringIO(text)))
    for header in rows[:1]:
        for place, name in enumerate(header):
            if IS_FIELD.fullmatch(name.strip()):
                yield from ((name, row[place]) for row in rows[1:] if place < len(row))


def _read_markup(data: bytes) -> Iterator[Piece]:
    """HTML and XML: text, attributes and comments, and what stands in data: addresses."""
    text = _decode(data)
    if "<!ENTITY" in text:
        raise Unreadable("XML with entities of its own")
    for kind, parameters, body in _DATA.findall(text):
        if kind in FONTS:
            continue
        if kind not in SUFFIX_OF_TYPE:
            raise Unreadable(f"embedded data of the kind {kind or 'not stated'}")
        coded = ";base64" in parameters
        inside = base64.b64decode(body) if coded else unquote_to_bytes(body)
        yield from read_pieces("embedded" + SUFFIX_OF_TYPE[kind], inside)
    from html import unescape

    text = _DATA.sub("", text)
    yield unescape(_GEOMETRY.sub("", text))
    # Without tags, since an id may have a part in bold.
    yield unescape(_TAG.sub("\n", _INLINE.sub("", text)))


# Where a cell of a worksheet stands: A10 is its place, and no patient.
_CELLS = re.compile(
    rb'\s(?:r|ref|sqref|activeCell|topLeftCell)="[A-Z]{1,3}\d{1,7}(?::[A-Z]{1,3}\d{1,7})?"'
)


def _read_archive(data: bytes) -> Iterator[Piece]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                if member.flag_bits & 1:
                    raise Unreadable("an encrypted member of an archive")
                yield member.filename
                if not member.is_dir():
                    content = archive.read(member)
                    if member.filename.startswith("xl/worksheets/"):
                        content = _CELLS.sub(b"", content)
                    yield from read_pieces(member.filename, content)
    except zipfile.BadZipFile:
        raise Unreadable("an archive that cannot be opened") from None


def _read_png(data: bytes) -> Iterator[Piece]:
    """A picture has no text but in chunks of its own, which are not written here."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        raise Unreadable("a picture that is no PNG")
    place = 8
    while place < len(data):
        size, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        if kind not in _PIXELS:
            yield data[place + 8 : place + 8 + size].decode("utf-8", "replace")
        place += 12 + size


def _read_pdf(data: bytes) -> Iterator[Piece]:
    for kind, content in read_pdf(data):
        if kind == "text":
            yield content
        else:
            yield from _read_attachment(content)


def _read_attachment(data: bytes) -> Iterator[Piece]:
    """A file in a PDF, by what it begins with: its name stands elsewhere."""
    for start, suffix in ((b"%PDF-", ".pdf"), (b"PK\x03\x04", ".zip"), (b"\x89PNG", ".png")):
        if data.startswith(start):
            yield from read_pieces("attached" + suffix, data)
            return
    start = data.lstrip()[:1]
    suffix = ".json" if start in (b"{", b"[") else ".xml" if start == b"<" else ".csv"
    yield from read_pieces("attached" + suffix, data)


READERS = (
    dict.fromkeys((".json", ".jsonld"), _read_json)
    | dict.fromkeys((".html", ".htm", ".svg", ".xml", ".rels", ".xhtml"), _read_markup)
    | dict.fromkeys((".docx", ".xlsx", ".zip"), _read_archive)
    | {".csv": _read_csv, ".pdf": _read_pdf, ".png": _read_png}
)
PLAIN = (".txt", ".md", ".log", ".yaml")
NAMES = ("SHA256SUMS", "Snakefile", "[Content_Types].xml", ".rels", ".snakemake_timestamp")


def read_pieces(name: str, data: bytes) -> Iterator[Piece]:
    """What there is to read in the file `name`. Raises Unreadable."""
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    if path.name in NAMES and path.name != "[Content_Types].xml" and suffix not in READERS:
        yield _decode(data)
    elif path.name == ".rels":
        yield from _read_markup(data)
    elif suffix in READERS:
        yield from READERS[suffix](data)
    elif suffix in PLAIN:
        yield _decode(data)
    else:
        raise Unreadable(f"a file of the kind {suffix or path.name}")
