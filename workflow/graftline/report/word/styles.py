"""The look of the Word document: page, styles, language, header and footer.

Fonts are those that every word processor has or has the like of; co-authors do not have the report's.
"""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from graftline.report.word import xml

SERIF, SANS = "Times New Roman", "Arial"
BLACK, GREY, RED = (RGBColor.from_string(code) for code in ("1A1A1A", "444444", "8A1C1C"))
# A4, as the PDF.
PAGE, MARGIN = (Mm(210), Mm(297)), Mm(22)

# Name, base, font, size in points, then what else is not as in its base: bold, italic, colour, space
# before and after in points.
STYLES: tuple[tuple[str, str | None, str, float, dict[str, Any]], ...] = (
    ("Normal", None, SERIF, 11, {"after": 6, "line": 1.25}),
    ("Title", "Normal", SANS, 18, {"bold": True, "after": 6, "line": 1.1, "color": BLACK}),
    ("Authors", "Normal", SANS, 10.5, {"color": GREY, "after": 12}),
    ("Heading 1", "Normal", SANS, 14, {"bold": True, "before": 16, "after": 4, "color": BLACK}),
    ("Heading 2", "Normal", SANS, 12, {"bold": True, "before": 10, "after": 3, "color": BLACK}),
    ("Heading 3", "Normal", SANS, 11, {"bold": True, "before": 8, "after": 2, "color": BLACK}),
    ("Heading 4", "Normal", SANS, 10, {"bold": True, "before": 6, "after": 2, "color": BLACK}),
    ("Caption", "Normal", SANS, 9, {"bold": False, "before": 8, "after": 4, "color": BLACK}),
    ("Table Note", "Normal", SANS, 8, {"before": 2, "after": 2, "line": 1.0, "color": GREY}),
    ("Table Text", "Normal", SANS, 9, {"before": 1, "after": 1, "line": 1.0}),
    ("Table Text Strong", "Table Text", SANS, 9, {"bold": True}),
    ("Table Text Small", "Table Text", SANS, 7.5, {}),
    ("Table Text Small Strong", "Table Text Small", SANS, 7.5, {"bold": True}),
    ("Table Text Tiny", "Table Text", SANS, 6.5, {}),
    ("Table Text Tiny Strong", "Table Text Tiny", SANS, 6.5, {"bold": True}),
    ("Figure", "Normal", SERIF, 11, {"before": 8, "after": 2, "line": 1.0}),
    ("List Bullet", "Normal", SERIF, 11, {"after": 3}),
    ("List Number", "Normal", SERIF, 11, {"after": 3}),
    ("List Bullet 2", "Normal", SERIF, 11, {"after": 3}),
    ("List Number 2", "Normal", SERIF, 11, {"after": 3}),
    ("Quote", "Normal", SERIF, 11, {"italic": True, "color": GREY}),
    ("Data Label", "Normal", SANS, 10, {"bold": True, "color": RED, "after": 10}),
    ("Header", "Normal", SANS, 8, {"color": GREY, "after": 0}),
    ("Footer", "Normal", SANS, 8, {"color": GREY, "after": 0}),
)
KEEP_WITH_NEXT = ("Heading 1", "Heading 2", "Heading 3", "Heading 4", "Title", "Figure")


def _set_font(style: Any, name: str) -> None:
    style.font.name = name
    fonts = style.element.rPr.rFonts
    for key in list(fonts.keys()):
        if key.endswith("Theme") or key.endswith("theme"):
            del fonts.attrib[key]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), name)


def set_styles(document: Any) -> None:
    """Give `document` the styles of `STYLES`, in place of what the template makes of them."""
    for name, base, font, size, look in STYLES:
        if name not in document.styles:
            document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style = document.styles[name]
        if base:
            style.base_style = document.styles[base]
        _set_font(style, font)
        style.font.size = Pt(size)
        for key in ("bold", "italic"):
            if key in look:
                setattr(style.font, key, look[key])
        if "color" in look:
            style.font.color.rgb = look["color"]
        paragraph = style.paragraph_format
        paragraph.space_before = Pt(look.get("before", 0))
        if "after" in look:
            paragraph.space_after = Pt(look["after"])
        if "line" in look:
            paragraph.line_spacing = look["line"]
        paragraph.widow_control = True
        paragraph.keep_with_next = name in KEEP_WITH_NEXT
        style.hidden, style.quick_style = False, True
    for border in document.styles["Title"].element.pPr.findall(qn("w:pBdr")):
        border.getparent().remove(border)
    code = document.styles.add_style("Code", WD_STYLE_TYPE.CHARACTER)
    _set_font(code, "Courier New")


def set_language(document: Any, language: str) -> None:
    """The language of all text, by which Word checks its spelling."""
    for found in document.styles.element.iter(qn("w:lang")):
        found.set(qn("w:val"), language)
    document.settings.element.find(qn("w:themeFontLang")).set(qn("w:val"), language)
    document.core_properties.language = language


def set_page(document: Any) -> None:
    """A4 with margins as in the PDF."""
    section = document.sections[0]
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    section.header_distance = section.footer_distance = Mm(11)


def set_header_and_footer(document: Any, *, data_label: str | None, cut: str) -> None:
    """The data label, or the date of the cut, over each page, and page x of y below it."""
    section = document.sections[0]
    above = section.header.paragraphs[0]
    text = above.add_run(data_label or f"Data cut {cut}")
    text.bold = bool(data_label)
    if data_label:
        text.font.color.rgb = RED
    below = section.footer.paragraphs[0]
    below.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for made in (*xml.field("PAGE", "1"), xml.run(" of "), *xml.field("NUMPAGES", "1")):
        below._p.append(made)
