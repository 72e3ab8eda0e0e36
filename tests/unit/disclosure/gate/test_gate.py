"""A file that names a patient, or that cannot be read, is not released."""

import base64
import io
import json
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graftline.disclosure.gate import Identifiers, check_releasable, read_identifiers
from graftline.disclosure.gate.identifiers import FEW
from graftline.errors import GraftlineError

IDENTIFIERS = Identifiers.of(
    ["NG-017", "12", "AB", "203377"], ["1996-03-04", "1997-12-31"], ["1997-12-31"]
)
WHO = "NG-017"


def zipped(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return file.getvalue()


def pdf(shown="", title="", attached=b"", more=b"", form=b""):
    """A PDF as small as the gate reads one: glyph n of its font is the character n + 31. `form`: what
    the stream that shows the text says of itself."""
    glyphs = "".join(f"{ord(letter) - 31:04x}" for letter in shown)
    streams = {
        3: (form, f"BT /F 9 Tf [<{glyphs[:8]}>-20<{glyphs[8:]}>] TJ ET".encode()),
        5: (b"", b"1 beginbfrange <0001> <00f0> <0020> endbfrange"),
        6: (b"/Type /EmbeddedFile", attached),
    }
    parts = [b"%PDF-1.7\n", f"1 0 obj <</Title ({title})>> endobj\n".encode()]
    parts.append(b"2 0 obj <</Resources <</Font <</F 4 0 R>>>>>> endobj\n")
    parts.append(b"4 0 obj <</Type /Font /ToUnicode 5 0 R>> endobj\n" + more)
    for number, (said, content) in streams.items():
        packed = zlib.compress(content)
        head = b"%d 0 obj <<%s /Filter /FlateDecode /Length %d>>\nstream\n"
        parts.append(head % (number, said, len(packed)) + packed + b"\nendstream endobj\n")
    return b"".join(parts)


def check(folder, name, content):
    path = folder / "aggregate" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    check_releasable(folder, IDENTIFIERS)


SVG = "<svg><path d='M 1 2 L 203377 4'/><text>{}</text></svg>"
IN_HTML = '<img src="data:image/svg+xml;base64,{}">'
KINDS = [
    ("a.txt", "{} was there"),
    ("a.md", "({})"),
    ("a.json", '{{"x": ["{}"]}}'),
    ("a.csv", "a,b\n1,{}/IL-2/3\n"),
    ("a.svg", SVG),
    ("a.svg", "<svg><!-- {} --></svg>"),
    ("a.html", "<p>{}</p>"),
    ("a.html", '<p title="{}">.</p>'),
]


@pytest.mark.parametrize(("name", "content"), KINDS)
def test_an_id_is_found_in_each_kind_of_text_and_never_said(tmp_path, name, content):
    check(tmp_path, name, content.format("nobody"))
    with pytest.raises(GraftlineError, match=r"holds patients' ids or dates \(1\)") as refusal:
        check(tmp_path, name, content.format(WHO))
    assert "017" not in str(refusal.value)


@pytest.mark.parametrize("written", ["NG-017", "ng017", "NG_017", "NG-017/ae/12", "x.NG-017"])
def test_an_id_is_found_however_it_is_written(tmp_path, written):
    with pytest.raises(GraftlineError):
        check(tmp_path, "a.txt", f"see {written}.")


def test_an_id_with_a_part_in_bold_or_behind_an_escape_is_found(tmp_path):
    for name, content in (("a.html", "<p>NG<b>-017</b></p>"), ("b.json", '["N\\u0047-017"]')):
        with pytest.raises(GraftlineError):
            check(tmp_path / name.partition(".")[0], name, content)


@pytest.fixture(autouse=True)
def folders(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()


def test_a_figure_within_a_page_is_read(tmp_path):
    shown = IN_HTML.format(base64.b64encode(SVG.format(WHO).encode()).decode())
    with pytest.raises(GraftlineError):
        check(tmp_path, "a.html", shown)


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx"])
def test_members_of_archives_are_read(tmp_path, name):
    check(tmp_path, name, zipped(word__document="<w:t>nobody</w:t>"))
    with pytest.raises(GraftlineError):
        check(tmp_path, name, zipped(word__document="<w:r><w:t>NG-</w:t></w:r><w:t>017</w:t>"))


def test_the_place_of_a_cell_is_no_patient_and_what_it_holds_may_be_one(tmp_path):
    patients = Identifiers.of(["A10", "D10"], [], [])
    (tmp_path / "aggregate").mkdir()
    path = tmp_path / "aggregate" / "a.xlsx"
    sheet = '<dimension ref="A1:D10"/><c r="A10"><v>{}</v></c><mergeCell ref="A10:D10"/>'
    path.write_bytes(zipped(xl__worksheets__sheet1=sheet.format("nobody")))
    check_releasable(tmp_path, patients)
    path.write_bytes(zipped(xl__worksheets__sheet1=sheet.format("D10")))
    with pytest.raises(GraftlineError, match=r"holds patients' ids or dates \(1\)"):
        check_releasable(tmp_path, patients)


@pytest.mark.parametrize("part", ["shown", "title"])
def test_text_and_title_of_a_pdf_are_read(tmp_path, part):
    check(tmp_path, "a.pdf", pdf(**{part: "nobody"}))
    with pytest.raises(GraftlineError, match="holds"):
        check(tmp_path, "a.pdf", pdf(**{part: f"of {WHO}"}))


@pytest.mark.parametrize(
    "form",
    [
        b"/Type /XObject /Subtype /Form /Group <</S /Transparency /CS [/ICCBased 9 0 R]>>",
        b"/Subtype /Form /Resources <</ProcSet [/PDF /Text /ImageB] /XObject <</Image1 9 0 R>>>>",
    ],
)
def test_text_of_a_figure_is_read_though_it_is_drawn_with_colours_and_pictures(tmp_path, form):
    check(tmp_path, "a.pdf", pdf("nobody", form=form))
    with pytest.raises(GraftlineError, match="holds"):
        check(tmp_path, "a.pdf", pdf(f"of {WHO}", form=form))


def test_the_renderer_s_numbering_of_patterns_is_no_patient(tmp_path):
    patients = Identifiers.of(["P10", "X12"], [], [])
    numbered = b"8 0 obj <</Pattern <</p9 3 0 R/p10 4 0 R>>/XObject <</x12 5 0 R>>>> endobj\n"
    (tmp_path / "aggregate").mkdir()
    path = tmp_path / "aggregate" / "a.pdf"
    path.write_bytes(pdf("nobody", more=numbered))
    check_releasable(tmp_path, patients)
    for named in ({"shown": "P10"}, {"title": "p10"}, {"title": "/p10 of 3"}):
        path.write_bytes(pdf(**named, more=numbered))
        with pytest.raises(GraftlineError, match=r"holds patients' ids or dates \(1\)"):
            check_releasable(tmp_path, patients)


def test_a_file_attached_to_a_pdf_is_read(tmp_path):
    check(tmp_path, "a.pdf", pdf(attached=b'["nobody"]'))
    with pytest.raises(GraftlineError, match="holds"):
        check(tmp_path, "a.pdf", pdf(attached=json.dumps([WHO]).encode()))


def test_a_date_of_a_patient_is_found_and_that_of_the_cut_may_stand(tmp_path):
    check(tmp_path, "a.txt", "cut of 1997-12-31, or 19971231")
    for written in ("1996-03-04", "19960304"):
        with pytest.raises(GraftlineError):
            check(tmp_path, "a.txt", f"on {written}")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("died on 1996-03-04.", 1),  # a full stop is no decimal point
        ("died on 19960304.", 1),
        ("P1.1996-03-04, line 7.1996-03-04.5", 1),
        ("x1996-03-04y", 1),
        ("0.19960304 and 19960304.5", 0),
        ("21996-03-04", 0),
        ("1996-03-045", 0),
        ("219960304, 199603041", 0),
        ("1996-0304, 199603-04", 0),
        ("1996-03-04 and 19960304", 1),
        ("1996-03-04 1996-03-05", 2),
    ],
)
def test_a_date_is_found_wherever_it_is_no_part_of_a_number(text, count):
    found = Identifiers.of([], ["1996-03-04", "1996-03-05"], [])
    assert found.count_in(text) == count


@pytest.mark.parametrize("text", ["12 patients of 35", "P = 0.12", "AB", "Case 12", "12%"])
def test_a_short_id_is_a_word_of_any_text(tmp_path, text):
    check(tmp_path, "a.txt", text)


@pytest.mark.parametrize("text", ["patient 12", "Subject: AB", "subject_id=12", "patient no 12"])
def test_a_short_id_is_found_behind_what_names_a_patient(tmp_path, text):
    with pytest.raises(GraftlineError):
        check(tmp_path, "a.txt", text)


def test_a_short_id_is_found_in_a_column_or_field_of_patients(tmp_path):
    check(tmp_path, "a.csv", "n,grade\n12,3\n")
    check(tmp_path, "b.json", '{"n": 12}')
    for name, content in (("a.csv", "USUBJID,grade\n12,3\n"), ("b.json", '{"subject_id": 12}')):
        with pytest.raises(GraftlineError):
            check(tmp_path / name[0], name, content)


def test_an_id_of_digits_is_a_whole_word_and_no_decimals(tmp_path):
    check(tmp_path, "a.txt", "0.203377")
    with pytest.raises(GraftlineError):
        check(tmp_path, "a.txt", "203377,")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.bin", b"x"),
        ("a.parquet", b"PAR1"),
        ("a", b"x"),
        ("a.json", b"{"),
        ("a.txt", b"\xff\xfe"),
        ("a.docx", b"no archive"),
        ("a.xlsx", zipped(a="<a/>")[:-9]),
        ("a.png", b"no picture"),
        ("a.pdf", b"no pdf"),
        ("a.pdf", pdf(more=b"<</Encrypt 9 0 R>>")),
        ("a.pdf", pdf("ab").replace(b"/ToUnicode", b"/ToNothing")),
        ("a.pdf", pdf("ab").replace(b"/FlateDecode", b"/LZWDecode")),
        ("a.html", b'<img src="data:image/jpeg;base64,AAAA">'),
        ("a.svg", b"<!DOCTYPE x [<!ENTITY a 'b'>]><svg/>"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, name, content):
    with pytest.raises(GraftlineError, match="cannot be read"):
        check(tmp_path, name, content)


def test_every_file_is_read_and_all_that_are_refused_are_named(tmp_path):
    for name in ("aggregate/deep/a.txt", "audit/b.txt", "patient_level/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(WHO)
    with pytest.raises(GraftlineError) as refusal:
        check_releasable(tmp_path, IDENTIFIERS)
    assert "aggregate/deep/a.txt" in str(refusal.value) and "audit/b.txt" in str(refusal.value)
    assert "patient_level" not in str(refusal.value)


def test_a_file_that_is_written_later_is_not_asked_for(tmp_path):
    (tmp_path / "audit").mkdir()
    (tmp_path / "audit" / "SHA256SUMS").write_text(WHO)
    check_releasable(tmp_path, IDENTIFIERS, but=["audit/SHA256SUMS"])


def test_identifiers_are_read_from_lines(tmp_path):
    path = tmp_path / "identifiers.txt"
    path.write_text("subject\tNG-017\ndate\t1996-03-04\n")
    found = read_identifiers(path, [])
    assert found.ids == {"ng017"} and found.dates == {"1996-03-04"}


def test_a_line_that_is_no_identifier_stops(tmp_path):
    path = tmp_path / "identifiers.txt"
    path.write_text("NG-017\n")
    with pytest.raises(GraftlineError, match="line 1"):
        read_identifiers(path, [])


def test_a_million_ids_are_looked_up_and_not_searched_for():
    many = Identifiers.of((f"R-{n:07d}" for n in range(1_000_000)), [], [])
    assert many.count_in("R-0999999, R-0000001 and " + "word " * 100_000) == 2


FOUR = ["P-017", "P01", "SS-9", "01-701-7"]
FOUR_AMONG_MANY = Identifiers.of([*FOUR, *(f"Q-{n:07d}" for n in range(FEW))], [], [])


@given(
    st.lists(st.sampled_from(["P", "p0", "01", "7", "017", "x", "ß", "SS9"]), max_size=8),
    st.lists(st.sampled_from(["-", "_", ".", "/", ":", "|", " ", "", "--", "=", "é"]), min_size=8),
)
def test_few_ids_are_found_wherever_they_are_among_many(words, between):
    text = "".join(part for pair in zip(words, between, strict=False) for part in pair)
    assert Identifiers.of(FOUR, [], []).count_in(text) == FOUR_AMONG_MANY.count_in(text)


@pytest.mark.parametrize(
    ("file", "text", "count"),
    [
        # a table whose name reads like the id of one of its patients
        ("bmt35.csv", "data/hsct/2007-08-31/bmt35.csv", 0),
        ("bmt35.csv", "data/bmt35.csv and the patient BMT-35", 1),
        ("bmt35.csv", "bmt35", 1),
        # a file of one patient
        ("BMT-35.csv", "data/BMT-35.csv", 1),
    ],
)
def test_the_name_of_a_table_may_stand_and_that_of_a_patients_file_not(file, text, count):
    found = Identifiers.of(["BMT-34", "BMT-35"], [], [], [file])
    assert found.count_in(text) == count
