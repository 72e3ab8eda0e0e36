"""How long graftline trace takes for nine patients and for a cohort of 100,000.

    python benchmarks/trace.py [--patients 100000] [--results results/il2-ifn/1997-12-31]

The cohort's derived tables, lineage and validated tables are those of the results folder, its patients
repeated under other names and on other lines; the registry and the audit are those of the folder. So the
queries are real, and nothing is derived.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from graftline.trace.store import identifier, quoted

ROOT = Path(__file__).parents[1]
# The columns that name a patient, and those that name a line.
RENAMED = ("row_key", "subject_id")


def repeat_table(source: Path, target: Path, times: int) -> int:
    """Write the rows of a Parquet file `times` times, each time of other patients; returns how many."""
    connection = duckdb.connect()
    # Rows go out as they are made: kept in order they would fill memory, and then the disk.
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(f"SET temp_directory = {quoted(str(target.parent / 'aside'))}")
    read = f"read_parquet({quoted(str(source))})"
    described = connection.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()
    columns = []
    for name, kind, *_ in described:
        column = identifier(name)
        if name in RENAMED:
            # The copy goes into the patient's name, which every key begins with.
            columns.append(
                f"CASE WHEN {column} IS NULL THEN NULL ELSE "
                f"regexp_replace({column}, '^([^/]*)', '\\1_' || copy) END AS {column}"
            )
        elif name.endswith("_line") and kind.endswith("INT"):
            columns.append(f"{column} + copy * 1000 AS {column}")
        else:
            columns.append(column)
    query = f"SELECT {', '.join(columns)} FROM {read}, range({times}) AS copies(copy)"
    connection.execute(
        f"COPY ({query}) TO {quoted(str(target))} (FORMAT parquet, COMPRESSION zstd)"
    )
    return connection.execute(
        f"SELECT count(*) FROM read_parquet({quoted(str(target))})"
    ).fetchone()[0]


def enlarge(results: Path, folder: Path, patients: int) -> Path:
    """A copy of a results folder with so many patients; tables of files that people write stay."""
    large = folder / results.parent.name / results.name
    shutil.copytree(results, large, ignore=shutil.ignore_patterns("derived", "validated"))
    level = results / "patient_level"
    subjects = quoted(str(level / "derived/subjects.parquet"))
    [(n,)] = duckdb.sql(f"SELECT count(*) FROM read_parquet({subjects})").fetchall()
    total = 0
    for part in ("derived", "validated"):
        (large / "patient_level" / part).mkdir()
        for file in sorted((level / part).glob("*.parquet")):
            target = large / "patient_level" / part / file.name
            columns = duckdb.sql(f"DESCRIBE SELECT * FROM read_parquet({quoted(str(file))})")
            of_patients = {"subject_id", "row_key"} & {row[0] for row in columns.fetchall()}
            written = file.stem in ("configuration", "software", "cut", "lineage_collect_numbers")
            if of_patients and not written and "compare_cuts" not in file.stem:
                total += repeat_table(file, target, -(-patients // n))
            else:
                shutil.copy(file, target)
    print(f"{patients} patients: {total} rows of tables and lineage")
    return large


def time_trace(results: Path, target: str, *options: str) -> float:
    """Seconds that the command takes, from start to end."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", "import sys, graftline.cli as c; sys.exit(c.main())"]
        + ["trace", target, "--results", str(results), *options],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'workflow'}:{ROOT}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return time.perf_counter() - start


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--results", type=Path, default=ROOT / "results/il2-ifn/1997-12-31")
    parser.add_argument("--line", default="bmt35.csv:3", help="a raw line of another study")
    parser.add_argument("--patient", default="P03", help="a patient of the study")
    arguments = parser.parse_args()
    asked = {
        "a number": ["os.n_events"],
        "a count of many": ["toxicity.n"],
        "a printed table": ["table:endpoints"],
        "a cell": ["vitals.csv:3:temp_cel"],
        "a line": ["ae.csv:12"],
        "a patient": ["subject:{}"],
    }
    if arguments.results.parent.name != "il2-ifn":  # hsct-35 has durations alone
        asked = {
            "a number": ["cohort.n"],
            "a printed table": ["table:endpoints"],
            "a line": [f"{arguments.line}"],
            "a patient": ["subject:{}"],
        }
    with tempfile.TemporaryDirectory() as folder:
        large = enlarge(arguments.results, Path(folder), arguments.patients)
        for what, (target, *options) in asked.items():
            nine = time_trace(arguments.results, target.format(arguments.patient), *options)
            many = time_trace(large, target.format(f"{arguments.patient}_7"), *options)
            print(f"{what:<18} {nine:6.2f} s  {many:6.2f} s")


if __name__ == "__main__":
    main()
