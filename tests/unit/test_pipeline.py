"""What the Snakefile is answered, on a small project made here."""

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from graftline.config.yaml_lines import read_yaml
from graftline.errors import GraftlineError
from graftline.pipeline import Pipeline, vars_of

ROOT = Path(__file__).parents[2]
CONFIG = "study: il2-ifn\ncut: latest\nstudies: config\ndata: data\nresults: results\n"


def write_cut(root: Path, study: str, cut: str, **files: str) -> Path:
    folder = root / "data" / study / cut
    folder.mkdir(parents=True)
    sums = ""
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
        sums += f"{hashlib.sha256(text.encode()).hexdigest()}  {name}.csv\n"
    (folder / "SHA256SUMS").write_text(sums)
    return folder


@pytest.fixture
def root(tmp_path):
    for study in ("il2-ifn", "hsct-35"):
        (tmp_path / "config" / study).mkdir(parents=True)
        shutil.copy(ROOT / "config" / study / "study.yaml", tmp_path / "config" / study)
        write_cut(tmp_path, study, "1996-12-31", ae="a", labs="l")
        write_cut(tmp_path, study, "1997-12-31", ae="a2", labs="l", vitals="v")
    (tmp_path / "config" / "config.yaml").write_text(CONFIG)
    (tmp_path / "config" / "il2-ifn" / "claims.yaml").write_text("[]\n")
    shutil.copytree(
        ROOT / "schemas", tmp_path / "schemas", ignore=shutil.ignore_patterns("__pycache__")
    )
    (tmp_path / "workflow" / "scripts").mkdir(parents=True)
    (tmp_path / "workflow" / "graftline").mkdir()
    (tmp_path / "workflow" / "scripts" / "work.py").write_text("from graftline import errors\n")
    (tmp_path / "workflow" / "graftline" / "__init__.py").write_text("")
    (tmp_path / "workflow" / "graftline" / "errors.py").write_text("")
    (tmp_path / "report" / "sections").mkdir(parents=True)
    (tmp_path / "report" / "style.css").write_text("")
    (tmp_path / "report" / "sections" / "methods.md").write_text("")
    (tmp_path / "requirements.lock").write_text("")
    return tmp_path


def pipeline(root: Path, **changes) -> Pipeline:
    config, _ = read_yaml(root / "config" / "config.yaml")
    return Pipeline(root, config | changes)


NEW = SimpleNamespace(study="il2-ifn", cut="1997-12-31")
OLD = SimpleNamespace(study="il2-ifn", cut="1996-12-31")
HSCT = SimpleNamespace(study="hsct-35", cut="1997-12-31")


# Study and cut


def test_the_newest_cut_of_the_configured_study_is_built(root):
    assert pipeline(root).target == {"study": "il2-ifn", "cut": "1997-12-31"}
    assert pipeline(root, study="hsct-35").target["study"] == "hsct-35"


@pytest.mark.parametrize("cut", ["1996-12-31", date(1996, 12, 31)])
def test_an_older_cut_is_built_by_its_date(root, cut):
    # Snakemake reads an unquoted date of config.yaml as a date.
    assert pipeline(root, cut=cut).target["cut"] == "1996-12-31"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cut": "31.12.1997"}, "config/config.yaml, line 2: cut: '31.12.1997' does not match"),
        ({"cut": "1998-12-31"}, "there are: 1996-12-31, 1997-12-31"),
        ({"study": "il2"}, "there is no study 'il2'"),
        ({"study": "../il2-ifn"}, "config/config.yaml, line 1: study: '../il2-ifn' does not match"),
        ({"stduy": "x"}, "unknown key 'stduy' in the file; did you mean 'study'?"),
        ({"cut": "1997-02-30"}, "has no data cut '1997-02-30'"),
    ],
)
def test_a_wrong_configuration_is_told_in_a_sentence(root, change, sentence):
    with pytest.raises(GraftlineError) as caught:
        assert pipeline(root, **change).target
    assert sentence in str(caught.value)


def test_an_incomplete_cut_is_left_alone_and_said(root):
    (root / "data" / "il2-ifn" / "1998-12-31").mkdir()
    here = pipeline(root)
    assert here.target["cut"] == "1997-12-31"
    assert here.notices == ["not a cut yet, left alone: data/il2-ifn/1998-12-31 has no SHA256SUMS"]


@pytest.mark.parametrize(
    "made",
    ["results/il2-ifn/1997-12-31/audit/cut_manifest.json", "releases/il2-ifn/1997-12-31/1/x"],
)
@pytest.mark.parametrize("cut", ["latest", "1996-12-31"])
def test_a_cut_that_was_built_and_lost_a_file_is_no_cut_that_is_still_copied(root, made, cut):
    (root / "data/il2-ifn/1997-12-31/vitals.csv").unlink()
    assert pipeline(root, cut=cut).target["cut"] == "1996-12-31"
    (root / made).parent.mkdir(parents=True)
    (root / made).write_text("{}")
    with pytest.raises(GraftlineError, match=r"1997-12-31 lacks vitals.csv.*restore it"):
        assert pipeline(root, cut=cut).target


def test_without_incomplete_cuts_there_is_nothing_to_say(root):
    assert pipeline(root).notices == []


# The manifest


def test_an_older_cut_that_lacks_a_file_is_refused_when_its_results_are_asked_for(root):
    (root / "data" / "il2-ifn" / "1996-12-31" / "ae.csv").unlink()
    with pytest.raises(GraftlineError, match=r"data/il2-ifn/1996-12-31 lacks ae\.csv"):
        pipeline(root).manifest(OLD)


MANIFEST = "results/{study}/{cut}/audit/cut_manifest.json"


def manifest_file(root: Path) -> Path:
    return root / "results" / "il2-ifn" / "1997-12-31" / "audit" / "cut_manifest.json"


def built(root: Path, content: str | None) -> Path:
    """Results of the newest cut, with a manifest that says `content`, if anything."""
    path = manifest_file(root)
    path.parent.mkdir(parents=True)
    if content is not None:
        path.write_text(content)
    return path


def test_a_manifest_that_is_still_true_is_not_touched(root):
    path = built(root, None)
    pipeline(root).refresh(MANIFEST, NEW)
    before = path.stat()
    pipeline(root).refresh(MANIFEST, NEW)
    assert path.stat() == before


@pytest.mark.parametrize("content", ['{"digest": "of other data"}', None])
def test_a_manifest_that_is_not_true_or_missing_beside_results_is_written_anew(root, content):
    path = built(root, content)
    pipeline(root).refresh(MANIFEST, NEW)
    expected = pipeline(root).manifest(NEW)
    written = json.loads(path.read_text())
    assert written.pop("data_label") == pipeline(root).value("data_label")(NEW)
    assert written == {"folder": "data/il2-ifn/1997-12-31"} | expected


def test_without_results_the_manifest_is_left_to_its_rule(root):
    pipeline(root).refresh(MANIFEST, NEW)
    assert not manifest_file(root).exists()


def test_changed_data_are_an_alarm_before_anything_is_built(root):
    # The first run too, when there is no manifest among the results yet.
    (root / "data" / "il2-ifn" / "1997-12-31" / "ae.csv").write_text("changed")
    with pytest.raises(GraftlineError, match=r"1997-12-31/ae\.csv: the content is not"):
        pipeline(root).refresh(MANIFEST, NEW)


# Inputs


def test_raw_files_are_those_of_the_cut(root):
    folder = "data/il2-ifn/1997-12-31"
    assert pipeline(root).raw_files(NEW) == [f"{folder}/{t}.csv" for t in ("ae", "labs", "vitals")]
    assert pipeline(root).raw_files(OLD) == [
        f"data/il2-ifn/1996-12-31/{t}.csv" for t in ("ae", "labs")
    ]


def test_paths_are_relative_in_the_projects_folder_and_whole_elsewhere(root, monkeypatch):
    code = ["workflow/graftline/__init__.py", "workflow/graftline/errors.py"]
    assert pipeline(root).code("work") == [str(root / path) for path in code]
    assert pipeline(root).lock == str(root / "requirements.lock")
    monkeypatch.chdir(root)
    assert pipeline(root).code("work") == code
    assert pipeline(root).lock == "requirements.lock"
    assert pipeline(root).templates == ["report/sections/methods.md", "report/style.css"]
    assert "workflow/scripts/work.py" in pipeline(root).code_tree


def test_a_file_that_a_study_may_have_is_an_input_if_it_is_there(root, monkeypatch):
    monkeypatch.chdir(root)
    find = pipeline(root).study_file("claims.yaml")
    assert find(NEW) == ["config/il2-ifn/claims.yaml"]
    assert find(HSCT) == []


def test_the_scale_is_the_studys(root, monkeypatch):
    monkeypatch.chdir(root)
    assert pipeline(root).scales(NEW) == [
        "config/scales/who-1981.yaml",
        "config/scales/ctcae-5.0.yaml",
    ]


def test_tables_are_those_that_the_study_has(root):
    find = pipeline(root).tables("results/{study}/{cut}/validated")
    assert find(HSCT) == {
        table: f"results/hsct-35/1997-12-31/validated/{table}.parquet"
        for table in ("subjects", "disease", "outcomes")
    }
    some = pipeline(root).tables("{study}/{cut}", ("subjects", "exposure"))
    assert some(HSCT) == {"subjects": "hsct-35/1997-12-31/subjects.parquet"}
    assert list(some(NEW)) == ["subjects", "exposure"]


def test_a_study_has_the_parts_that_it_has_data_for(root):
    here = pipeline(root)
    assert here.has(NEW) == {
        "cohort": True,
        "exposure": True,
        "toxicity": True,
        "survival": True,
        "changes": True,
    }
    assert here.has(HSCT) == {
        "cohort": True,
        "exposure": False,
        "toxicity": False,
        "survival": True,
        "changes": True,
    }
    find = here.parts(cohort="{cut}/c", toxicity=["{study}/t", "{study}/w"], survival="{study}/s")
    assert find(NEW) == ["1997-12-31/c", "il2-ifn/t", "il2-ifn/w", "il2-ifn/s"]
    assert find(HSCT) == ["1997-12-31/c", "hsct-35/s"]


# The cut before


def test_a_cut_is_compared_with_the_newest_complete_one_before_it(root):
    write_cut(root, "il2-ifn", "1998-12-31", ae="a3", labs="l")
    (root / "data" / "il2-ifn" / "1998-12-31" / "SHA256SUMS").unlink()
    write_cut(root, "il2-ifn", "1999-12-31", ae="a4", labs="l")
    newest = SimpleNamespace(study="il2-ifn", cut="1999-12-31")
    here = pipeline(root)
    assert [here.previous_cut(cut) for cut in (newest, NEW, OLD)] == [
        *("1997-12-31", "1996-12-31", None),
    ]
    # One step back: nothing is asked of the cut before the previous one.
    assert [(cut.study, cut.cut) for cut in here.built] == [
        ("il2-ifn", "1999-12-31"),
        ("il2-ifn", "1997-12-31"),
    ]
    assert [here.is_target(cut) for cut in (newest, NEW)] == [1, 0]


def test_files_of_the_cut_before_are_found_by_pattern_or_by_input_function(root):
    here = pipeline(root)
    find = here.before("{study}/{cut}/a", here.parts(cohort="{cut}/c", changes="{cut}/d"))
    assert find(NEW) == ["il2-ifn/1996-12-31/a", "1996-12-31/c"]
    assert find(OLD) == []
    named = here.files(here.tables("{cut}", ("vitals", "subjects")))
    assert named(NEW) == ["1997-12-31/subjects.parquet", "1997-12-31/vitals.parquet"]


@pytest.mark.parametrize("compare", [False, "false"])  # of the file, and of the command line
def test_without_comparison_nothing_of_another_cut_is_asked_for(root, compare):
    here = pipeline(root, compare=compare)
    assert here.previous_cut(NEW) is None
    assert here.has(NEW)["changes"] is False
    assert len(here.built) == 1
    assert here.merged_configuration(NEW)["compared_with"] is None


def test_the_configuration_says_which_data_the_cut_was_compared_with(root):
    here = pipeline(root)
    assert here.merged_configuration(NEW)["compared_with"] == {
        "cut": "1996-12-31",
        "digest": here.manifest(OLD)["digest"],
    }


def test_what_was_made_of_a_faulty_cut_for_comparison_is_forgotten_when_it_is_built(root):
    patients = manifest_file(root).parents[1] / "patient_level"
    for name in ("derived/subjects.parquet", "fragments/a.json", "gate_derived.json"):
        (patients / name).parent.mkdir(parents=True, exist_ok=True)
        (patients / name).write_bytes(b"")
    (patients / "gate_raw.json").write_text('{"passed": false}')
    (patients / "queries.csv").write_text("kept")
    pipeline(root)._forget_empty(MANIFEST)
    assert [path.name for path in patients.iterdir()] == ["queries.csv"]


# Params


def test_a_value_of_the_protocol_is_found_and_none_where_it_is_not_given(root):
    here = pipeline(root)
    assert here.value("survival", "followup_of")(NEW) == "os"
    assert here.value("data_label")(HSCT) is None
    assert here.value("toxicity")(HSCT) is None
    assert here.value("toxicity", "fever", "within_hours")(HSCT) is None
    assert here.value("study", "nothing below text")(NEW) is None


def test_the_configuration_of_a_build_is_what_decides_results_and_not_where_they_lie(root):
    one = pipeline(root).merged_configuration(OLD)
    assert one == pipeline(root, results="elsewhere", cut="1996-12-31").merged_configuration(OLD)
    assert (one["study"], one["cut"]) == ("il2-ifn", "1996-12-31")
    assert one["protocol"]["toxicity"]["scale"] == "who-1981"
    protocol = root / "config" / "il2-ifn" / "study.yaml"
    protocol.write_text(protocol.read_text().replace("low_sbp_mmhg: 90", "low_sbp_mmhg: 91"))
    assert pipeline(root).merged_configuration(OLD) != one


def test_every_path_carries_study_and_cut():
    assert vars_of(NEW) == {"study": "il2-ifn", "cut": "1997-12-31"}


@pytest.mark.parametrize(
    ("old", "new"),
    [("scale: who-1981", "scale: who-1982"), ("also: [ctcae-5.0]", "also: [ctcae-5.0, who-1982]")],
)
def test_a_scale_that_there_is_not_stops_with_the_line_of_the_study(root, old, new):
    shutil.copytree(ROOT / "config" / "scales", root / "config" / "scales")
    shutil.copy(ROOT / "requirements.lock", root)
    protocol = root / "config" / "il2-ifn" / "study.yaml"
    lines = protocol.read_text("utf-8").replace(old, new).splitlines()
    protocol.write_text("\n".join(lines) + "\n", encoding="utf-8")
    line = next(number for number, text in enumerate(lines, 1) if new in text)
    with pytest.raises(
        GraftlineError, match=f"line {line}: there is no scale 'who-1982'.*who-1981"
    ):
        pipeline(root).prepare("results/{study}/{cut}/manifest.json", dryrun=True)
