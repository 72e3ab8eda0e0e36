"""The protocol: what contradicts itself is refused at its line, before anything runs."""

import shutil
from pathlib import Path

import pytest

from graftline.config.study import read_study
from graftline.errors import GraftlineError

ROOT = Path(__file__).parents[3]
PROTOCOL = (ROOT / "config" / "il2-ifn" / "study.yaml").read_text(encoding="utf-8")


def write_study(root: Path, text: str, name: str = "il2-ifn") -> Path:
    (root / "schemas").mkdir()
    shutil.copy(ROOT / "schemas" / "study.schema.yaml", root / "schemas")
    (root / "config" / name).mkdir(parents=True)
    (root / "config" / name / "study.yaml").write_text(text, encoding="utf-8")
    return root


def change(*pairs: tuple[str, str]) -> str:
    """The shipped protocol with each text, which must stand there, replaced once."""
    text = PROTOCOL
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def error_of(root: Path, text: str) -> str:
    with pytest.raises(GraftlineError) as caught:
        read_study(write_study(root, text), "config", "il2-ifn")
    return str(caught.value)


@pytest.mark.parametrize("name", ["il2-ifn", "hsct-35"])
def test_the_shipped_protocols_are_right(name):
    study = read_study(ROOT, "config", name)
    assert study.name == study.content["study"] == name


def test_a_study_knows_its_tables():
    study = read_study(ROOT, "config", "hsct-35")
    assert study.uses("outcomes")
    assert not study.uses("labs")


def test_an_unknown_study_is_answered_with_those_that_there_are():
    with pytest.raises(GraftlineError) as caught:
        read_study(ROOT, "config", "il2")
    assert "there is no study 'il2': config/il2/study.yaml is missing" in str(caught.value)
    assert "hsct-35, il2-ifn" in str(caught.value)


def line_of(text: str, part: str) -> int:
    """The line of `text` in which `part` stands for the first time."""
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "where", "sentence"),
    [
        ("study: il2-ifn", "study: il2", "study: il2", "the file is for il2-ifn; write study: il2-ifn"),
        ("  ESC:\n    weekdays", "  ESCC:\n    weekdays", "  ESCC:", "is not one of the arms"),
        # a drug under another name has planned doses that no given dose is held against
        ("    IL-2:\n      - {cycle: 1, start_day: 0", "    IL2:\n      - {cycle: 1, start_day: 0",
         "    IL2:", "is not one of the drugs"),
        ("{cycle: 2, start_day: 56, days: 26, dose: 9.0", "{cycle: 1, start_day: 56, days: 26, dose: 9.0",
         "    IL-2:\n      - {cycle", "a cycle stands twice"),
        ("id: escalating", "id: high_dose", "  ESC: {id", "is the id of HD too"),
        ("id: ifn", "id: il2", "    id: il2\n    label: interferon", "is the id of IL-2 too"),
        ("dose_range: [0.1, 24]", "dose_range: [24, 0.1]", "    dose_range: [24", "write the smallest dose first"),
        ("origin: TX\n    entry: IT", "origin: XT\n    entry: IT", "    origin: XT",
         "XT is not one of the origins: TX, IT"),
        ("entry: IT", "entry: TI", "    entry: TI", "TI is not one of the origins"),
        ("followup_of: os ", "followup_of: oss ", "  followup_of: oss", "oss is not one of the endpoints"),
        ("also: [ctcae-5.0]", "also: [who-1981]", "  also: [who",
         "who-1981 is the main scale already"),
        # the arms of a reconstruction must never be compared for survival
        ("compare_groups: false", "compare_groups: true", "  compare_groups: true", "are never compared"),
        ("    estimator: aalen_johansen", "    estimator: kaplan_meier",
         "    estimator: kaplan_meier\n    sentence: Relapse or progression was",
         "with competing events it must be aalen_johansen"),
        ("competing: [death]", "competing: [death, relapse]", "    competing: [death, relapse]",
         "relapse cannot be an event and compete with it"),
        ("    censorings: [last_alive]\n", "", "  os:", "say until when a patient is followed"),
        ("censorings: [last_alive]", "censorings: [missed_assessments]", "  os:",
         "say until when a patient is followed"),
        ("censorings: [last_alive]", "censorings: [cut]", "    censorings: [cut]",
         "write the sentence that the methods print of cut under censorings"),
        ("censorings: [last_alive]", "censorings: [new_therapy, last_alive]",
         "    censorings: [new", "new_therapy needs the table new_therapy"),
        ("events: [relapse, death]", "events: [relaps, death]", "    events: [relaps,",
         "relaps is not one of the events: death, relapse"),
        ("origins:\n", "events:\n  death: {label: x, table: followup, date: date}\norigins:\n",
         "  death: {label", "is built in; use another name"),
        ("origins:\n", "events:\n  dli: {label: x, table: new_therapy, date: date}\norigins:\n",
         "  dli: {label", "the study has no table new_therapy"),
        ("    events: [death]\n    censorings", "    events: [death]\n    source: outcomes\n    censorings",
         "    source: outcomes", "the study has no outcomes table"),
        # each age is in one band
        ("[[20, 29], [30, 39]", "[[20, 30], [30, 39]", "  age_bands:",
         "the band after 30 begins with 30 and not with 31"),
        ("[[20, 29], [30, 39]", "[[20, 28], [30, 39]", "  age_bands:",
         "the band after 28 begins with 30 and not with 29"),
        ("[[20, 29], [30, 39]", "[[30, 39], [20, 29]", "  age_bands:",
         "the band after 39 begins with 20 and not with 40"),
        ("[[20, 29]", "[[29, 20]", "  age_bands:", "[29, 20] ends before it begins"),
    ],
)  # fmt: skip
def test_a_contradiction_is_refused_at_its_line(tmp_path, old, new, where, sentence):
    text = change((old, new))
    message = error_of(tmp_path, text)
    assert message.startswith(f"config/il2-ifn/study.yaml, line {line_of(text, where)}: ")
    assert sentence in message


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("data_label:", "data_lable:", "did you mean 'data_label'?"),
        ("events: [relapse, death]", "events: []", "[] should be non-empty"),
        ("censorings: [last_alive]", "censorings: [never]", "'never' is not one of"),
        ("start_day: 0", 'start_day: "0"', "'0' is not of type 'integer'"),
        ("days: 26", "days: 026", "'026' is not of type 'integer'"),
        # a file outside of the cut, or a hidden one, is not in the cut's manifest
        ("{file: labs.csv}", "{file: ../1996-12-31/ae.csv}", "does not match"),
        ("{file: labs.csv}", "{file: sub/../../ae.csv}", "does not match"),
        ("{file: labs.csv}", "{file: /etc/passwd}", "does not match"),
        ("{file: labs.csv}", "{file: .ae.csv}", "does not match"),
        ("paramcd: PFS", "paramcd: PFS-1", "does not match"),
        ("  subjects: {file: subjects.csv}\n", "", "'subjects' is a required property"),
    ],
)
def test_what_the_schema_does_not_allow_is_refused(tmp_path, old, new, sentence):
    message = error_of(tmp_path, change((old, new)))
    assert sentence in message
    assert message.startswith("config/il2-ifn/study.yaml, line ")


def test_a_table_may_lie_in_a_folder_of_the_cut(tmp_path):
    root = write_study(tmp_path, change(("{file: labs.csv}", "{file: site 1/ae.v2.csv}")))
    assert read_study(root, "config", "il2-ifn").content["tables"]["labs"] == {
        "file": "site 1/ae.v2.csv"
    }
