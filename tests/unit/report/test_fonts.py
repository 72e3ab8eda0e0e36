"""Fonts come from pinned packages, by a name that cannot lead elsewhere."""

import base64
import re

import pytest

from graftline.report.fonts import FACES, SCHEME, embed_fonts, font_faces_css, read_font


@pytest.mark.parametrize("file", [face[2] for face in FACES])
def test_each_face_is_an_opentype_font_of_its_package(file):
    assert read_font(SCHEME + file)[:4] == b"OTTO"  # OpenType with CFF outlines


@pytest.mark.parametrize(
    "address",
    [
        "font:../../../../etc/passwd",
        "font:/etc/passwd",
        "font:",
        "font:Other.otf",
        "SourceSerifPro-Regular.otf",
        "file:///SourceSerifPro-Regular.otf",
    ],
)
def test_no_other_file_can_be_read(address):
    with pytest.raises(KeyError):
        read_font(address)


def test_every_face_is_declared_with_its_weight_and_style():
    css = font_faces_css()
    assert css.count("@font-face") == len(FACES)
    assert re.search(
        r'"Source Serif Pro"; font-weight: 400; font-style: italic; src: url\("font:SourceSerifPro-It.otf"\)',
        css,
    )
    assert "local(" not in css


def test_a_page_with_its_fonts_embedded_asks_for_none():
    html = embed_fonts(f"<style>{font_faces_css()}</style>")
    assert SCHEME + "Source" not in html
    fonts = re.findall(r'url\("data:font/otf;base64,([^"]+)"\)', html)
    assert [base64.b64decode(font)[:4] for font in fonts] == [b"OTTO"] * len(FACES)
