"""How long the manuscript of a large cohort takes, and how many pages it has.

    ./run python benchmarks/render.py [PATIENTS [PDF]]

Makes a cohort of 100,000 patients, or as many as told, out of those of il2-ifn: each copy has a name
of its own and dates of its own (the whole course, and the transplantation before it, earlier by a
made-up number of days), and the first laboratory values alone. Builds it in a temporary copy of the
project and prints the seconds of the whole run, of a run that only renders the manuscript again, of a
run with nothing to do, and the pages; keeps the manuscript as PDF. Rendering is the second less the
third.
"""

from __future__ import annotations

import hashlib
import resource
import shutil
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).parents[1]
sys.path.insert(0, str(PROJECT))

from benchmarks.rebuild import copy_project, snakemake  # noqa: E402

STUDY, CUT = "il2-ifn", "1997-12-31"
LABS_PER_PATIENT = 20
LABEL = "MADE UP FOR A MEASUREMENT, NOT PATIENT DATA"
SECONDS, PAGES = 30, 40  # what the manuscript of 100,000 patients may take and have
# Columns that hold a date of a course; a transplantation may lie still earlier.
LONGEST_SHIFT, LONGEST_WAIT = 300, 40


def multiply(folder: Path, patients: int) -> None:
    """Replace the tables in `folder` by those of `patients` patients made of the ones there."""
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(19971231)
    models = pd.read_csv(folder / "subjects.csv", dtype=str)["subject_id"].tolist()
    number = np.arange(patients)
    people = pd.DataFrame(
        {
            "subject_id": [models[one % len(models)] for one in number],
            "number": number,
            "shift": random.integers(0, LONGEST_SHIFT, patients),
            "wait": random.integers(0, LONGEST_WAIT, patients),
        }
    )
    sums = []
    for path in sorted(folder.glob("*.csv")):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        columns = list(rows)
        if path.stem == "labs":
            rows = rows.groupby("subject_id", sort=False).head(LABS_PER_PATIENT)
        made = people.merge(rows, on="subject_id", sort=False)
        for column in [name for name in columns if "date" in name]:
            dates = pd.to_datetime(made[column], format="%Y-%m-%d", errors="coerce")
            days = made["shift"] + made["wait"] * (path.stem in ("transplant", "disease"))
            moved = (dates - pd.to_timedelta(days, unit="D")).dt.strftime("%Y-%m-%d")
            made[column] = moved.where(dates.notna(), made[column])
        made["subject_id"] = "Q" + made["number"].astype(str).str.zfill(7)
        if "enrol_order" in made:
            made["enrol_order"] = (made["number"] + 1).astype(str)
        made["data_label"] = LABEL
        made[columns].to_csv(path, index=False, lineterminator="\n")
        sums.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n")
    (folder / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")
    (folder / "LINE_DIGESTS").unlink(missing_ok=True)


def large_project(folder: Path, patients: int) -> Path:
    """A copy of the project with a study of `patients` patients, who are not listed."""
    project = copy_project(folder)
    for cut in (project / "data" / STUDY).glob("????-??-??"):
        if cut.name != CUT:
            shutil.rmtree(cut)
    multiply(project / "data" / STUDY / CUT, patients)
    study = project / "config" / STUDY
    (study / "claims.yaml").write_text("[]\n", encoding="utf-8")
    protocol = (study / "study.yaml").read_text(encoding="utf-8")
    protocol = protocol.replace("case_listing: true ", "case_listing: false")
    protocol = protocol.replace("RECONSTRUCTED FROM AN ABSTRACT, NOT PATIENT DATA", LABEL)
    (study / "study.yaml").write_text(protocol, encoding="utf-8")
    return project


def measure(project: Path, *arguments: str) -> tuple[float, float]:
    """Seconds that Snakemake takes, by the clock and of processors."""

    def processors() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    before = processors()
    seconds = snakemake(project, *arguments)
    return seconds, processors() - before


def main(patients: int) -> None:
    """Measure and print; with 100,000 patients, fail where a limit is passed."""
    from pypdf import PdfReader

    with tempfile.TemporaryDirectory() as temporary:
        project = large_project(Path(temporary) / "project", patients)
        whole = measure(project)
        again = measure(project, "--forcerun", "render_manuscript")
        nothing = measure(project)
        made = project / "results" / STUDY / CUT / "aggregate" / "manuscript.pdf"
        pages = len(PdfReader(made).pages)
        if len(sys.argv) > 2:
            shutil.copy(made, sys.argv[2])
    rendering = [both - start for both, start in zip(again, nothing, strict=True)]
    print(f"{patients:,} patients: seconds, and of processors")
    for name, (seconds, processors) in {
        "whole run": whole,
        "manuscript": rendering,
        "nothing to do": nothing,
    }.items():
        print(f"{name:14}{seconds:8.1f}{processors:8.1f}")
    print(f"{pages} pages; limits are {SECONDS} seconds for the manuscript and {PAGES} pages")
    if rendering[0] > SECONDS or pages > PAGES:
        sys.exit("a limit is passed")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
