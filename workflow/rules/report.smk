"""One registry of numbers, the published claims held against it, and the manuscript.

The report computes nothing: what it prints is in the registry.
"""


report: "../report/workflow.rst"


localrules:
    check_claims,
    release_comparison,


rule collect_numbers:
    input:
        fragments=pipeline.parts(**ANALYSES, changes=rules.compare_cuts.output.fragment),
        compared=pipeline.parts(changes=rules.gate_comparison.output.gate),
        queries=rules.validate_raw.output.queries,
        queries_derived=rules.check_derived.output.queries,
        corrections=rules.validate_raw.output.corrections,
        set_aside=rules.validate_raw.output.set_aside,
        study=pipeline.study_file("study.yaml"),
        claims=pipeline.study_file("claims.yaml"),
        code=pipeline.code("collect_numbers"),
        lock=pipeline.lock,
    output:
        numbers_full=f"{PATIENT}/numbers_full.json",
        numbers=report(
            f"{AGGREGATE}/numbers.json",
            caption="../report/numbers.rst",
            category="Numbers",
            labels={"of": "registry"},
        ),
        configuration=f"{DERIVED}/configuration.parquet",
        software=f"{DERIVED}/software.parquet",
        findings=f"{DERIVED}/findings.parquet",
        corrections=f"{DERIVED}/corrections.parquet",
        set_aside=f"{DERIVED}/set_aside.parquet",
        cut=f"{DERIVED}/cut.parquet",
        lineage=f"{DERIVED}/lineage_collect_numbers.parquet",
    log:
        f"{LOGS}/collect_numbers.log",
    params:
        cut="{cut}",
        cut_folder=pipeline.cut_folder,
        claims_file=lambda w: f"{config['studies']}/{w.study}/claims.yaml",
        study_file=lambda w: f"{config['studies']}/{w.study}/study.yaml",
        disclosure=pipeline.value("disclosure"),
        data_label=pipeline.value("data_label"),
    message:
        "Collecting the numbers"
    script:
        "../scripts/collect_numbers.py"


rule check_claims:
    input:
        numbers=rules.collect_numbers.output.numbers,
        claims=pipeline.study_file("claims.yaml"),
        code=pipeline.code("check_claims"),
        lock=pipeline.lock,
    output:
        claims=report(
            f"{AGGREGATE}/claims.json",
            caption="../report/claims.rst",
            category="Numbers",
            labels={"of": "published statements"},
        ),
    log:
        f"{LOGS}/check_claims.log",
    params:
        cut="{cut}",
        claims_file=lambda w: f"{config['studies']}/{w.study}/claims.yaml",
        data_label=pipeline.value("data_label"),
    message:
        "Holding the published statements against the numbers"
    script:
        "../scripts/check_claims.py"


rule release_comparison:
    input:
        numbers=rules.collect_numbers.output.numbers,
        fragment=rules.compare_cuts.output.fragment,
        code=pipeline.code("release_comparison"),
        lock=pipeline.lock,
    output:
        comparison=f"{AGGREGATE}/cut_comparison.json",
    log:
        f"{LOGS}/release_comparison.log",
    params:
        cut="{cut}",
        data_label=pipeline.value("data_label"),
    message:
        "Writing the comparison with the cut before"
    script:
        "../scripts/release_comparison.py"


# What every form of the manuscript is made from.
PAPER = dict(
    numbers=rules.collect_numbers.output.numbers,
    claims=rules.check_claims.output.claims,
    build=f"{AUDIT}/build.json",
    checked=pipeline.parts(survival=rules.check_estimates.output.checked),
    fragments=rules.collect_numbers.input.fragments,
    figures=pipeline.parts(
        cohort=[
            rules.summarise_cohort.output.flow,
            rules.summarise_cohort.output.swimmer,
            rules.summarise_cohort.output.dose_intensity,
        ],
        toxicity=[
            rules.tabulate_toxicity.output.figure,
            rules.tabulate_toxicity.output.laboratory,
        ],
        survival=[
            rules.estimate_survival.output.kaplan_meier,
            rules.estimate_survival.output.cumulative_incidence,
            rules.estimate_survival.output.forest,
        ],
    ),
    prose=pipeline.prose,
    references=pipeline.study_file("references.json"),
    templates=pipeline.templates,
)


rule render_manuscript:
    input:
        **PAPER,
        code=pipeline.code("render_manuscript"),
        lock=pipeline.lock,
    output:
        html=report(
            f"{AGGREGATE}/manuscript.html",
            caption="../report/manuscript_html.rst",
            category="Manuscript",
            labels={"form": "HTML"},
        ),
        pdf=report(
            f"{AGGREGATE}/manuscript.pdf",
            caption="../report/manuscript_pdf.rst",
            category="Manuscript",
            labels={"form": "PDF"},
        ),
        pages=f"{PATIENT}/pages.json",
    log:
        f"{LOGS}/render_manuscript.log",
    # It takes the longest of what is left, and must not start last.
    priority: 1
    params:
        cut="{cut}",
        protocol=lambda w: pipeline.study(w.study).content,
    message:
        "Rendering the manuscript"
    script:
        "../scripts/render_manuscript.py"


rule render_documents:
    input:
        **PAPER,
        code=pipeline.code("render_documents"),
        lock=pipeline.lock,
    output:
        docx=report(
            f"{AGGREGATE}/manuscript.docx",
            caption="../report/manuscript_docx.rst",
            category="Manuscript",
            labels={"form": "Word"},
        ),
        xlsx=report(
            f"{AGGREGATE}/tables.xlsx",
            caption="../report/tables_xlsx.rst",
            category="Tables",
            labels={"table": "all, as a workbook"},
        ),
        tables=report(
            directory(f"{AGGREGATE}/tables"),
            patterns=["{table}.csv"],
            caption="../report/table.rst",
            category="Tables",
            labels={"table": "{table}"},
        ),
    log:
        f"{LOGS}/render_documents.log",
    params:
        cut="{cut}",
        protocol=rules.render_manuscript.params.protocol,
    message:
        "Writing the manuscript for Word, and its tables as files"
    script:
        "../scripts/render_documents.py"
