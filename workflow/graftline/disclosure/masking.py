"""Which records are masked: small counts, what gives them away, and what stands on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from graftline.disclosure.audit import Unknowns
from graftline.disclosure.policy import MASKED, Policy
from graftline.disclosure.relations import Key, Sums, find_sums, key_of
from graftline.errors import GraftlineError
from graftline.numbers.statistics import SHARES

SMALL = "masked: it is of fewer patients than the study's policy shows"
PROTECTING = "masked: it is small, or would give away a small count"
FAR = 10**9  # more than any count

Record = dict[str, Any]


def _is_small(sums: Sums, key: Key, policy: Policy) -> bool:
    return policy.masks(sums.counts[key].patients)


def _bounds(sums: Sums, key: Key, policy: Policy, vague: set[Key]) -> tuple[int, int]:
    """What anybody knows of a count that is not told: "<5", or masked and so not under 5, or nothing."""
    count = sums.counts[key]
    if not count.shown_by:
        return 0, FAR
    if key[0] != "patients" or key in vague:
        return 1, FAR
    if _is_small(sums, key, policy):
        return 1, policy.threshold - 1
    return policy.threshold, FAR


def choose_masked(
    sums: Sums, policy: Policy, *, pinned: Iterable[Key] = (), masked: Iterable[Key] = ()
) -> tuple[set[Key], set[Key]]:
    """The counts to mask: those of 1 to threshold - 1 patients, and as many others as it takes for none
    of these, nor of what is left of a whole beside its parts, to be told by those that are shown.

    Second, those of them of which not even "<5" may be said: four counts that are each "<5" and make
    one that is "<5" would all be known to be 1. `masked`: counts masked already; `pinned`: counts that
    must stay, because a figure shows them. Raises GraftlineError if that is not possible.
    """
    counts, pinned = sums.counts, set(pinned)
    # How many there are in all is told somewhere, by another analysis if not by this one.
    shown = {key for key, count in counts.items() if count.shown_by} | sums.populations
    sensitive = {key for key in counts if _is_small(sums, key, policy)}
    masked, vague = set(masked) | (shown & sensitive), set()
    values = {key: count.n for key, count in counts.items()}
    wholes = {key for relation in sums.relations for key, factor in relation.items() if factor > 0}

    def cost(key: Key) -> tuple:
        """What masking it loses: a population the most and the larger the more, then a whole of others,
        then by records, then by its size."""
        n, by = counts[key].n, len(counts[key].shown_by)
        return (True, n, by, key) if key in sums.populations else (False, key in wholes, by, n, key)

    def audit(spoken_of: set[Key]) -> Unknowns:
        bounds = {key: _bounds(sums, key, policy, spoken_of) for key in unknown}
        return Unknowns(sums.relations, values, bounds)

    asked = sensitive
    while True:
        unknown = {key for key, count in counts.items() if count.n and key not in shown} | masked
        told = audit(vague).find_told(asked & unknown)
        if not told and asked is sensitive:
            return masked, vague
        # What is masked besides only frees counts: those told are asked of alone, and once more all.
        asked = set(told) or sensitive
        still_told = audit(masked).find_told(set(told))
        changed: set[Key] = set()
        for key, relations in told.items():
            near = {key}.union(*(relation for relation in relations if key in relation))
            if not changed.isdisjoint(near):
                continue  # see first what that does
            part = near.union(*relations)
            free = shown - masked - pinned
            # A population last: other analyses and figures print how many it is too.
            smaller = free - sums.populations
            places = [
                place & some for some in (smaller - wholes, smaller, free) for place in (near, part)
            ]
            if key not in still_told:  # "<5" says too much, and no other count
                # A larger one that is masked prints like a small one of which no more is said.
                spoken, silent = masked & sensitive - vague, masked - sensitive - vague
                said = [place & some for some in (spoken, silent) for place in (near, part)]
                places = [*said, *places]
            options = next((place for place in places if place), None)
            if options is None and changed:
                continue
            if options is None:
                raise GraftlineError(
                    "what a figure shows gives away a masked count; take the figure's endpoint out of the "
                    "main text (endpoints.*.report in study.yaml) or set disclosure.mask_below higher"
                )
            one = min(options, key=cost)
            if changed and one in sums.populations:
                continue  # what else was masked may do
            (vague if one in masked else masked).add(one)
            changed.add(one)


def _keys_shown(sums: Sums) -> dict[str, set[Key]]:
    found: dict[str, set[Key]] = {}
    for key, count in sums.counts.items():
        for record in count.shown_by:
            found.setdefault(record, set()).add(key)
    return found


def _tells_too_much(record: Mapping[str, Any], chosen: set[Key], policy: Policy) -> bool:
    """Whether its value is of a few patients, or gives one of them or a masked count away."""
    stands = record["stands_on"]
    if stands.get("tied") and any(key_of(cell) in chosen for cell in stands["needs"]):
        return True
    beside = stands["beside"]
    return any(policy.masks(cell["patients"]) for cell in stands["needs"]) or (
        beside is not None and beside < policy.threshold
    )


def _mask(record: Mapping[str, Any], display: str, reason: str) -> Record:
    shown = {"display": MASKED, "decimals": 0}  # decimals could tell of the value
    return {**record, "value": None, "display": display, "format": shown, "reason": reason}


def mask_records(
    records: Iterable[Mapping[str, Any]],
    policy: Policy,
    *,
    pinned: Iterable[str] = (),
    masked: Iterable[str] = (),
) -> list[Record]:
    """The records as they may be shown: masked ones without value, with "<5" or "masked" and a reason.

    `records` come from `graftline.numbers.evaluate` with masking. `pinned`: ids of numbers that a
    figure shows; `masked`: ids of those that an analysis has masked already.
    """
    records = [dict(record) for record in records]
    if not policy.is_masking:
        return records
    sums = find_sums(records)
    shows, pinned, before = _keys_shown(sums), set(pinned), set(masked)
    seen = {key for id in pinned for key in shows.get(id, ())}
    hidden = {
        key
        for record in records
        if record["id"] in before and record["statistic"]["name"] not in SHARES
        for key in shows.get(record["id"], ())
    }
    # What one analysis masks and another's figure shows is known.
    chosen, vague = choose_masked(sums, policy, pinned=seen, masked=hidden - seen)
    released = []
    for record in records:
        keys = shows.get(record["id"], set())
        if not record.get("stands_on"):
            released.append(record)
        elif keys & chosen:
            told = record["statistic"]["name"] not in SHARES and all(
                key[0] == "patients" and key not in vague and _is_small(sums, key, policy)
                for key in keys
            )
            released.append(
                _mask(record, policy.small, SMALL) if told else _mask(record, MASKED, PROTECTING)
            )
        elif record["value"] is not None and _tells_too_much(record, chosen, policy):
            released.append(_mask(record, MASKED, SMALL))
        elif record["value"] is not None and record["id"] in before:
            released.append(_mask(record, MASKED, PROTECTING))
        else:
            released.append(record)
    return released
