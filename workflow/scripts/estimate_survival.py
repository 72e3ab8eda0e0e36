"""Estimate survival and competing risks, and draw the curves."""

from graftline import tables
from graftline.analyse import survival_figures, survival_forest, survival_text
from graftline.analyse.survival import SurvivalAnalysis
from graftline.disclosure.policy import read_policy
from graftline.disclosure.shown import Shown
from graftline.figures.cumulative_incidence import draw_cumulative_incidence
from graftline.figures.forest import draw_forest
from graftline.figures.style import write_svg
from graftline.figures.survival import draw_kaplan_meier
from graftline.numbers import evaluate, fragment


def main(inputs, outputs, *, params):
    """Inputs: endpoints, endpoints_bounds. Outputs: fragment, kaplan_meier, cumulative_incidence,
    forest.

    Params: endpoints, origins, survival, labels, arms, events (or None), disclosure, data_label.
    """
    label = params["data_label"]
    names = ("endpoints", "endpoints_bounds")
    frames = {name: tables.read_parquet(inputs[name]) for name in names}
    sections = (params[name] for name in ("endpoints", "origins", "survival", "labels", "arms"))
    policy = read_policy(params["disclosure"])
    more = {"bounds": frames["endpoints_bounds"], "events": params.get("events")}
    analysis = SurvivalAnalysis(frames["endpoints"], *sections, **more, policy=policy)
    if not analysis.headlines:  # no number stands on it
        frames.pop("endpoints_bounds")
    records = evaluate(analysis.declare(), frames, data_label=label, masking=policy.is_masking)

    seen = Shown(records, policy)
    printed = seen.printed
    time_label = survival_figures.label_time(analysis)
    curves = survival_figures.list_kaplan_meier_panels(analysis, printed)
    stacks, causes = survival_figures.list_incidence_panels(analysis, printed)
    blocks = survival_forest.list_forest(analysis, seen.values, printed)
    ticks = analysis.ticks
    drawn = {
        "kaplan_meier": draw_kaplan_meier(curves, ticks, time_label),
        "cumulative_incidence": draw_cumulative_incidence(stacks, causes, ticks, time_label),
        "forest": draw_forest(blocks),
    }
    texts = {
        "kaplan_meier": survival_text.describe_kaplan_meier(analysis),
        "cumulative_incidence": survival_text.describe_cumulative_incidence(analysis),
        "forest": survival_forest.describe_forest(analysis),
    }
    for name, figure in drawn.items():
        write_svg(figure, outputs[name], data_label=label, alt=texts[name]["alt"])
    # A figure without anything to draw is written, because the rule states it, and shown nowhere.
    shown = {"kaplan_meier": curves, "cumulative_incidence": stacks, "forest": blocks}
    figures = {
        name: {"file": f"figures/{name}.svg", **survival_text.note_masking(texts[name], seen)}
        for name in drawn
        if shown[name]
    }
    content = fragment(
        records,
        tables=survival_text.lay_out_tables(analysis, seen.values),
        facts=analysis.facts(),
        figures=figures,
        data_label=label,
        **seen.hand_over(),
    )
    tables.write_json(outputs["fragment"], content)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
