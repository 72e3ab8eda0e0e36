"""From the raw patient tables of a study's data cut to the manuscript that reports them."""

import os
import sys

# The code that runs is the code beside this file, here and in every job.
CODE = [f"{workflow.basedir}/workflow", workflow.basedir]
sys.path[:0] = [path for path in CODE if path not in sys.path]
os.environ.update(PYTHONPATH=os.pathsep.join(CODE))
# No parameter is a data frame: Snakemake would load pandas here only to find that out, and every run
# would wait for it.
sys.modules.setdefault("pandas", None)

from graftline.canonical_tables import CANONICAL_TABLES
from graftline.errors import GraftlineError
from graftline.pipeline import Pipeline
from graftline.timers import cancel_timers
from snakemake.exceptions import WorkflowError


configfile: "config/config.yaml"


RESULTS = f"{config['results']}/{{study}}/{{cut}}"
PATIENT = f"{RESULTS}/patient_level"
VALIDATED = f"{PATIENT}/validated"
DERIVED = f"{PATIENT}/derived"
FRAGMENTS = f"{PATIENT}/fragments"
AGGREGATE = f"{RESULTS}/aggregate"
AUDIT = f"{RESULTS}/audit"
LOGS = "logs/{study}/{cut}"
MANIFEST = f"{AUDIT}/cut_manifest.json"

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
include: "workflow/rules/compare.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/audit.smk"


onsuccess:
    cancel_timers()


onerror:
    cancel_timers()


rule all:
    default_target: True
    input:
        # It waits for all that a run makes; a new output of its own becomes its input.
        expand(rules.write_crate.output, **TARGET),
