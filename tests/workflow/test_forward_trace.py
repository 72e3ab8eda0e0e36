"""One raw cell is altered at a time: no number moves that forward trace had not named.

The scripts are run again in this process, as audit/rules.json tells of them. How many cells are altered is
the environment's GRAFTLINE_ALTERED_CELLS; those chosen are the same each time.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from pathlib import Path
from runpy import run_path

import pytest

import graftline.figures.style
from graftline import tables
from graftline.results_folder import ResultsFolder
from graftline.row_keys import fetch_row_keys
from graftline.trace import trace_cell, trace_subject
from graftline.trace.store import open_store, use_whole_tables

pytestmark = pytest.mark.workflow

CELLS = int(os.environ.get("GRAFTLINE_ALTERED_CELLS", "5"))
# From the raw tables to the numbers; gates stay as they are, and no other cut is compared with.
SCRIPTS = (
    "validate_raw",
    "derive_subjects",
    "derive_exposure",
    "grade_toxicity",
    "derive_endpoints",
)
SCRIPTS += ("check_derived", "summarise_cohort", "tabulate_toxicity")
SCRIPTS += ("estimate_survival", "collect_numbers")
SQL = ("selected_sql", "considered_sql")
CHECKS = ("validate_raw", "check_derived")
# Inputs that a script takes as a list, however many there are.
LISTS = {"raw", "scales", "endpoints of cohort", "toxicity_worst of cohort", "fragments", "study"}
LISTS |= {"claims", "derived", "corrections of raw", "exposure of cohort"}


def is_list(script, name):
    return name in LISTS or f"{name} of {script.rpartition('_')[2]}" in LISTS


class Study:
    """A built study whose raw cells can be altered and whose numbers can be made again."""

    def __init__(self, root, results):
        self.results = ResultsFolder(results)
        self.numbers = {one["id"]: one for one in tables.read_json(self.results.numbers_file)}
        self.raw = {file: (root / file).read_bytes() for file in sorted(self.results.raw_files)}
        self.manifest = results / "audit" / "cut_manifest.json"
        self.kept = {}
        self.mains = {
            name: run_path(str(root / "workflow/scripts" / f"{name}.py"))["main"]
            for name in SCRIPTS
        }

    def remake(self, root, changed):
        """Numbers by id of the raw files with those `changed`; None if the data then have errors."""
        manifest = tables.read_json(self.manifest)
        for file, content in (self.raw | changed).items():
            (root / file).write_bytes(content)
            manifest["files"][file.rpartition("/")[2]] = hashlib.sha256(content).hexdigest()
        tables.write_json(self.manifest, manifest)
        for name in SCRIPTS:
            told = self.results.rules[name]
            inputs = {
                key: paths if is_list(name, key) else paths[0]
                for key, paths in told["inputs"].items()
                if paths or is_list(name, key)
            }
            inputs["lock"] = told["lock"][0]
            outputs = {key: paths[0] for key, paths in told["outputs"].items()}
            self.run(name, inputs, outputs, told["params"])
            if name in CHECKS and tables.read_json(outputs["findings"])["errors"]:
                return None
        return {one["id"]: one for one in tables.read_json(self.results.numbers_file)}

    def run(self, name, inputs, outputs, params):
        """Run a script, or give its outputs again where it read the same before."""
        read = hashlib.sha256(name.encode())
        for paths in inputs.values():
            for path in [paths] if isinstance(paths, str) else paths:
                read.update(Path(path).read_bytes())
        if read.digest() not in self.kept:
            self.mains[name](inputs, outputs, params=params)
            made = [Path(path) for path in outputs.values() if Path(path).suffix != ".svg"]
            self.kept[read.digest()] = {path: path.read_bytes() for path in made}
        for path, content in self.kept[read.digest()].items():
            path.write_bytes(content)

    def moved(self, numbers):
        """The ids that were there and now have another value or are gone."""
        return {
            number
            for number, before in self.numbers.items()
            if before["rule"] in SCRIPTS
            and (number not in numbers or numbers[number]["value"] != before["value"])
        }


def named(found):
    return {number["id"] for kind in found["numbers"].values() for number in kind}


def alter(content, line, column, value):
    """A CSV file with one cell changed; `line` as an editor counts."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"))))
    rows[line - 1][column] = value
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8")


def choose(files, attempt):
    """A cell of a file, and another value that its column has; None where it has but one."""
    digest = hashlib.sha256(str(attempt).encode()).digest()
    file = sorted(files)[attempt % len(files)]
    header, *rows = csv.reader(io.StringIO(files[file].decode("utf-8")))
    # All but the patient, whose other name is nobody's or another's, and the label of the data.
    columns = [i for i, name in enumerate(header) if name not in ("data_label", "study_id")]
    column = columns[int.from_bytes(digest[:4]) % len(columns)]
    line = int.from_bytes(digest[4:8]) % len(rows)
    others = sorted({row[column] for row in rows} - {rows[line][column]})
    if not others:
        return None
    return file, line + 2, column, header[column], others[int.from_bytes(digest[8:]) % len(others)]


@pytest.fixture
def study(scratch, monkeypatch):
    monkeypatch.chdir(scratch.path)
    # What is drawn is no number.
    monkeypatch.setattr(graftline.figures.style, "write_svg", lambda *_, **__: None)
    return Study(scratch.path, scratch.results("il2-ifn", "1997-12-31"))


# An altered table may hold a column without a value, about which pandas warns when tables are joined.
@pytest.mark.filterwarnings("ignore:The behavior of DataFrame concatenation:FutureWarning")
def test_no_number_moves_that_was_not_named(study, scratch):
    assert (
        study.moved(study.remake(scratch.path, {})) == set()
    )  # the same scripts, the same numbers
    altered, moved_at_all = 0, 0
    cells = [cell for attempt in range(10 * CELLS) if (cell := choose(study.raw, attempt))]
    # Asked before anything is altered, as a person would.
    expectations = [
        named(trace_cell(study.results, file, line, name)) for file, line, _, name, _ in cells
    ]
    for (file, line, column, name, value), expected in zip(cells, expectations, strict=True):
        numbers = study.remake(scratch.path, {file: alter(study.raw[file], line, column, value)})
        if numbers is None:
            continue  # an error of the data stops the run
        moved = study.moved(numbers)
        assert moved <= expected, f"{file}:{line}:{name} -> {value!r}: {sorted(moved - expected)}"
        assert not any(number.startswith("config.") for number in expected)
        altered, moved_at_all = altered + 1, moved_at_all + bool(moved)
        if altered == CELLS:
            break
    assert moved_at_all >= CELLS // 3  # or nothing was tested


def test_without_a_patient_no_number_moves_that_was_not_named(study, scratch):
    without = {
        file: b"".join(
            line for line in content.splitlines(keepends=True) if b"P03," not in line.split(b'"')[0]
        )
        for file, content in study.raw.items()
    }
    expected = named(trace_subject(study.results, "P03"))
    moved = study.moved(study.remake(scratch.path, without))
    assert moved and moved <= expected, sorted(moved - expected)
    assert len(expected) < len(study.numbers)


@pytest.mark.parametrize(
    ("name", "cut", "patients"),
    [("il2-ifn", "1997-12-31", ("P01", "P09")), ("hsct-35", "2007-08-31", ("BMT-01", "BMT-35"))],
)
def test_queries_say_of_one_patient_alone_what_they_say_among_all(built, name, cut, patients):
    results = ResultsFolder(built.results(name, cut))
    with open_store(results) as store:
        use_whole_tables(store, results)
        queries = {r[sql] for r in results.records.values() for sql in SQL}
        answers = {query: fetch_row_keys(store, query) for query in queries}
    for patient in patients:
        found = trace_subject(results, patient)
        own = {(table["table"], key) for table in found["rows"] for key in table["row_keys"]}
        for kind, sql in zip(("selected", "considered"), SQL, strict=True):
            among_all = {
                number
                for number, record in results.records.items()
                if own & {(record["table"], key) for key in answers[record[sql]]}
            }
            told = {one["id"] for one in found["numbers"][kind]}
            # A number that selects a row is not told again as one that considers it.
            earlier = {one["id"] for one in found["numbers"]["selected"]} - told
            assert told == among_all - earlier
