"""Analyses: each declares its numbers, computes them from derived tables and draws its figures.

A study runs the analyses that it has data for. None reads another's results. The longest have
priority, so that they do not start last. check_estimates computes what estimate_survival reports by
other means, beside the steps that follow; no manuscript is made before the two agree.
"""


rule summarise_cohort:
    input:
        subjects=rules.derive_subjects.output.subjects,
        validated=f"{VALIDATED}/subjects.parquet",
        set_aside=rules.validate_raw.output.set_aside,
        toxicity_worst=pipeline.parts(
            toxicity=rules.grade_toxicity.output.toxicity_worst
        ),
        endpoints=pipeline.parts(survival=rules.derive_endpoints.output.endpoints),
        exposure=pipeline.parts(
            exposure=[
                rules.derive_exposure.output.exposure,
                rules.derive_exposure.output.exposure_total,
            ],
        ),
        gate=rules.gate_derived.output.gate,
        code=pipeline.code("summarise_cohort"),
        lock=pipeline.lock,
    output:
        fragment=f"{FRAGMENTS}/summarise_cohort.json",
        swimmer=report(
            f"{AGGREGATE}/figures/swimmer.svg",
            caption="../report/figure.rst",
            category="Figures",
            labels={"figure": "swimmer", "cut": "{cut}"},
        ),
        flow=report(
            f"{AGGREGATE}/figures/flow.svg",
            caption="../report/figure.rst",
            category="Figures",
            labels={"figure": "flow", "cut": "{cut}"},
        ),
        dose_intensity=report(
            f"{AGGREGATE}/figures/dose_intensity.svg",
            caption="../report/figure.rst",
            category="Figures",
            labels={"figure": "dose intensity", "cut": "{cut}"},
        ),
        received=f"{DERIVED}/received.parquet",
        lineage=f"{DERIVED}/lineage_summarise_cohort.parquet",
    log:
        f"{LOGS}/summarise_cohort.log",
    params:
        arms=pipeline.value("arms"),
        drugs=pipeline.value("drugs"),
        labels=pipeline.value("labels"),
        baseline=pipeline.value("baseline"),
        disclosure=pipeline.value("disclosure"),
        toxicity=pipeline.value("toxicity"),
        endpoints=pipeline.value("endpoints"),
        data_label=pipeline.value("data_label"),
    message:
        "Summarising the cohort and its exposure"
    script:
        "../scripts/summarise_cohort.py"


rule tabulate_toxicity:
    input:
        toxicity=rules.grade_toxicity.output.toxicity,
        toxicity_worst=rules.grade_toxicity.output.toxicity_worst,
        signs=rules.grade_toxicity.output.signs,
        subjects=rules.derive_subjects.output.subjects,
        scales=pipeline.scales,
        units=pipeline.units,
        gate=rules.gate_derived.output.gate,
        code=pipeline.code("tabulate_toxicity"),
        lock=pipeline.lock,
    output:
        fragment=f"{FRAGMENTS}/tabulate_toxicity.json",
        figure=report(
            f"{AGGREGATE}/figures/toxicity.svg",
            caption="../report/figure.rst",
            category="Figures",
            labels={"figure": "toxicity", "cut": "{cut}"},
        ),
        laboratory=report(
            f"{AGGREGATE}/figures/laboratory.svg",
            caption="../report/figure.rst",
            category="Figures",
            labels={"figure": "laboratory values", "cut": "{cut}"},
        ),
    log:
        f"{LOGS}/tabulate_toxicity.log",
    priority: 1
    params:
        arms=pipeline.value("arms"),
        toxicity=pipeline.value("toxicity"),
        disclosure=pipeline.value("disclosure"),
        data_label=pipeline.value("data_label"),
    message:
        "Tabulating toxicity"
    script:
        "../scripts/tabulate_toxicity.py"


rule estimate_survival:
    input:
        endpoints=rules.derive_endpoints.output.endpoints,
        endpoints_bounds=rules.derive_endpoints.output.endpoints_bounds,
        gate=rules.gate_derived.output.gate,
        code=pipeline.code("estimate_survival"),
        lock=pipeline.lock,
    output:
        fragment=f"{FRAGMENTS}/estimate_survival.json",
        kaplan_meier=report(
            f"{AGGREGATE}/figures/kaplan_meier.svg",
            caption="../report/figure.rst",
            category="Figures",
            labels={"figure": "kaplan meier", "cut": "{cut}"},
        ),
        cumulative_incidence=report(
            f"{AGGREGATE}/figures/cumulative_incidence.svg",
            caption="../report/figure.rst",
            category="Figures",
            labels={"figure": "cumulative incidence", "cut": "{cut}"},
        ),
        forest=report(
            f"{AGGREGATE}/figures/forest.svg",
            caption="../report/figure.rst",
            category="Figures",
            labels={"figure": "sensitivity of estimates", "cut": "{cut}"},
        ),
    log:
        f"{LOGS}/estimate_survival.log",
    priority: 2
    params:
        endpoints=pipeline.value("endpoints"),
        origins=pipeline.value("origins"),
        survival=pipeline.value("survival"),
        labels=pipeline.value("labels"),
        arms=pipeline.value("arms"),
        events=pipeline.value("events"),
        disclosure=pipeline.value("disclosure"),
        data_label=pipeline.value("data_label"),
    message:
        "Estimating survival"
    script:
        "../scripts/estimate_survival.py"


rule check_estimates:
    input:
        endpoints=rules.derive_endpoints.output.endpoints,
        fragment=rules.estimate_survival.output.fragment,
        code=pipeline.code("check_estimates"),
        lock=pipeline.lock,
    output:
        checked=f"{PATIENT}/estimates_checked.json",
    log:
        f"{LOGS}/check_estimates.log",
    priority: -1
    params:
        endpoints=pipeline.value("endpoints"),
        origins=pipeline.value("origins"),
        survival=pipeline.value("survival"),
        labels=pipeline.value("labels"),
        arms=pipeline.value("arms"),
        data_label=pipeline.value("data_label"),
    message:
        "Computing the survival estimates a second time"
    script:
        "../scripts/check_estimates.py"
