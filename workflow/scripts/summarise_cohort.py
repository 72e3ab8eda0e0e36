"""Describe the cohort: its numbers, the table of characteristics, the cases and their figure."""

from graftline.analyse.baseline import lay_out_baseline
from graftline.analyse.cases import declare_cases, lay_out_cases, may_list_cases
from graftline.analyse.cohort import declare_cohort, state_facts
from graftline.figures.style import write_svg
from graftline.figures.swimmer import draw_nothing, draw_swimmer
from graftline.numbers import evaluate, fragment
from graftline.tables import read_parquet, write_json

ALT = "One bar a patient from transplantation to death or last contact, with treatment and relapse."
CAPTION = (
    "Course of each patient from transplantation. Bars end at death or the last date known alive; "
    "an arrow marks patients alive there."
)
TREATED = " The hatched part runs from the first to the last dose."


def main(inputs, outputs, *, params):
    """Inputs: subjects. Outputs: fragment, swimmer.

    Params: arms, labels, baseline, disclosure, data_label.
    """
    subjects = read_parquet(inputs["subjects"])
    arms, labels, label = params["arms"] or {}, params["labels"] or {}, params["data_label"]
    variables = (params["baseline"] or {}).get("variables", [])
    numbers = declare_cohort(subjects, arms=arms, labels=labels, variables=variables)
    tables = {"baseline": lay_out_baseline(subjects, arms=arms, labels=labels, variables=variables)}
    listed = may_list_cases(subjects, params["disclosure"])
    facts = state_facts(subjects, arms=arms, labels=labels) | {"cohort.cases_listed": listed}
    figures = {}
    if listed:
        numbers += declare_cases(subjects)
        tables["cases"] = lay_out_cases(subjects, arms=arms, labels=labels)
        caption = CAPTION + (TREATED if subjects["it_start"].notna().any() else "")
        figures["swimmer"] = {"file": "figures/swimmer.svg", "caption": caption, "alt": ALT}
    figure = draw_swimmer(subjects, arms) if listed else draw_nothing()
    write_svg(figure, outputs["swimmer"], data_label=label, alt=ALT if listed else "No figure.")
    records = evaluate(numbers, {"subjects": subjects}, data_label=label)
    write_json(
        outputs["fragment"],
        fragment(records, tables=tables, facts=facts, figures=figures, data_label=label),
    )


if "snakemake" in globals():
    from graftline.script import run_script

    run_script(main, snakemake)  # noqa: F821
