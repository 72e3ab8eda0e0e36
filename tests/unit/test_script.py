"""What a script says of an error: the project's own sentences, and never a patient's value."""

import errno
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from graftline.declared_reads import ROOT
from graftline.errors import GraftlineError
from graftline.script import describe_error, run_script

VALUE = "1951-03-17"  # a birth date, say


class Named(dict):
    """Named inputs, outputs or params, of which Snakemake gives `items()`."""


def job(tmp_path, **parts):
    return SimpleNamespace(
        **({"input": Named(), "output": Named(), "params": Named()} | parts),
        log=[str(tmp_path / "logs" / "rule.log")],
        rule="derive_subjects",
    )


def fail(tmp_path, capsys, main):
    """Status, terminal output and log of a script whose main fails."""
    with pytest.raises(SystemExit) as caught:
        run_script(main, job(tmp_path))
    shown = capsys.readouterr()
    return caught.value.code, shown.out + shown.err, (tmp_path / "logs/rule.log").read_text("utf-8")


def test_a_sentence_for_people_is_told_alone(tmp_path, capsys):
    def main(inputs, outputs, *, params):
        raise GraftlineError("ae.csv, line 3: say what to do")

    status, shown, log = fail(tmp_path, capsys, main)
    assert status == 1
    assert shown == log == "ae.csv, line 3: say what to do\n"


def raise_value(inputs, outputs, *, params):
    raise ValueError(f"could not parse {VALUE}")


def raise_key(inputs, outputs, *, params):
    return {}[VALUE]


def raise_inside_another(inputs, outputs, *, params):
    try:
        raise ValueError(f"could not parse {VALUE}")
    except ValueError as error:
        raise RuntimeError(f"row of {VALUE}") from error


def raise_with_a_note(inputs, outputs, *, params):
    error = ValueError("bad")
    error.add_note(f"in the row {VALUE}")
    raise error


def raise_group(inputs, outputs, *, params):
    raise ExceptionGroup(VALUE, [ValueError(VALUE)])


@pytest.mark.parametrize(
    ("main", "kind"),
    [
        (raise_value, "ValueError"),
        (raise_key, "KeyError"),
        (raise_inside_another, "RuntimeError"),
        (raise_with_a_note, "ValueError"),
        (raise_group, "ExceptionGroup"),
    ],
)
def test_a_defect_is_told_by_kind_and_place_without_its_message(tmp_path, capsys, main, kind):
    status, shown, log = fail(tmp_path, capsys, main)
    assert status == 1
    assert VALUE not in shown and VALUE not in log
    for text in (shown, log):
        assert text.startswith(f"{kind}, a defect of the program")
        assert f"in {main.__name__}" in text and "test_script.py" in text


def test_a_defect_behind_a_sentence_is_not_told(tmp_path, capsys):
    def main(inputs, outputs, *, params):
        try:
            raise ValueError(VALUE)
        except ValueError as error:
            raise GraftlineError("a cell cannot be read") from error

    _, shown, log = fail(tmp_path, capsys, main)
    assert shown == log == "a cell cannot be read\n"


def test_an_error_that_was_never_raised_is_named():
    assert describe_error(ValueError(VALUE)).startswith("ValueError")
    assert VALUE not in describe_error(ValueError(VALUE))


def test_an_interrupt_is_no_defect(tmp_path):
    def main(inputs, outputs, *, params):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_script(main, job(tmp_path))


def test_main_gets_dictionaries_with_lists_for_several_files(tmp_path):
    class Files(list):
        """As Snakemake has several files under one name."""

    seen = {}

    def main(inputs, outputs, *, params):
        seen.update(inputs=inputs, outputs=outputs, params=params)

    run_script(
        main,
        job(
            tmp_path,
            input=Named(one="a.csv", several=Files(["b.csv", "c.csv"])),
            output=Named(out="d"),
            params=Named(label=None, arms={"HD": {"id": "h"}}, variables=["age"], number=3),
        ),
    )
    assert type(seen["inputs"]) is dict and type(seen["inputs"]["several"]) is list
    assert seen["inputs"] == {"one": "a.csv", "several": ["b.csv", "c.csv"]}
    assert seen["outputs"] == {"out": "d"}
    assert seen["params"] == {"label": None, "arms": {"HD": {"id": "h"}}, "variables": ["age"]} | {
        "number": 3
    }
    log = (tmp_path / "logs/rule.log").read_text("utf-8")
    assert log.startswith("derive_subjects: done; ")


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "only be read"), (errno.EACCES, "no right")],
)
@pytest.mark.parametrize("name", [None, "results/s/ae.parquet"])
def test_what_the_machine_refuses_is_said_in_words(tmp_path, capsys, number, words, name):
    def main(inputs, outputs, *, params):
        raise OSError(number, "strerror", name)

    status, shown, log = fail(tmp_path, capsys, main)
    assert (status, shown) == (1, log)
    assert words in shown and shown.startswith(f"{name}: " if name else "the")
    assert "defect" not in shown


def test_an_error_is_told_where_no_log_can_be_written(tmp_path, capsys):
    def main(inputs, outputs, *, params):
        (tmp_path / "logs" / "rule.log").mkdir()
        raise GraftlineError("the disk is full")

    with pytest.raises(SystemExit):
        run_script(main, job(tmp_path))
    assert capsys.readouterr().err == "the disk is full\n"


COMMAND = """
import sys
from pathlib import Path
from graftline.script import run_command

def main(inputs, outputs, *, params):
    for path in sys.argv[1:]:
        Path(path).read_text("utf-8")
    import graftline.rounding  # a module of the project, imported late
    Path(outputs["made"]).write_text(Path(inputs["a"]).read_text("utf-8"), "utf-8")

run_command(main, {"a": "a.csv"}, {"made": "made.txt"}, "job.log", folders=["results"])
"""


@pytest.fixture
def command(tmp_path):
    """Runs a command in a project of its own, which reads the paths it is given."""
    (tmp_path / "results").mkdir()
    for name in ("a.csv", "secret.csv", "results/made_before.json"):
        (tmp_path / name).write_text(f"of {name}", "utf-8")
    (tmp_path / "probe.py").write_text(COMMAND, "utf-8")

    def run(*paths):
        return subprocess.run(
            [sys.executable, "-S", "probe.py", *paths],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT / "workflow")},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_a_command_reads_what_it_is_given_and_what_lies_in_its_folders(command, tmp_path):
    done = command("a.csv", "results/made_before.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "made.txt").read_text("utf-8") == "of a.csv"
    assert (tmp_path / "job.log").read_text("utf-8") == "probe: done\n"


def test_a_command_that_reads_another_file_of_the_project_fails_by_name(command, tmp_path):
    done = command("secret.csv")
    assert done.returncode == 1
    assert "rule probe reads secret.csv, which it does not declare" in done.stderr
    assert not (tmp_path / "made.txt").exists()
