"""Describe exposure: doses given against doses planned, by drug, arm and cycle, and who stopped."""

from graftline.analyse import exposure_cycles
from graftline.analyse.exposure import declare_exposure, lay_out_exposure, state_facts
from graftline.disclosure.policy import read_policy
from graftline.disclosure.shown import Shown
from graftline.figures.dose_intensity import draw_dose_intensity
from graftline.figures.style import write_svg
from graftline.numbers import evaluate, fragment
from graftline.tables import read_parquet, write_json


def main(inputs, outputs, *, params):
    """Inputs: exposure, exposure_total. Outputs: fragment, dose_intensity. Params: arms, drugs,
    disclosure, data_label."""
    frames = {name: read_parquet(inputs[name]) for name in ("exposure", "exposure_total")}
    cycles, totals = frames.values()
    study = {"arms": params["arms"] or {}, "drugs": params["drugs"] or {}}
    label = params["data_label"]
    numbers = declare_exposure(totals, **study) + exposure_cycles.declare_cycles(cycles, **study)
    policy = read_policy(params["disclosure"])
    records = evaluate(numbers, frames, data_label=label, masking=policy.is_masking)
    seen = Shown(records, policy)
    tables = {"exposure": lay_out_exposure(totals, **study)}

    drawn = exposure_cycles.list_panels(
        cycles, seen.printed, disclosure=params["disclosure"], **study
    )
    figure = exposure_cycles.describe_figure(drawn)
    figure["caption"] += seen.note
    picture = draw_dose_intensity(drawn)
    write_svg(picture, outputs["dose_intensity"], data_label=label, alt=figure["alt"])
    facts = state_facts(totals, **study)
    # A figure without a plan is written, because the rule states it, and shown nowhere.
    figures = {"dose_intensity": figure} if drawn["panels"] else {}
    content = fragment(
        records,
        tables=tables,
        facts=facts,
        figures=figures,
        data_label=label,
        **seen.hand_over(),
    )
    write_json(outputs["fragment"], content)


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
