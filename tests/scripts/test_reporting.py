"""register_cut, collect_numbers, check_claims, record_build, render_manuscript and render_documents,
on files."""

import csv
import hashlib
import io
import json
import shutil
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest
import yaml

from graftline import tables
from graftline.build_record import digest_sources
from graftline.errors import GraftlineError
from tests.scripts.small_study import ANALYSES, CUT, LABEL, PROTOCOL, Made, load_script, made

TEMPLATE = """<!DOCTYPE html><html lang="en-GB"><head><title>{{ protocol.title }}</title>
<style>{{ fonts_css }}{{ style_css }}</style></head><body>
<p>{{ words("cohort.n", start=true) }} patients{{ "" }}.</p><div data-exempt="prose">{{ prose("introduction") }}</div>
<dl>{% for entry in entries() %}<dt data-exempt="id">{{ entry.estimates[0][0].id }}</dt>{% endfor %}</dl>
</body></html>"""


# ---- register_cut


@pytest.fixture
def cut(tmp_path):
    folder = tmp_path / "1999-12-31"
    folder.mkdir()
    (folder / "ae.csv").write_bytes(b"subject_id\nP01\n")
    digest = hashlib.sha256(b"subject_id\nP01\n").hexdigest()
    (folder / "SHA256SUMS").write_text(f"{digest}  ae.csv\n")

    def register():
        outputs = {"manifest": str(tmp_path / "manifest.json")}
        params = {"folder": str(folder), "digest": "", "data_label": LABEL}
        load_script("register_cut")({}, outputs, params=params)
        return json.loads(Path(outputs["manifest"]).read_text("utf-8"))

    register.folder, register.sha256 = folder, digest
    return register


def test_a_cut_is_registered_with_the_checksum_of_each_file(cut):
    manifest = cut()
    assert manifest["files"] == {"ae.csv": cut.sha256}
    assert manifest["folder"] == str(cut.folder)


def test_a_cut_whose_file_was_changed_is_refused_by_name(cut, tmp_path):
    (cut.folder / "ae.csv").write_bytes(b"subject_id\nP02\n")
    with pytest.raises(GraftlineError, match="ae.csv: the content is not what SHA256SUMS states"):
        cut()
    assert not (tmp_path / "manifest.json").exists()


# ---- collect_numbers


def test_the_registry_holds_the_numbers_of_all_analyses_and_its_own():
    full = {record["id"]: record for record in made().json("numbers_full")}
    assert list(full) == sorted(full)
    for rule in ANALYSES:
        for number, value in made().values(rule).items():
            assert (full[number]["rule"], full[number]["value"]) == (rule, value)
    assert full["cut.date"]["display"] == CUT
    assert full["config.toxicity.fever.low_sbp_mmhg"]["value"] == 90
    assert full["quality.errors.n"]["value"] == 0
    assert full["software.pandas"]["display"].count(".") == 2


def test_the_released_registry_has_the_same_numbers():
    full = {record["id"]: record["value"] for record in made().json("numbers_full")}
    assert {record["id"]: record["value"] for record in made().json("numbers")} == full


def test_a_number_that_two_analyses_make_stops_the_build(tmp_path):
    twice = tmp_path / "other.json"
    shutil.copy(made().path("tabulate_toxicity"), twice)
    again = Made(tmp_path)
    again.raw = made().raw
    with pytest.raises(GraftlineError, match="is made by both tabulate_toxicity and other"):
        again.collect([made().path("tabulate_toxicity"), str(twice)])
    assert not (tmp_path / "numbers").exists()


def test_a_threshold_is_traced_to_its_line_of_the_study_file():
    cells = made().frame("lineage").set_index("row_key")
    cell = cells.loc["config.toxicity.fever.low_sbp_mmhg"]
    lines = Path("config/il2-ifn/study.yaml").read_text("utf-8").splitlines()
    assert cell["src_file"] == "study.yaml"
    assert lines[cell["src_line"] - 1].strip().startswith("low_sbp_mmhg: 90")


# ---- check_claims


def check(tmp_path, claims):
    path = tmp_path / "claims.yaml"
    path.write_text(yaml.safe_dump(claims), "utf-8")
    outputs = {"claims": str(tmp_path / "claims.json")}
    params = {"cut": CUT, "claims_file": "config/x/claims.yaml", "data_label": LABEL}
    inputs = {"numbers": made().path("numbers"), "claims": [str(path)]}
    load_script("check_claims")(inputs, outputs, params=params)
    return tables.read_json(outputs["claims"])


def claim(expect, as_of=CUT):
    return {"id": "C01", "claim": "Two patients", "as_of": as_of, "expect": expect}


def test_a_claim_is_held_against_the_registry(tmp_path):
    (right,) = check(tmp_path, [claim({"cohort.n": 2})])
    (wrong,) = check(tmp_path, [claim({"cohort.n": 3})])
    assert (right["agrees"], right["derived"]) == (True, {"cohort.n": 2})
    assert (wrong["agrees"], wrong["derived"]) == (False, {"cohort.n": 2})


def test_a_claim_about_an_unknown_number_stops_the_build(tmp_path):
    with pytest.raises(GraftlineError, match="config/x/claims.yaml: claim C01 .* cohort.m"):
        check(tmp_path, [claim({"cohort.m": 2})])


# ---- record_build


def record(folder, *, numbers="[]", study="a: 1", code="x = 1", at_start="x = 1"):
    (folder / "workflow/scripts").mkdir(parents=True)
    for name, text in (
        ("study.yaml", study),
        ("lock", "pandas==1"),
        ("numbers", numbers),
        ("workflow/scripts/a.py", code),
        ("manifest", '{"digest": "d"}'),
    ):
        (folder / name).write_text(text, "utf-8")
    inputs = {name: str(folder / name) for name in ("manifest", "lock", "numbers")}
    inputs["study_files"] = [str(folder / "study.yaml")]
    outputs = {name: str(folder / f"{name}.json") for name in ("build", "configuration")}
    sha256 = {
        name: hashlib.sha256(text.encode()).hexdigest()
        for name, text in (("code", at_start), ("lock", "pandas==1"), ("study", study))
    }
    params = {
        "root": str(folder),
        "configuration": {"study": "x"},
        "data_label": LABEL,
        "sources_at_start": digest_sources(
            {"workflow/scripts/a.py": sha256["code"]},
            sha256["lock"],
            {"study.yaml": sha256["study"]},
        ),
    }
    load_script("record_build")(inputs, outputs, params=params)
    return tables.read_json(outputs["build"])


def test_the_digest_does_not_depend_on_the_folder(tmp_path):
    one, other = record(tmp_path / "a"), record(tmp_path / "b" / "c")
    assert one == other
    assert "workflow/scripts/a.py" in one["code"]


def test_code_that_changed_while_the_run_went_on_stops_it(tmp_path):
    with pytest.raises(GraftlineError, match="changed while the run went on"):
        record(tmp_path, code="x = 2", at_start="x = 1")


@pytest.mark.parametrize(
    "change", [{"numbers": "[1]"}, {"study": "a: 2"}, {"code": "x = 2", "at_start": "x = 2"}]
)
def test_any_change_of_what_went_in_changes_the_digest(tmp_path, change):
    before = record(tmp_path / "a")["build_digest"]
    assert record(tmp_path / "b", **change)["build_digest"] != before


# ---- record_rules and write_crate


def end_run(folder, *, build_digest="0f" * 32, content="content"):
    """A run of two rules in `folder`, recorded; returns its audit folder."""
    base = "results/x/1999-12-31"
    audit = folder / base / "audit"
    made = {"crate": "ro-crate-metadata.json", "workflow": "Snakefile", "sums": "SHA256SUMS"}
    told = {"message": "", "code": [], "lock": [], "inputs": {}, "params": {}}
    rules = {
        "make": told | {"outputs": {"a": [f"{base}/aggregate/a.txt"]}},
        "write_crate": told
        | {"outputs": {key: [f"{base}/audit/{name}"] for key, name in made.items()}},
    }
    for place, (name, rule) in enumerate(rules.items()):
        rule |= {"script": f"workflow/scripts/{name}.py", "place": place}
    texts = {
        f"{base}/aggregate/a.txt": content,
        "identifiers.txt": "subject\tP-017\n",
        f"{base}/audit/build.json": json.dumps(
            {
                "build_digest": build_digest,
                "data_label": LABEL,
                "code": {"Snakefile": "s"},
                "parts": {"lock": "l"},
            }
        ),
        f"{base}/audit/configuration.json": json.dumps(
            {"study": "x", "cut": "1999-12-31", "protocol": {"title": "T"}, "files": {}}
        ),
        f"{base}/audit/cut_manifest.json": json.dumps({"files": {"ae.csv": "r"}}),
        "Snakefile": "rule all:\n",
        "requirements.lock": "snakemake==9.27.1\n",
    }
    for name, text in texts.items():
        tables.write_text(folder / name, text)
    recorded = {"rules": str(audit / "rules.json")}
    params = {"rules": {"rules": rules, "other_cuts": {}}, "data_label": LABEL}
    load_script("record_rules")({}, recorded, params=params)
    inputs = recorded | {
        "build": str(audit / "build.json"),
        "configuration": str(audit / "configuration.json"),
        "manifest": str(audit / "cut_manifest.json"),
        "snakefile": str(folder / "Snakefile"),
        "lock": str(folder / "requirements.lock"),
        "identifiers": str(folder / "identifiers.txt"),
    }
    outputs = {key: str(audit / name) for key, name in made.items()}
    load_script("write_crate")(inputs, outputs, params={})
    return audit


def test_what_each_rule_read_and_made_is_kept(tmp_path):
    kept = tables.read_json(end_run(tmp_path) / "rules.json")
    assert kept["data_label"] == LABEL and kept["other_cuts"] == {}
    assert sorted(kept["rules"]) == ["make", "write_crate"]


def test_the_end_of_a_run_states_the_sha256_of_each_output_but_the_sums(tmp_path):
    audit = end_run(tmp_path)
    stated = dict(
        reversed(line.split("  ")) for line in (audit / "SHA256SUMS").read_text().splitlines()
    )
    assert stated == {
        name: hashlib.sha256((audit.parent / name).read_bytes()).hexdigest()
        for name in ("aggregate/a.txt", "audit/Snakefile", "audit/ro-crate-metadata.json")
    }


def test_the_crate_is_of_this_run(tmp_path):
    audit = end_run(tmp_path)
    graph = {e["@id"]: e for e in tables.read_json(audit / "ro-crate-metadata.json")["@graph"]}
    assert graph["./"]["name"] == "T: audit of the cut 1999-12-31"
    assert graph["#snakemake"]["softwareVersion"] == "9.27.1"
    assert (audit / "Snakefile").read_text() == "rule all:\n"
    content = hashlib.sha256(b"content").hexdigest()
    assert [e["name"] for e in graph.values() if e.get("sha256") == content] == [
        "results/x/1999-12-31/aggregate/a.txt"
    ]


def test_a_run_that_names_a_patient_in_what_may_leave_has_no_end(tmp_path):
    with pytest.raises(GraftlineError, match="aggregate/a.txt holds patients' ids") as refusal:
        end_run(tmp_path, content="What became of P-017.")
    assert "017" not in str(refusal.value)
    assert not (tmp_path / "results/x/1999-12-31/audit/SHA256SUMS").exists()


def test_the_crate_does_not_depend_on_the_folder(tmp_path):
    one, other = (end_run(tmp_path / name) for name in ("a", "b"))
    for name in ("ro-crate-metadata.json", "SHA256SUMS"):
        assert (one / name).read_bytes() == (other / name).read_bytes()


# ---- render_manuscript


@pytest.fixture
def render(tmp_path):
    """Renders the small template, with prose and template changed as told; gives HTML and PDF, or
    the files of render_documents."""

    def run(introduction="Words.", template=TEMPLATE, script="render_manuscript"):
        report, config = tmp_path / "report", tmp_path / "config"
        for folder in (report, config):
            folder.mkdir(exist_ok=True)
        texts = {
            report / "manuscript.html.j2": template,
            report / "macros.html.j2": Path("report/macros.html.j2").read_text("utf-8"),
            report / "references.json": Path("report/references.json").read_text("utf-8"),
            report / "style.css": 'html { font-family: "Source Serif Pro" }',
            report / "tokens.yaml": Path("report/tokens.yaml").read_text("utf-8"),
            config / "introduction.md": introduction,
            tmp_path / "claims.json": "[]",
            tmp_path / "build.json": json.dumps({"build_digest": "ab" * 32}),
        }
        for path, text in texts.items():
            path.write_text(text, "utf-8")
        figures = [
            made().path(name)
            for name in (
                "flow.svg",
                "swimmer.svg",
                "dose_intensity.svg",
                "toxicity.svg",
                "laboratory.svg",
            )
        ]
        inputs = {
            "numbers": made().path("numbers"),
            "fragments": [made().path(name) for name in ANALYSES],
            "figures": figures,
            "claims": str(tmp_path / "claims.json"),
            "build": str(tmp_path / "build.json"),
            "prose": [str(config / "introduction.md")],
            "references": [],
            "templates": [str(path) for path in texts if path.parent == report],
        }
        outputs = {
            name: str(tmp_path / f"manuscript.{name}")
            for name in ("html", "pdf", "docx", "xlsx", "tables")
        } | {"pages": str(tmp_path / "pages.json")}
        params = {"cut": CUT, "protocol": PROTOCOL, "report_folder": str(report)}
        load_script(script)(inputs, outputs, params=params)
        if script == "render_documents":
            return outputs
        return Path(outputs["html"]).read_text("utf-8"), Path(outputs["pdf"]).read_bytes()

    run.folder = tmp_path
    return run


def test_the_manuscript_is_rendered_as_html_and_pdf(render):
    html, pdf = render()
    assert '<a class="number" href="#entry-1" data-number-id="cohort.n">Two</a>' in html
    assert "font:" not in html.split("<body>")[0].replace("data:font", "")
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "Two patients" in text and "cohort.n" in text
    pages = json.loads((render.folder / "pages.json").read_text("utf-8"))
    assert pages["numbers"]["cohort.n"] == [1] and pages["data_label"] == LABEL


def test_the_pdf_carries_the_registry_the_claims_and_the_tables(render):
    table = '<table id="table-made"><thead><tr><th>Patients</th></tr></thead><tbody><tr><td>{{ n("cohort.n") }}</td></tr></tbody></table>'
    _, pdf = render(template=TEMPLATE.replace("</body>", table + "</body>"))
    carried = {
        name: content[0] for name, content in pypdf.PdfReader(io.BytesIO(pdf)).attachments.items()
    }
    assert carried["numbers.json"] == Path(made().path("numbers")).read_bytes()
    assert json.loads(carried["claims.json"]) == []
    assert carried["table_made.csv"].decode() == f"Patients,data_label\n2,{LABEL}\n"


def test_a_digit_typed_in_a_template_stops_the_build(render):
    with pytest.raises(GraftlineError, match="not from the registry.*17 patients"):
        render(template=TEMPLATE.replace('{{ "" }}', " of 17 patients"))
    assert not (render.folder / "manuscript.pdf").exists()


def test_a_digit_in_the_study_s_own_prose_is_its_own_affair(render):
    html, _ = render("In 1990, IL-2  \nwas new in 12 countries.")
    assert "<br />" in html and "1990" in html


def test_an_unknown_number_stops_the_build_with_a_near_one(render):
    with pytest.raises(GraftlineError, match="unknown number cohort.nn; did you mean cohort.n"):
        render(template=TEMPLATE.replace('"cohort.n"', '"cohort.nn"'))


def test_a_picture_from_outside_in_the_prose_stops_the_build(render):
    with pytest.raises(GraftlineError, match="asks for 'http://127.0.0.1:9/x.png'"):
        render("![a picture](http://127.0.0.1:9/x.png)")
    assert not (render.folder / "manuscript.pdf").exists()


# ---- render_documents


def documents(render, **given):
    """The Word document, the workbook and the CSV files that the small template gives."""
    head = '{% from "macros.html.j2" import figure, table with context %}'
    parts = '{{ table("baseline") }}{{ figure("swimmer") }}{{ table("toxicity_items") }}'
    template = TEMPLATE.replace("<dl>", f"{parts}<dl>").replace("<!DOCTYPE html>", head)
    outputs = render(template=template, script="render_documents", **given)
    tables = {path.name: path.read_text("utf-8") for path in Path(outputs["tables"]).iterdir()}
    return docx.Document(outputs["docx"]), openpyxl.load_workbook(outputs["xlsx"]), tables


def test_word_workbook_and_csv_have_the_same_tables(render):
    word, book, tables = documents(render)
    assert sorted(tables) == ["baseline.csv", "index.csv", "toxicity_items.csv"]
    assert book.sheetnames == ["baseline", "toxicity_items"]
    assert len(word.tables) == 2 and len(word.inline_shapes) == 1
    lines = list(csv.reader(io.StringIO(tables["baseline.csv"])))
    assert [row.cells[0].text for row in word.tables[0].rows] == [line[0] for line in lines]
    assert {line[-1] for line in lines[1:]} == {LABEL}
    assert word.sections[0].header.paragraphs[0].text == LABEL
    assert [sheet.cell(2, 1).value for sheet in book] == [LABEL, LABEL]


def test_the_documents_have_the_same_bytes_each_time_and_leave_nothing_behind(render):
    documents(render)
    files = [p for p in sorted(render.folder.rglob("*")) if p.is_file()]
    before = {path: path.read_bytes() for path in files}
    (render.folder / "manuscript.tables" / "old.csv").write_text("a table of another template")
    documents(render)
    assert {p: p.read_bytes() for p in render.folder.rglob("*") if p.is_file()} == before


def test_a_typed_digit_stops_the_other_forms_too(render):
    with pytest.raises(GraftlineError, match="not from the registry.*17 patients"):
        render(template=TEMPLATE.replace('{{ "" }}', " of 17 patients"), script="render_documents")
    assert not (render.folder / "manuscript.docx").exists()


def test_a_picture_from_outside_stops_the_other_forms_too(render):
    with pytest.raises(GraftlineError, match="asks for 'http://127.0.0.1:9/x.png'"):
        render("![a picture](http://127.0.0.1:9/x.png)", script="render_documents")
