"""What every workflow script does around its `main`: names to dictionaries, errors to one sentence."""

from __future__ import annotations

import gc
import sys
import traceback
from pathlib import Path
from types import SimpleNamespace

from graftline.errors import GraftlineError
from graftline.tables import write_bytes
from graftline.validation.gate import has_passed


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
    a patient's value: only its kind and the lines of code that led to it are told.
    """
    if isinstance(error, GraftlineError):
        return str(error)
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__name__}, a defect of the program; it came from\n{frames}".rstrip()


def run_command(main, inputs: dict, outputs: dict, log: str) -> None:
    """Call `main(inputs, outputs, params={})` for a rule that runs its script as a command; errors are
    told as `run_script` tells them."""
    rule = SimpleNamespace(
        input=inputs, output=outputs, params={}, log=[log], rule=Path(sys.argv[0]).stem
    )
    run_script(main, rule)


def run_script(main, snakemake) -> None:
    """Call `main(inputs, outputs, params=...)` with the rule's named inputs, outputs and params.

    An error is told on stderr and in the rule's log (see `describe_error`), and the job fails with
    status 1.
    """
    log = Path(snakemake.log[0])
    log.parent.mkdir(parents=True, exist_ok=True)
    # A job is short and its large objects are arrays, not cycles: collecting takes a tenth of its time.
    gc.disable()
    try:
        inputs, outputs = _plain(snakemake.input), _plain(snakemake.output)
        if "gate" in inputs and not has_passed(inputs["gate"]):
            # A cut that is only compared with has errors: nothing is made of it.
            for path in outputs.values():
                write_bytes(path, b"")
        else:
            main(inputs, outputs, params=dict(snakemake.params.items()))
    except Exception as error:
        sentence = describe_error(error)
        log.write_text(sentence + "\n", encoding="utf-8")
        print(sentence, file=sys.stderr)
        sys.exit(1)
    finally:
        gc.enable()
    log.write_text(f"{snakemake.rule}: done\n", encoding="utf-8")
