"""Short ways to write WordprocessingML (ECMA-376)."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

# Word measures lengths in twentieths of a point, font sizes in halves of one.
POINT = 20
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def element(name: str, /, *children: Any, **attributes: Any) -> Any:
    """`<w:name w:attribute="...">` with `children`; those that are None are left out."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    made.extend([child for child in children if child is not None])
    return made


def run(text: str, *properties: Any) -> Any:
    """A run of `text` with run properties."""
    shown = element("t")
    shown.text = text
    shown.set(_SPACE, "preserve")
    return element("r", element("rPr", *properties) if properties else None, shown)


def field(instruction: str, shown: str, *properties: Any) -> list[Any]:
    """A field that Word can work out anew, with what it says now."""

    def looks(*content: Any) -> Any:
        return element(
            "r", element("rPr", *map(deepcopy, properties)) if properties else None, *content
        )

    code = element("instrText")
    code.text = f" {instruction} "
    code.set(_SPACE, "preserve")
    return [
        looks(element("fldChar", fldCharType="begin")),
        looks(code),
        looks(element("fldChar", fldCharType="separate")),
        run(shown, *map(deepcopy, properties)),
        looks(element("fldChar", fldCharType="end")),
    ]
