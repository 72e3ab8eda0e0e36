"""Fonts from pinned packages, and never from the machine."""

from __future__ import annotations

import base64
import re
from importlib.util import find_spec
from pathlib import Path

# Family, package, file, weight, style.
FACES = (
    ("Source Serif Pro", "font_source_serif_pro", "SourceSerifPro-Regular.otf", 400, "normal"),
    ("Source Serif Pro", "font_source_serif_pro", "SourceSerifPro-It.otf", 400, "italic"),
    ("Source Serif Pro", "font_source_serif_pro", "SourceSerifPro-Bold.otf", 700, "normal"),
    ("Source Sans Pro", "font_source_sans_pro", "SourceSansPro-Regular.otf", 400, "normal"),
    ("Source Sans Pro", "font_source_sans_pro", "SourceSansPro-It.otf", 400, "italic"),
    ("Source Sans Pro", "font_source_sans_pro", "SourceSansPro-Semibold.otf", 600, "normal"),
    ("Source Sans Pro", "font_source_sans_pro", "SourceSansPro-Bold.otf", 700, "normal"),
)
SCHEME = "font:"
_PACKAGES = {file: package for _, package, file, _, _ in FACES}


def font_faces_css() -> str:
    """`@font-face` rules for `FACES`; a font's address is `font:` and its file name."""
    return "\n".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style}; '
        f'src: url("{SCHEME}{file}") format("opentype"); }}'
        for family, _, file, weight, style in FACES
    )


def read_font(address: str) -> bytes:
    """The font at `font:FILE`. Raises KeyError for any other address."""
    if not address.startswith(SCHEME):
        raise KeyError(address)
    file = address.removeprefix(SCHEME)
    return (Path(find_spec(_PACKAGES[file]).origin).parent / "files" / file).read_bytes()


def embed_fonts(html: str) -> str:
    """`html` with each font's address replaced by the font itself, so that it stands alone."""

    def embed(found: re.Match) -> str:
        data = base64.b64encode(read_font(found[0])).decode("ascii")
        return f"data:font/otf;base64,{data}"

    return re.sub(SCHEME + r"[A-Za-z]+-[A-Za-z]+\.otf", embed, html)
