"""What was built from what: data, configuration, code, packages and numbers, in one digest."""


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
    log:
        f"{LOGS}/record_build.log",
    params:
        root=pipeline.folder,
        configuration=pipeline.merged_configuration,
        data_label=pipeline.value("data_label"),
    message:
        "Recording what the build was made from"
    script:
        "../scripts/record_build.py"
