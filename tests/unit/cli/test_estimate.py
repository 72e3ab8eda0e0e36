"""graftline estimate: files in, JSON out, and mistakes named by file and line."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from graftline.cli import main

WORKFLOW = Path(__file__).parents[3] / "workflow"
# S: 3/4 from 2, 3/8 from 6.
FOUR = "subject_id,time,status\na,2,1\nb,4,0\nc,6,2\nd,8,0\n"


def run(folder, text, *arguments, times_file=None):
    """Status of the command on a file with `text`, in `folder`."""
    (folder / "in.csv").write_text(text, encoding="utf-8")
    given = [str(folder / "in.csv"), "--out", str(folder / "out.json"), *arguments]
    if times_file is not None:
        (folder / "times.csv").write_text(times_file, encoding="utf-8")
        given += ["--times-file", str(folder / "times.csv")]
    return main(["estimate", *given])


def read(folder):
    """Records by cohort, group, quantity and time."""
    records = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    return {(one["cohort"], one["group"], one["quantity"], one["time"]): one for one in records}


def test_estimates_of_a_file(tmp_path, capsys):
    assert run(tmp_path, FOUR, "--times", "3,6") == 0
    found = read(tmp_path)
    assert found[None, None, "km_survival", 3]["value"] == 0.75
    assert found[None, None, "cif2", 6]["value"] == 0.375
    assert found[None, None, "median", None]["value"] == 6
    shown = capsys.readouterr()
    assert shown.out == "" and "1 cohort, 4 patients" in shown.err and shown.err.count("\n") == 1


def test_cohorts_are_estimated_each_alone_and_at_their_own_times(tmp_path):
    text = "cohort,subject_id,time,status\nx,a,2,1\nx,b,4,0\ny,a,3,1\ny,b,3,1\n"
    assert run(tmp_path, text, times_file="cohort,time\ny,1\ny,3\nx,2\n") == 0
    found = read(tmp_path)
    survival = {key: one["value"] for key, one in found.items() if key[2] == "km_survival"}
    assert survival == {
        ("x", None, "km_survival", 2): 0.5,
        ("y", None, "km_survival", 1): 1,
        ("y", None, "km_survival", 3): 0,
    }


def test_order_of_columns_and_rows_does_not_matter(tmp_path):
    rows = ["a,0,2,1,B", "b,1,4,0,A", "c,0,6,2,B", "d,2,8,1,A", "e,0,9,1,B"]
    header = "subject_id,entry,time,status,group"
    assert run(tmp_path, "\n".join([header, *rows]), "--times", "5") == 0
    first = (tmp_path / "out.json").read_bytes()
    turned = [",".join(np.array(row.split(","))[[4, 3, 2, 1, 0]]) for row in [header, *rows[::-1]]]
    assert run(tmp_path, "\n".join(turned), "--times", "5") == 0
    assert (tmp_path / "out.json").read_bytes() == first


def test_values_keep_all_their_digits(tmp_path):
    text = "subject_id,time,status\n" + "".join(f"p{i},{i},1\n" for i in range(1, 8))
    assert run(tmp_path, text, "--times", "1") == 0
    assert read(tmp_path)[None, None, "km_survival", 1]["value"] == 6 / 7


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path):
    (tmp_path / "in.csv").write_bytes(b"\xef\xbb\xbf" + FOUR.replace("\n", "\r\n").encode())
    given = [str(tmp_path / "in.csv"), "--out", str(tmp_path / "out.json"), "--times", "3"]
    assert main(["estimate", *given]) == 0
    assert read(tmp_path)[None, None, "km_survival", 3]["value"] == 0.75


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("a,-2,1\nb,4,0\nc,-6,2\n", "lines 2 and 4: time is negative"),
        ("a,2,1\nb,4,9\n", "line 3: status is not one of 0, 1, 2"),
        ("a,2,1\nb,4,0\na,6,2\n", "lines 2 and 4: a patient stands more than once"),
        ("a,2,1\nb,4\n", "line 3"),
        ("", "no patients"),
    ],
)
def test_bad_rows_are_an_error_with_their_lines_and_nothing_is_written(
    tmp_path, capsys, rows, told
):
    assert run(tmp_path, "subject_id,time,status\n" + rows, "--times", "3") == 1
    shown = capsys.readouterr().err
    assert told in shown and "in.csv" in shown and shown.count("\n") == 1
    assert not (tmp_path / "out.json").exists()


def test_entry_at_or_after_exit_is_an_error_with_its_lines(tmp_path, capsys):
    text = "subject_id,entry,time,status\na,2,2,1\nb,0,4,0\nc,7,6,1\n"
    assert run(tmp_path, text, "--times", "3") == 1
    assert "lines 2 and 4: entry is not before time" in capsys.readouterr().err


def test_lines_are_those_of_the_file_with_quoted_line_ends_and_empty_lines(tmp_path, capsys):
    text = 'subject_id,time,status\n"a\nb",2,1\n\nc,-1,0\n'
    assert run(tmp_path, text, "--times", "3") == 1
    assert "line 5: time is negative" in capsys.readouterr().err


def test_patients_are_named_nowhere(tmp_path, capsys):
    assert run(tmp_path, FOUR.replace("c,6,2", "MILLER,66,7"), "--times", "3") == 1
    shown = capsys.readouterr().err
    assert "MILLER" not in shown and "66" not in shown


@pytest.mark.parametrize(
    ("arguments", "times_file", "told"),
    [
        (["--times", "12,x"], None, "--times 12,x: give numbers"),
        (["--times", "-1"], None, "give numbers of 0 or more"),
        (["--times", "3", "--causes", "0,1"], None, "--causes 0,1: give whole numbers"),
        ([], "cohort,time\nx,3\n", "no column cohort"),
        ([], "cohort,tim\nx,3\n", "did you mean time"),
        ([], "cohort,time\nx,-3\n", "line 2: time is not a number of 0 or more"),
    ],
)
def test_wrong_times_and_causes_are_told(tmp_path, capsys, arguments, times_file, told):
    assert run(tmp_path, FOUR, *arguments, times_file=times_file) == 1
    assert told in capsys.readouterr().err


def test_cohort_without_times_and_times_without_a_cohort_are_told(tmp_path, capsys):
    text = "cohort,subject_id,time,status\nx,a,2,1\ny,a,3,1\n"
    assert run(tmp_path, text, times_file="cohort,time\nx,2\n") == 1
    assert "no time for 1 of the 2 cohorts" in capsys.readouterr().err
    assert run(tmp_path, text, times_file="cohort,time\nx,2\ny,2\nz,2\n") == 1
    assert "'z' is no cohort" in capsys.readouterr().err


def test_times_are_needed_once(tmp_path, capsys):
    for arguments, times_file in (([], None), (["--times", "3"], "cohort,time\n")):
        with pytest.raises(SystemExit) as caught:
            run(tmp_path, FOUR, *arguments, times_file=times_file)
        assert caught.value.code == 2
    assert "--times" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("source", "target", "told"),
    [
        ("absent.csv", "out.json", "no such file"),
        ("in.csv", "in.csv", "is an input itself"),
        ("in.csv", "nowhere/out.json", "not a file in a folder that exists"),
    ],
)
def test_wrong_paths_are_told_before_anything_is_read(tmp_path, capsys, source, target, told):
    (tmp_path / "in.csv").write_text(FOUR)
    given = [str(tmp_path / source), "--out", str(tmp_path / target), "--times", "3"]
    assert main(["estimate", *given]) == 1
    assert told in capsys.readouterr().err
    assert (tmp_path / "in.csv").read_text() == FOUR


def test_a_value_that_is_not_confirmed_stops_the_command(tmp_path, capsys, monkeypatch):
    from graftline.estimate.kaplan_meier import KaplanMeier

    original = KaplanMeier.survival_at
    monkeypatch.setattr(KaplanMeier, "survival_at", lambda self, at: original(self, at) + 1e-6)
    assert run(tmp_path, FOUR, "--times", "3") == 1
    assert "km_survival of cohort None" in capsys.readouterr().err
    assert not (tmp_path / "out.json").exists()
    assert run(tmp_path, FOUR, "--times", "3", "--no-check") == 0


def test_more_causes_can_be_declared(tmp_path):
    text = "subject_id,time,status\na,2,1\nb,4,3\nc,6,2\n"
    assert run(tmp_path, text, "--times", "5") == 1
    assert run(tmp_path, text, "--times", "5", "--causes", "1,2,3") == 0
    assert read(tmp_path)[None, None, "cif3", 5]["value"] == pytest.approx(1 / 3)


def test_file_of_many_patients_is_estimated_in_time_and_memory_of_their_number(tmp_path):
    random = np.random.default_rng(3)
    n = 30_000
    time, status = random.integers(1, 3000, n), random.integers(0, 3, n)
    entry, group = time // 3, random.integers(0, 2, n)
    rows = zip(range(n), time, status, entry, group, strict=True)
    text = "subject_id,time,status,entry,group\n" + "".join(
        f"{a},{b},{c},{d},{e}\n" for a, b, c, d, e in rows
    )
    assert run(tmp_path, text, "--times", "500,2000") == 0
    found = read(tmp_path)
    total = sum(found[None, None, name, 500]["value"] for name in ("km_survival", "cif1", "cif2"))
    assert total == pytest.approx(1, abs=1e-12)
    assert found[None, None, "cox_efron_coef_entry", None]["value"] is not None


@pytest.mark.parametrize("library", ["lifelines", "firthmodels", "comprisk", "numba", "sklearn"])
def test_heavy_libraries_are_not_imported_before_they_are_needed(library):
    code = (
        "import sys; import graftline.cli.estimate, graftline.estimate.cross_check, "
        "graftline.estimate.listing.estimates, graftline.estimate.listing.confirmation; "
        f"sys.exit({library!r} in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(WORKFLOW)}, check=False
    )
    assert done.returncode == 0
