"""How fast laboratory values are graded, and whether time and memory grow with the rows alone.

    ./run python benchmarks/grading.py [SCALE]

Grades 0.5, 5 and 10 million rows of a made-up mix of terms, units, ranges and baselines (blood
counts and liver tests most often, some cells empty), each size in a process of its own, and prints
rows a second, seconds (the median of three), and the most memory that grading takes beyond the
table, its results included, with ratios to the smallest size: linear growth has ratios of 1, 10 and
20. Making the table is not timed.
"""

from __future__ import annotations

import ctypes
import gc
import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

PROJECT = Path(__file__).parents[1]
SIZES = (500_000, 5_000_000, 10_000_000)
LEADING_TERMS = 12  # of each scale; they are asked for five times as often as the others
MISSING = 0.03
REPEATS = 3


def make_table(n: int, scale, units):
    """`n` rows: item, value, unit, ranges and baseline, in two units of each item."""
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(20240229)
    items = [item for item in scale.items.values() if item.kind == "laboratory"]
    weight = np.where(np.arange(len(items)) < LEADING_TERMS, 5.0, 1.0)
    code = random.choice(len(items), size=n, p=weight / weight.sum()).astype(np.int16)
    choices = [
        list(item.printed_units) or list(units.analytes[item.analyte].units) for item in items
    ]
    names = sorted({name for choice in choices for name in choice})
    first, last = (
        np.array([names.index(choice[place]) for choice in choices]) for place in (0, -1)
    )
    # The middle of an item's limits, in each of its two units; the ranges lie around it.
    middle = np.array([
        [_middle(item, choice[place]) for item, choice in zip(items, choices, strict=True)]
        for place in (0, -1)
    ])  # fmt: skip
    other = random.random(n) < 0.3
    size = np.where(other, middle[1][code], middle[0][code])

    def column(low: float, high: float):
        numbers = np.round(size * random.uniform(low, high, n), 4)
        numbers[random.random(n) < MISSING] = np.nan
        return numbers

    unit = np.where(other, last[code], first[code]).astype(np.int16)
    text = pd.array(np.array(names, dtype=object), dtype="string[pyarrow]")
    return pd.DataFrame(
        {
            "item": pd.Categorical.from_codes(code, [item.code for item in items]),
            "value": column(0.2, 3.0),
            "unit": text.take(unit),
            "lln": column(0.7, 0.9),
            "uln": column(1.1, 1.4),
            "baseline": column(0.6, 1.6),
            "baseline_lln": column(0.7, 0.9),
            "baseline_uln": column(1.1, 1.4),
        }
    )


def _middle(item, unit: str) -> float:
    limits = [one.limits[unit] for one in item.criteria if unit in one.limits]
    return sum(limits) / len(limits) if limits else 40.0


def memory(name: str) -> float:
    """A field of /proc/self/status in MB: VmRSS is the memory now, VmHWM the most so far."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise LookupError(name)


def give_back_memory() -> None:
    """Return to the system what making the table left behind, so that it is not counted again."""
    import pyarrow

    gc.collect()
    pyarrow.default_memory_pool().release_unused()
    ctypes.CDLL(None).malloc_trim(0)


def measure(n: int, name: str) -> dict[str, float]:
    """Seconds of grading `n` rows, and the most memory meanwhile beyond the table, in MB."""
    from graftline.grading.files import read_scale, read_units
    from graftline.grading.laboratory import grade_rows

    units = read_units(PROJECT / "config" / "units.yaml")
    scale = read_scale(PROJECT / "config" / "scales" / f"{name}.yaml", units)
    grade_rows(scale, make_table(1000, scale, units), units)  # imports are not timed
    table = make_table(n, scale, units)
    give_back_memory()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the highest so far
    before = memory("VmRSS")
    times = []
    for _ in range(REPEATS):
        graded = None
        start = time.perf_counter()
        graded = grade_rows(scale, table, units)
        times.append(time.perf_counter() - start)
    seconds = median(times)
    return {
        "seconds": seconds,
        "megabytes": memory("VmHWM") - before,
        "table": table.memory_usage(deep=True).sum() / 2**20,
        "graded": float(graded["grade"].notna().mean()),
    }


def main() -> None:
    """Measure each size in a process of its own, and print."""
    name = sys.argv[1] if len(sys.argv) > 1 else "ctcae-5.0"
    print(f"scale {name}")
    print(
        f"{'rows':>12}{'rows a second':>16}{'seconds':>10}{'ratio':>8}{'MB':>8}{'ratio':>8}{'table, MB':>11}"
    )
    smallest = None
    for n in SIZES:
        done = subprocess.run(
            [sys.executable, __file__, name, str(n)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(done.stderr)
        found = json.loads(done.stdout)
        smallest = smallest or found
        time_ratio, memory_ratio = (found[key] / smallest[key] for key in ("seconds", "megabytes"))
        print(
            f"{n:12,}{n / found['seconds']:16,.0f}{found['seconds']:10.2f}{time_ratio:8.1f}"
            f"{found['megabytes']:8.0f}{memory_ratio:8.1f}{found['table']:11.0f}"
        )


if __name__ == "__main__":
    if len(sys.argv) > 2:
        print(json.dumps(measure(int(sys.argv[2]), sys.argv[1])))
    else:
        main()
