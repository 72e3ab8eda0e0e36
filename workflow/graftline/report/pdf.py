"""The PDF of the manuscript's HTML, with the same bytes each time."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from types import MappingProxyType
from typing import Any

import pydyf

from graftline.errors import GraftlineError
from graftline.report.fonts import FACES, read_font
from graftline.report.pages import index_pages
from graftline.report.without_compilers import without_compilers

with without_compilers():
    import weasyprint
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

# Against this address, which is nowhere, a relative one is asked of the fetcher and not passed over.
NOWHERE = "nowhere:/"
FAMILIES = {family for family, *_ in FACES}
NONE: Mapping[str, bytes] = MappingProxyType({})
# Why this variant: docs/decisions/0012-pdf-for-archives.md
OPTIONS = {"pdf_variant": "pdf/a-3a", "pdf_tags": True, "output_intent": "srgb"}


class ReportFetcher(URLFetcher):
    """Serves fonts of the pinned packages and what the document itself carries (data: URIs), and
    nothing of the machine or the network. `refused` holds the other addresses asked for."""

    def __init__(self):
        super().__init__(allowed_protocols=["data"])
        self.refused: list[str] = []

    def fetch(self, url, headers=None):
        """The resource at `url`; any other stops the build."""
        if url.startswith("data:"):
            return super().fetch(url, headers)
        try:
            return URLFetcherResponse(url, read_font(url), {"Content-Type": "font/otf"})
        except KeyError:
            self.refused.append(url)
            raise FatalURLFetchingError(url) from None


def _check_fonts(document: weasyprint.Document) -> None:
    """Raise GraftlineError if a font of the machine was used, or none had a character."""
    foreign = [font for font in document.fonts.values() if font.family not in FAMILIES]
    if foreign:
        characters = sorted({text for font in foreign for text in font.to_unicode.values()})
        raise GraftlineError(
            f"the report's own fonts cannot set {' '.join(characters[:10])!r}, and this machine's "
            f"{foreign[0].family} would; use other characters, or a font family of the report's style"
        )
    missing = sorted({chr(code) for font in document.fonts.values() for code in font.missing})
    if missing:
        raise GraftlineError(f"the report's fonts do not have the characters {' '.join(missing)}")


class _Written(pydyf.Object):
    """An object of the file as it will be written."""

    data, compressible = b"", False

    def __init__(self, given: pydyf.Object):
        super().__init__()
        self.number, self.generation, self.free = given.number, given.generation, given.free
        self.data, self.compressible = given.data, given.compressible


def _finish(document: weasyprint.Document, pdf: pydyf.PDF) -> None:
    """WeasyPrint names each attachment twice among the files associated with the document; and pydyf asks
    for the data of every object twice, once to write it and once for the file's id, and compresses it
    each time."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
    pdf.objects = [one if one.free == "f" else _Written(one) for one in pdf.objects]


def _attachments(files: Mapping[str, bytes], time: datetime) -> list[weasyprint.Attachment]:
    return [
        weasyprint.Attachment(
            file_obj=BytesIO(content), name=name, created=time, modified=time, relationship="Data"
        )
        for name, content in sorted(files.items())
    ]


def render_pdf(html: str, **options: Any) -> bytes:
    """The PDF alone of `render_indexed_pdf`."""
    return render_indexed_pdf(html, **options)[0]


def render_indexed_pdf(
    html: str, *, cut: str, identifier: str, attached: Mapping[str, bytes] = NONE
) -> tuple[bytes, dict[str, Any]]:
    """PDF/A-3a of `html`: to be kept for decades, and tagged for readers that cannot see it; and what
    stands on which page (`index_pages`).

    `cut`, the data cut's date, is the time of everything in the file; `identifier`, in hexadecimal,
    becomes the file's id; `attached` are the files that it carries, by name. No clock and no random
    number is used. Raises GraftlineError for an address that lies outside of the document and for
    text that the report's own fonts cannot set.
    """
    time = datetime.fromisoformat(cut).replace(tzinfo=UTC)
    # The font subsetter writes this time into the fonts.
    os.environ["SOURCE_DATE_EPOCH"] = str(int(time.timestamp()))
    fetcher = ReportFetcher()
    pdf, index = b"", {}
    # FatalURLFetchingError is no Exception, and WeasyPrint swallows it inside an SVG.
    with suppress(FatalURLFetchingError):
        page = weasyprint.HTML(string=html, url_fetcher=fetcher, base_url=NOWHERE)
        document = page.render(**OPTIONS)
        pdf = document.write_pdf(
            finisher=_finish,
            pdf_identifier=bytes.fromhex(identifier)[:16],
            attachments=_attachments(attached, time),
            **OPTIONS,
        )
        _check_fonts(document)
        index = index_pages(document.pages)
    if fetcher.refused:
        raise GraftlineError(
            f"the report asks for {fetcher.refused[0]!r}, which lies outside of it; a report holds "
            "all that it shows"
        )
    return pdf, index
