"""graftline grade: rows kept as they are, each with its grade, and mistakes named by file, line and column.

Grades are worked out by hand from the NCI's text of CTCAE 5.0 and from the WHO table.
"""

import csv
import io
from pathlib import Path

import pytest

from graftline.cli import grade, main

HEADER = "term,value,unit,lln,uln,baseline,baseline_lln,baseline_uln,sex,age_years"


def run(folder, text, *more, scale="ctcae-5.0"):
    """Status of the command on a file with `text`, in `folder`."""
    source = folder / "in.csv"
    source.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    target = folder / "out.csv"
    return main(["grade", str(source), "--scale", scale, "--out", str(target), *more])


def read(folder):
    """The rows of the output as dictionaries."""
    text = (folder / "out.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def grade_row(folder, row, scale="ctcae-5.0"):
    """The one row of the output for one row of input, its cells under HEADER (left out: empty)."""
    cells = row.split(",")
    assert run(folder, HEADER + "\n" + ",".join(cells + [""] * (10 - len(cells))), scale=scale) == 0
    return read(folder)[0]


# term,value,unit,lln,uln,baseline,baseline_lln,baseline_uln -> grade, reason, limit
@pytest.mark.parametrize(
    ("row", "expected"),
    [
        # Hgb <10.0 - 8.0 g/dL is grade 2; 10.0 itself is grade 1, 12.0 at the LLN none.
        ("Anemia,9.9,g/dL,12.0", ("2", "", "10")),
        ("Anemia,10.0,g/dL,12.0", ("1", "", "12")),
        ("Anemia,12.0,g/dL,12.0", ("0", "", "12")),
        # The limit printed in mmol/L for a value in mmol/L: 6.2, and 100 for g/L.
        ("Anemia,6.1,mmol/L,7.4", ("2", "", "6.2")),
        ("Anemia,99,g/L,120", ("2", "", "100")),
        # Without LLN a value above all numeric limits is 0 or 1; under one of them it is graded.
        ("Anemia,11.0,g/dL", ("", "lln_missing", "")),
        ("Anemia,7.9,g/dL", ("3", "", "8")),
        ("Anemia,9.0,mol,12.0", ("", "unit_not_convertible", "")),
        ("Anemia,,g/dL,12.0", ("", "value_missing", "")),
        ("Anemia,low,g/dL,12.0", ("", "value_not_a_number", "")),
        # An empty term is nothing to grade, and its row stays.
        (",9.0,g/dL,12.0", ("", "term_missing", "")),
        (",low,g/dL,12.0", ("", "term_missing", "")),
        # ALT: x ULN if baseline was normal, x baseline if not; 3.0 x 40 = 120, 3.0 x 60 = 180.
        ("Alanine aminotransferase increased,121,U/L,5,40,30,5,40", ("2", "", "120")),
        ("Alanine aminotransferase increased,121,U/L,5,40,60,5,40", ("1", "", "90")),
        ("Alanine aminotransferase increased,121,U/L,5,40", ("", "baseline_missing", "")),
        # "<0.5" is under 0.5, which is grade 4; ">600" is above any LLN.
        ("Neutrophil count decreased,<0.5,10*9/L,1.8", ("4", "", "0.5")),
        ("Platelet count decreased,>600,10*9/L,150", ("0", "", "150")),
        # "<2.0" may be anything below: grade 0 of an LLN of 1.8 or grade 4.
        ("Neutrophil count decreased,<2.0,10*9/L,1.8", ("", "below_assay_limit", "")),
    ],
)
def test_a_row_has_the_grade_of_the_source_or_a_reason(tmp_path, row, expected):
    out = grade_row(tmp_path, row)
    assert (out["grade"], out["reason"], out["limit"]) == expected


def test_the_criterion_is_the_source_s_text(tmp_path):
    out = grade_row(tmp_path, "Lymphocyte count increased,5000,/uL")
    assert out["criterion"] == ">4000/mm3 - 20,000/mm3" and out["grade"] == "2"


def test_another_scale_has_its_own_terms_and_limits(tmp_path):
    # WHO: haemoglobin 9.5-10.9 g/100 mL is grade 1; bilirubin over 1.25 N grade 1, 1.25 N none.
    assert grade_row(tmp_path, "HB,9.9,g/dL", scale="who-1981")["grade"] == "1"
    out = grade_row(tmp_path, "BILI,44,umol/L,,35.2", scale="who-1981")
    assert (out["grade"], out["limit"]) == ("0", "44")


@pytest.mark.parametrize(
    "value",
    ["9,9", "1 000", "9.9 g/dL", "NA", "--1", "1e", "nan", "inf", "1e999", "<", "< low", "=9"],
)
def test_what_is_no_number_is_not_guessed_at(tmp_path, value):
    run(tmp_path, f'term,value,unit,lln\nAnemia,"{value}",g/dL,12\n')
    assert (read(tmp_path)[0]["grade"], read(tmp_path)[0]["reason"]) == ("", "value_not_a_number")


@pytest.mark.parametrize("value", ["9.9", " 9.9 ", "+9.9", "99e-1", "9.90", "09.9"])
def test_numbers_may_be_written_in_several_ways(tmp_path, value):
    run(tmp_path, f'term,value,unit,lln\nAnemia,"{value}",g/dL,12\n')
    assert read(tmp_path)[0]["grade"] == "2"


def test_a_limit_that_is_no_number_counts_as_empty_and_is_told(tmp_path, capsys):
    assert grade_row(tmp_path, "Anemia,11.0,g/dL,NA")["reason"] == "lln_missing"
    assert "1 cell not a number and taken as empty, in the column: lln" in capsys.readouterr().err


def test_columns_may_stand_in_any_order_and_be_left_out(tmp_path):
    assert run(tmp_path, "lln,unit,value,term\n12.0,g/dL,9.9,Anemia\n") == 0
    assert read(tmp_path) == [
        {"lln": "12.0", "unit": "g/dL", "value": "9.9", "term": "Anemia"}
        | {"grade": "2", "reason": "", "limit": "10"}
        | {"criterion": "Hgb <10.0 - 8.0 g/dL; <6.2 - 4.9 mmol/L; <100 - 80g/L"}
    ]


def test_sex_and_age_change_nothing(tmp_path):
    rows = [f"Creatinine increased,3.1,mg/dL,0.5,1.0,0.9,0.5,1.0,{x}" for x in ("F,9", "M,80", ",")]
    run(tmp_path, "\n".join([HEADER, *rows]))
    assert [row["grade"] for row in read(tmp_path)] == ["3", "3", "3"]


def test_rows_stay_as_they_are_byte_for_byte_and_in_order(tmp_path):
    rows = [
        'Anemia, 9.90,"g/dL"," 12"',
        ',"<0,5","a ""b"", c",',
        '"Anemia",1e1,µg/L,"first\nsecond"',
        "Anemia,12.000000000000000000001,g/dL,012",
    ]
    run(tmp_path, "term,value,unit,lln\n" + "\n".join(rows))
    lines = (tmp_path / "out.csv").read_text("utf-8")
    header, *rest = lines.split("\n", 1)
    assert header == "term,value,unit,lln,grade,reason,limit,criterion"
    for row in rows:
        assert rest[0].startswith(row + ",")
        rest[0] = rest[0][len(row) :].partition("\n")[2]
    assert rest == [""]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_stay(tmp_path, end, mark):
    text = mark + end.join(["term,value,unit,lln", "Anemia,13,g/dL,12", ""])
    run(tmp_path, text)
    assert (tmp_path / "out.csv").read_bytes().decode("utf-8") == mark + end.join(
        [
            "term,value,unit,lln,grade,reason,limit,criterion",
            "Anemia,13,g/dL,12,0,,12,",
            "",
        ]
    )


def test_lines_with_nothing_on_them_are_left_out(tmp_path):
    run(tmp_path, "\nterm,value\n\nAnemia,7\n  \nAnemia,7\n\n")
    assert len(read(tmp_path)) == 2


def test_a_row_of_empty_cells_is_a_row(tmp_path):
    run(tmp_path, "term,value\n,\nAnemia,7\n")
    assert [row["reason"] for row in read(tmp_path)] == ["term_missing", "unit_missing"]


def test_a_header_alone_gives_a_header(tmp_path, capsys):
    assert run(tmp_path, "term,value\n") == 0
    assert (tmp_path / "out.csv").read_text() == "term,value,grade,reason,limit,criterion\n"
    assert "0 rows; 0 graded, 0 not" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "in.csv: the file is empty"),
        ("\n \n", "in.csv: the file is empty"),
        ("Anemia,9.9\n", "line 1: this is no header; the first line must name the columns: term,"),
        ("term,valeu\n", "line 1: unknown column 'valeu'; did you mean value?"),
        ("term,Value\n", "line 1: unknown column 'Value'; did you mean value?"),
        ("term,value,patient\n", "line 1: unknown column 'patient'; the columns are term,"),
        ("term,value,\n", "line 1: column 3 has no name"),
        ("term,value,unit,value\n", "line 1: the column value stands twice"),
        ("term,unit\n", "line 1: the column value is missing; add it"),
        ("value,unit\n", "line 1: the column term is missing; add it"),
        ("\n\nvalue,unit\n", "line 3: the column term is missing; add it"),
        ("term;value\nAnemia;9\n", "line 1: cells are separated by semicolons"),
        ("term,value\nAnemia,9.9,g/dL\n", "line 2: the row has 3 cell(s) and the header 2"),
        ("term,value\nAnemia,7\n\nAnemia\n", "line 4: the row has 1 cell(s) and the header 2"),
        ('term,value\nAnemia,7\nAnemia,5"\n', "line 3: a quotation mark is not closed"),
        ('term,value\nAnemia,"7\nAnemia,5\n', "line 2: a quotation mark is not closed"),
        (
            b"term,value\nAnemia,7\nAn\xe9mie,7\n",
            "line 3: the row holds letters that are not UTF-8",
        ),
        (b"term,val\xe9\n", "line 1: the header holds letters that are not UTF-8"),
        ("term,value\n".encode("utf-16"), "line 1: the file is UTF-16"),
        ("term,value\rAnemia,7\r", "line 1: lines end with a carriage return alone"),
        (b"term,value\nAnemia,7\0\n", "line 2: the row holds a NUL byte"),
        (
            "term,value\nAnemia,7\nAnaemia,7\n",
            "line 3, column term: unknown term 'Anaemia' of CTCAE 5.0; did you mean Anemia?",
        ),
        ("term,value\nanemia,7\n", "line 2, column term: unknown term 'anemia'"),
        ("term,value\nNausea,1\n", "line 2, column term: Nausea of CTCAE 5.0 is not graded from"),
    ],
)
def test_a_mistake_is_1_and_one_sentence_that_names_the_line(tmp_path, capsys, text, sentence):
    assert run(tmp_path, text) == 1
    shown = capsys.readouterr()
    assert shown.out == "" and sentence in shown.err and shown.err.count("\n") == 1
    assert shown.err.startswith(f"graftline: {tmp_path / 'in.csv'}")
    assert list(tmp_path.iterdir()) == [tmp_path / "in.csv"]  # nothing half written is left


def test_a_label_of_the_who_table_leads_to_its_code(tmp_path, capsys):
    assert run(tmp_path, "term,value\nHaemoglobin,9\n", scale="who-1981") == 1
    assert "did you mean HB?" in capsys.readouterr().err


def test_text_that_is_near_no_term_is_not_repeated(tmp_path, capsys):
    assert run(tmp_path, "term,value\nJohn Smith of Ward 7,9\n") == 1
    error = capsys.readouterr().err
    assert "line 2, column term: this is no term of CTCAE 5.0" in error and "Smith" not in error


def test_no_value_is_told_on_the_terminal(tmp_path, capsys):
    run(tmp_path, "term,value,unit,lln\nAnemia,7.77,g/dL,12.34\nAnemia,8.88,furlong,x5.55\n")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert not [
        secret for secret in ("7.77", "12.34", "8.88", "5.55", "furlong") if secret in shown.err
    ]


def test_counts_are_told_by_reason(tmp_path, capsys):
    rows = ["Anemia,9,g/dL,12", "Anemia,9,mol,12", "Anemia,9,mol,12", "Anemia,x,g/dL,12"]
    run(tmp_path, "term,value,unit,lln\n" + "\n".join(rows))
    assert capsys.readouterr().err.splitlines() == [
        f"graftline: {tmp_path / 'out.csv'}: 4 rows; 1 graded, 3 not",
        "graftline: 2 rows without a grade: unit_not_convertible",
        "graftline: 1 row without a grade: value_not_a_number",
    ]


def test_a_grade_that_may_be_higher_is_counted_and_says_why(tmp_path, capsys):
    # Creatinine: >1.5 x ULN is grade 2; >3.0 x baseline would be 3, and there is no baseline.
    out = grade_row(tmp_path, "Creatinine increased,1.6,mg/dL,0.5,1.0")
    assert (out["grade"], out["reason"]) == ("2", "baseline_missing")
    assert "1 row with a grade that may be higher: baseline_missing" in capsys.readouterr().err


def test_strict_is_1_where_a_unit_cannot_be_converted_and_the_rows_are_written(tmp_path):
    wrong = "term,value,unit,lln\nAnemia,9,mol,12\n"
    assert run(tmp_path, wrong) == 0
    assert run(tmp_path, wrong, "--strict") == 1
    assert read(tmp_path)[0]["reason"] == "unit_not_convertible"
    assert run(tmp_path, "term,value,unit,lln\nAnemia,x,g/dL,12\n", "--strict") == 0


def test_long_files_are_read_in_parts_and_their_progress_is_told(tmp_path, monkeypatch, capsys):
    from graftline.cli import csv_chunks

    small = csv_chunks.read_chunks
    monkeypatch.setattr(csv_chunks, "read_chunks", lambda *args: small(*args, size=40))
    monkeypatch.setattr(grade, "PROGRESS_ROWS", 100)
    values = [f"{n / 10:.1f}" for n in range(40, 140)] * 2  # 4.0 to 13.9 g/dL
    run(tmp_path, "term,value,unit,lln\n" + "".join(f"Anemia,{v},g/dL,12\n" for v in values))
    # <8.0: 40 values, <10.0: 20, <12.0: 20, the rest 20; twice.
    grades = [row["grade"] for row in read(tmp_path)]
    assert [grades.count(g) for g in "0123"] == [40, 40, 40, 80]
    assert [row["value"] for row in read(tmp_path)] == values
    assert capsys.readouterr().err.count("rows graded so far") == 2


def test_a_line_far_into_the_file_is_named_rightly(tmp_path, monkeypatch, capsys):
    from graftline.cli import csv_chunks

    small = csv_chunks.read_chunks
    monkeypatch.setattr(csv_chunks, "read_chunks", lambda *args: small(*args, size=64))
    text = "\nterm,value\n" + 'Anemia,"7\n"\n' * 50 + "Anaemia,7\n"
    assert run(tmp_path, text) == 1
    assert "line 103, column term" in capsys.readouterr().err
    assert run(tmp_path, text.replace("Anaemia", "Anemia,7")) == 1
    assert "line 103: the row has 3 cell(s)" in capsys.readouterr().err


def test_it_works_from_any_folder_and_replaces_the_output(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("term,value,unit\nAnemia,7,g/dL\n")
    Path("out.csv").write_text("old")
    assert main(["grade", "in.csv", "--scale", "ctcae-4.03", "--out", "out.csv"]) == 0
    assert read(tmp_path)[0]["grade"] == "3"


def test_a_scale_may_be_a_file(tmp_path):
    project = Path(__file__).parents[3]
    copy = tmp_path / "mine.yaml"
    copy.write_bytes((project / "config/scales/who-1981.yaml").read_bytes())
    assert grade_row(tmp_path, "HB,9.9,g/dL", scale=str(copy))["grade"] == "1"


def test_a_scale_with_a_mistake_is_named_by_its_line(tmp_path, capsys):
    project = Path(__file__).parents[3]
    text = (project / "config/scales/who-1981.yaml").read_text("utf-8")
    (tmp_path / "mine.yaml").write_text("lable: x\n" + text, "utf-8")
    assert run(tmp_path, "term,value\n", scale=str(tmp_path / "mine.yaml")) == 1
    assert "mine.yaml, line 1: unknown key 'lable'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["no.csv", "--scale", "ctcae-5.0", "--out", "out.csv"], "no.csv: there is no such file"),
        ([".", "--scale", "ctcae-5.0", "--out", "out.csv"], "there is no such file"),
        (["in.csv", "--scale", "ctcae-5", "--out", "out.csv"], "did you mean ctcae-5.0?"),
        (["in.csv", "--scale", "a/b.yaml", "--out", "out.csv"], "a/b.yaml: there is no such file"),
        (["in.csv", "--scale", "ctcae-5.0", "--out", "in.csv"], "--out is an input itself"),
        (["in.csv", "--scale", "ctcae-5.0", "--out", "link.csv"], "--out is an input itself"),
        (["in.csv", "--scale", "ctcae-5.0", "--out", "no/out.csv"], "not a file in a folder"),
        (["in.csv", "--scale", "ctcae-5.0", "--out", "."], "not a file in a folder"),
    ],
)
def test_a_wrong_name_is_1_and_leaves_all_as_it_was(
    tmp_path, monkeypatch, capsys, arguments, sentence
):
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("term,value,unit\nAnemia,7,g/dL\n")
    Path("link.csv").symlink_to("in.csv")
    assert main(["grade", *arguments]) == 1
    shown = capsys.readouterr().err
    assert sentence in shown and shown.count("\n") == 1
    assert Path("in.csv").read_text() == "term,value,unit\nAnemia,7,g/dL\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "link.csv"]


def test_the_example_of_the_how_to_gives_what_it_says(tmp_path):
    page = (Path(__file__).parents[3] / "docs/how-to/grade-a-file.md").read_text("utf-8")
    example = page.split("For example\n\n```\n")[1].split("```")[0]
    assert run(tmp_path, example) == 0
    shown = [
        f"| {row['term']} | {row['value']} | {row['unit']} | {row['grade']} | `{row['reason']}` | {row['limit']} |"
        for row in read(tmp_path)
    ]
    assert len(shown) == 5
    for line in shown:
        line = line.replace("``", "").replace("|  |", "| |").replace("|  |", "| |")
        assert line in page
