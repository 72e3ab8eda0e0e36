"""What the pages for people who know the patients begin with: one HTML file without anything from
elsewhere."""

from __future__ import annotations

from html import escape

# A browser is slow with more; the CSV file beside the page has them all.
MAX_ROWS = 5000
_STYLE = """
body{font:16px/1.45 sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#222}
.label{border:2px solid #9a3412;color:#9a3412;padding:.5rem .8rem;font-weight:bold}
table{border-collapse:collapse;width:100%;margin-bottom:2rem}
caption{text-align:left;font-weight:bold;padding:.4rem 0}
th,td{border-bottom:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top}
th{background:#f2f2f2}
"""


def open_page(title: str, data_label: str | None, *, style: str = "") -> list[str]:
    """The lines up to the page's own content: its `title`, the style with more `style` of its own, and
    the data label; the page ends with `CLOSE`."""
    parts = [
        "<!doctype html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>',
        '<meta name="viewport" content="width=device-width">',
        f"<style>{_STYLE}{style}</style></head><body><h1>{escape(title)}</h1>",
    ]
    return [*parts, f'<p class="label">{escape(data_label)}</p>'] if data_label else parts


CLOSE = "</body></html>"
