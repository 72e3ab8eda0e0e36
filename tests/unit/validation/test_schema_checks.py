"""What a table shows by itself: E01, E04, E05, E06. The cut is 31 December 1999."""

import pytest

from schemas.raw import RAW_SCHEMAS, canonical_columns
from schemas.raw.treatment import WHO_ITEMS
from tests.unit.validation.small_cohort import judged, type_rows


def outcome(**cells):
    row = {"origin": "TX", "time": "3", "time_unit": "month", "status": "NRM"}
    return row | cells


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, [("E01", "E", 3, "origin")]),
        ({"origin": "IT"}, []),
        ({"subject_id": "P02"}, []),
        ({"origin": ""}, [("E04", "E", 3, "origin")]),
    ],
)
def test_a_primary_key_stands_once(change, expected):
    # An empty part of a key is E01, too.
    expected = [("E01", *place[1:]) for place in expected]
    assert judged("outcomes", [outcome(), outcome() | change]) == expected


def test_keys_with_an_empty_time_are_the_same_key():
    day = {"date": "1998-03-02"}
    assert judged("vitals", [day, day]) == [("E01", "E", 3, "visit")]
    assert judged("vitals", [day, day | {"time": "08:00"}]) == []


@pytest.mark.parametrize(
    ("identifier", "right"),
    [
        ("P-01", True),
        ("A" * 20, True),
        ("A" * 21, False),
        ("p01", False),
        ("P 01", False),
        ("P01 ", False),
        ("P01\n", False),
        ("É01", False),
    ],
)
def test_identifiers_are_capitals_digits_and_hyphens(identifier, right):
    expected = [] if right else [("E04", "E", 2, "subject_id")]
    assert judged("outcomes", [outcome(subject_id=identifier)]) == expected


@pytest.mark.parametrize(("time", "right"), [("0", True), ("0.5", True), ("-0.1", False)])
def test_times_are_not_negative(time, right):
    expected = [] if right else [("E04", "E", 2, "time")]
    assert judged("outcomes", [outcome(time=time)]) == expected


@pytest.mark.parametrize("column", ["time", "status", "time_unit"])
def test_an_empty_cell_that_is_needed_is_an_error(column):
    assert judged("outcomes", [outcome(**{column: ""})]) == [("E04", "E", 2, column)]


def test_an_unreadable_cell_is_reported_once_and_not_as_empty():
    assert judged("outcomes", [outcome(time="3,5")]) == [("E04", "E", 2, "time")]


def test_a_column_that_the_study_lacks_may_be_empty():
    row = {"study_id": "S", "arm": ""}
    assert judged("subjects", [row]) == [("E04", "E", 2, "arm")]
    assert judged("subjects", [row], absent=["arm"]) == []


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("nrm", "NRM"),
        (" NRM", "NRM"),
        ("NRM ", "NRM"),
        ("CENSORD", "CENSORED"),
        ("relapse", "RELAPSE"),
        ("xyz", None),
    ],
)
def test_codes_are_exact_and_a_near_one_is_suggested(cell, meant):
    typed = type_rows("outcomes", [outcome(status=cell)], judge=True)
    (finding,) = typed.findings
    assert finding[["rule", "line", "column", "value"]].values.tolist() == [
        ["E05", 2, "status", cell]
    ]
    hint = f"Did you mean {meant}?"
    assert finding["message"][0].endswith(hint) if meant else "mean" not in finding["message"][0]
    assert typed.frame["status"].isna().all()


@pytest.mark.parametrize(
    ("arm", "right"), [("HD", True), ("ESC", True), ("LD", False), ("hd", False)]
)
def test_arms_are_those_of_the_study(arm, right):
    expected = [] if right else [("E05", "E", 2, "arm")]
    assert judged("subjects", [{"study_id": "S", "arm": arm}]) == expected


@pytest.mark.parametrize(
    ("table", "column"), [("vitals", "date"), ("ae", "start_date"), ("labs", "date")]
)
@pytest.mark.parametrize(
    ("day", "severity", "rows"),
    [
        ("1999-12-31", None, 1),
        ("2000-01-01", "W", 0),
        ("2000-01-07", "W", 0),  # 7 days after the cut
        ("2000-01-08", "E", 1),
    ],
)
def test_rows_shortly_after_the_cut_are_left_out_and_later_ones_are_errors(
    table, column, day, severity, rows
):
    row = {
        "vitals": {},
        "ae": {"ae_no": "1", "term": "Fever", "pt": "Pyrexia"},
        "labs": {"test": "HGB", "value": "12", "unit": "g/dL"},
    }[table] | {column: day}
    expected = [("E06", severity, 2, column)] if severity else []
    assert judged(table, [row]) == expected
    assert len(type_rows(table, [row], judge=True).frame) == rows


def test_a_partial_date_is_after_the_cut_only_if_all_its_days_are():
    rows = [{"date": day, "response": "CR"} for day in ("1999-12", "1999", "2000-01", "2000")]
    assert judged("assessments", rows) == [("E06", "E", 4, "date"), ("E06", "E", 5, "date")]


@pytest.mark.parametrize(("day", "severity"), [("2000-01-07", "W"), ("2000-01-08", "E")])
def test_an_event_that_ends_after_the_cut_is_not_left_out(day, severity):
    row = {"ae_no": "1", "term": "Fever", "pt": "Pyrexia"}
    row |= {"start_date": "1999-12-30", "end_date": day}
    assert judged("ae", [row]) == [("E06", severity, 2, "end_date")]
    assert len(type_rows("ae", [row], judge=True).frame) == 1


def test_every_column_says_what_it_is():
    for name, schema in RAW_SCHEMAS.items():
        assert schema.metadata["key"], name
        assert set(schema.metadata["key"]) <= set(canonical_columns(schema))
        for column, declared in schema.columns.items():
            assert declared.title, f"{name}.{column}"
            assert declared.description, f"{name}.{column}"
            assert "kind" in declared.metadata, f"{name}.{column}"


def test_items_of_the_who_scale_are_those_of_its_file():
    from pathlib import Path

    import yaml

    root = Path(__file__).parents[3]
    scale = yaml.safe_load((root / "config/scales/who-1981.yaml").read_text(encoding="utf-8"))
    assert set(WHO_ITEMS) - {"AST", "ALT"} == set(scale["items"])


@pytest.mark.parametrize("name", ["who-1981", "ctcae-4.03", "ctcae-5.0", "ctcae-6.0"])
def test_every_unit_that_a_test_may_have_can_be_graded(name):
    from graftline.grading.files import read_scale, read_units
    from schemas.raw.measurements import LAB_UNITS

    units = read_units("config/units.yaml")
    scale = read_scale(f"config/scales/{name}.yaml", units)
    for test, items in scale.items_of_test.items():
        for unit in LAB_UNITS[test]:
            for item in items:
                known = units.resolve(unit)
                assert known and units.convert(item.analyte, known, item.printed_units), (
                    test,
                    unit,
                )
