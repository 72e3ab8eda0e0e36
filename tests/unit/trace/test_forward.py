"""What depends on a cell, a line or a patient, on results written by hand (see forward_results)."""

import pytest

from graftline.errors import GraftlineError
from graftline.results_folder import ResultsFolder
from graftline.trace import format_trace, trace_cell, trace_subject, trace_target
from graftline.trace.text import format_lines
from tests.unit.small_results import DATA
from tests.unit.trace.forward_results import (
    LINEAGE,
    RAW_TABLES,
    STUDY,
    VALIDATED,
    write_forward_results,
)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return ResultsFolder(write_forward_results(tmp_path_factory.mktemp("results")))


def ids(found, kind):
    return {number["id"] for number in found["numbers"][kind]}


def rows(found):
    return {(table["table"], key) for table in found["rows"] for key in table["row_keys"]}


def test_numbers_made_of_a_row_of_the_cell_are_named_first(results):
    found = trace_cell(results, "vitals.csv", 3, "temperature")
    assert rows(found) == {("toxicity", "P02/1")}
    assert ids(found, "selected") == {"fever.grade4.n", "fever.hd.grade4.n"}
    assert ids(found, "considered") == set()


def test_numbers_whose_population_holds_a_row_of_the_cell_are_named(results):
    found = trace_cell(results, "vitals.csv", 2, "temperature")  # grade 2, which nothing counts
    assert ids(found, "selected") == set()
    assert ids(found, "considered") == {"fever.grade4.n", "fever.hd.grade4.n"}


def test_a_cell_moves_no_number_of_another_arm_nor_of_tables_made_of_other_files(results):
    found = trace_cell(results, "vitals.csv", 4, "temperature")  # P03, low dose
    assert ids(found, "selected") == {"fever.ld.grade1.n"}
    assert ids(found, "considered") == {"fever.grade4.n"}
    # A changed value may yet be a finding, and be corrected.
    assert ids(found, "may_move") == {"quality.corrections.n"}


def test_another_arm_moves_what_either_arm_counts(results):
    found = trace_cell(results, "subjects.csv", 4, "dose_group")
    assert rows(found) == {("subjects", "P03"), ("toxicity", "P03/1")}
    assert {"fever.hd.grade4.n", "case.1"} <= ids(found, "may_move")
    assert "cohort.hd.n" in ids(found, "considered")


def test_a_whole_line_may_also_be_of_another_patient(results):
    found = trace_cell(results, "vitals.csv", 4)
    assert "fever.hd.grade4.n" in ids(found, "may_move")


def test_a_column_may_be_named_as_the_canonical_tables_do(results):
    by_file = trace_cell(results, "vitals.csv", 3, "temperature")
    assert trace_cell(results, f"{DATA}/vitals.csv", 3, "temp_cel")["numbers"] == by_file["numbers"]


def test_a_withdrawn_patient_moves_what_considers_him_and_the_names_of_cases(results):
    found = trace_subject(results, "P03")
    assert found["subject"]["lines"] == {f"{DATA}/subjects.csv": [4], f"{DATA}/vitals.csv": [4]}
    assert rows(found) == {("subjects", "P03"), ("toxicity", "P03/1")}
    assert ids(found, "selected") == {"cohort.n", "fever.ld.grade1.n"}
    assert ids(found, "considered") == {"cohort.hd.n", "fever.grade4.n"}
    assert ids(found, "may_move") == {"case.1", "quality.corrections.n"}


def test_a_line_of_the_protocol_moves_what_its_section_steers(results):
    found = trace_cell(results, STUDY, 5)
    assert ids(found, "selected") == {"config.toxicity.limit"}
    assert ids(found, "may_move") == {"fever.grade4.n", "fever.hd.grade4.n", "fever.ld.grade1.n"}


def test_tables_figures_claims_and_sections_say_how_they_depend(results):
    printed = trace_cell(results, "vitals.csv", 2, "temperature")["printed"]
    assert printed == {
        "tables": {"fevers": "depends"},
        "claims": {"C01": "depends"},
        "sections": {"results": "depends"},
        "figures": {"fever": "depends"},
        "pages": {"2": "depends", "3": "depends", "5": "depends", "6": "depends"},
    }
    printed = trace_cell(results, STUDY, 5)["printed"]
    assert printed["sections"] == {"methods": "depends", "results": "may_move"}
    assert printed["figures"] == {"fever": "may_move"}
    assert printed["pages"] == {
        "1": "depends",
        "2": "may_move",
        "3": "may_move",
        "5": "depends",
        "6": "depends",
    }


def test_a_number_and_a_figure_tell_the_pages_that_print_them(results):
    assert trace_target(results, "fever.grade4.n")["pages"] == [2, 5]
    assert trace_target(results, "figure:course")["pages"] == [4]
    assert "printed on  pages 2, 5 of the PDF" in format_trace(
        trace_target(results, "fever.grade4.n")
    )


def test_results_from_before_pages_were_indexed_are_traced_without_them(tmp_path):
    results = ResultsFolder(write_forward_results(tmp_path))
    (tmp_path / "patient_level/pages.json").unlink()
    assert trace_cell(results, "vitals.csv", 2)["printed"]["pages"] == {}


def test_a_record_of_a_domain_is_that_of_the_patient_who_is_named(tmp_path):
    lineage = [
        ("toxicity", "P01/1", "decided", f"{DATA}/vs.parquet", 1, "temp_cel"),
        ("toxicity", "P02/1", "decided", f"{DATA}/vs.parquet", 1, "temp_cel"),
        *LINEAGE,
    ]
    domain = {"vitals": {"file": "vs.parquet", "rename": {"VSORRES": "temp_cel"}}}
    records = {"vitals": VALIDATED["vitals"] | {"src_line": [1, 1, 1]}}
    results = ResultsFolder(
        write_forward_results(
            tmp_path,
            lineage=lineage,
            validated=VALIDATED | records,
            raw_tables=RAW_TABLES | domain,
        )
    )
    everyone = trace_cell(results, "vs.parquet", 1, "VSORRES")
    assert rows(everyone) == {("toxicity", "P01/1"), ("toxicity", "P02/1")}
    one = trace_cell(results, "vs.parquet", 1, "VSORRES", subject="P02")
    assert rows(one) == {("toxicity", "P02/1")} and one["cell"]["subjects"] == ["P02"]
    with pytest.raises(GraftlineError, match="line 1 of .*vs.parquet is not of 'P09'"):
        trace_cell(results, "vs.parquet", 1, subject="P09")


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("vital.csv:3", r"'vital.csv' is no source of the results .*; did you mean .*vitals.csv"),
        ("vitals.csv:9", "no row that was read stands on line 9 of .*; its rows stand on lines 2 to 4"),
        ("vitals.csv:1", "no row that was read stands on line 1"),
        ("vitals.csv:3:temperatur", "has no column 'temperatur' that is read; did you mean temperature"),
        ("subject:P0", r"there is no patient 'P0' in .*; did you mean P0\d"),
        ("vitals.csv/3", "is none of the things that can be traced .*FILE:LINE"),
        ("fever.grade4", "there is no number 'fever.grade4' in .*; did you mean fever.grade4.n"),
        ("table:fever", "there is no table 'fever' in .*; did you mean fevers"),
        ("table:fevers/grade V", "table fevers has no row 'grade V'.*1 to 3; did you mean grade I"),
        ("table:fevers/2/Any", "table fevers has no column 'Any'"),
        ("table:fevers/0", "table fevers has no row '0'"),
        ("figure:fevre", "there is no figure 'fevre' in .*; did you mean fever"),
        ("row:toxicty/P01/1", "there is no derived table 'toxicty' in .*; did you mean toxicity"),
        ("row:toxicity/P01/2", "derived table toxicity has no row 'P01/2'; did you mean P01/1"),
        ("audit/build.json", "no rule of .* makes 'audit/build.json'"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_answered_with_one_sentence_and_a_near_name(results, target, sentence):
    with pytest.raises(GraftlineError, match=sentence) as caught:
        trace_target(results, target)
    assert "\n" not in str(caught.value)


def test_a_cell_of_a_printed_table_leads_to_its_numbers(results):
    for target in ("table:fevers/grade IV/All", "table:fevers/2/3", "table:fevers/GRADE iv/3"):
        found = trace_target(results, target)
        assert [number["id"] for number in found["numbers"]] == ["fever.grade4.n"]
        assert found["made_by"]["rule"] == "tabulate_toxicity"
    whole = trace_target(results, "table:fevers")
    assert [number["id"] for number in whole["numbers"]] == [
        "cohort.n",
        "fever.hd.grade4.n",
        "fever.grade4.n",
        "fever.ld.grade1.n",
    ]
    assert trace_target(results, "table:fevers/grade I/High dose")["numbers"] == []


def test_a_figure_leads_to_its_rule_and_its_derived_tables(results):
    found = trace_target(results, "figure:fever")
    assert found["made_by"]["script"]["file"] == "workflow/scripts/tabulate_toxicity.py"
    assert found["derived_tables"] == {"toxicity": "grade_toxicity"}
    assert [number["id"] for number in found["numbers"]] == ["cohort.n"]


def test_a_file_leads_to_its_rule_and_to_the_files_that_nothing_made(results):
    found = trace_target(results, "aggregate/figures/fever.svg")
    assert found["made_by"]["rule"] == "tabulate_toxicity"
    assert found["rules_behind"] == ["grade_toxicity"]
    assert [path.rpartition("/")[2] for path in found["sources"]] == [
        "subjects.parquet",
        "vitals.parquet",
    ]
    by_path = trace_target(results, str(results.path / "aggregate/figures/fever.svg"))
    assert by_path == found


def test_a_row_of_a_derived_table_leads_to_its_cells(results):
    found = trace_target(results, "row:toxicity/P02/1")
    assert [(c["role"], c["line"], c["column"]) for c in found["rows"][0]["cells"]] == [
        ("decided", 3, "temperature"),
        ("contributed", 3, "dose_group"),
    ]
    assert found["derived_by"]["params"] == {"toxicity": {"limit": 38}}


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("vitals.csv:2:temperature", ["vitals.csv:2 temperature, about P01 (sha256 vitals.csv as"]),
        ("vitals.csv:2:temperature", ["derived rows: 1\n    toxicity P01/1\n"]),
        ("vitals.csv:2:temperature", ["numbers whose population holds these rows: 2\n"]),
        ("vitals.csv:2:temperature", ["pages of the PDF: 2 to 3, 5 to 6"]),
        ("subject:P03", ["patient P03\n  raw lines\n", "subjects.csv: 4\n", "figures: course, fever"]),
        ("figure:fever", ["figure fever: Of", "drawn from  toxicity, derived by rule grade_toxicity"]),
        ("table:fevers/2", ["  grade IV | High dose\n    fever.hd.grade4.n = 1\n"]),
        ("aggregate/figures/fever.svg", ["made by     rule tabulate_toxicity", "after       grade_"]),
        ("row:toxicity/P02/1", ["toxicity P02/1\n", "decided     ", "vitals.csv:3 temperature"]),
    ],
)  # fmt: skip
def test_the_text_says_it_for_people(results, target, words):
    text = format_trace(trace_target(results, target))
    assert all(part in text for part in words), text


def test_long_lists_are_cut_and_say_by_how_much(results):
    text = format_trace(trace_subject(results, "P03"), most_rows=50)
    assert "more" not in text
    found = trace_subject(results, "P03")
    found["numbers"]["selected"] *= 10  # 20 of them
    assert "and 8 more" in format_trace(found) and "more" not in format_trace(found, None)


def test_a_line_of_the_protocol_without_a_number_may_steer_anything(results):
    found = trace_cell(results, STUDY, 4)
    assert rows(found) == set()
    assert {"cohort.n", "fever.grade4.n"} <= ids(found, "may_move")


def test_runs_of_lines_are_told_by_their_ends():
    assert format_lines([2, 5, 6, 7, 9, 10]) == "2, 5 to 7, 9 to 10"


def test_a_line_of_the_cut_before_moves_what_compares_the_cuts(tmp_path):
    before = "data/made-up/1998-12-31/vitals.csv"
    lineage = [*LINEAGE, ("toxicity", "P01/1", "contributed", before, 7, "temp_cel")]
    results = ResultsFolder(write_forward_results(tmp_path, lineage=lineage))
    found = trace_cell(results, before, 7, "temperature")
    assert rows(found) == {("toxicity", "P01/1")}
    # Named without its folder, the file is that of the cut itself.
    assert trace_cell(results, "vitals.csv", 3)["cell"]["file"] == f"{DATA}/vitals.csv"
    assert ids(found, "considered") == {"fever.grade4.n", "fever.hd.grade4.n"}
    assert ids(found, "may_move") == {"fever.ld.grade1.n"}  # of the same rule
