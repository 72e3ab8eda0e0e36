"""What was built from what: data, configuration, code, packages and numbers, in one digest; and the
record of the whole run, which ends it.

record_rules says of each rule what it reads, makes and is told, beside the first rules: the audit never
asks Snakemake. write_crate waits for every output that no other rule reads, and thereby for all.
"""

from graftline.rule_records import describe_rules


localrules:
    record_build,
    record_rules,
    write_crate,


rule record_build:
    input:
        manifest=MANIFEST,
        numbers=rules.collect_numbers.output.numbers,
        study_files=pipeline.study_files,
        code_tree=pipeline.code_tree,
        code=pipeline.code("record_build"),
        lock=pipeline.lock,
    output:
        build=f"{AUDIT}/build.json",
        configuration=f"{AUDIT}/configuration.json",
    log:
        f"{LOGS}/record_build.log",
    params:
        root=pipeline.folder,
        configuration=pipeline.merged_configuration,
        sources_at_start=pipeline.sources_at_start,
        data_label=pipeline.value("data_label"),
    message:
        "Recording what the build was made from"
    script:
        "../scripts/record_build.py"


rule record_rules:
    input:
        # What the params of all rules are made from, should Snakemake have forgotten them.
        manifest=MANIFEST,
        study_files=pipeline.study_files,
        code_tree=pipeline.code_tree,
        code=pipeline.code("record_rules"),
        lock=pipeline.lock,
    output:
        rules=f"{AUDIT}/rules.json",
    log:
        f"{LOGS}/record_rules.log",
    params:
        rules=lambda w: describe_rules(workflow.dag, w, pipeline.places),
        data_label=pipeline.value("data_label"),
    message:
        "Recording what each rule reads and makes"
    script:
        "../scripts/record_rules.py"


rule write_explorer:
    input:
        numbers_full=rules.collect_numbers.output.numbers_full,
        derived=rules.check_derived.input.derived,
        lineage=pipeline.parts(**LINEAGE),
        received=rules.summarise_cohort.output.received,
        collected=[
            rules.collect_numbers.output.configuration,
            rules.collect_numbers.output.software,
            rules.collect_numbers.output.findings,
            rules.collect_numbers.output.corrections,
            rules.collect_numbers.output.set_aside,
            rules.collect_numbers.output.cut,
            rules.collect_numbers.output.lineage,
        ],
        compared=pipeline.parts(
            changes=[
                rules.compare_cuts.output.compared_cuts,
                rules.compare_cuts.output.cut_changes,
                rules.compare_cuts.output.moved_numbers,
                rules.compare_cuts.output.lineage,
            ],
        ),
        raw=pipeline.raw_files,
        raw_before=pipeline.before(pipeline.raw_files),
        study_files=pipeline.study_files,
        queries=[rules.validate_raw.output.queries, rules.check_derived.output.queries],
        corrections=pipeline.study_file("corrections.csv"),
        rules=rules.record_rules.output.rules,
        build=rules.record_build.output.build,
        page=pipeline.explorer_page,
        code=pipeline.code("write_explorer"),
        lock=pipeline.lock,
    output:
        explorer=f"{PATIENT}/explorer.html",
    log:
        f"{LOGS}/write_explorer.log",
    params:
        study="{study}",
        cut="{cut}",
        data_label=pipeline.value("data_label"),
    message:
        "Writing the explorer"
    script:
        "../scripts/write_explorer.py"


rule write_crate:
    input:
        rules=rules.record_rules.output.rules,
        explorer=rules.write_explorer.output.explorer,
        manuscript=rules.render_manuscript.output,
        documents=rules.render_documents.output,
        queries=rules.validate_raw.output.queries,
        comparison=pipeline.parts(changes=rules.release_comparison.output.comparison),
        build=rules.record_build.output.build,
        configuration=rules.record_build.output.configuration,
        manifest=MANIFEST,
        snakefile=pipeline.snakefile,
        identifiers=rules.validate_raw.output.identifiers,
        script=pipeline.script("write_crate"),
        code=pipeline.code("write_crate"),
        lock=pipeline.lock,
    output:
        crate=f"{AUDIT}/ro-crate-metadata.json",
        workflow=f"{AUDIT}/Snakefile",
        sums=f"{AUDIT}/SHA256SUMS",
    log:
        f"{LOGS}/write_crate.log",
    params:
        python=pipeline.python,
    message:
        "Reading what may leave, and describing the run"
    shell:
        "{params.python:q} -S {input.script:q}"
        " {input.rules:q} {input.build:q} {input.configuration:q} {input.manifest:q}"
        " {input.snakefile:q} {input.lock:q} {input.identifiers:q}"
        " {output.crate:q} {output.workflow:q} {output.sums:q} {log:q}"
