"""Planned and given doses: each quantity worked out by hand beside its test."""

import pandas as pd
import pytest

from graftline.derive.exposure import derive_exposure
from graftline.errors import GraftlineError

TEXT, DATE = "string[pyarrow]", "datetime64[ns]"
UNIT = "10*6.[iU]/m2"
DRUGS = {"IL-2": {"id": "il2", "label": "interleukin-2", "dose_units": [UNIT]}}
# Twenty doses of 9 in each of two cycles of 26 days, the second from day 56: 360 in 82 days.
REGIMENS = {
    "HD": {
        "weekdays": ["Mon"],
        "dose_by_cycle": "constant",
        "IL-2": [
            {"cycle": 1, "start_day": 0, "days": 26, "dose": 9.0, "n_planned": 20},
            {"cycle": 2, "start_day": 56, "days": 26, "dose": 9.0, "n_planned": 20},
        ],
    }
}
START = pd.Timestamp("2000-01-03")
CUT = "2000-12-31"


def line(
    cycle, first_day, days, n_given, *, dose=9.0, unit=UNIT, action="NONE", reason=None, who="A"
):
    """A raw line: days counted from the first dose."""
    start = START + pd.Timedelta(days=first_day)
    return {
        "subject_id": who,
        "drug": "IL-2",
        "cycle": cycle,
        "start_date": start,
        "end_date": start + pd.Timedelta(days=days - 1),
        "dose_planned": 9.0,
        "dose_actual": dose,
        "dose_unit": unit,
        "n_planned": 20,
        "n_given": n_given,
        "action": action,
        "action_reason": reason,
    }


FULL = [line(1, 0, 26, 20), line(2, 56, 26, 20)]


def make_tables(lines, patients=("A",)):
    exposure = pd.DataFrame(lines).astype(
        dict.fromkeys(["subject_id", "drug", "dose_unit", "action", "action_reason"], TEXT)
        | dict.fromkeys(["cycle", "n_planned", "n_given"], "Int64")
        | {"dose_actual": "float64"}
    )
    subjects = pd.DataFrame({"subject_id": patients, "arm": "HD"}).astype(TEXT)
    for name, frame in (("exposure", exposure), ("subjects", subjects)):
        frame["src_file"] = pd.Series(f"{name}.csv", index=frame.index, dtype=TEXT)
        frame["src_line"] = pd.Series(range(2, len(frame) + 2), dtype="Int64")
    return {"subjects": subjects, "exposure": exposure}


def derive(lines, *, patients=("A",), regimens=REGIMENS, cut=CUT):
    return derive_exposure(make_tables(lines, patients), cut=cut, regimens=regimens, drugs=DRUGS)


def total_of(lines, **options):
    (row,) = derive(lines, **options)[1].to_dict("records")
    return row


def test_the_whole_plan_given_on_time_is_one_in_both_measures():
    total = total_of(FULL)
    assert (total["total_planned"], total["total_given"]) == (360.0, 360.0)
    assert (total["planned_days"], total["actual_days"]) == (82, 82)
    assert (total["relative_total_dose"], total["relative_dose_intensity"]) == (1.0, 1.0)
    assert total["completed"] and not total["withdrawn"]


def test_whoever_stops_in_the_first_cycle_keeps_the_plan_below_the_line_and_his_own_days():
    stopped = [line(1, 0, 16, 12, action="WITHDRAW", reason="fever")]
    total = total_of(stopped)
    # 12 x 9 = 108 of 360; (108 / 16 days) / (360 / 82 days) = 6.75 / 4.3902...
    assert total["relative_total_dose"] == pytest.approx(0.3)
    assert total["relative_dose_intensity"] == pytest.approx(108 / 16 * 82 / 360)
    assert (total["n_cycles_planned"], total["n_cycles_begun"]) == (2, 1)
    assert (total["n_planned"], total["n_given"]) == (40, 12)
    assert total["withdrawn"] and not total["completed"]
    assert total["stop_reason"] == "fever"


def test_a_delay_lowers_the_intensity_and_not_the_dose():
    total = total_of([line(1, 0, 26, 20), line(2, 70, 26, 20)])  # two weeks late: 96 days
    assert total["relative_total_dose"] == 1.0
    assert total["relative_dose_intensity"] == pytest.approx(82 / 96)
    assert total["completed"]


def test_a_reduced_dose_lowers_both():
    total = total_of([line(1, 0, 26, 20), line(2, 56, 26, 20, dose=4.5, action="REDUCE")])
    assert total["relative_total_dose"] == pytest.approx(270 / 360)
    assert total["relative_dose_intensity"] == pytest.approx(270 / 360)


def test_one_dose_short_of_the_plan_is_not_complete():
    assert not total_of([line(1, 0, 26, 20), line(2, 56, 26, 19)])["completed"]


def test_a_planned_cycle_without_a_line_has_a_row_of_nothing_given():
    cycles = derive(FULL[:1])[0].set_index("row_key")
    assert list(cycles.index) == ["A/IL-2/1", "A/IL-2/2"]
    second = cycles.loc["A/IL-2/2"]
    assert second["planned"] and not second["begun"]
    assert (second["n_given"], second["total_given"], second["total_planned"]) == (0, 0.0, 180.0)
    assert pd.isna(second["actual_days"])


def test_a_cycle_beyond_the_plan_is_shown_and_adds_to_what_was_given_alone():
    cycles, totals, _ = derive([*FULL, line(3, 112, 26, 20)])
    third = cycles.set_index("row_key").loc["A/IL-2/3"]
    assert third["begun"] and not third["planned"]
    (total,) = totals.to_dict("records")
    assert (total["total_planned"], total["total_given"]) == (360.0, 540.0)
    assert total["relative_total_dose"] == pytest.approx(1.5)
    assert (total["n_planned"], total["n_given"]) == (40, 60)


def test_a_dose_that_is_not_known_leaves_the_totals_unknown():
    total = total_of([line(1, 0, 26, 20, dose=None), line(2, 56, 26, 20)])
    assert pd.isna(total["total_given"])
    assert pd.isna(total["relative_total_dose"])
    assert pd.isna(total["relative_dose_intensity"])


def test_a_number_of_doses_that_is_not_known_is_not_a_complete_cycle():
    total = total_of([line(1, 0, 26, None), line(2, 56, 26, 20)])
    assert pd.isna(total["n_given"]) and pd.isna(total["total_given"])
    assert not total["completed"]


def test_a_line_of_which_nothing_was_given_needs_no_dose():
    cycles, totals, _ = derive([line(1, 0, 26, 20), line(2, 56, 26, 0, dose=None)])
    assert cycles["begun"].tolist() == [True, False]
    assert totals["relative_total_dose"].tolist() == [0.5]
    assert totals["actual_days"].tolist() == [26]  # the second cycle has no day of treatment


def test_two_lines_of_one_cycle_add_up():
    cycles = derive([line(1, 0, 12, 10), line(1, 14, 12, 10, dose=3.0)], patients=("A",))[0]
    first = cycles.set_index("row_key").loc["A/IL-2/1"]
    assert (first["n_given"], first["total_given"], first["actual_days"]) == (20, 120.0, 26)
    assert first["dose_given"] == 6.0  # the mean of ten 9s and ten 3s


def test_without_a_regimen_nothing_is_relative_to_it():
    cycles, totals, _ = derive(FULL, regimens={})
    assert cycles["planned"].tolist() == [False, False]
    assert cycles["total_planned"].tolist() == [180.0, 180.0]  # as the lines state it
    plan = ["relative_total_dose", "relative_dose_intensity", "planned_days", "total_planned"]
    assert totals[[*plan, "n_planned", "completed"]].isna().all(axis=None)
    assert totals["total_given"].tolist() == [360.0]


def test_a_dose_in_another_unit_is_an_error_that_names_its_line():
    wrong = [FULL[0], line(2, 56, 26, 20, unit="10*6.[iU]")]
    with pytest.raises(
        GraftlineError, match=r"exposure\.csv, line 3, dose_unit: .*10\*6\.\[iU\]/m2"
    ):
        derive(wrong)


def test_patients_without_a_line_have_no_row_and_later_lines_are_not_looked_at():
    cycles, totals, _ = derive(FULL, patients=("A", "B"), cut="2000-02-01")
    assert totals["subject_id"].tolist() == ["A"]
    assert totals["n_given"].tolist() == [20]  # the second cycle began on 28 February
    assert cycles["begun"].tolist() == [True, False]


def test_patients_of_whom_nobody_was_given_anything_make_empty_tables_of_the_same_kind():
    full, empty = derive(FULL), derive(FULL, cut="1999-12-31")  # before the first dose
    for some, none in zip(full, empty, strict=True):
        assert len(none) == 0
        assert list(none.columns) == list(some.columns)


def test_patients_do_not_change_each_other():
    lines = [*FULL, line(1, 0, 16, 12, action="WITHDRAW", reason="fever", who="B")]
    tables = make_tables(lines, ("A", "B"))
    whole = derive_exposure(tables, cut=CUT, regimens=REGIMENS, drugs=DRUGS)
    parts = [
        derive_exposure(
            {name: frame[frame["subject_id"] == who] for name, frame in tables.items()},
            cut=CUT,
            regimens=REGIMENS,
            drugs=DRUGS,
        )
        for who in ("A", "B")
    ]
    for place, together in enumerate(whole[:2]):
        expected = pd.concat([part[place] for part in parts], ignore_index=True)
        pd.testing.assert_frame_equal(together, expected)
    traced = pd.concat([part[2] for part in parts], ignore_index=True)
    order = list(traced.columns)
    pd.testing.assert_frame_equal(
        whole[2].sort_values(order, ignore_index=True), traced.sort_values(order, ignore_index=True)
    )


def test_every_row_names_a_cell_that_decided_it():
    cycles, totals, lineage = derive(FULL[:1])
    decided = lineage[lineage["role"] == "decided"]
    for table, frame in (("exposure", cycles), ("exposure_total", totals)):
        keys = set(decided.loc[decided["derived_table"] == table, "row_key"])
        assert keys == set(frame["row_key"])
    # The cycle that was not begun stands on the arm, which chose its plan.
    not_begun = decided[decided["row_key"] == "A/IL-2/2"]
    assert not_begun[["src_file", "src_line", "src_column"]].values.tolist() == [
        ["subjects.csv", 2, "arm"]
    ]


def test_the_tables_are_what_their_schemas_declare():
    from schemas.derived.exposure import SCHEMA as CYCLES
    from schemas.derived.exposure_total import SCHEMA as TOTALS

    cycles, totals, _ = derive([FULL[0], line(2, 56, 9, 7, action="WITHDRAW", reason="fever")])
    CYCLES.validate(cycles, lazy=True)
    TOTALS.validate(totals, lazy=True)


def test_a_study_that_records_no_doses_and_no_actions_says_neither():
    lines = [line(1, 0, 26, None, action=None), line(2, 56, 26, None, action=None)]
    total = total_of(lines, regimens={})
    assert pd.isna(total["n_given"]) and pd.isna(total["total_given"])
    assert pd.isna(total["withdrawn"]) and pd.isna(total["completed"])
    assert (total["n_cycles_begun"], total["actual_days"]) == (2, 82)


def test_one_recorded_action_says_that_the_others_were_none():
    assert total_of([line(1, 0, 26, 20), line(2, 56, 26, 20, action=None)])["withdrawn"] is False
