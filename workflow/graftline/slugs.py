"""Names as parts of ids."""

from __future__ import annotations

import re


def slug(text: str) -> str:
    """`text` as a part of a number's id: lower case, everything else one underscore.

    A text without a letter or digit is "none".
    """
    return re.sub(r"[^a-z0-9]+", "_", str(text).lower()).strip("_") or "none"
