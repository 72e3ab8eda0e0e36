"""Raw tables in, validated tables and queries out.

register_cut states what was received, validate_raw reads all of it and lists everything that is
wrong with it, and gate_raw alone stops the run, so that a list of queries is always there to send.
"""


localrules:
    register_cut,
    gate_raw,


rule register_cut:
    input:
        raw=pipeline.raw_files,
        sums=lambda w: f"{pipeline.cut_folder(w)}/SHA256SUMS",
        script=pipeline.script("register_cut"),
        code=pipeline.code("register_cut"),
        lock=pipeline.lock,
    output:
        manifest=MANIFEST,
    log:
        f"{LOGS}/register_cut.log",
    params:
        folder=pipeline.cut_folder,
        digest=lambda w: pipeline.manifest(w)["digest"],
        # Without one: no argument at all.
        data_label=pipeline.value("data_label", default=""),
        python=pipeline.python,
    message:
        "Registering the cut {wildcards.cut} of {wildcards.study}"
    shell:
        "{params.python:q} -S {input.script:q} {params.folder:q}"
        " {output.manifest:q} {log:q} {params.data_label:q}"


rule validate_raw:
    input:
        manifest=MANIFEST,
        raw=pipeline.raw_files,
        corrections=pipeline.study_file("corrections.csv"),
        code=pipeline.code("validate_raw"),
        lock=pipeline.lock,
    output:
        **{table: f"{VALIDATED}/{table}.parquet" for table in CANONICAL_TABLES},
        queries=f"{PATIENT}/queries.csv",
        queries_page=f"{PATIENT}/queries.html",
        findings=f"{PATIENT}/findings.json",
        identifiers=f"{PATIENT}/identifiers.txt",
        corrections=f"{VALIDATED}/corrections.parquet",
        set_aside=f"{VALIDATED}/set_aside.parquet",
    log:
        f"{LOGS}/validate_raw.log",
    params:
        study="{study}",
        cut="{cut}",
        data_root=config["data"],
        tables=pipeline.value("tables"),
        arms=pipeline.value("arms"),
        drugs=pipeline.value("drugs"),
        regimens=pipeline.value("regimens"),
        signs=pipeline.value("toxicity", "signs"),
        checks=pipeline.value("checks"),
        assessment_interval_days=pipeline.value("survival", "assessment_interval_days"),
        lost_to_follow_up_days=pipeline.value("survival", "lost_to_follow_up_days"),
        data_label=pipeline.value("data_label"),
    message:
        "Reading and checking the raw tables"
    script:
        "../scripts/validate_raw.py"


rule gate_raw:
    input:
        findings=f"{PATIENT}/findings.json",
        script=pipeline.script("gate_raw"),
        code=pipeline.code("gate_raw"),
        lock=pipeline.lock,
    output:
        gate=f"{PATIENT}/gate_raw.json",
    log:
        f"{LOGS}/gate_raw.log",
    resources:
        # No param: a gate that passes writes the same for the cut that is built and for the one that
        # it is compared with, and nothing has to run again when a cut becomes the other.
        stops=pipeline.is_target,
    params:
        queries=f"{PATIENT}/queries.csv",
        python=pipeline.python,
    message:
        "Deciding whether the raw tables are good enough to go on"
    shell:
        "{params.python:q} -S {input.script:q} {input.findings:q} {params.queries:q} {resources.stops}"
        " {output.gate:q} {log:q}"
