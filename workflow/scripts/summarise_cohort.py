"""Describe the cohort: its numbers, the table of characteristics, the cases and their figure, and, where a
study has any, its exposure."""

from pathlib import Path

from graftline.analyse.baseline import lay_out_baseline
from graftline.analyse.cases import declare_cases, lay_out_cases, may_list_cases
from graftline.analyse.cohort import declare_cohort, state_facts
from graftline.analyse.exposure_part import describe_exposure
from graftline.analyse.flow import check_flow, declare_flow, describe_flow, lay_out_flow, plan_flow
from graftline.derive.received import list_received
from graftline.disclosure.policy import read_policy
from graftline.disclosure.shown import Shown
from graftline.figures.dose_intensity import draw_dose_intensity
from graftline.figures.flow import draw_flow
from graftline.figures.style import write_svg
from graftline.figures.swimmer import draw_nothing, draw_swimmer
from graftline.numbers import add_part, evaluate, fragment
from graftline.tables import read_parquet, write_json, write_parquet

ALT = "One bar a patient from transplantation to death or last contact, with treatment and relapse."
CAPTION = (
    "Course of each patient from transplantation. Bars end at death or the last date known alive; "
    "an arrow marks patients alive there."
)
TREATED = " The hatched part runs from the first to the last dose."

ENDPOINT_COLUMNS = ["row_key", "subject_id", "endpoint", "arm", "in_risk_set"]


def find_flow(inputs, subjects, params, frames):
    """The study's flow, with the tables that its numbers stand on added to `frames`, and the
    lineage of `received`."""
    columns = ["subject_id", "src_file", "src_line"]
    received, lineage = list_received(
        read_parquet(inputs["validated"], columns), read_parquet(inputs["set_aside"])
    )
    frames["received"] = received
    scale, endpoints = None, {}
    for path in inputs.get("toxicity_worst", []):
        scale = params["toxicity"]["scale"]
        frames["toxicity_worst"] = read_parquet(path, filters=[("item", "=", "ANY")])
    for path in inputs.get("endpoints", []):
        endpoints = params["endpoints"]
        frames["endpoints"] = read_parquet(path, ENDPOINT_COLUMNS)
    arms = params["arms"] or {}
    flow = plan_flow(received, subjects, arms=arms, scale=scale, endpoints=endpoints)
    return flow, received, lineage


def find_exposure(inputs, outputs, params):
    """What is said of exposure, and its figure drawn; without exposure it is empty and says so."""
    frames = {Path(path).stem: read_parquet(path) for path in inputs.get("exposure", [])}
    if frames:
        part, figure, alt = describe_exposure(frames, params)
    else:
        part, figure, alt = {}, draw_dose_intensity({"panels": []}), "No figure."
    write_svg(figure, outputs["dose_intensity"], data_label=params["data_label"], alt=alt)
    return part


def main(inputs, outputs, *, params):
    """Inputs: subjects (derived), validated (subjects), set_aside, and, where a study has them, endpoints,
    toxicity_worst and exposure (exposure and exposure_total). Outputs: fragment, swimmer, flow,
    dose_intensity, received, lineage.

    Params: arms, drugs, labels, baseline, disclosure, toxicity, endpoints, data_label.
    """
    subjects = read_parquet(inputs["subjects"])
    frames = {"subjects": subjects}
    arms, labels, label = params["arms"] or {}, params["labels"] or {}, params["data_label"]
    baseline = {"variables": [], "age_bands": []} | (params["baseline"] or {})
    numbers = declare_cohort(subjects, arms=arms, labels=labels, **baseline)
    tables = {"baseline": lay_out_baseline(subjects, arms=arms, labels=labels, **baseline)}
    listed = may_list_cases(subjects, params["disclosure"])
    facts = state_facts(subjects, arms=arms, labels=labels) | {"cohort.cases_listed": listed}
    figures = {}
    if listed:
        numbers += declare_cases(subjects)
        tables["cases"] = lay_out_cases(subjects, arms=arms, labels=labels)
        caption = CAPTION + (TREATED if subjects["it_start"].notna().any() else "")
        figures["swimmer"] = {"file": "figures/swimmer.svg", "caption": caption, "alt": ALT}
        figures["swimmer"]["tables"] = ["subjects"]
    figure = draw_swimmer(subjects, arms) if listed else draw_nothing()
    write_svg(figure, outputs["swimmer"], data_label=label, alt=ALT if listed else "No figure.")
    flow, received, lineage = find_flow(inputs, subjects, params, frames)
    policy = read_policy(params["disclosure"])
    boxes = declare_flow(flow)
    records = evaluate(numbers + boxes, frames, data_label=label, masking=policy.is_masking)
    check_flow(flow, {record["id"]: record["value"] for record in records})
    seen = Shown(records, policy)
    figures["flow"] = describe_flow(flow) | {"tables": sorted({box.table for box in boxes})}
    figure = draw_flow(lay_out_flow(flow, seen.printed))
    figures["flow"]["caption"] += seen.note
    write_svg(figure, outputs["flow"], data_label=label, alt=figures["flow"]["alt"])
    write_parquet(outputs["received"], received, data_label=label)
    write_parquet(outputs["lineage"], lineage, data_label=label)
    cohort = {"records": records, "tables": tables, "facts": facts, "figures": figures}
    whole = add_part(cohort | seen.hand_over(), find_exposure(inputs, outputs, params))
    write_json(outputs["fragment"], fragment(**whole, data_label=label))


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
