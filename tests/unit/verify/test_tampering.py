"""Whatever is altered in a release, in the ledger or in results is found and named."""

import json
import shutil

import pytest

from graftline import tables
from graftline.cuts.checksums import hash_file
from graftline.cuts.lines import digest_lines, format_section, read_blocks
from graftline.ledger.file import read_ledger
from graftline.ledger.records import format_record, make_record
from graftline.release.seal import seal_release
from graftline.sealed_folder import format_sums, list_all_files
from graftline.tables import read_json
from graftline.verify.folders import verify_results
from graftline.verify.recompute import recompute_results
from graftline.verify.releases import verify_release
from tests.unit.small_results import write_subjects
from tests.unit.small_run import (
    STUDY,
    describe,
    write_all,
    write_project,
    write_run,
    write_sums,
)

SEALED = "2026-01-02T12:00:00Z"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """Two releases of one cut, the second with other code, as they were sealed."""
    root = tmp_path_factory.mktemp("sealed")
    project, results = write_all(root / "project")
    for code in ("a = 1\n", "a = 2\n"):
        write_project(project.root, adding=code)
        write_run(project.root)
        seal_release(results, project, root / "releases", sealed_at=SEALED)
    return root / "releases" / STUDY


@pytest.fixture
def study(sealed, tmp_path):
    """A copy of them that can be written to."""
    copy = shutil.copytree(sealed, tmp_path / STUDY, symlinks=True)
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    return copy


def release(study):
    return study / "1999-12-31" / "1"


def own_code(project, results):
    return recompute_results(results)


def problems(study):
    return verify_release(release(study), own_code).problems


def test_untouched_nothing_differs_and_all_was_looked_at(study):
    outcome = verify_release(release(study), own_code)
    assert outcome.problems == []
    assert outcome.checked["records of the ledger"] == 2 and outcome.checked["numbers"] == 3


# ---- The acts


def flip_a_byte(name):
    def act(study):
        file = release(study) / name
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)

    return act


def remove(name):
    return lambda study: (study / name).unlink()


def add(name):
    return lambda study: tables.write_text(release(study) / name, "added\n")


def change_a_cell(study):
    write_subjects(release(study) / "results", vital_status=["ALIVE", "DEAD", "DEAD"])


def change_a_number(study, value=3):
    for name in ("patient_level/numbers_full.json", "aggregate/numbers.json"):
        file = release(study) / "results" / name
        records = read_json(file)
        records[0] |= {"value": value, "display": str(value)}
        tables.write_json(file, records)


def state_anew(study):
    """Make every checksum in the release true again, and its record too."""
    folder = release(study)
    write_sums(folder / "results")
    names = [name for name in list_all_files(folder) if name not in ("SHA256SUMS", "release.json")]
    (folder / "SHA256SUMS").write_text(
        format_sums({name: hash_file(folder / name) for name in names})
    )
    record = read_json(folder / "release.json")
    content = {key: record[key] for key in record if key not in ("previous", "hash")}
    content["contents"] = hash_file(folder / "SHA256SUMS")
    (folder / "release.json").write_text(format_record(make_record(content, record["previous"])))


def change_a_number_and_hide_it(study):
    change_a_number(study)
    state_anew(study)


def edit_ledger(edit):
    def act(study):
        ledger = study / "ledger.jsonl"
        ledger.write_text("".join(edit(ledger.read_text().splitlines(keepends=True))))

    return act


def write_ledger_anew(study):
    """Every record with another time, and every hash right."""
    records, previous = [], "0" * 64
    for old in read_ledger(study / "ledger.jsonl"):
        content = {key: old[key] for key in old if key not in ("previous", "hash")}
        records.append(make_record(content | {"sealed_at": "2025-01-01T00:00:00Z"}, previous))
        previous = records[-1]["hash"]
    (study / "ledger.jsonl").write_text("".join(format_record(record) for record in records))


def swap_links(study):
    (study / "latest").unlink()
    (study / "latest").symlink_to("1999-12-31/1")


def link_instead_of_file(study):
    file = release(study) / "results/aggregate/manuscript.pdf"
    file.rename(study / "elsewhere.pdf")
    file.symlink_to(study / "elsewhere.pdf")


def link_instead_of_release(study):
    moved = release(study).rename(study.parent / "elsewhere")
    release(study).symlink_to(moved)


def edit_json(name, edit):
    def act(study):
        file = release(study) / name
        content = read_json(file)
        edit(content)
        tables.write_json(file, content)

    return act


ONE = "1999-12-31/1"
RAW = "project/data/made-up/1999-12-31"
TAMPERING = {
    "a byte of a raw file": (flip_a_byte(f"{RAW}/subjects.csv"), f"{RAW}/subjects.csv: "),
    "the sums of the raw cut": (flip_a_byte(f"{RAW}/SHA256SUMS"), f"{RAW}/SHA256SUMS: "),
    "a raw file removed": (remove(f"{ONE}/{RAW}/subjects.csv"), f"{RAW}/subjects.csv: is missing"),
    "a raw file added": (add(f"{RAW}/more.csv"), f"{RAW}/more.csv: was added"),
    "a derived cell": (change_a_cell, "results/patient_level/derived/subjects.parquet: "),
    "a number": (change_a_number, "cohort.alive.n: the registry says 3, the rows give 2"),
    "a number, and all sums stated anew": (
        change_a_number_and_hide_it,
        "release.json: is not what the ledger says",
    ),
    "a template": (flip_a_byte("project/report/manuscript.html.j2"), "project/report/manuscript"),
    "a module": (
        flip_a_byte("project/workflow/graftline/adding.py"),
        "project/workflow/graftline/adding.py: ",
    ),
    "the Snakefile": (flip_a_byte("project/Snakefile"), "project/Snakefile: "),
    "a module added": (
        add("project/workflow/graftline/more.py"),
        "project/workflow/graftline/more.py: was added",
    ),
    "the lock": (flip_a_byte("project/requirements.lock"), "project/requirements.lock: "),
    "the protocol": (
        flip_a_byte("project/config/made-up/study.yaml"),
        "project/config/made-up/study.yaml: ",
    ),
    "the merged configuration": (
        edit_json("results/audit/configuration.json", lambda c: c["protocol"].clear()),
        "results/audit/configuration.json: ",
    ),
    "the build record": (
        edit_json("results/audit/build.json", lambda c: c["parts"].update(lock="0" * 64)),
        "results/audit/build.json: ",
    ),
    "the PDF": (
        flip_a_byte("results/aggregate/manuscript.pdf"),
        "results/aggregate/manuscript.pdf: ",
    ),
    "the PDF removed": (
        remove(f"{ONE}/results/aggregate/manuscript.pdf"),
        "results/aggregate/manuscript.pdf: is missing",
    ),
    "a link in place of the PDF": (
        link_instead_of_file,
        "results/aggregate/manuscript.pdf: is a link",
    ),
    "a figure": (
        flip_a_byte("results/aggregate/figures/swimmer.svg"),
        "results/aggregate/figures/swimmer.svg: ",
    ),
    "a file added to the results": (
        add("results/aggregate/note.txt"),
        "results/aggregate/note.txt: was added",
    ),
    "the sums of the outputs": (
        flip_a_byte("results/audit/SHA256SUMS"),
        "results/audit/SHA256SUMS: ",
    ),
    "the sums of the release": (flip_a_byte("SHA256SUMS"), "SHA256SUMS: the content is not"),
    "the sums of the release removed": (remove(f"{ONE}/SHA256SUMS"), "SHA256SUMS: is missing"),
    "the release's record": (
        lambda study: (release(study) / "release.json").write_text(
            (release(study) / "release.json").read_text().replace(SEALED, "2026-01-01T00:00:00Z")
        ),
        "release.json: was edited",
    ),
    "the release's record removed": (remove(f"{ONE}/release.json"), "release.json: is missing"),
    "a record of the ledger edited": (
        edit_ledger(lambda lines: [lines[0].replace(SEALED, "2026-01-01T00:00:00Z"), lines[1]]),
        "ledger.jsonl: line 1 (1999-12-31/1) was edited",
    ),
    "the first record taken out": (
        edit_ledger(lambda lines: lines[1:]),
        "ledger.jsonl: line 1 (1999-12-31/2) does not follow",
    ),
    "the last record cut off": (
        edit_ledger(lambda lines: lines[:1]),
        "1999-12-31/2: is not in the ledger; its record was removed",
    ),
    "the records in another order": (
        edit_ledger(lambda lines: lines[::-1]),
        "ledger.jsonl: line 1 (1999-12-31/2) does not follow",
    ),
    "half of the last line": (
        edit_ledger(lambda lines: [lines[0], lines[1][:100]]),
        "ledger.jsonl: line 2 is not a record",
    ),
    "the ledger written anew": (write_ledger_anew, "release.json: is not what the ledger says"),
    "the ledger removed": (remove("ledger.jsonl"), "1999-12-31/1: the ledger has no such release"),
    "another release removed": (
        lambda study: shutil.rmtree(study / "1999-12-31" / "2"),
        "1999-12-31/2: is in the ledger, and its folder is missing",
    ),
    "a file among the releases": (
        lambda study: tables.write_text(study / "more.txt", "more\n"),
        "more.txt: was added; it is no release",
    ),
    "a copy of a release under another number": (
        lambda study: shutil.copytree(release(study), study / "1999-12-31/01"),
        "1999-12-31/01: was added; it is no release",
    ),
    "a link in place of a release": (
        link_instead_of_release,
        "1999-12-31/1: is in the ledger, and its folder is missing",
    ),
    "latest turned to another release": (swap_links, "latest: points to 1999-12-31/1"),
}


@pytest.mark.parametrize("kind", TAMPERING)
def test_each_kind_of_tampering_is_found_and_named(study, kind):
    act, named = TAMPERING[kind]
    act(study)
    found = problems(study)
    assert any(problem.startswith(named) for problem in found), found


@pytest.mark.parametrize("kind", ["a figure", "the PDF", "the lock", "a file added to the results"])
def test_one_thing_altered_is_named_once_and_nothing_else_is(study, kind):
    act, named = TAMPERING[kind]
    act(study)
    names = {problem.partition(": ")[0] for problem in problems(study)}
    assert names == {named.partition(": ")[0]}


def spoil(file, how):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes({"a byte": bytes(content), "all": b"", "its end": content[:-3]}[how])


@pytest.mark.parametrize("how", ["a byte", "all", "its end"])
def test_whatever_file_of_a_release_is_spoilt_it_is_named(sealed, study, how):
    whole = release(sealed)
    for name in list_all_files(whole):
        file = release(study) / name
        before = file.read_bytes()
        if not before:
            continue
        spoil(file, how)
        assert any(name in problem for problem in problems(study)), name
        file.write_bytes(before)


def test_files_of_a_release_that_can_be_written_to_are_noted(study):
    outcome = verify_release(release(study), own_code)
    (note,) = [one for one in outcome.notes if "can be written to" in one]
    assert note.startswith("SHA256SUMS and ") and outcome.problems == []


def test_code_that_was_altered_is_not_run(study):
    flip_a_byte("project/workflow/graftline/adding.py")(study)

    def ran(project, results):
        raise AssertionError("the code was run")

    outcome = verify_release(release(study), ran)
    assert any("not computed again" in note for note in outcome.notes)


# ---- Results folders


@pytest.fixture
def made(tmp_path):
    return write_all(tmp_path)


def verify(made):
    project, results = made
    return verify_results(results, project, recompute_results).problems


def test_results_as_they_were_made_are_well(made):
    assert verify(made) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("data/made-up/1999-12-31/subjects.csv", "subjects.csv: the content is not what the run"),
        ("config/made-up/study.yaml", "study.yaml: the content is not what the run"),
        ("Snakefile", "Snakefile: the content is not what the run"),
        ("requirements.lock", "requirements.lock: the content is not what the run"),
        ("results/made-up/1999-12-31/aggregate/manuscript.pdf", "aggregate/manuscript.pdf: "),
        ("results/made-up/1999-12-31/audit/rules.json", "audit/rules.json: "),
    ],
)
def test_what_changed_since_the_run_is_named(made, name, said):
    file = made[0].root / name
    file.write_bytes(file.read_bytes() + b"\n")
    assert any(said in problem for problem in verify(made))


@pytest.mark.parametrize("how", ["a byte", "all", "its end"])
def test_whatever_file_of_the_results_is_spoilt_it_is_named(made, how):
    for name in list_all_files(made[1]):
        file = made[1] / name
        before = file.read_bytes()
        spoil(file, how)
        found = verify(made)
        # Sums that end earlier name the files that they lack; a release's ledger tells of the sums.
        assert any(name in problem for problem in found) or (name.endswith("SUMS") and found), name
        file.write_bytes(before)


def test_what_no_rule_made_is_named(made):
    tables.write_text(made[1] / "aggregate/note.txt", "a note\n")
    assert verify(made) == ["aggregate/note.txt: was added; no rule of the run made it"]


@pytest.mark.parametrize("name", ["evil.snakemake_timestamp", ".snakemake_timestamp"])
def test_a_mark_of_snakemake_s_is_empty_and_has_its_name(made, name):
    tables.write_text(made[1] / "aggregate" / name, "P01\n")
    assert verify(made) == [f"aggregate/{name}: was added; no rule of the run made it"]


@pytest.mark.parametrize("name", ["more.csv", ".more.csv", "more/subjects.csv"])
def test_a_raw_file_that_nothing_names_is_named(made, name):
    tables.write_text(made[0].root / "data/made-up/1999-12-31" / name, "a\n")
    assert any(f"{name}: was added" in problem for problem in verify(made))


@pytest.mark.parametrize(
    "name", ["workflow/graftline/more.py", "report/more.html.j2", "config/made-up/references.json"]
)
def test_code_and_protocol_that_were_added_are_named(made, name):
    tables.write_text(made[0].root / name, "\n")
    assert verify(made) == [f"{name}: was added; the run was made without it"]


def test_digests_of_other_lines_than_the_cut_s_are_named(made):
    raw = made[0].root / "data/made-up/1999-12-31"
    digests = format_section(
        "subjects.csv",
        hash_file(raw / "subjects.csv"),
        digest_lines(read_blocks(raw / "subjects.csv")),
    )
    tables.write_text(raw / "LINE_DIGESTS", digests)
    assert verify(made) == []
    tables.write_text(raw / "LINE_DIGESTS", digests[:-3] + "00\n")
    (problem,) = verify(made)
    assert "LINE_DIGESTS: has not the digests of the lines" in problem


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("aggregate/manuscript.html", "prints the build digest 000000000000"),
        ("patient_level/queries.csv", "describes another content than the other records state"),
    ],
)
def test_a_file_that_was_altered_with_its_sum_is_named_all_the_same(made, name, said):
    tables.write_text(made[1] / "patient_level/queries.csv", "table,line\n")
    describe(made[1])
    assert verify(made) == []
    page = made[1] / name
    build = read_json(made[1] / "audit/build.json")["build_digest"]
    page.write_text(page.read_text().replace(build, "0" * 64).replace("line", "lines"))
    (describe if name.endswith("html") else write_sums)(made[1])
    (problem,) = verify(made)
    assert problem.startswith(f"{name}: ") and said in problem


def test_a_file_that_was_removed_with_its_sum_is_named_all_the_same(made):
    describe(made[1])
    (made[1] / "aggregate/figures/swimmer.svg").unlink()
    write_sums(made[1])
    (problem,) = verify(made)
    assert problem.startswith(
        "aggregate/figures/swimmer.svg: audit/ro-crate-metadata.json describes"
    )


def test_a_crate_that_states_another_lock_is_named(made):
    describe(made[1])
    crate = read_json(made[1] / "audit/ro-crate-metadata.json")
    crate["@graph"].append({"name": "requirements.lock", "sha256": "0" * 64})
    tables.write_json(made[1] / "audit/ro-crate-metadata.json", crate)
    write_sums(made[1])
    assert any(problem.startswith("requirements.lock: audit/ro-crate") for problem in verify(made))


def test_a_number_changed_in_both_registries_and_all_sums_is_found_by_its_rows(made):
    results = made[1]
    for name in ("patient_level/numbers_full.json", "aggregate/numbers.json"):
        records = json.loads((results / name).read_text())
        records[0] |= {"value": 3, "display": "3"}
        tables.write_json(results / name, records)
    write_sums(results)
    assert "cohort.alive.n: the registry says 3, the rows give 2" in verify(made)


def test_a_run_that_was_not_finished_says_so_and_its_numbers_are_computed_all_the_same(made):
    (made[1] / "audit/SHA256SUMS").unlink()
    outcome = verify_results(made[1], made[0], recompute_results)
    assert len(outcome.problems) == 1 and "the run is not finished" in outcome.problems[0]
    assert outcome.checked["numbers"] == 3


def test_without_a_project_the_sources_are_not_looked_at_and_that_is_said(made):
    outcome = verify_results(made[1], None, recompute_results)
    assert outcome.problems == [] and "no project here" in outcome.notes[0]
