"""Figures as pictures of pixels, for word processors.

Word draws an SVG with the fonts of its machine, so that labels would be cut off or overlap; here the
report's own fonts draw it once. The vector files lie beside the manuscript.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree
from PIL import Image

# Pixels to the inch: what journals ask of a figure with text.
RESOLUTION = 300


@dataclass(frozen=True)
class Picture:
    """A PNG that is `width` by `height` points large in print."""

    png: bytes
    width: float
    height: float


def printed_size(address: str) -> tuple[float, float]:
    """Width and height in points of the picture at `address`; pixels are those of CSS, 96 to the inch."""
    kind, _, content = address.partition("base64,")
    if kind.startswith("data:image/svg+xml"):
        svg = etree.fromstring(base64.b64decode(content))
        return tuple(float(svg.get(side).removesuffix("pt")) for side in ("width", "height"))
    if kind.startswith("data:image/"):
        with Image.open(io.BytesIO(base64.b64decode(content))) as image:
            return tuple(side * 72 / 96 for side in image.size)
    return (72, 72)  # not of the document: it will not be drawn


def draw_pictures(addresses: Iterable[str], *, cut: str) -> dict[str, Picture]:
    """A picture for each of `addresses`, addresses of images, with the same bytes each time.

    Raises GraftlineError for an address that lies outside of the document.
    """
    import pypdfium2

    from graftline.report.fonts import font_faces_css
    from graftline.report.pdf import render_pdf

    addresses = list(dict.fromkeys(addresses))
    if not addresses:
        return {}
    sizes = [printed_size(address) for address in addresses]
    pages = "".join(
        f"@page p{n} {{ size: {width}pt {height}pt; margin: 0 }} #p{n} {{ page: p{n} }}"
        for n, (width, height) in enumerate(sizes)
    )
    images = "".join(f'<img id="p{n}" src="{src}" alt="{n}">' for n, src in enumerate(addresses))
    style = f"<style>{font_faces_css()} body {{ margin: 0 }} img {{ display: block; width: 100% }} {pages}</style>"
    html = f"<html lang='en'><head><title>Figures</title>{style}</head><body>{images}</body></html>"
    document = pypdfium2.PdfDocument(render_pdf(html, cut=cut, identifier="00" * 16))
    pictures = {}
    for address, page, (width, height) in zip(addresses, document, sizes, strict=True):
        content = io.BytesIO()
        page.render(scale=RESOLUTION / 72).to_pil().save(
            content, "PNG", dpi=(RESOLUTION, RESOLUTION)
        )
        pictures[address] = Picture(content.getvalue(), width, height)
    return pictures
