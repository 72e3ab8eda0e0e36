"""What stands in a line: text with its look, references that Word keeps true, links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from graftline.report.tables_in_html import text_of
from graftline.report.word import xml

# Element -> what it makes of its text. A number's link to the appendix is none of these.
LOOKS = {
    **{"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "cite": "italic"},
    **{"sup": "raised", "sub": "lowered", "code": "code"},
}
UNSEEN = {"style", "script", "template"}
_COUNTED = {"number of a table": "Table", "number of a figure": "Figure"}
_REFERENCE = re.compile(r"(Table|Figure) \d+")
_SPACE = re.compile("[ \t\r\n\f]+")


@dataclass(frozen=True)
class Piece:
    """Text of one look. `link` is its target: an address or, after #, an element's id.

    `counts` ("Table") marks the number of a caption.
    """

    text: str
    looks: frozenset[str] = frozenset()
    link: str | None = None
    counts: str | None = None


@dataclass
class Marks:
    """Bookmarks of a document, by the id of the HTML's element; and how far its captions count."""

    names: dict[str, str]
    counted: dict[str, int] = field(default_factory=dict)
    next_id: int = 0

    @classmethod
    def of(cls, targets: Iterable[str]) -> Marks:
        """A bookmark for each of `targets`, ids of the HTML."""
        # Word allows 40 letters, digits and underscores; a name with a first underscore is not shown.
        return cls(
            {
                target: f"_{number}_{re.sub(r'[^A-Za-z0-9]', '_', target)[:30]}"
                for number, target in enumerate(sorted(targets), start=1)
            }
        )

    def around(self, target: str | None, made: list[Any]) -> list[Any]:
        """`made` inside the bookmark of `target`, if anything refers to it."""
        if target not in self.names:
            return made
        self.next_id += 1
        start = xml.element("bookmarkStart", id=self.next_id, name=self.names[target])
        return [start, *made, xml.element("bookmarkEnd", id=self.next_id)]


def pieces_of_text(text: str | None, piece: Piece = Piece("")) -> Iterator[Piece]:
    """`text`, if there is any, with the look of `piece`."""
    if text:
        yield replace(piece, text=_SPACE.sub(" ", text))


def pieces_in(node: Any, piece: Piece = Piece("")) -> Iterator[Piece]:
    """What stands in `node`, in pieces with their white space as it is; "\\n" is a line break."""
    yield from pieces_of_text(node.text, piece)
    for child in node:
        yield from pieces_of(child, piece)
        yield from pieces_of_text(child.tail, piece)


def pieces_of(element: Any, piece: Piece = Piece("")) -> Iterator[Piece]:
    """`element` in pieces, with the look that it gives its text."""
    if element.tag == "br":
        yield replace(piece, text="\n")
    elif element.tag not in UNSEEN:
        if element.tag in LOOKS:
            piece = replace(piece, looks=piece.looks | {LOOKS[element.tag]})
        if element.tag == "a" and element.get("data-number-id") is None:
            piece = replace(piece, link=element.get("href"))
            said = _REFERENCE.fullmatch(text_of(element))
            if said and (piece.link or "").startswith(f"#{said[1].lower()}-"):
                yield replace(piece, text=said[0], counts=said[1])
                return
        if element.get("data-exempt") in _COUNTED and piece.link is None:
            piece = replace(piece, counts=_COUNTED[element.get("data-exempt")])
        yield from pieces_in(element, piece)


def collapse_spaces(pieces: Iterable[Piece]) -> list[Piece]:
    """`pieces` with one space between words, none at the ends of lines; equal looks joined."""
    kept: list[Piece] = []
    for piece in pieces:
        text = piece.text
        if text.startswith(" ") and (not kept or kept[-1].text.endswith((" ", "\n"))):
            text = text[1:]
        if text == "\n" and kept:
            kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(" "))
        if not text:
            continue
        if kept and replace(kept[-1], text="") == replace(piece, text="") and "\n" not in text:
            kept[-1] = replace(kept[-1], text=kept[-1].text + text)
        else:
            kept.append(replace(piece, text=text))
    while kept and not kept[-1].text.strip(" \n"):
        kept.pop()
    if kept:
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(" "))
    return kept


def _properties(looks: frozenset[str]) -> list[Any]:
    made = [xml.element("rStyle", val="Code")] if "code" in looks else []
    made += [xml.element("b")] if "bold" in looks else []
    made += [xml.element("i")] if "italic" in looks else []
    if looks & {"raised", "lowered"}:
        side = "superscript" if "raised" in looks else "subscript"
        made.append(xml.element("vertAlign", val=side))
    return made


def _counting(piece: Piece, marks: Marks) -> list[Any]:
    """The number of a caption as a field that counts; it starts anew where numbers are not in order."""
    number = int(piece.text)
    expected = marks.counted.get(piece.counts, 0) + 1
    marks.counted[piece.counts] = number
    restart = "" if number == expected else f" \\r {number}"
    return xml.field(
        f"SEQ {piece.counts} \\* ARABIC{restart}", piece.text, *_properties(piece.looks)
    )


def _linked(piece: Piece, made: list[Any], part: Any, marks: Marks) -> list[Any]:
    target = (piece.link or "").removeprefix("#")
    if piece.link and piece.link.startswith("#") and target in marks.names:
        return [xml.element("hyperlink", *made, anchor=marks.names[target])]
    if piece.link and piece.link.startswith(("https://", "http://", "mailto:")):
        link = xml.element("hyperlink", *made)
        link.set(
            qn("r:id"), part.relate_to(piece.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        )
        return [link]
    return made


def runs_of(
    pieces: list[Piece], part: Any, marks: Marks, caption_of: str | None = None
) -> list[Any]:
    """Runs, fields and links for `pieces`, in `part` of a package.

    References to a table or figure are fields that repeat the "Table 1" of its caption, so that Word
    can count anew when one is put in; `caption_of` is the id of the element whose caption this is.
    """
    made: list[Any] = []
    marked = False
    for piece in pieces:
        target = (piece.link or "").removeprefix("#")
        if piece.counts and caption_of and piece.text.isdigit():
            marked = True
            label = _split_label(made, f"{piece.counts} ")
            made += marks.around(caption_of, [*label, *_counting(piece, marks)])
        elif piece.counts and target in marks.names:
            repeat = f"REF {marks.names[target]} \\h \\* MERGEFORMAT"
            made += xml.field(repeat, piece.text, *_properties(piece.looks))
        elif piece.text == "\n":
            made.append(xml.element("r", xml.element("br")))
        else:
            made += _linked(piece, [xml.run(piece.text, *_properties(piece.looks))], part, marks)
    return made if marked else marks.around(caption_of, made)


def _split_label(made: list[Any], label: str) -> list[Any]:
    """Take `label`, with which the last run of `made` ends, off it as a run of its own."""
    shown = made[-1].find(qn("w:t")) if made else None
    if shown is None or not shown.text.endswith(label):
        return []
    rest = shown.text.removesuffix(label)
    if not rest:
        return [made.pop()]
    alone = deepcopy(made[-1])
    shown.text, alone.find(qn("w:t")).text = rest, label
    return [alone]
