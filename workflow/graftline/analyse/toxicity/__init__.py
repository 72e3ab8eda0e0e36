"""Toxicity by arm: worst grades, items, signs, other scales, shifts, and what the figure draws."""

from graftline.analyse.toxicity.bars import collect_bars, describe_figure
from graftline.analyse.toxicity.declare import declare_toxicity
from graftline.analyse.toxicity.facts import state_facts
from graftline.analyse.toxicity.layout import lay_out_tables
from graftline.analyse.toxicity.plan import Plan, plan_toxicity

__all__ = [
    "Plan",
    "collect_bars",
    "declare_toxicity",
    "describe_figure",
    "lay_out_tables",
    "plan_toxicity",
    "state_facts",
]
