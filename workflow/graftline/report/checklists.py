"""Reporting checklists: each item with the parts of the manuscript that report it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graftline.errors import GraftlineError

NOT_STATED = "not stated"
_ID = re.compile(r'\bid="([^"]+)"')


@dataclass(frozen=True)
class Place:
    """A part of the manuscript: its id, and its name unless it is the number of a table or figure."""

    id: str
    kind: str
    name: str


@dataclass(frozen=True)
class Item:
    """An item of a checklist; `places` report it, and `otherwise` says why there is none."""

    item: str
    what: str
    places: list[Place]
    otherwise: str


@dataclass(frozen=True)
class Checklist:
    name: str
    caption: str
    items: list[Item]


def ids_in(html: str) -> set[str]:
    """The ids of the elements of `html`."""
    return set(_ID.findall(html))


def _place(place: str, names: Mapping[str, str]) -> Place:
    kind, _, name = place.partition("-")
    if kind in ("table", "figure") and name:
        return Place(place, kind, name)
    if place not in names:
        raise GraftlineError(f"report/checklists.yaml: places has no name for {place}")
    return Place(place, "", names[place])


def asks_for(checklist: Mapping[str, Any], protocol: Mapping[str, Any]) -> bool:
    """Whether a checklist is one for this study: `needs` names a section of its protocol."""
    return "needs" not in checklist or checklist["needs"] in protocol


def place_items(checklist: Mapping[str, Any], names: Mapping[str, str], ids: set[str]) -> Checklist:
    """The checklist with the places of each item that are among `ids`, the ids of a manuscript."""
    items = []
    for item in checklist["items"]:
        places = [_place(place, names) for place in item["where"] if place in ids]
        named = list({(place.kind, place.name): place for place in reversed(places)}.values())
        otherwise = item.get("otherwise", NOT_STATED)
        items.append(Item(item["item"], item["what"], named[::-1], otherwise))
    return Checklist(checklist["name"], checklist["caption"], items)
