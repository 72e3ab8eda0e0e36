"""Which numbers a text, a table's layout or a figure names as {id}."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

PLACE = re.compile(r"\{([a-z0-9_]+(?:\.[a-z0-9_]+)*)\}")


def numbers_in(*texts: str) -> list[str]:
    """The ids named in `texts`, each once, in their order."""
    return list(dict.fromkeys(number for text in texts for number in PLACE.findall(text)))


def numbers_in_layout(layout: Mapping[str, Any]) -> list[str]:
    """The ids named anywhere in a table's layout."""
    groups = [group["label"] for group in layout.get("column_groups", [])]
    texts = [layout["caption"], *groups, *layout["columns"], *layout.get("footnotes", [])]
    for row in layout["rows"]:
        texts += [row["label"], *row["cells"]]
    return numbers_in(*texts)
