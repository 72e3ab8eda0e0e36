"""How fast survival is estimated, and in how much memory, beside lifelines and scikit-survival.

    ./run python benchmarks/estimation.py [PATIENTS]

One million patients (or PATIENTS) in two groups, with ten thousand distinct times, two causes and
half of them censored: the Kaplan-Meier estimate with its limits, the Aalen-Johansen estimate of both
causes with Aalen's variance, Gray's test and the log-rank test, with delayed entry where it is taken;
then the same of the two libraries. Each runs in a process of its own, which gives seconds (one run,
imports not counted) and the most memory beyond the patients' own arrays. What needs memory or time in
the square of the times gets fewer patients and times, and says so. lifelines' Aalen-Johansen estimate is
timed although it is wrong with ties (docs/reference/estimators.md). The machine's speed matters: compare
what was run in one go.
"""

from __future__ import annotations

import ctypes
import gc
import json
import subprocess
import sys
import time
import warnings
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PATIENTS, TIMES = 1_000_000, 10_000
# It makes arrays of causes x times x times.
SMALL = {"sksurv_cif": (100_000, 1_000)}


def make_patients(n: int, times: int):
    """Time, status, entry and group of `n` made-up patients."""
    import numpy as np

    random = np.random.default_rng(20240229)
    time = random.integers(1, times + 1, n).astype(float)
    status = random.choice([0, 1, 2], n, p=[0.5, 0.3, 0.2])
    entry = np.floor(time * random.random(n) * 0.5)
    return time, status, np.minimum(entry, time - 1), random.integers(0, 2, n)


def _ours(name: str, time, status, entry, group):
    from graftline.estimate.aalen_johansen import estimate_aalen_johansen
    from graftline.estimate.gray import estimate_gray
    from graftline.estimate.kaplan_meier import estimate_kaplan_meier
    from graftline.estimate.log_rank import estimate_log_rank

    return {
        "km": lambda: estimate_kaplan_meier(time, status > 0),
        "km_entry": lambda: estimate_kaplan_meier(time, status > 0, entry),
        "cif": lambda: estimate_aalen_johansen(time, status),
        "cif_entry": lambda: estimate_aalen_johansen(time, status, entry),
        "gray": lambda: estimate_gray(time, status, group),
        "log_rank": lambda: estimate_log_rank(time, status > 0, group),
        "log_rank_entry": lambda: estimate_log_rank(time, status > 0, group, entry),
    }[name]


def _lifelines(name: str, time, status, entry, group):
    from lifelines import AalenJohansenFitter, KaplanMeierFitter
    from lifelines.statistics import logrank_test

    first = group == 0
    return {
        "km": lambda: KaplanMeierFitter().fit(time, status > 0),
        "cif": lambda: AalenJohansenFitter(seed=1).fit(time, status, event_of_interest=1),
        "log_rank": lambda: logrank_test(
            time[first], time[~first], status[first] > 0, status[~first] > 0
        ),
    }[name]


def _sksurv(name: str, time, status, entry, group):
    from sksurv.compare import compare_survival
    from sksurv.nonparametric import cumulative_incidence_competing_risks, kaplan_meier_estimator
    from sksurv.util import Surv

    return {
        "km": lambda: kaplan_meier_estimator(status > 0, time, conf_type="log-log"),
        "cif": lambda: cumulative_incidence_competing_risks(status, time, conf_type="log-log"),
        "log_rank": lambda: compare_survival(Surv.from_arrays(status > 0, time), group),
    }[name]


JOBS = {
    "Kaplan-Meier, limits": ("ours_km", "lifelines_km", "sksurv_km"),
    "Kaplan-Meier, entry": ("ours_km_entry",),
    "Aalen-Johansen, variance": ("ours_cif", "lifelines_cif", "sksurv_cif"),
    "Aalen-Johansen, entry": ("ours_cif_entry",),
    "Gray's test": ("ours_gray",),
    "log-rank": ("ours_log_rank", "lifelines_log_rank", "sksurv_log_rank"),
    "log-rank, entry": ("ours_log_rank_entry",),
}


def memory(name: str) -> float:
    """A field of /proc/self/status in MB: VmRSS is the memory now, VmHWM the most so far."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise LookupError(name)


def run_job(job: str, n: int, times: int) -> None:
    """Print the seconds and the bytes that a job takes, as JSON."""
    sys.path.insert(0, str(PROJECT / "workflow"))
    warnings.simplefilter("ignore")
    library, _, name = job.partition("_")
    maker = {"ours": _ours, "lifelines": _lifelines, "sksurv": _sksurv}[library]
    patients = make_patients(n, times)
    maker(name, *make_patients(1000, 50))()  # imports and first calls
    compute = maker(name, *patients)
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # what making the patients left behind is not counted again
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before = memory("VmRSS")
    start = time.perf_counter()
    compute()
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "megabytes": memory("VmHWM") - before}))


def measure(job: str, n: int, times: int) -> dict[str, float]:
    """What `run_job` prints, from a process of its own."""
    command = [sys.executable, __file__, "--job", job, str(n), str(times)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def main(n: int) -> None:
    """Measure all and print a table."""
    print(f"{'':<26}{'by':<11}{'patients':>10}{'times':>8}{'seconds':>9}{'MB more':>9}")
    for title, jobs in JOBS.items():
        for job in jobs:
            patients, times = SMALL.get(job, (n, TIMES))
            patients = min(patients, n)
            found = measure(job, patients, times)
            by = job.partition("_")[0]
            print(
                f"{title:<26}{by:<11}{patients:>10}{times:>8}"
                f"{found['seconds']:>9.2f}{found['megabytes']:>9.0f}",
                flush=True,
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--job"]:
        run_job(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else PATIENTS)
