"""Count patients by grade, item, sign and arm; lay out the tables and draw the figure."""

from pathlib import Path

import yaml

from graftline import tables
from graftline.analyse import toxicity
from graftline.figures.style import write_svg
from graftline.figures.toxicity import draw_toxicity
from graftline.grading.scale import parse_scale
from graftline.numbers import evaluate, fragment


def main(inputs, outputs, *, params):
    """Inputs: toxicity, toxicity_worst, signs, scale (YAML). Outputs: fragment (JSON), figure
    (SVG)."""
    with open(inputs["scale"], encoding="utf-8") as file:
        scale = parse_scale(yaml.load(file, Loader=yaml.CSafeLoader), str(inputs["scale"]))
    frames = {
        name: tables.read_parquet(inputs[name]) for name in ("toxicity", "toxicity_worst", "signs")
    }
    arms, label = params["arms"], params["data_label"]
    signs = params["toxicity"].get("signs") or {}
    n_patients = frames["toxicity_worst"]["subject_id"].nunique()
    declarations = toxicity.declare_toxicity(arms, scale, signs, n_patients)
    records = evaluate(declarations, frames, data_label=label)
    values = {record["id"]: record["value"] for record in records}

    arms = toxicity.list_treated_arms(values, arms)
    bars = toxicity.collect_bars(values, arms, scale)
    figure = toxicity.describe_figure(bars, scale, Path(outputs["figure"]).name)
    write_svg(draw_toxicity(bars), outputs["figure"], data_label=label, alt=figure["alt"])
    content = fragment(
        records,
        tables=toxicity.lay_out_tables(values, arms, scale, signs),
        facts=toxicity.state_facts(values, arms, scale, signs),
        figures={"toxicity": figure},
        data_label=label,
    )
    tables.write_json(outputs["fragment"], content)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
