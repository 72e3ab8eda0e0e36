"""Comparison of values with limits: exact for decimal numbers, and three-valued."""

from __future__ import annotations

import numpy as np

from graftline.grading.scale import Criterion

DECIMALS = 9
SIGNIFICANT = 15
# Below this, 15 significant digits hold 9 decimals.
ORDINARY = 10.0 ** (SIGNIFICANT - DECIMALS)


def round_for_comparison(values: np.ndarray) -> np.ndarray:
    """`values` to 9 decimals, or 15 significant digits where that is coarser.

    Two floats that stand for one decimal number, such as 35.2 * 1.25 and 44, become equal.
    """
    values = np.asarray(values, dtype=float)
    with np.errstate(invalid="ignore"):
        largest = np.fmax.reduce(np.abs(values), axis=None, initial=0)
        if largest < ORDINARY:
            return np.rint(values * 10.0**DECIMALS) / 10.0**DECIMALS
        magnitude = np.abs(values, where=np.isfinite(values), out=np.ones_like(values))
        with np.errstate(divide="ignore"):
            before_point = np.where(magnitude >= 1, np.floor(np.log10(magnitude)) + 1, 1)
        scale = 10.0 ** np.minimum(DECIMALS, SIGNIFICANT - before_point)
        return np.rint(values * scale) / scale


def round_half_away(values: np.ndarray, decimals: np.ndarray | int) -> np.ndarray:
    """`values` to `decimals` places, halves away from nought, without binary noise at the half."""
    scale = 10.0 ** np.asarray(decimals)
    scaled = round_for_comparison(np.asarray(values, dtype=float) * scale)
    return np.copysign(np.floor(np.abs(scaled) + 0.5), scaled) / scale


def compare(
    criterion: Criterion,
    values: np.ndarray,
    thresholds: np.ndarray,
    below: np.ndarray | None = None,
    above: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray | None]:
    """Whether `values` have reached `thresholds`, and where that cannot be known.

    Both are rounded for comparison; nothing is reached where one is NaN. Where `below` is true the
    value is any number under the one written and not under nought; where `above` is true, any over
    it. The second result is None if all can be known.
    """
    with np.errstate(invalid="ignore"):
        if criterion.falling:
            met = values <= thresholds if criterion.inclusive else values < thresholds
        else:
            met = values >= thresholds if criterion.inclusive else values > thresholds
        unknown = None
        if below is not None:
            at_most = values <= thresholds
            if criterion.falling:
                never = thresholds < 0 if criterion.inclusive else thresholds <= 0
                met = np.where(below, at_most & ~never, met)
                unknown = below & ~at_most & ~never
            else:
                always = thresholds <= 0 if criterion.inclusive else thresholds < 0
                met = np.where(below, always, met)
                unknown = below & ~at_most & ~always
        if above is not None:
            at_least = values >= thresholds
            met = np.where(above, at_least & (not criterion.falling), met)
            open_ended = above & ~at_least
            unknown = open_ended if unknown is None else unknown | open_ended
    return met, unknown
