"""Fonts from pinned packages, as CSS that carries them."""

from __future__ import annotations

import base64
from importlib.util import find_spec
from pathlib import Path

FACES = (
    ("Source Serif Pro", "font_source_serif_pro", "SourceSerifPro-Regular.otf", 400, "normal"),
    ("Source Serif Pro", "font_source_serif_pro", "SourceSerifPro-It.otf", 400, "italic"),
    ("Source Serif Pro", "font_source_serif_pro", "SourceSerifPro-Bold.otf", 700, "normal"),
    ("Source Sans Pro", "font_source_sans_pro", "SourceSansPro-Regular.otf", 400, "normal"),
    ("Source Sans Pro", "font_source_sans_pro", "SourceSansPro-It.otf", 400, "italic"),
    ("Source Sans Pro", "font_source_sans_pro", "SourceSansPro-Semibold.otf", 600, "normal"),
    ("Source Sans Pro", "font_source_sans_pro", "SourceSansPro-Bold.otf", 700, "normal"),
)


def font_faces_css() -> str:
    """`@font-face` rules with the fonts themselves, so that no page depends on a machine's fonts."""
    rules = []
    for family, package, file, weight, style in FACES:
        content = (Path(find_spec(package).origin).parent / "files" / file).read_bytes()
        data = base64.b64encode(content).decode("ascii")
        rules.append(
            f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-style: {style}; '
            f'src: url("data:font/otf;base64,{data}") format("opentype"); }}'
        )
    return "\n".join(rules)
