"""From the raw patient tables of a study's data cut to the manuscript that reports them."""

import os
import sys

# The code that runs is the code beside this file, here and in every job.
CODE = [f"{workflow.basedir}/workflow", workflow.basedir]
sys.path[:0] = [path for path in CODE if path not in sys.path]
os.environ["PYTHONPATH"] = os.pathsep.join(CODE)

from graftline.canonical_tables import CANONICAL_TABLES
from graftline.errors import GraftlineError
from graftline.pipeline import Pipeline
from snakemake.exceptions import WorkflowError


configfile: "config/config.yaml"


RESULTS = config["results"] + "/{study}/{cut}"
PATIENT = RESULTS + "/patient_level"
VALIDATED = PATIENT + "/validated"
DERIVED = PATIENT + "/derived"
FRAGMENTS = PATIENT + "/fragments"
AGGREGATE = RESULTS + "/aggregate"
AUDIT = RESULTS + "/audit"
LOGS = "logs/{study}/{cut}"
MANIFEST = AUDIT + "/cut_manifest.json"

try:
    pipeline = Pipeline(workflow.basedir, config)
    TARGET = pipeline.target
    if workflow.is_main_process:
        pipeline.prepare(MANIFEST, dryrun=workflow.output_settings.dryrun)
except GraftlineError as error:
    raise WorkflowError(str(error)) from None


wildcard_constraints:
    study="[a-z0-9][a-z0-9-]*",
    cut=r"\d{4}-\d{2}-\d{2}",


include: "workflow/rules/ingest.smk"
include: "workflow/rules/derive.smk"
include: "workflow/rules/analyse.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/audit.smk"


rule all:
    default_target: True
    input:
        expand(rules.render_manuscript.output, **TARGET),
        expand(rules.validate_raw.output.queries, **TARGET),
