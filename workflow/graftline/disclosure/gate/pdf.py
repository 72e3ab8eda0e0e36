"""The text of a PDF: what its pages show, its metadata and descriptions, and what is attached to it.

Only what this project writes is read: streams without encryption, compressed by Flate or not at all,
and fonts that say which characters their glyphs are. Of anything else `Unreadable` is raised.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator


class Unreadable(Exception):
    """A part of a file that cannot be read, and so not be released."""


_OBJECT = re.compile(rb"(?<!\d)(\d+)\s+\d+\s+obj\b(.*?)(?:\bstream\r?\n|\bendobj\b)", re.S)
_LENGTH = re.compile(rb"/Length\s+(\d+)(?!\s+\d+\s+R)")
_FILTERS = re.compile(rb"/Filter\s*(\[[^\]]*\]|/\w+)")
_FONT = re.compile(rb"/([\w.+-]+)\s+(\d+)\s+\d+\s+R")
_TO_UNICODE = re.compile(rb"/ToUnicode\s+(\d+)\s+\d+\s+R")
_LITERAL = re.compile(rb"\(((?:[^()\\]|\\.)*)\)", re.S)
_HEX = re.compile(rb"(?<!<)<([0-9A-Fa-f\s]*)>(?!>)")
_SHOWN = re.compile(
    rb"/([\w.+-]+)\s+[\d.-]+\s+Tf\b|\[((?:[^\[\]()]|\((?:[^()\\]|\\.)*\))*)\]\s*TJ\b"
    rb"|(<[0-9A-Fa-f\s]*>|\((?:[^()\\]|\\.)*\))\s*(?:Tj|'|\")",
    re.S,
)
_MAP = re.compile(rb"beginbf(char|range)(.*?)endbf\1", re.S)
# Streams without text, by what they say of themselves; a form only names the pictures that it uses.
_WITHOUT_TEXT = re.compile(
    rb"/Subtype\s*/(?:Image|Type1C|CIDFontType0C|OpenType)\b|/Type\s*/XRef\b|/Length1\b"
)
_FORM = re.compile(rb"/Subtype\s*/Form\b")
# The renderer's own names of a page's patterns, pictures, shadings and settings (p10, x7, s3, a0.5), in the
# dictionary that says which object each is: numbered by it, and never text of the report.
_RESOURCE = re.compile(rb"/[aApsx]\d+(?:\.\d+)?(?=\s+\d+\s+\d+\s+R\b|\s*<<)")


def _streams(data: bytes) -> Iterator[tuple[int, bytes, bytes | None]]:
    """Number, dictionary and stream of each object; None for an object without one."""
    for found in _OBJECT.finditer(data):
        number, content = int(found[1]), found[2]
        if data[found.end() - 7 : found.end()].rstrip(b"\r\n").endswith(b"stream"):
            length = _LENGTH.search(content)
            end = found.end() + int(length[1]) if length else data.find(b"endstream", found.end())
            yield number, content, data[found.end() : end]
        else:
            yield number, content, None


def _unpack(dictionary: bytes, stream: bytes) -> bytes:
    filters = _FILTERS.search(dictionary)
    names = re.findall(rb"/(\w+)", filters[1]) if filters else []
    for name in names:
        if name != b"FlateDecode" or b"/DecodeParms" in dictionary:
            raise Unreadable(f"a stream packed by {name.decode('latin-1')}")
        try:
            stream = zlib.decompressobj().decompress(stream)
        except zlib.error:
            raise Unreadable("a stream that cannot be unpacked") from None
    return stream


def _read_packed(dictionary: bytes, content: bytes) -> dict[int, bytes]:
    """The objects of a stream of objects, by number."""
    first = re.search(rb"/First\s+(\d+)", dictionary)
    if not first:
        raise Unreadable("objects packed in a way that is not known")
    start = int(first[1])
    head = [int(part) for part in content[:start].split()]
    places = [*(start + place for place in head[1::2]), len(content)]
    return {
        number: content[place:end]
        for number, place, end in zip(head[::2], places, places[1:], strict=False)
    }


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(b"".join(digits.split()).decode("ascii")).decode("utf-16-be", "replace")


def _read_map(content: bytes) -> dict[int, str]:
    """Glyph -> characters, from a ToUnicode map."""
    glyphs: dict[int, str] = {}
    for kind, body in _MAP.findall(content):
        codes = re.findall(rb"<([0-9A-Fa-f\s]+)>", body)
        if kind == b"char":
            for glyph, text in zip(codes[::2], codes[1::2], strict=True):
                glyphs[int(glyph, 16)] = _utf16(text)
        elif b"[" in body:
            raise Unreadable("a font whose map has lists of characters")
        else:
            for first, last, text in zip(codes[::3], codes[1::3], codes[2::3], strict=True):
                for step in range(int(last, 16) - int(first, 16) + 1):
                    glyphs[int(first, 16) + step] = chr(int(text, 16) + step)
    return glyphs


def _read_string(string: bytes) -> str:
    """A string of a dictionary: literal, as Latin or UTF-16."""
    plain = re.sub(rb"\\([0-7]{1,3})", lambda found: bytes([int(found[1], 8) & 255]), string)
    plain = re.sub(rb"\\(.)", rb"\1", plain, flags=re.S)
    if plain.startswith(b"\xfe\xff"):
        return plain[2:].decode("utf-16-be", "replace")
    return plain.decode("latin-1")


def _read_dictionary(content: bytes) -> str:
    parts = [_read_string(found[1]) for found in _LITERAL.finditer(content)]
    for found in _HEX.finditer(content):
        digits = b"".join(found[1].split())
        if digits[:4].upper() == b"FEFF" and len(digits) % 4 == 0:
            parts.append(_utf16(digits[4:]))
    return "\n".join([_RESOURCE.sub(b"", content).decode("latin-1"), *parts])


def _read_page(content: bytes, fonts: dict[str, dict[int, str]]) -> str:
    """The text that a page's or a form's operators show."""
    lines, font = [], None
    for name, several, one in _SHOWN.findall(content):
        if name:
            font = fonts.get(name.decode("latin-1"))
            continue
        strings = _HEX.findall(several or one)
        if (several or one) and font is None:
            raise Unreadable("text in a font that does not say its characters")
        if _LITERAL.search(several or one):
            raise Unreadable("text that is not written by glyphs")
        glyphs = b"".join(b"".join(string.split()) for string in strings)
        codes = [int(glyphs[place : place + 4], 16) for place in range(0, len(glyphs), 4)]
        lines.append("".join(font.get(code, "\ufffd") for code in codes))
    return "\n".join(lines)


def read_pdf(data: bytes) -> Iterator[tuple[str | None, str | bytes]]:
    """The texts of a PDF, and (second, as bytes) its attachments, whose kind is not known yet.

    Yields ("text", text) and ("attachment", bytes). Raises Unreadable.
    """
    if not data.startswith(b"%PDF-") or b"/Encrypt" in data:
        raise Unreadable("it is no PDF that can be read")
    objects, streams = {}, {}
    for number, content, stream in _streams(data):
        objects[number] = content
        if stream is None:
            continue
        if b"/ObjStm" in content:
            objects |= _read_packed(content, _unpack(content, stream))
            continue
        if _WITHOUT_TEXT.search(content) and not _FORM.search(content):
            continue
        streams[number] = _unpack(content, stream)
    if not objects:
        raise Unreadable("a PDF without objects")
    maps = {
        number: _read_map(streams[int(found[1])])
        for number, content in objects.items()
        if (found := _TO_UNICODE.search(content)) and int(found[1]) in streams
    }
    everything = b"\n".join(objects.values())
    fonts = {
        name.decode("latin-1"): maps[int(number)]
        for name, number in _FONT.findall(everything)
        if int(number) in maps
    }
    yield "text", _read_dictionary(everything)
    in_maps = {
        int(found[1]) for content in objects.values() for found in _TO_UNICODE.finditer(content)
    }
    for number, content in objects.items():
        stream = streams.get(number)
        if stream is None or number in in_maps:
            continue
        if b"/EmbeddedFile" in content:
            yield "attachment", stream
        elif b"/Metadata" in content or b"/XML" in content:
            yield "text", stream.decode("utf-8", "replace")
        else:
            yield "text", _read_page(stream, fonts)
