"""Estimate survival and competing risks, and draw the curves."""

from graftline import tables
from graftline.analyse import survival_figures, survival_forest, survival_text
from graftline.analyse.survival import SurvivalAnalysis
from graftline.figures.cumulative_incidence import draw_cumulative_incidence
from graftline.figures.forest import draw_forest
from graftline.figures.style import write_svg
from graftline.figures.survival import draw_kaplan_meier
from graftline.numbers import evaluate, fragment


def main(inputs, outputs, *, params):
    """Inputs: endpoints, endpoints_bounds. Outputs: fragment, kaplan_meier, cumulative_incidence,
    forest.

    Params: endpoints, origins, survival, labels, arms, events (or None), data_label.
    """
    label = params["data_label"]
    names = ("endpoints", "endpoints_bounds")
    frames = {name: tables.read_parquet(inputs[name]) for name in names}
    sections = (params[name] for name in ("endpoints", "origins", "survival", "labels", "arms"))
    more = {"bounds": frames["endpoints_bounds"], "events": params.get("events")}
    analysis = SurvivalAnalysis(frames["endpoints"], *sections, **more)
    if not analysis.headlines:  # no number stands on it
        frames.pop("endpoints_bounds")
    records = evaluate(analysis.declare(), frames, data_label=label)

    printed = {record["id"]: record["display"] for record in records}
    time_label = survival_figures.label_time(analysis)
    curves = survival_figures.list_kaplan_meier_panels(analysis, printed)
    stacks, causes = survival_figures.list_incidence_panels(analysis, printed)
    values = {record["id"]: record["value"] for record in records}
    blocks = survival_forest.list_forest(analysis, values, printed)
    ticks = analysis.ticks
    drawn = {
        "kaplan_meier": draw_kaplan_meier(curves, ticks, time_label),
        "cumulative_incidence": draw_cumulative_incidence(stacks, causes, ticks, time_label),
        "forest": draw_forest(blocks),
    }
    texts = {
        "kaplan_meier": survival_text.describe_kaplan_meier(analysis),
        "cumulative_incidence": survival_text.describe_cumulative_incidence(analysis),
        "forest": survival_forest.describe_forest(),
    }
    for name, figure in drawn.items():
        write_svg(figure, outputs[name], data_label=label, alt=texts[name]["alt"])
    # A figure without anything to draw is written, because the rule states it, and shown nowhere.
    shown = {"kaplan_meier": curves, "cumulative_incidence": stacks, "forest": blocks}
    figures = {
        name: {"file": f"figures/{name}.svg", **texts[name]} for name in drawn if shown[name]
    }
    layout = survival_text.lay_out_tables(analysis, values)
    content = fragment(
        records, tables=layout, facts=analysis.facts(), figures=figures, data_label=label
    )
    tables.write_json(outputs["fragment"], content)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
