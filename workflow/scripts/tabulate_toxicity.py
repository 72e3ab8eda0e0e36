"""Count patients by grade, item, sign and arm; lay out the tables and draw the figure."""

from pathlib import Path

from graftline import tables
from graftline.analyse import toxicity
from graftline.figures.style import write_svg
from graftline.figures.toxicity import draw_toxicity
from graftline.grading.files import read_scale
from graftline.numbers import evaluate, fragment


def main(inputs, outputs, *, params):
    """Inputs: toxicity, toxicity_worst, signs, scales (YAML, the main one first). Outputs: fragment
    (JSON), figure (SVG)."""
    scales = tuple(read_scale(path) for path in inputs["scales"])
    frames = {
        name: tables.read_parquet(inputs[name]) for name in ("toxicity", "toxicity_worst", "signs")
    }
    plan = toxicity.plan_toxicity(frames, params["arms"], scales, params["toxicity"].get("signs"))
    records = evaluate(toxicity.declare_toxicity(plan), frames, data_label=params["data_label"])
    values = {record["id"]: record["value"] for record in records}

    plan = plan.treated_arms(values)
    bars = toxicity.collect_bars(values, plan)
    figure = toxicity.describe_figure(bars, plan, Path(outputs["figure"]).name)
    write_svg(
        draw_toxicity(bars), outputs["figure"], data_label=params["data_label"], alt=figure["alt"]
    )
    content = fragment(
        records,
        tables=toxicity.lay_out_tables(values, plan),
        facts=toxicity.state_facts(values, plan),
        figures={"toxicity": figure},
        data_label=params["data_label"],
    )
    tables.write_json(outputs["fragment"], content)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
