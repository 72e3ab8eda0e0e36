"""Jobs that read what their rule does not declare, each in a process of its own.

Run as `python planted_reads.py FOLDER`, it prints a JSON object: name of the job -> its exit status, what it
said, and its log. A job lasts as long as a fork of this process, in which the kernel holds it.
"""

import ctypes
import io
import json
import os
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset
import pyarrow.fs
import pyarrow.parquet as pq
import yaml

import graftline.code_tree
from graftline import tables
from graftline.code_tree import code_of
from graftline.script import run_script

ROOT = Path(__file__).parents[2]
# What a small script imports, and what asked for it.
CODE = [str(ROOT / file) for file in code_of(ROOT, "gate_raw")]
CODE.append(graftline.code_tree.__file__)


class Named(dict):
    """Named inputs, outputs or params, of which Snakemake gives `items()`."""


def open_in_c(path):
    if ctypes.CDLL(None, use_errno=True).open(path.encode(), os.O_RDONLY) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), path)


def swallow(path):
    try:
        Path(path).read_text("utf-8")
    except Exception:
        return


def write_and_read_temporary():
    with tempfile.NamedTemporaryFile("w") as file:
        file.write("laid aside")
        file.flush()
        assert Path(file.name).read_text("utf-8") == "laid aside"


# Each opens one of the two files that it is given.
READS = {
    "open": lambda csv, _: open(csv).read(),  # noqa: SIM115
    "pathlib": lambda csv, _: Path(csv).read_bytes(),
    "os.open": lambda csv, _: os.open(csv, os.O_RDONLY),
    "io.FileIO": lambda csv, _: io.FileIO(csv).read(),
    "json": lambda csv, _: tables.read_json(csv),
    "yaml": lambda csv, _: yaml.safe_load(open(csv)),  # noqa: SIM115
    "numpy": lambda csv, _: np.memmap(csv, mode="r"),
    "pandas csv": lambda csv, _: pd.read_csv(csv),
    "pandas parquet": lambda _, parquet: pd.read_parquet(parquet),
    "parquet": lambda _, parquet: pq.read_table(parquet),
    "parquet file": lambda _, parquet: pq.ParquetFile(parquet).read(),
    "arrow csv": lambda csv, _: pyarrow.csv.read_csv(csv),
    "memory map": lambda csv, _: pa.memory_map(csv).read(),
    "OSFile": lambda csv, _: pa.OSFile(csv).read(),
    "dataset": lambda _, parquet: pyarrow.dataset.dataset(parquet).to_table(),
    "file system": lambda csv, _: pyarrow.fs.LocalFileSystem().open_input_file(csv).read(),
    "duckdb csv": lambda csv, _: duckdb.sql(f"SELECT * FROM read_csv('{csv}')").fetchall(),
    "duckdb parquet": lambda _, parquet: duckdb.sql(f"SELECT * FROM '{parquet}'").fetchall(),
    "C": lambda csv, _: open_in_c(csv),
    "tables": lambda _, parquet: tables.read_parquet(parquet),
}
JOBS = {
    **{
        f"{what}: {name}": lambda read=read, what=what: read(f"{what}.csv", f"{what}.parquet")
        for what in ("secret", "declared")
        for name, read in READS.items()
    },
    "secret: swallowed": lambda: swallow("secret.csv"),
    "secret: module": lambda: __import__("graftline.rounding"),
    "declared: nothing": lambda: None,
    "declared: output": lambda: tables.write_json("out.json", {}),
    "declared: outside": lambda: Path("/etc/hostname").read_bytes(),
    "declared: temporary": write_and_read_temporary,
    "declared: environment": lambda: Path(duckdb.__file__).read_bytes(),
}
# The planted files are JSON, YAML and CSV at once.
TEXT = "[1]\n"


def run(name, read, *, kernel):
    """Status and words of one job, run in a fork."""
    log = Path("logs") / f"{name}.log"
    out = Path("logs") / f"{name}.err"
    child = os.fork()
    if child == 0:
        os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT), 2)
        job = SimpleNamespace(
            input=Named(data=["declared.csv", "declared.parquet"], code=CODE),
            output=Named(made="out.json"),
            params=Named(),
            log=[str(log)],
            rule="probe",
        )
        if kernel:
            sys.modules["__main__"].snakemake = job
        try:
            run_script(lambda inputs, outputs, *, params: read(), job)
        except SystemExit as ended:
            os._exit(ended.code)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return {"status": status, "said": out.read_text("utf-8"), "log": log.read_text("utf-8")}


def main(folder, kernel):
    os.chdir(folder)
    Path("logs").mkdir()
    for name in ("secret", "declared"):
        Path(f"{name}.csv").write_text(TEXT)
        pq.write_table(pa.table({"a": [1]}), f"{name}.parquet")
    print(json.dumps({name: run(name, read, kernel=kernel) for name, read in JOBS.items()}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] == "kernel")
