"""What every workflow script does around its `main`: names to dictionaries, errors to one sentence."""

from __future__ import annotations

import errno
import gc
import os
import sys
import tempfile
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from graftline.declared_reads import DeclaredReads, flat_paths, watched
from graftline.errors import GraftlineError
from graftline.tables import write_bytes
from graftline.validation.gate import has_passed

# The modules of this package, all of which a command may import.
CODE = Path(__file__).parents[1]
# What a machine refuses, and what a person does about it.
REFUSALS = {
    errno.ENOSPC: "the disk is full; make room and run again, nothing is lost",
    errno.EDQUOT: "the disk's quota is used up; make room and run again, nothing is lost",
    errno.EROFS: "the disk can only be read; run again where results can be written",
    errno.EACCES: "there is no right to this; run again as a user who has it",
    errno.EPERM: "there is no right to this; run again as a user who has it",
}


def _plain(items) -> dict:
    """Named inputs, outputs or params as a dictionary; what is a list for Snakemake is a list here."""
    return {
        name: value
        if isinstance(value, (str, dict)) or not hasattr(value, "__iter__")
        else list(value)
        for name, value in items.items()
    }


def describe_error(error: BaseException) -> str:
    """What may be said of `error` on a terminal and in a log.

    The text of a `GraftlineError` is meant for people. The message of any other exception may hold
    a patient's value: only its kind and the lines of code that led to it are told, or, where the machine
    refused (a full disk), what to do.
    """
    if isinstance(error, GraftlineError):
        return str(error)
    if isinstance(error, OSError) and error.errno in REFUSALS:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{REFUSALS[error.errno]}"
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__name__}, a defect of the program; it came from\n{frames}".rstrip()


def _is_job(snakemake) -> bool:
    """Whether this process is the job of `snakemake` and of nothing else, as a test's is not."""
    return getattr(sys.modules["__main__"], "snakemake", None) is snakemake


@contextmanager
def _own_temporary_files() -> Iterator[str]:
    """A folder for what this job lays aside, which nobody else may open and which goes with the job.

    It is made before the kernel holds the job: in a project that lies among the machine's temporary
    files, nothing that is made later beside the project could be read again.
    """
    before = tempfile.tempdir
    with tempfile.TemporaryDirectory(prefix="graftline-") as folder:
        tempfile.tempdir = folder
        try:
            yield folder
        finally:
            tempfile.tempdir = before


def _grant(reads: DeclaredReads) -> bool:
    """Let the kernel refuse this process all other files of the project; whether it can."""
    from graftline.kernel_reads import restrict_reads

    compiled = {path.parent / "__pycache__" for path in reads.inputs if path.suffix == ".py"}
    granted = (*reads.inputs, *reads.free, *compiled)
    return restrict_reads(map(str, reads.roots), map(str, granted))


def _call(main, inputs: dict, outputs: dict, params: dict) -> None:
    if "gate" in inputs and not has_passed(inputs["gate"]):
        # A cut that is only compared with has errors: nothing is made of it.
        for path in outputs.values():
            write_bytes(path, b"")
    else:
        main(inputs, outputs, params=params)


def run_command(
    main,
    inputs: dict,
    outputs: dict,
    log: str,
    *,
    params: dict | None = None,
    folders: Iterable[str | Path] = (),
) -> None:
    """Call `main(inputs, outputs, params=...)` for a rule that runs its script as a command; errors are
    told as `run_script` tells them.

    A command starts without the environment's packages, in less than half of the time that Snakemake's
    own modules alone take: it is for what every run waits for. So Python alone opens files; of the
    project these ones, what lies in `folders`, and the project's code. Another file fails it.
    """
    rule = Path(sys.argv[0]).stem
    reads = DeclaredReads(
        rule, flat_paths([*inputs.values(), *outputs.values()]), folders=[*folders, CODE]
    )
    with _telling(rule, log, reads), watched(reads):
        _call(main, inputs, outputs, params or {})
    Path(log).write_text(f"{rule}: done\n", encoding="utf-8")


@contextmanager
def _telling(rule: str, log: str, reads: DeclaredReads | None = None) -> Iterator[None]:
    """An error inside is told on stderr and in the log, and ends the process with status 1."""
    Path(log).parent.mkdir(parents=True, exist_ok=True)
    # A job is short and its large objects are arrays, not cycles: collecting takes a tenth of its time.
    gc.disable()
    try:
        yield
    except Exception as error:
        refused = reads.find_refused(error) if reads else None
        sentence = describe_error(refused or error)
        with suppress(OSError):  # the disk may be full
            Path(log).write_text(sentence + "\n", encoding="utf-8")
        print(sentence, file=sys.stderr)
        sys.exit(1)
    finally:
        gc.enable()


def _end_process() -> None:
    """End this process, whose work is done and written, with status 0.

    Without this Python would take apart every module and object first, which takes a fifth of the time
    of a small job.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def run_script(main, snakemake) -> None:
    """Call `main(inputs, outputs, params=...)` with the rule's named inputs, outputs and params.

    A file of the project that is read and not declared fails the job (`graftline.declared_reads`). An
    error is told on stderr and in the rule's log (see `describe_error`), and the job fails with status
    1.
    """
    rule, log, job = snakemake.rule, snakemake.log[0], _is_job(snakemake)
    inputs, outputs = _plain(snakemake.input), _plain(snakemake.output)
    reads = DeclaredReads(rule, flat_paths(inputs.values()))
    with _telling(rule, log, reads), _own_temporary_files() as temporary:
        reads.allow(temporary)
        holder = "the kernel" if job and _grant(reads) else "Python"
        with watched(reads):
            _call(main, inputs, outputs, dict(snakemake.params.items()))
        if job:
            reads.check_modules(list(sys.modules.values()))
    Path(log).write_text(
        f"{rule}: done; {holder} held what it read to what the rule declares\n", encoding="utf-8"
    )
    if job:
        _end_process()
