"""The PDF of the manuscript's HTML, with the same bytes each time."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import weasyprint
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from graftline.report.fonts import SCHEME, read_font


class ReportFetcher(URLFetcher):
    """Serves fonts of the pinned packages and what the document itself carries (data: URIs), and
    nothing of the machine or the network."""

    def fetch(self, url, headers=None):
        """The resource at `url`; any other stops the build."""
        if url.startswith(SCHEME):
            return URLFetcherResponse(url, read_font(url), {"Content-Type": "font/otf"})
        if url.startswith("data:"):
            return super().fetch(url, headers)
        raise FatalURLFetchingError(f"the report asks for {url!r}, which lies outside of it")


def render_pdf(html: str, *, cut: str, identifier: str) -> bytes:
    """PDF of `html`, tagged for readers that cannot see it.

    `cut`, the data cut's date, is the time of everything in the file; `identifier`, in hexadecimal,
    becomes the file's id. No clock and no random number is used.
    """
    epoch = int(datetime.fromisoformat(cut).replace(tzinfo=UTC).timestamp())
    # The font subsetter writes this time into the fonts.
    os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
    document = weasyprint.HTML(string=html, url_fetcher=ReportFetcher())
    return document.write_pdf(
        pdf_identifier=bytes.fromhex(identifier)[:16], pdf_tags=True, custom_metadata=True
    )
