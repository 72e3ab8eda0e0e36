"""Every raw cell that a grade, a worst grade or a sign depends on, and no others."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from graftline.derive.toxicity.cells import Cells
from graftline.grading.scale import Finding
from tests.unit.derive.toxicity_tables import CTCAE, WHO, derive, event, lab, tables, vital

DOSES = {("exposure.csv", 2, "start_date"), ("exposure.csv", 2, "end_date")}
ARM = {("subjects.csv", 2, "arm")}


def cells(derived, table, key):
    """(decided, contributed) cells of a derived row."""
    rows = derived["lineage"]
    rows = rows[(rows["derived_table"] == table) & (rows["row_key"] == key)]
    found = {"decided": set(), "contributed": set()}
    for role, *cell in rows[["role", "src_file", "src_line", "src_column"]].itertuples(index=False):
        found[role].add(tuple(cell))
    return found["decided"], found["contributed"]


def of(file, line, *columns):
    return {(f"{file}.csv", line, column) for column in columns}


def alt(value, date, **more):
    return lab("ALT", value, date, "U/L", lln=5.0, uln=40.0, **more)


def test_a_grade_against_baseline_stands_on_the_baseline_its_range_and_its_date():
    labs = [alt(60, "1993-12-01"), alt(80, "1994-01-02", time="08:00"), alt(300, "1994-01-10")]
    derived = derive(tables(labs=labs), scales=[CTCAE])
    key = "A/LB/4/ctcae-5.0/Alanine aminotransferase increased"
    decided, contributed = cells(derived, "toxicity", key)
    assert decided == of("labs", 4, "value", "unit", "uln")
    baseline = of("labs", 3, "value", "uln", "unit", "date", "time")
    assert contributed == of("labs", 4, "test", "date") | baseline | DOSES | ARM


def test_a_row_before_treatment_stands_on_no_baseline():
    labs = [alt(60, "1993-12-01"), alt(80, "1994-01-02")]
    derived = derive(tables(labs=labs), scales=[CTCAE])
    key = "A/LB/3/ctcae-5.0/Alanine aminotransferase increased"
    assert not any(line == 2 for file, line, _ in cells(derived, "toxicity", key)[1]
                   if file == "labs.csv")  # fmt: skip


@pytest.mark.parametrize(
    ("scale", "item", "ranges"),
    [
        (WHO, "HB", ()),
        (CTCAE, "Anemia", ("lln",)),
        (CTCAE, "Hemoglobin increased", ("uln",)),
    ],
)
def test_a_grade_stands_on_the_limits_of_normal_that_its_item_uses(scale, item, ranges):
    labs = [lab("HGB", 9.0, "1994-01-10", "g/dL", lln=12.0, uln=16.0, below_limit="N")]
    derived = derive(tables(labs=labs), scales=[scale])
    decided, contributed = cells(derived, "toxicity", f"A/LB/2/{scale.scale}/{item}")
    assert decided == of("labs", 2, "value", "unit", *ranges)
    assert contributed == of("labs", 2, "test", "date", "below_limit") | DOSES | ARM


def test_a_range_that_is_missing_is_a_cell_to_look_at():
    derived = derive(tables(labs=[lab("ALT", 60, "1994-01-10", "U/L")]))
    assert ("labs.csv", 2, "uln") in cells(derived, "toxicity", "A/LB/2/who-1981/AST/ALT")[0]


def test_a_loss_of_weight_stands_on_both_weights():
    vitals = [
        vital("1993-12-01", weight=70.0),
        vital("1994-01-02", weight=60.0),
        vital("1994-01-10", weight=54.0),
        vital("1994-01-12", weight=50.0),
    ]
    ae = [event("Weight decreased", "1994-01-09", "1994-01-11")]
    derived = derive(tables(vitals=vitals, ae=ae), scales=[CTCAE])
    decided, contributed = cells(derived, "toxicity", "A/VS/4/ctcae-5.0/Weight loss")
    assert decided == of("vitals", 4, "weight_kg") | of("vitals", 3, "weight_kg")
    assert contributed == of("vitals", 4, "date") | of("vitals", 3, "date") | DOSES | ARM
    decided, contributed = cells(derived, "toxicity", "A/AE/2/ctcae-5.0/Weight loss")
    assert decided == of("vitals", 4, "weight_kg") | of("vitals", 3, "weight_kg")
    assert not any(line in (2, 5) for file, line, _ in contributed if file == "vitals.csv")


def test_a_long_fever_stands_on_all_temperatures_of_the_run_and_on_those_that_could_end_it():
    vitals = [
        vital("1994-01-04", 38.5),
        vital("1994-01-05", 40.5, time="08:00"),
        vital("1994-01-06", 40.5, time="12:00"),
        vital("1994-01-07", 38.5),
        vital("1994-01-08", 38.5),
    ]
    derived = derive(tables(vitals=vitals), scales=[CTCAE])
    decided, contributed = cells(derived, "toxicity", "A/VS/3/ctcae-5.0/Fever")
    assert decided == of("vitals", 3, "temp_cel") | of("vitals", 4, "temp_cel")
    neighbours = of("vitals", 2, "temp_cel", "date") | of("vitals", 5, "temp_cel", "date")
    times = of("vitals", 3, "date", "time") | of("vitals", 4, "date", "time")
    assert contributed == neighbours | times | DOSES | ARM


def test_vomiting_stands_on_the_therapy_and_a_death_on_the_outcome():
    ae = [
        event("Vomiting", "1994-01-05", None, "vomiting", therapy_given="Y"),
        event("Stomatitis", "1994-01-05", None, "asymptomatic", outcome="FATAL"),
        event("Stomatitis", "1994-01-05", None, "asymptomatic", outcome="RECOVERED"),
    ]
    derived = derive(tables(ae=ae), scales=[CTCAE])
    assert cells(derived, "toxicity", "A/AE/2/ctcae-5.0/Vomiting")[0] == of(
        "ae", 2, "finding", "therapy_given"
    )
    died = cells(derived, "toxicity", "A/AE/3/ctcae-5.0/Mucositis oral")[0]
    assert ("ae.csv", 3, "outcome") in died
    lived = cells(derived, "toxicity", "A/AE/4/ctcae-5.0/Mucositis oral")
    assert ("ae.csv", 4, "outcome") in lived[1]


def test_a_record_stands_on_the_marks_that_it_is_counted_by():
    ae = [
        event("Nausea", "1994-01-05", None, "nausea", severity="MILD"),
        event("Nausea", "1994-01-06", None, "nausea"),
    ]
    marks = ("pt", "start_date", "end_date", "related", "infection", "serious")
    derived = derive(tables(ae=ae))
    contributed = cells(derived, "toxicity", "A/AE/2/who-1981/NAUVOM")[1]
    assert contributed == of("ae", 2, *marks, "severity") | DOSES | ARM
    contributed = cells(derived, "toxicity", "A/AE/3/who-1981/NAUVOM")[1]
    assert contributed == of("ae", 3, *marks) | DOSES | ARM


def test_a_measurement_without_a_grade_did_not_decide_that_of_the_finding():
    item = CTCAE.items["Weight loss"]
    grades = [replace(item.grades[0], findings=(Finding("thin"),)), *item.grades[1:]]
    scale = replace(CTCAE, items={item.code: replace(item, grades=tuple(grades))})
    given = tables(
        ae=[event("Weight decreased", "1994-01-09", "1994-01-11", "thin")],
        vitals=[vital("1994-01-10", weight=54.0)],  # without a weight before treatment
    )
    derived = derive(given, scales=[scale])
    decided, contributed = cells(derived, "toxicity", "A/AE/2/ctcae-5.0/Weight loss")
    assert decided == of("ae", 2, "finding")
    assert ("vitals.csv", 2, "weight_kg") in contributed


def test_a_worst_grade_stands_on_the_observations_of_its_item_before_and_on_treatment():
    labs = [
        lab("PLAT", 40, "1993-12-01"),
        lab("PLAT", 90, "1994-01-02"),
        lab("PLAT", 60, "1994-01-10"),
        lab("PLAT", 80, "1994-01-12"),
        lab("PLAT", 10, "1994-06-01"),  # later: it counts for nothing
    ]
    derived = derive(tables(labs=labs))
    decided, contributed = cells(derived, "toxicity_worst", "A/who-1981/PLT")
    assert decided == of("labs", 4, "value", "unit")
    assert {cell[1] for cell in contributed if cell[0] == "labs.csv"} == {2, 3, 4, 5}
    # The patient's row: all cells of what decided it, of the rest what graded it and when.
    decided, contributed = cells(derived, "toxicity_worst", "A/who-1981/ANY")
    assert decided == of("labs", 4, "value", "unit")
    assert of("labs", 4, "test", "date") <= contributed
    assert of("labs", 5, "value", "unit", "date") <= contributed
    assert ("labs.csv", 5, "test") not in contributed


def test_the_highest_with_ctc_stands_on_the_signs_of_the_other_scale_and_on_nothing_else_of_it():
    ae = [
        event("Chills", "1994-01-05", None, "moderate tremor of the entire body"),
        event("Nausea", "1994-01-06", None, "nausea"),
        event("Hypotension", "1994-01-06", None, "hospitalization indicated"),
    ]
    derived = derive(tables(ae=ae), scales=[WHO, CTCAE])
    decided, contributed = cells(derived, "toxicity_worst", "A/who-1981/ANY_CTC")
    assert decided == of("ae", 2, "finding")
    assert ("ae.csv", 3, "finding") in contributed
    assert not any(line == 4 for file, line, _ in decided | contributed if file == "ae.csv")


def source(n, **columns):
    frame = pd.DataFrame({"src_file": ["f"] * n, "src_line": range(2, n + 2)} | columns)
    return frame.astype({"src_file": "string[pyarrow]", "src_line": "Int64"})


def test_links_are_kept_once_and_what_decided_stays_deciding():
    made = Cells({"t": source(3, a=1, b=1)})
    parts = [made.link([1, 1, 0], "t", [0, 0, 2], "b"), made.link([1], "t", [0], "b", decided=True)]
    printed = made.print_lineage("d", pd.Series(["y", "x"]), made.unite(parts))
    assert printed.drop(columns=["derived_table", "src_file"]).values.tolist() == [
        ["x", "decided", 2, "b"],
        ["y", "contributed", 4, "b"],
    ]


def test_a_row_inherits_the_cells_of_its_members_and_who_decided_them():
    made = Cells({"t": source(3, a=1, b=1)})
    links = made.unite(
        [
            made.link([0, 2], "t", [0, 1], "a", decided=True),
            made.link([0], "t", [2], "b"),
        ]
    )
    # Row 0 of the new table is made of the old rows 0 (deciding) and 2, row 1 of row 1, which has
    # no cells.
    new = made.inherit(links, [0, 0, 1], [0, 2, 1], [True, False, True])
    printed = made.print_lineage("d", pd.Series(["x", "y"]), made.unite([new]))
    assert printed[["row_key", "role", "src_line", "src_column"]].values.tolist() == [
        ["x", "contributed", 3, "a"],
        ["x", "contributed", 4, "b"],
        ["x", "decided", 2, "a"],
    ]


def test_an_empty_time_is_no_cell_to_look_at():
    made = Cells({"t": source(2, time=pd.array(["08:00", None], dtype="string[pyarrow]"))})
    assert len(made.link([0, 1], "t", [0, 1], "time")) == 1


def test_nothing_has_no_lineage():
    made = Cells({"t": source(0, a=1)})
    links = made.unite([])
    assert len(made.print_lineage("d", pd.Series([], dtype=object), links)) == 0
    assert len(made.inherit(links, np.array([]), np.array([]), np.array([]))) == 0
