"""Count patients by grade, item, sign and arm; lay out the tables and draw the figure."""

from pathlib import Path

from graftline import tables
from graftline.analyse import toxicity
from graftline.analyse.cases import may_show_singly
from graftline.analyse.exposure_cycles import least_summarised
from graftline.analyse.toxicity import courses
from graftline.disclosure.policy import read_policy
from graftline.disclosure.shown import Shown
from graftline.figures.laboratory import draw_courses
from graftline.figures.style import write_svg
from graftline.figures.toxicity import draw_toxicity, has_bars
from graftline.grading.files import read_scale, read_units
from graftline.numbers import evaluate, fragment


def find_courses(inputs, frames, scale, params):
    """What the figure of laboratory values draws."""
    subjects = tables.read_parquet(inputs["subjects"], ["subject_id", "arm", "it_start"])
    return courses.list_courses(
        frames["toxicity"],
        subjects,
        scale,
        read_units(inputs["units"]),
        arms=params["arms"] or {},
        singly=may_show_singly(len(subjects), params["disclosure"]),
        least=least_summarised(params["disclosure"]),
    )


def main(inputs, outputs, *, params):
    """Inputs: toxicity, toxicity_worst, signs, subjects, scales (YAML, the main one first), units
    (YAML). Outputs: fragment (JSON), figure, laboratory (SVG)."""
    scales = tuple(read_scale(path) for path in inputs["scales"])
    frames = {
        name: tables.read_parquet(inputs[name]) for name in ("toxicity", "toxicity_worst", "signs")
    }
    plan = toxicity.plan_toxicity(frames, params["arms"], scales, params["toxicity"].get("signs"))
    policy = read_policy(params["disclosure"])
    records = evaluate(
        toxicity.declare_toxicity(plan),
        frames,
        data_label=params["data_label"],
        masking=policy.is_masking,
    )
    seen = Shown(records, policy)
    values = seen.values

    plan = plan.treated_arms(values)
    bars = toxicity.collect_bars(seen.drawn_values, plan)
    figure = toxicity.describe_figure(bars, plan, Path(outputs["figure"]).name)
    write_svg(
        draw_toxicity(bars), outputs["figure"], data_label=params["data_label"], alt=figure["alt"]
    )
    drawn = find_courses(inputs, frames, plan.scale, params)
    course = courses.describe_courses(drawn, plan.scale)
    picture = draw_courses(drawn)
    write_svg(picture, outputs["laboratory"], data_label=params["data_label"], alt=course["alt"])
    content = fragment(
        records,
        tables=toxicity.lay_out_tables(values, plan),
        facts=toxicity.state_facts(values, plan),
        figures=({"toxicity": figure} if has_bars(bars) else {})
        | ({"laboratory": course} if drawn["panels"] else {}),
        data_label=params["data_label"],
        **seen.hand_over(),
    )
    tables.write_json(outputs["fragment"], content)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
