"""What was built from what: data, configuration, code, packages and numbers, in one digest.

rules.json says of each rule what it reads, makes and is told: the audit never asks Snakemake.
"""

from graftline.rule_records import describe_rules


localrules:
    record_build,


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
        rules=f"{AUDIT}/rules.json",
    log:
        f"{LOGS}/record_build.log",
    params:
        root=pipeline.folder,
        configuration=pipeline.merged_configuration,
        rules=lambda w: describe_rules(workflow, w, root=pipeline.root, but="rules"),
        data_label=pipeline.value("data_label"),
    message:
        "Recording what the build was made from"
    script:
        "../scripts/record_build.py"
