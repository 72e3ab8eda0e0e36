"""Derived tables, each from validated tables alone, and the second stage of checks on them.

Nothing here runs before gate_raw has passed, and no number is made before gate_derived has.
"""

# The two longest of these rules start first, and the short ones fill what is left of two cores.
LONGEST_FIRST = 1


localrules:
    gate_derived,


rule derive_subjects:
    input:
        unpack(pipeline.tables(VALIDATED)),
        gate=rules.gate_raw.output.gate,
        code=pipeline.code("derive_subjects"),
        lock=pipeline.lock,
    output:
        subjects=f"{DERIVED}/subjects.parquet",
        lineage=f"{DERIVED}/lineage_derive_subjects.parquet",
    log:
        f"{LOGS}/derive_subjects.log",
    params:
        cut="{cut}",
        data_label=pipeline.value("data_label"),
    message:
        "Deriving one row a patient"
    script:
        "../scripts/derive_subjects.py"


rule derive_exposure:
    input:
        unpack(pipeline.tables(VALIDATED, ("subjects", "exposure"))),
        gate=rules.gate_raw.output.gate,
        code=pipeline.code("derive_exposure"),
        lock=pipeline.lock,
    output:
        exposure=f"{DERIVED}/exposure.parquet",
        exposure_total=f"{DERIVED}/exposure_total.parquet",
        lineage=f"{DERIVED}/lineage_derive_exposure.parquet",
    log:
        f"{LOGS}/derive_exposure.log",
    params:
        cut="{cut}",
        regimens=pipeline.value("regimens"),
        drugs=pipeline.value("drugs"),
        data_label=pipeline.value("data_label"),
    message:
        "Deriving doses and dose intensity"
    script:
        "../scripts/derive_exposure.py"


rule grade_toxicity:
    input:
        unpack(
            pipeline.tables(
                VALIDATED, ("subjects", "exposure", "ae", "labs", "vitals")
            )
        ),
        scales=pipeline.scales,
        units=pipeline.units,
        gate=rules.gate_raw.output.gate,
        code=pipeline.code("grade_toxicity"),
        lock=pipeline.lock,
    output:
        toxicity=f"{DERIVED}/toxicity.parquet",
        toxicity_worst=f"{DERIVED}/toxicity_worst.parquet",
        signs=f"{DERIVED}/signs.parquet",
        lineage=f"{DERIVED}/lineage_grade_toxicity.parquet",
    log:
        f"{LOGS}/grade_toxicity.log",
    priority: LONGEST_FIRST
    params:
        cut="{cut}",
        toxicity=pipeline.value("toxicity"),
        data_label=pipeline.value("data_label"),
    message:
        "Grading toxicity"
    script:
        "../scripts/grade_toxicity.py"


rule derive_endpoints:
    input:
        unpack(pipeline.tables(VALIDATED)),
        gate=rules.gate_raw.output.gate,
        code=pipeline.code("derive_endpoints"),
        lock=pipeline.lock,
    output:
        endpoints=f"{DERIVED}/endpoints.parquet",
        endpoints_bounds=f"{DERIVED}/endpoints_bounds.parquet",
        lineage=f"{DERIVED}/lineage_derive_endpoints.parquet",
    log:
        f"{LOGS}/derive_endpoints.log",
    priority: LONGEST_FIRST
    params:
        cut="{cut}",
        endpoints=pipeline.value("endpoints"),
        origins=pipeline.value("origins"),
        survival=pipeline.value("survival"),
        events=pipeline.value("events"),
        data_label=pipeline.value("data_label"),
    message:
        "Deriving endpoints"
    script:
        "../scripts/derive_endpoints.py"


rule check_derived:
    input:
        unpack(pipeline.tables(VALIDATED)),
        derived=pipeline.parts(
            cohort=rules.derive_subjects.output.subjects,
            exposure=[
                rules.derive_exposure.output.exposure,
                rules.derive_exposure.output.exposure_total,
            ],
            toxicity=[
                rules.grade_toxicity.output.toxicity,
                rules.grade_toxicity.output.toxicity_worst,
                rules.grade_toxicity.output.signs,
            ],
            survival=[
                rules.derive_endpoints.output.endpoints,
                rules.derive_endpoints.output.endpoints_bounds,
            ],
        ),
        gate=rules.gate_raw.output.gate,
        code=pipeline.code("check_derived"),
        lock=pipeline.lock,
    output:
        queries=f"{PATIENT}/queries_derived.csv",
        queries_page=f"{PATIENT}/queries_derived.html",
        findings=f"{PATIENT}/findings_derived.json",
    log:
        f"{LOGS}/check_derived.log",
    params:
        cut="{cut}",
        study="{study}",
        endpoints=pipeline.value("endpoints"),
        origins=pipeline.value("origins"),
        toxicity=pipeline.value("toxicity"),
        data_label=pipeline.value("data_label"),
    message:
        "Checking the derived tables"
    script:
        "../scripts/check_derived.py"


rule gate_derived:
    input:
        findings=f"{PATIENT}/findings_derived.json",
        gate=rules.gate_raw.output.gate,
        script=pipeline.script("gate_derived"),
        code=pipeline.code("gate_derived"),
        lock=pipeline.lock,
    output:
        gate=f"{PATIENT}/gate_derived.json",
    log:
        f"{LOGS}/gate_derived.log",
    resources:
        # No param: a gate that passes writes the same for the cut that is built and for the one that
        # it is compared with, and nothing has to run again when a cut becomes the other.
        stops=pipeline.is_target,
    params:
        queries=f"{PATIENT}/queries_derived.csv",
        python=pipeline.python,
    message:
        "Deciding whether the derived tables are good enough to go on"
    shell:
        "{params.python:q} -S {input.script:q} {input.findings:q} {params.queries:q} {resources.stops}"
        " {input.gate:q} {output.gate:q} {log:q}"
