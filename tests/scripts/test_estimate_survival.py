"""The scripts derive_endpoints, estimate_survival and check_estimates, on files, one after the other."""

import json
from pathlib import Path

import pandas as pd
import pytest
import yaml

from graftline import tables
from graftline.errors import GraftlineError
from schemas.derived.endpoints import SCHEMA

ROOT = Path(__file__).parents[2]
LABEL = "NOT REAL"


def load_script(name):
    """The `main` of a workflow script, which is no module of the package."""
    from runpy import run_path

    return run_path(str(ROOT / "workflow" / "scripts" / f"{name}.py"))["main"]


@pytest.fixture(scope="module")
def study():
    return yaml.safe_load((ROOT / "config" / "hsct-35" / "study.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def made(tmp_path_factory, study):
    """Folder with what both scripts write for the 35 patients of Scrucca 2007."""
    folder = tmp_path_factory.mktemp("survival")
    datasets = pytest.importorskip("sksurv.datasets")
    features, outcome = datasets.load_bmt()
    status, time = (outcome[name] for name in outcome.dtype.names)
    raw = pd.DataFrame(
        {
            "subject_id": [f"S{number}" for number in range(len(time))],
            "diagnosis": features["dis"].astype(int).map({0: "ALL", 1: "AML"}).to_numpy(),
            "origin": "TX",
            "time": time.astype(float),
            "time_unit": "month",
            "status": pd.Series(status.astype(int)).map({0: "CENSORED", 1: "NRM", 2: "RELAPSE"}),
            "arm": pd.Series(pd.NA, index=range(len(time)), dtype="string[pyarrow]"),
            "src_file": "bmt.csv",
            "src_line": range(2, len(time) + 2),
        }
    )
    inputs = {name: str(folder / f"{name}.parquet") for name in ("subjects", "disease", "outcomes")}
    for path in inputs.values():
        tables.write_parquet(path, raw)
    names = (
        "endpoints",
        "endpoints_bounds",
        "lineage",
        "fragment",
        "kaplan_meier",
        "cumulative_incidence",
        "forest",
    )
    outputs = {name: str(folder / f"{name}.out") for name in names}
    params = {name: study[name] for name in ("endpoints", "origins", "survival", "labels", "arms")}
    params["disclosure"] = {"case_listing": False, "mask_below": 0}
    params |= {"cut": "2007-08-31", "data_label": LABEL}
    load_script("derive_endpoints")(inputs, outputs, params=params)
    load_script("estimate_survival")(outputs, outputs, params=params)
    return outputs


def test_endpoints_meet_their_schema(made):
    frame = tables.read_parquet(made["endpoints"])
    SCHEMA.validate(frame)
    assert len(frame) == 3 * 35


def test_numbers_are_those_of_the_paper(made):
    """R's cmprsk: relapse at 30 months, pooled and by disease; deaths without relapse."""
    content = json.loads(Path(made["fragment"]).read_text("utf-8"))
    value = {record["id"]: record["value"] for record in content["numbers"]}
    assert round(value["cir.cuminc.30"], 7) == 0.4812696
    assert round(value["nrm.cuminc.30"], 7) == 0.2728390
    assert round(value["cir.cuminc.30.all"], 7) == 0.7058824
    assert round(value["cir.cuminc.30.aml"], 7) == 0.2057075
    assert value["cir.cuminc.30"] + value["nrm.cuminc.30"] + value["rfs.survival.30"] == (
        pytest.approx(1, abs=1e-11)
    )
    assert content["data_label"] == LABEL and set(content["figures"]) == {
        "kaplan_meier", "cumulative_incidence",
    }  # fmt: skip


def test_comparisons_are_those_of_the_paper(made):
    """Scrucca 2007, R's cmprsk: Gray's test of deaths 1.301635 (P 0.25391), of relapse 7.082278
    (P 0.0077850), by disease."""
    content = json.loads(Path(made["fragment"]).read_text("utf-8"))
    by_id = {record["id"]: record for record in content["numbers"]}
    assert by_id["nrm.gray.statistic"]["value"] == pytest.approx(1.301635, abs=5e-7)
    assert by_id["nrm.gray.p"]["value"] == pytest.approx(0.25391, abs=5e-6)
    assert by_id["cir.gray.statistic"]["value"] == pytest.approx(7.082278, abs=5e-7)
    assert by_id["cir.gray.p"]["value"] == pytest.approx(0.0077850, abs=5e-8)
    assert by_id["cir.gray.p"]["display"] == "0.008"
    assert set(content["tables"]) == {"endpoints", "comparisons"}


def test_figures_are_drawn_and_labelled(made):
    for name in ("kaplan_meier", "cumulative_incidence"):
        svg = Path(made[name]).read_text("utf-8")
        assert svg.rstrip().endswith("</svg>") and "<title>Step" in svg.replace("Stacked s", "S")


def test_running_again_gives_the_same_bytes(made, study, tmp_path):
    again = {name: str(tmp_path / name) for name in made}
    params = {name: study[name] for name in ("endpoints", "origins", "survival", "labels", "arms")}
    params["disclosure"] = {"case_listing": False, "mask_below": 0}
    params |= {"data_label": LABEL}
    load_script("estimate_survival")(made, again, params=params)
    for name in ("fragment", "kaplan_meier", "cumulative_incidence"):
        assert Path(again[name]).read_bytes() == Path(made[name]).read_bytes()


def test_a_study_without_competing_events_has_no_figure_of_them(made, study, tmp_path):
    again = {name: str(tmp_path / name) for name in made}
    params = {name: study[name] for name in ("origins", "survival", "labels", "arms")}
    params["disclosure"] = {"case_listing": False, "mask_below": 0}
    params |= {"endpoints": {"rfs": study["endpoints"]["rfs"]}, "data_label": LABEL}
    endpoints = tables.read_parquet(made["endpoints"])
    tables.write_parquet(again["endpoints"], endpoints[endpoints["endpoint"] == "rfs"])
    inputs = made | {"endpoints": again["endpoints"]}
    load_script("estimate_survival")(inputs, again, params=params)
    content = json.loads(Path(again["fragment"]).read_text("utf-8"))
    assert set(content["figures"]) == {"kaplan_meier"}
    assert Path(again["cumulative_incidence"]).read_text("utf-8").rstrip().endswith("</svg>")


def check(made, study, fragment, checked):
    params = {name: study[name] for name in ("endpoints", "origins", "survival", "labels", "arms")}
    params["disclosure"] = {"case_listing": False, "mask_below": 0}
    inputs = {"endpoints": made["endpoints"], "fragment": fragment}
    load_script("check_estimates")(
        inputs, {"checked": checked}, params=params | {"data_label": LABEL}
    )


def test_every_estimate_is_computed_a_second_time(made, study, tmp_path):
    """All that is no count: estimates at two times and medians, of all patients and two groups."""
    checked = tmp_path / "checked.json"
    check(made, study, made["fragment"], str(checked))
    found = json.loads(checked.read_text("utf-8"))
    numbers = json.loads(Path(made["fragment"]).read_text("utf-8"))["numbers"]
    counts = ("at_risk", "events", "censored")
    estimates = [
        one for one in numbers
        if one["statistic"]["arguments"].get("what", "events") not in counts
        and one["statistic"]["name"] != "hazard_ratio"
        and one["value"] is not None
    ]  # fmt: skip
    # A Cox model of either event: ratio and error. Firth's of each cause: ratio, limits and P.
    assert found["checked"] == len(estimates) + 2 + 2 * 4 and len(estimates) > 50
    # Distinct event times of all, of ALL and of AML.
    frame = tables.read_parquet(made["endpoints"])
    events = frame[(frame["endpoint"] == "rfs") & (frame["status"] == 1)]
    by_group = events.groupby("diagnosis")["time"].nunique().sum()
    assert found["sums"] == events["time"].nunique() + by_group


def test_an_estimate_that_differs_stops_the_run(made, study, tmp_path):
    content = json.loads(Path(made["fragment"]).read_text("utf-8"))
    record = next(r for r in content["numbers"] if r["id"] == "rfs.survival.30.aml")
    record["value"] += 2e-9
    tables.write_json(str(tmp_path / "fragment.json"), content)
    with pytest.raises(GraftlineError, match="rfs.survival.30.aml"):
        check(made, study, str(tmp_path / "fragment.json"), str(tmp_path / "checked.json"))
    assert not (tmp_path / "checked.json").exists()
