"""The manuscript's HTML as a Word document, for co-authors and for submission.

It says what the HTML says, with native headings, lists, tables and captions that Word counts. The
links of numbers and the appendix that they lead to are left out: a journal does not print them, and
the PDF and HTML of the same build have them.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.shared import Pt

from graftline.report.pictures import Picture
from graftline.report.tables_in_html import has_class, parse_html, table_in_html, text_of
from graftline.report.word import package, styles, xml
from graftline.report.word.inline import (
    Marks,
    Piece,
    collapse_spaces,
    pieces_in,
    pieces_of,
    pieces_of_text,
    runs_of,
)
from graftline.report.word.tables import choose_layout, word_table

HEADINGS = {"h1": "Title", "h2": "Heading1", "h3": "Heading2", "h4": "Heading3", "h5": "Heading4"}
BLOCKS = {
    *HEADINGS,
    *("p", "div", "section", "header", "footer", "main", "article", "aside", "nav", "details"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "figure", "blockquote", "pre", "hr", "summary"),
}
UNSEEN = {"style", "script", "template", "head", "hr", "nav"}
APPENDIX = "numbers"
POINTER = (
    "The appendix lists every number of this paper with what it is and what it was made from. It is "
    "part of the PDF and of the HTML of this manuscript, which print the same values."
)
# In points: a page less its caption.
TALLEST_FIGURE = 610
Pictures = Mapping[str, Picture]


class _Writer:
    """Writes the blocks of an HTML document to a Word document, one after the other."""

    def __init__(self, document: Any, html: Any, records: Mapping[str, Any], pictures: Pictures):
        self.document, self.records, self.pictures = document, records, pictures
        self.end = document.element.body[-1]  # the properties of the last section
        self.marks = Marks.of(_targets(html))
        self.keys: list[str] = []
        self.notes_written: list[Any] = []
        self.landscape = False
        # What the next paragraph is to carry: bookmarks, and the number or bullet of a list.
        self.bookmarks: list[str] = []
        self.item: tuple[str, Any] | None = None

    # Paragraphs

    def paragraph(self, style: str, runs: list[Any], *properties: Any) -> None:
        """A paragraph of `style`, the first one of a list's item with its number or bullet."""
        if self.item:
            (style, numbering), self.item = self.item, None
            properties = (numbering, *properties)
        for target in self.bookmarks:
            runs = self.marks.around(target, runs)
        self.bookmarks = []
        style_of = xml.element("pStyle", val=style)
        self.end.addprevious(xml.element("p", xml.element("pPr", style_of, *properties), *runs))

    def runs(self, node: Any, caption_of: str | None = None) -> list[Any]:
        """Runs for what stands in `node`."""
        pieces = collapse_spaces(pieces_in(node))
        return runs_of(pieces, self.document.part, self.marks, caption_of)

    def blocks(self, node: Any, style: str = "Normal") -> None:
        """All that `node` holds; text that stands in it directly makes paragraphs of `style`."""
        loose = [*pieces_of_text(node.text)]
        for child in node:
            if any(inner.tag in BLOCKS for inner in child.iter()):
                self._loose(loose, style)
                self.block(child, style)
                loose = []
            elif child.tag not in UNSEEN:
                loose += pieces_of(child)
            loose += pieces_of_text(child.tail)
        self._loose(loose, style)

    def _loose(self, pieces: list[Piece], style: str) -> None:
        pieces = collapse_spaces(pieces)
        if pieces:
            self.paragraph(style, runs_of(pieces, self.document.part, self.marks))

    def block(self, node: Any, style: str) -> None:
        """The block `node`; `style` is that of the paragraphs around it."""
        target = node.get("id")
        if target in self.marks.names and not _holds_caption(node):
            self.bookmarks.append(target)
        if target == APPENDIX:
            self.block(node.find(".//h2"), style)
            self.paragraph(style, [xml.run(POINTER)])
        elif node.tag == "p" or node.tag in HEADINGS:
            self._paragraph_of(node, HEADINGS.get(node.tag, style))
        elif node.tag in ("ul", "ol"):
            self._list(node, depth=1 + (style.startswith("List")))
        elif node.tag == "table":
            self._table(node)
        elif node.tag == "figure":
            self._figure(node)
        elif node.tag == "blockquote":
            self.blocks(node, "Quote")
        elif has_class(node, "data-label"):
            self.paragraph("DataLabel", self.runs(node))
        elif node.tag not in UNSEEN:
            self.blocks(node, "ListContinue" if node.tag == "dd" else style)

    def _paragraph_of(self, node: Any, style: str) -> None:
        self._images(node)
        if node in self.notes_written or not text_of(node):
            return
        style = "Authors" if has_class(node, "authors") else style
        self.paragraph(style, self.runs(node))

    def _images(self, node: Any) -> None:
        for image in node.iter("img"):
            self.paragraph("Figure", [xml.element("r", self._drawing(image))])

    # Lists

    def _list(self, node: Any, depth: int) -> None:
        name = "ListNumber" if node.tag == "ol" else "ListBullet"
        style = name + ("2" if depth > 1 else "")
        number = _new_numbering(self.document, style, int(node.get("start", 1)))
        for item in node.iterchildren("li"):
            numbering = xml.element(
                "numPr", xml.element("ilvl", val=0), xml.element("numId", val=number)
            )
            self.item = (style, numbering)
            if item.get("id") in self.marks.names:
                self.bookmarks.append(item.get("id"))
            self.blocks(item, "ListContinue")
            self.item = None

    # Tables and figures

    def _table(self, node: Any) -> None:
        table = table_in_html(node, self.records, self.keys)
        self.keys.append(table.key)
        layout = choose_layout(table, *_text_widths())
        self._turn(landscape=layout.landscape)
        caption = node.find("caption")
        if caption is not None:
            around = next((e for e in (node, node.getparent()) if e.get("id")), node)
            runs = self.runs(caption, around.get("id"))
            self.paragraph("Caption", runs, xml.element("keepNext"))
        self.end.addprevious(word_table(table, layout, self.runs))
        for note in table.footnote_elements:
            is_last = note is table.footnote_elements[-1]
            together = None if is_last else xml.element("keepNext")
            self.paragraph("TableNote", self.runs(note), together)
        self.notes_written += table.footnote_elements
        # Word takes two tables without text between them for one.
        self.paragraph("TableNote", [])
        self._turn(landscape=False)

    def _turn(self, *, landscape: bool) -> None:
        """Go on on pages of the other orientation, if these are not of it."""
        if landscape == self.landscape:
            return
        self.landscape = landscape
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = section.page_height, section.page_width

    def _figure(self, node: Any) -> None:
        self._images(node)
        caption = node.find(".//figcaption")
        if caption is not None:
            self.paragraph("Caption", self.runs(caption, node.get("id")))

    def _drawing(self, image: Any) -> Any:
        """The picture of an `img`, with its alternative text, no wider than the text."""
        picture = self.pictures[image.get("src")]
        widest = _text_widths()[0]
        scale = min(1.0, widest / picture.width, TALLEST_FIGURE / picture.height)
        size = (Pt(picture.width * scale), Pt(picture.height * scale))
        inline = self.document.part.new_pic_inline(io.BytesIO(picture.png), *size)
        inline.docPr.set("descr", image.get("alt", ""))
        return xml.element("drawing", inline)


def _holds_caption(node: Any) -> bool:
    """Whether the bookmark of `node` stands in the caption of the table or figure that it is."""
    return node.tag in ("table", "figure") or node.find("table") is not None


def _targets(html: Any) -> set[str]:
    """Ids of what the text refers to and this document has: not the entries of numbers."""
    body = html.find("body")
    appendix = body.find(f".//*[@id='{APPENDIX}']")
    left_out = set(appendix.iterdescendants()) if appendix is not None else set()
    asked = {a.get("href")[1:] for a in body.iter("a") if (a.get("href") or "").startswith("#")}
    return {
        node.get("id")
        for node in body.iter()
        if node.get("id") in asked and node.tag in BLOCKS and node not in left_out
    }


def _text_widths() -> tuple[float, float]:
    """Width of the text in points, on upright pages and on pages on their side."""
    return tuple((side - 2 * styles.MARGIN) / Pt(1) for side in styles.PAGE)


def _new_numbering(document: Any, style: str, start: int) -> int:
    """The id of a numbering like that of the list style `style`, beginning at `start`."""
    numbering = document.part.numbering_part.element
    of_style = document.styles.element.get_by_id(style).pPr.numPr.numId.val
    kind = numbering.num_having_numId(of_style).abstractNumId.val
    added = numbering.add_num(kind)
    added.add_lvlOverride(0).add_startOverride(start)
    return added.numId


def word_document(
    html: str, records: Iterable[Mapping[str, Any]], pictures: Pictures, *, data_label, cut
) -> bytes:
    """The manuscript's `html` as DOCX.

    `records` is the registry that it prints; `pictures` has a Picture for the address of each image.
    `data_label` stands over each page. `cut`, the data cut's date, is the time of everything in the
    file; the same input gives the same bytes.
    """
    parsed = parse_html(html)
    document = docx.Document()
    package.drop_template_parts(document)
    styles.set_styles(document)
    styles.set_page(document)
    styles.set_language(document, parsed.get("lang"))
    styles.set_header_and_footer(document, data_label=data_label, cut=cut)
    author = parsed.find(".//meta[@name='author']")
    package.set_properties(
        document,
        title=text_of(parsed.find(".//title")),
        authors="" if author is None else author.get("content"),
        data_label=data_label,
        cut=cut,
    )
    writer = _Writer(document, parsed, {record["id"]: record for record in records}, pictures)
    writer.blocks(parsed.find("body"))
    content = io.BytesIO()
    document.save(content)
    return package.zip_with_date(content.getvalue(), cut)
