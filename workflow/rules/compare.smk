"""A cut compared with the one before it, as the same rules build that one by today's code.

Only analyses are asked for in the previous cut, never its registry, manuscript or own comparison: it
is one step back and no more. The first cut has none of this, nor has a run with `compare: false`.
"""


localrules:
    gate_comparison,


# Part of an analysis -> what it hands over, and the lineage of what it stands on.
ANALYSES = {
    "cohort": rules.summarise_cohort.output.fragment,
    "toxicity": rules.tabulate_toxicity.output.fragment,
    "survival": rules.estimate_survival.output.fragment,
}
LINEAGE = {
    "cohort": [
        rules.derive_subjects.output.lineage,
        rules.summarise_cohort.output.lineage,
    ],
    "exposure": rules.derive_exposure.output.lineage,
    "toxicity": rules.grade_toxicity.output.lineage,
    "survival": rules.derive_endpoints.output.lineage,
}


rule compare_cuts:
    input:
        validated=pipeline.files(pipeline.tables(VALIDATED)),
        validated_before=pipeline.before(pipeline.files(pipeline.tables(VALIDATED))),
        derived=rules.check_derived.input.derived,
        derived_before=pipeline.before(rules.check_derived.input.derived),
        received=rules.summarise_cohort.output.received,
        received_before=pipeline.before(rules.summarise_cohort.output.received),
        lineage=pipeline.parts(**LINEAGE),
        lineage_before=pipeline.before(pipeline.parts(**LINEAGE)),
        fragments=pipeline.parts(**ANALYSES),
        fragments_before=pipeline.before(pipeline.parts(**ANALYSES)),
        queries=[rules.validate_raw.output.queries, rules.check_derived.output.queries],
        queries_before=pipeline.before(
            rules.validate_raw.output.queries, rules.check_derived.output.queries
        ),
        corrected=rules.validate_raw.output.corrections,
        corrected_before=pipeline.before(rules.validate_raw.output.corrections),
        set_aside=rules.validate_raw.output.set_aside,
        set_aside_before=pipeline.before(rules.validate_raw.output.set_aside),
        gate_before=pipeline.before(rules.gate_derived.output.gate),
        corrections=pipeline.study_file("corrections.csv"),
        code=pipeline.code("compare_cuts"),
        lock=pipeline.lock,
    output:
        fragment=f"{FRAGMENTS}/compare_cuts.json",
        compared_cuts=f"{DERIVED}/compared_cuts.parquet",
        cut_changes=f"{DERIVED}/cut_changes.parquet",
        moved_numbers=f"{DERIVED}/moved_numbers.parquet",
        lineage=f"{DERIVED}/lineage_compare_cuts.parquet",
        changes=f"{PATIENT}/cut_changes.csv",
        changes_page=f"{PATIENT}/cut_changes.html",
        queries=f"{PATIENT}/queries_comparison.csv",
        queries_page=f"{PATIENT}/queries_comparison.html",
        findings=f"{PATIENT}/findings_comparison.json",
    log:
        f"{LOGS}/compare_cuts.log",
    params:
        study="{study}",
        cut="{cut}",
        cut_folder=pipeline.cut_folder,
        previous_cut=pipeline.previous_cut,
        endpoints=pipeline.value("endpoints"),
        origins=pipeline.value("origins"),
        toxicity=pipeline.value("toxicity"),
        disclosure=pipeline.value("disclosure"),
        data_label=pipeline.value("data_label"),
    message:
        "Comparing the cut with the one before it"
    script:
        "../scripts/compare_cuts.py"


rule gate_comparison:
    input:
        findings=rules.compare_cuts.output.findings,
        script=pipeline.script("gate_comparison"),
        code=pipeline.code("gate_comparison"),
        lock=pipeline.lock,
    output:
        gate=f"{PATIENT}/gate_comparison.json",
    log:
        f"{LOGS}/gate_comparison.log",
    params:
        queries=rules.compare_cuts.output.queries,
        python=pipeline.python,
    message:
        "Deciding whether the cut may follow the one before it"
    shell:
        "{params.python:q} -S {input.script:q} {input.findings:q} {params.queries:q}"
        " {output.gate:q} {log:q}"
