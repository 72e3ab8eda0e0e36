"""From the manuscript's HTML, where it lies in a results folder, to the explorer beside it."""

from __future__ import annotations

import re

EXPLORER = "../patient_level/explorer.html"
_ENTRY = re.compile(r'(<dt id="entry-\d+"[^>]*>)(.*?)(</dt>)', re.DOTALL)
# An entry's ids: each begins the entry or follows a semicolon, and has its value behind it.
_ID = re.compile(r"(^|; )([a-z0-9_]+(?:\.[a-z0-9_]+)+)(?=\s)")


def link_to_explorer(html: str) -> str:
    """`html` with a link from each id of the appendix's entries to its record in the explorer.

    Where the explorer is not at hand, as for those who may not see patients, the links lead nowhere and
    the text is the same.
    """

    def link_ids(entry: re.Match) -> str:
        ids = _ID.sub(rf'\1<a class="place" href="{EXPLORER}#\2">\2</a>', entry[2])
        return entry[1] + ids + entry[3]

    return _ENTRY.sub(link_ids, html)
