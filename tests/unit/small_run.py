"""A small project with one finished run in it, written by hand, for tests of releases and of verifying.

The run's results are those of `small_results`; its project holds one raw file, a protocol, a lock, a
Snakefile and one module.
"""

import io
from importlib.metadata import version

import pydyf

from graftline import tables
from graftline.build_record import record_build
from graftline.crate.sums import hash_outputs
from graftline.cuts.checksums import files_of, hash_file
from graftline.cuts.manifest import build_manifest, describe_cut
from graftline.release.finished import Project
from graftline.sealed_folder import format_sums
from tests.unit.small_results import RECORDS, write_results

STUDY = "made-up"
CUT = "1999-12-31"
LABEL = "MADE UP FOR A TEST"
FILES = {
    "Snakefile": "rule all:\n",
    "workflow/graftline/adding.py": "def add(a, b):\n    return a + b\n",
    "report/manuscript.html.j2": "<html>{{ n('cohort.alive.n') }}</html>\n",
    "requirements.lock": f"packaging=={version('packaging')}\n",
    "config/made-up/study.yaml": "title: made up\n",
    "config/config.yaml": "study: made-up\ncut: latest\nstudies: config\ndata: data\nresults: results\n",
}
# What no crate describes: itself, and the sums that it is among.
OWN = ("audit/ro-crate-metadata.json", "audit/SHA256SUMS")
CODE = ("Snakefile", "report/manuscript.html.j2", "workflow/graftline/adding.py")


def write_project(root, **changed):
    """The files of a project below `root`; `changed` gives other texts, by the end of a file's name."""
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changed.get(path.stem, text))
    return Project(root)


def write_cut(root, cut=CUT, text="subject_id,age\nP01,30\n"):
    """A raw cut of one file."""
    folder = root / "data" / STUDY / cut
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "subjects.csv").write_text(text)
    (folder / "SHA256SUMS").write_text(
        format_sums({"subjects.csv": hash_file(folder / "subjects.csv")})
    )
    return folder


def write_run(root, cut=CUT, records=RECORDS):
    """A finished run of the project at `root`, on a cut that is there; returns its results folder."""
    results = write_results(root / "results" / STUDY / cut, records=records)
    fragment = results / "patient_level/fragments/summarise_cohort.json"
    tables.write_json(fragment, {"numbers": [], "tables": {}, "figures": {}})
    tables.write_text(results / "aggregate/figures/swimmer.svg", f"swimmer of {cut}\n")
    shown = f"data/{STUDY}/{cut}"
    manifest = build_manifest(root / shown, shown)
    tables.write_json(results / "audit/cut_manifest.json", describe_cut(shown, manifest, LABEL))
    protocol = tables.read_json(results / "audit/configuration.json")["protocol"]
    files = {"study.yaml": hash_file(root / f"config/{STUDY}/study.yaml")}
    configuration = {"study": STUDY, "cut": cut, "protocol": protocol, "files": files}
    tables.write_json(results / "audit/configuration.json", configuration | {"data_label": LABEL})
    build = record_build(
        cut_digest=manifest["digest"],
        configuration=configuration,
        code={name: hash_file(root / name) for name in CODE},
        lock_sha256=hash_file(root / "requirements.lock"),
        numbers_sha256=hash_file(results / "aggregate/numbers.json"),
        data_label=LABEL,
    )
    tables.write_json(results / "audit/build.json", build)
    write_paper(results / "aggregate", build["build_digest"])
    write_sums(results)
    return results


def write_paper(aggregate, digest):
    """A PDF and a page that print the build digest and nothing else."""
    span = f'<span class="digest" data-exempt="build digest">{digest}</span>'
    tables.write_text(aggregate / "manuscript.html", f"<html>{span}</html>\n")
    tables.write_bytes(
        aggregate / "manuscript.pdf", write_pdf(f"Build digest {digest}; the ledger")
    )


def write_pdf(text):
    """One page with a line of text."""
    pdf, content = (
        pydyf.PDF(),
        pydyf.Stream([b"BT /F 6 Tf 10 10 Td", b"(" + text.encode() + b") Tj ET"]),
    )
    font = pydyf.Dictionary({"Type": "/Font", "Subtype": "/Type1", "BaseFont": "/Helvetica"})
    for added in (content, font):
        pdf.add_object(added)
    page = {
        "Type": "/Page",
        "Parent": pdf.pages.reference,
        "MediaBox": pydyf.Array([0, 0, 600, 100]),
        "Contents": content.reference,
        "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary({"F": font.reference})}),
    }
    pdf.add_page(pydyf.Dictionary(page))
    written = io.BytesIO()
    pdf.write(written)
    return written.getvalue()


def describe(results):
    """Write a crate that describes the outputs of a run, and state what the outputs are."""
    crate = results / "audit/ro-crate-metadata.json"
    base = f"results/{results.parent.name}/{results.name}/"
    sums = hash_outputs(results, files_of(results))
    entities = [
        {"name": base + name, "sha256": sums[name]} for name in sorted(sums) if name not in OWN
    ]
    tables.write_json(crate, {"@graph": entities})
    write_sums(results)


def write_sums(results):
    """State anew what the outputs of a run are."""
    names = files_of(results)
    (results / "audit/SHA256SUMS").write_text(format_sums(hash_outputs(results, names)))


def write_all(root):
    """A project with a cut and its finished run: the project and the results folder."""
    project = write_project(root)
    write_cut(root)
    return project, write_run(root)
