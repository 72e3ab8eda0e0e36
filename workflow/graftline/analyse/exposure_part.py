"""What the description of the cohort says of exposure: numbers, table, facts and figure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from graftline.analyse import exposure_cycles
from graftline.analyse.exposure import declare_exposure, lay_out_exposure, state_facts
from graftline.disclosure.policy import read_policy
from graftline.disclosure.shown import Shown
from graftline.figures.dose_intensity import draw_dose_intensity
from graftline.numbers import evaluate

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def describe_exposure(
    frames: Mapping[str, pd.DataFrame], params: Mapping[str, Any]
) -> tuple[dict[str, Any], Figure, str]:
    """Doses given against doses planned, by drug, arm and cycle, and who stopped.

    `frames` are the derived tables exposure and exposure_total, `params` has arms, drugs, disclosure and
    data_label. Returns what `graftline.numbers.fragment` takes, the figure, and what it shows in words.
    """
    cycles, totals = frames["exposure"], frames["exposure_total"]
    study = {"arms": params["arms"] or {}, "drugs": params["drugs"] or {}}
    numbers = declare_exposure(totals, **study) + exposure_cycles.declare_cycles(cycles, **study)
    policy = read_policy(params["disclosure"])
    records = evaluate(numbers, frames, data_label=params["data_label"], masking=policy.is_masking)
    seen = Shown(records, policy)
    drawn = exposure_cycles.list_panels(
        cycles, seen.printed, disclosure=params["disclosure"], **study
    )
    figure = exposure_cycles.describe_figure(drawn)
    figure["caption"] += seen.note
    part = {
        "records": records,
        "tables": {"exposure": lay_out_exposure(totals, **study)},
        "facts": state_facts(totals, **study),
        # A figure without a plan is written, because the rule states it, and shown nowhere.
        "figures": {"dose_intensity": figure} if drawn["panels"] else {},
        **seen.hand_over(),
    }
    return part, draw_dose_intensity(drawn), figure["alt"]
