"""The Word document says what the HTML says, with native headings, lists, tables and captions."""

import base64
import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

from graftline.report.pictures import Picture
from graftline.report.word.document import word_document

LABEL = "MADE UP, FOR A TEST"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="
)
HEAD = """<html lang="fr-CA"><head><title>Étude</title><meta name="author" content="A. Müller">
<style>p {}</style></head><body>"""


def caption(kind, number, text):
    return f'<b>{kind} <span data-exempt="number of a {kind.lower()}">{number}</span>.</b> <i>{text}</i>'


def ref(kind, name, number):
    return (
        f'<a class="ref" href="#{kind.lower()}-{name}" data-exempt="number of a {kind.lower()}">'
        f"{kind} {number}</a>"
    )


def table(name="t", number=1, rows="<tr><th>a</th><td>1</td></tr>", head="", notes=""):
    return f"""<div class="whole" id="table-{name}"><table>
    <caption>{caption("Table", number, "Grades.")}</caption><thead>{head}</thead>
    <tbody>{rows}</tbody></table><div class="footnotes">{notes}</div></div>"""


def convert(body, *, data_label=LABEL, pictures=None):
    html = f"{HEAD}{body}</body></html>"
    return word_document(html, [], pictures or {}, data_label=data_label, cut="1997-12-31")


def word(body, **given):
    return docx.Document(io.BytesIO(convert(body, **given)))


def written(document):
    """(style, text) of the paragraphs that hold something."""
    found = [(p.style.name, shown(p)) for p in document.paragraphs]
    return [(style, text) for style, text in found if text]


def shown(paragraph):
    """All text of a paragraph, that of links and fields too."""
    return "".join(t.text for t in paragraph._p.iter(qn("w:t")))


def fields(document):
    return [code.text.strip() for code in document.element.iter(qn("w:instrText"))]


# ---- text


def test_headings_have_the_styles_of_headings_in_their_order():
    document = word("<h1>T</h1><section><h2>A</h2><h3>B</h3><p>c</p></section><h2>D</h2>")
    assert written(document) == [
        ("Title", "T"),
        ("Heading 1", "A"),
        ("Heading 2", "B"),
        ("Normal", "c"),
        ("Heading 1", "D"),
    ]


def test_white_space_is_that_of_a_page():
    document = word("<p>\n one <b> two</b>\n\n three&nbsp;four <br> five\n</p>")
    assert document.paragraphs[0].text == "one two three\u00a0four\nfive"


def test_bold_italics_and_raised_letters_are_kept():
    runs = word("<p>a<b>b<i>c</i></b><sup>2</sup><sub>3</sub></p>").paragraphs[0].runs
    assert [run.text for run in runs] == ["a", "b", "c", "2", "3"]
    assert [bool(run.bold) for run in runs] == [False, True, True, False, False]
    assert [bool(run.italic) for run in runs] == [False, False, True, False, False]
    assert (runs[3].font.superscript, runs[4].font.subscript) == (True, True)


def test_text_beside_blocks_is_not_lost():
    document = word("<div>before <em>it</em><p>inside</p>after<ul><li>item</li></ul>end</div>")
    assert [text for _, text in written(document)] == [
        "before it",
        "inside",
        "after",
        "item",
        "end",
    ]


def test_style_sheets_scripts_and_comments_are_not_text():
    assert written(word("<style>a</style><script>b</script><!-- c --><p>d</p>")) == [
        ("Normal", "d")
    ]


def test_a_number_has_no_link_and_an_address_has_one():
    document = word(
        '<p><a class="number" data-number-id="x" href="#entry-1">5</a>'
        ' <a href="https://doi.org/10.1/x?a=1&amp;b=2">doi</a></p>'
        '<p id="entry-1">e</p>'
    )
    links = document.paragraphs[0].hyperlinks
    assert [(link.text, link.url) for link in links] == [("doi", "https://doi.org/10.1/x?a=1&b=2")]
    assert "".join(run.text for run in document.paragraphs[0].runs) == "5 "


def test_a_citation_leads_to_its_reference():
    document = word('<p>So.<sup><a href="#r1">1</a></sup></p><ol><li id="r1">Smith A.</li></ol>')
    (link,) = document.paragraphs[0].hyperlinks
    marks = [m.get(qn("w:name")) for m in document.paragraphs[1]._p.iter(qn("w:bookmarkStart"))]
    assert link.fragment in marks


def test_a_link_to_what_is_not_there_is_text():
    (paragraph,) = word('<p>See <a href="#nowhere">there</a>.</p>').paragraphs
    assert (paragraph.text, paragraph.hyperlinks) == ("See there.", [])


def test_each_ordered_list_counts_from_its_start():
    document = word("<ol><li>a</li><li>b</li></ol><ol start='4'><li>c</li></ol><ul><li>d</li></ul>")
    items = [p._p.pPr.numPr.numId.val for p in document.paragraphs]
    assert items[0] == items[1]
    assert len(set(items)) == 3
    numbering = document.part.numbering_part.element
    starts = [
        numbering.num_having_numId(item).lvlOverride_lst[0].startOverride.val for item in items
    ]
    assert starts == [1, 1, 4, 1]
    assert [style for style, _ in written(document)] == ["List Number"] * 3 + ["List Bullet"]


def test_an_item_of_two_paragraphs_has_one_number():
    document = word("<ol><li><p>a</p><p>b</p></li><li>c<ul><li>d</li></ul></li></ol>")
    assert [(p.text, p._p.pPr.numPr is not None) for p in document.paragraphs] == [
        ("a", True),
        ("b", False),
        ("c", True),
        ("d", True),
    ]
    assert document.paragraphs[3].style.name == "List Bullet 2"


def test_the_appendix_of_numbers_is_left_out_and_said_to_be_elsewhere():
    document = word(
        '<p>x</p><section id="numbers"><h2>Appendix</h2><dl><dt id="entry-1">cohort.n 9</dt></dl></section>'
    )
    texts = [text for _, text in written(document)]
    assert texts[:2] == ["x", "Appendix"]
    assert "PDF" in texts[2]
    assert not any("cohort.n" in text for text in texts)


# ---- tables


def number(text, width, free=0):
    text = f'<i data-number-id="x.n">{text}</i>'
    return f'<td class="number-column" data-aligned="{width} {free}">{text}</td>'


ROWS = """<tr><th colspan="3">Blood</th></tr>
<tr><th class="indent">Thrombopénie =1+1</th><td>4 (44%)</td><td></td></tr>
<tr><th rowspan="2">x</th><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>"""
HEADER = (
    "<tr><th></th><th colspan='2'>High dose</th></tr><tr><th>Item</th><th>I</th><th>II</th></tr>"
)


def test_a_table_has_the_cells_of_the_html():
    (native,) = word(table(rows=ROWS, head=HEADER)).tables
    assert [[cell.text for cell in row.cells] for row in native.rows] == [
        ["", "High dose", "High dose"],  # one cell over two columns
        ["Item", "I", "II"],
        ["Blood", "Blood", "Blood"],
        ["Thrombopénie =1+1", "4 (44%)", ""],
        ["x", "1", "2"],
        ["x", "3", "4"],  # one cell over two rows
    ]
    assert native.cell(0, 1)._tc is native.cell(0, 2)._tc
    assert native.cell(4, 0)._tc is native.cell(5, 0)._tc


def test_header_rows_repeat_and_no_row_is_split():
    (native,) = word(table(rows=ROWS, head=HEADER)).tables
    headers = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in native.rows]
    assert headers == [True, True, False, False, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in native.rows)


def test_caption_stands_over_the_table_and_footnotes_below_it():
    document = word(table(notes="<p>NE: <b>not</b> estimable.</p>") + "<p>Text.</p>")
    order = [e.tag.rpartition("}")[2] for e in document.element.body]
    assert order[:4] == ["p", "tbl", "p", "p"]
    assert written(document) == [
        ("Caption", "Table 1. Grades."),
        ("Table Note", "NE: not estimable."),
        ("Normal", "Text."),
    ]
    assert document.paragraphs[0].paragraph_format.keep_with_next


def test_footnotes_do_not_stand_on_a_page_without_a_row():
    rows = "<tr><th>a</th><td>1</td></tr>" * 50
    html = table(rows=rows, notes="<p>Note.</p>").replace('class="whole"', "")
    (native,) = word(html).tables
    kept = [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in native.rows]
    assert kept == [False] * 48 + [True] * 2


def test_captions_count_by_themselves_and_references_follow_them():
    document = word(
        f"<p>{ref('Table', 't', 1)} and {ref('Table', 'u', 2)}.</p>{table()}{table('u', 2)}"
    )
    first, second, *counts = fields(document)
    assert counts == ["SEQ Table \\* ARABIC"] * 2
    marked = {}
    for caption_, number in zip(document.paragraphs[1:], "12", strict=False):
        if caption_.style.name == "Caption":
            name = next(caption_._p.iter(qn("w:bookmarkStart"))).get(qn("w:name"))
            marked[name] = number
    assert document.paragraphs[0].text == "Table 1 and Table 2."
    assert len(marked) >= 1
    assert first.split()[0] == second.split()[0] == "REF"
    assert first.split()[1] != second.split()[1]
    assert first.split()[1] in marked


def test_only_a_reference_that_says_table_and_number_is_one_that_word_counts():
    exempt = 'data-exempt="number of a table or figure"'
    checklist = (
        f'<p><a href="#title" {exempt}>Title</a>; <a href="#table-t" {exempt}>'
        'Table <span data-exempt="number of a table">1</span></a>; <a href="#table-t">there</a></p>'
    )
    document = word('<h2 id="title">Long title</h2>' + checklist + table())
    assert document.paragraphs[1].text == "Title; Table 1; there"
    assert [link.text for link in document.paragraphs[1].hyperlinks] == ["Title", "there"]
    assert [code.split()[0] for code in fields(document)] == ["REF", "SEQ"]


def test_a_caption_out_of_order_keeps_its_number():
    assert fields(word(table("t", 2) + table("u", 1) + table("v", 2))) == [
        "SEQ Table \\* ARABIC \\r 2",
        "SEQ Table \\* ARABIC \\r 1",
        "SEQ Table \\* ARABIC",
    ]


def test_tables_beside_each_other_stay_two():
    assert len(word(table("t", 1) + table("u", 2)).tables) == 2


def test_a_table_of_many_columns_has_pages_on_their_side():
    cells = "".join(number(f"{n} (100%; 95 to 100)", 20) for n in range(6))
    document = word("<p>a</p>" + table(rows=f"<tr><th>x</th>{cells}</tr>") + "<p>b</p>")
    shapes = [section.page_width > section.page_height for section in document.sections]
    assert shapes == [False, True, False]
    assert len({section.header.paragraphs[0].text for section in document.sections}) == 1


@pytest.mark.parametrize("columns", [1, 2, 8, 30])
def test_a_table_is_as_wide_as_the_text_and_no_wider(columns):
    cells = "".join(f"<td>{'Sulfamethoxazolum' * n}</td>" for n in range(columns))
    document = word(table(rows=f"<tr><th>Überempfindlichkeit</th>{cells}</tr>"))
    section = document.sections[-2 if len(document.sections) > 1 else 0]
    room = (section.page_width - section.left_margin - section.right_margin) / Pt(1)
    widths = [int(c.get(qn("w:w"))) / 20 for c in document.element.iter(qn("w:gridCol"))]
    assert sum(widths) == pytest.approx(room, abs=columns)
    assert min(widths) > 0


def test_values_of_four_groups_and_four_grades_stand_on_one_line_each():
    cells = number("345 (34%)", 9) * 16
    document = word(table(rows=f"<tr><th>Überempfindlichkeitsreaktion</th>{cells}</tr>"))
    widths = [int(c.get(qn("w:w"))) / 20 for c in document.element.iter(qn("w:gridCol"))]
    # 345 (34%) in Arial: five figures, two spaces or brackets of 0.333 em at most, a sign of 0.889.
    assert min(widths[1:]) > 6.5 * (5 * 0.556 + 3 * 0.333 + 0.889)
    assert document.sections[1].page_width > document.sections[1].page_height


def test_a_value_is_not_broken_where_it_need_not_be():
    row = "<tr><th>A label of very many words that may well be broken</th>"
    document = word(table(rows=row + number("100% (66 to 100)", 16) * 4 + "</tr>"))
    widths = [int(c.get(qn("w:w"))) / 20 for c in document.element.iter(qn("w:gridCol"))]
    # Sixteen characters of Arial, digits of 0.556 em, at the size of a cell.
    assert min(widths[1:]) > 16 * 0.5 * 7.5


def test_units_stand_below_one_another():
    rows = f"<tr><th>a</th>{number('100%', 4)}</tr><tr><th>b</th>{number('4%', 4, 2)}</tr>"
    (native,) = word(table(rows=rows)).tables
    first, second = (
        row.cells[1].paragraphs[0].paragraph_format.left_indent / Pt(1) for row in native.rows
    )
    # Two figures of Arial at nine points.
    assert second - first == pytest.approx(2 * 0.556 * 9, abs=0.1)


# ---- figures

SRC = "data:image/svg+xml;base64,AAAA"


def figure(alt="Nine bars", width=400.0, height=200.0):
    body = f"""<p>{ref("Figure", "s", 1)}</p><figure id="figure-s"><img src="{SRC}" alt="{alt}">
    <figcaption>{caption("Figure", 1, "Courses.")}</figcaption></figure>"""
    return word(body, pictures={SRC: Picture(PNG, width, height)})


def test_a_figure_has_its_picture_alternative_text_and_caption():
    document = figure(alt="Nine bars &amp; &quot;one&quot;")
    (shape,) = document.inline_shapes
    assert shape._inline.docPr.get("descr") == 'Nine bars & "one"'
    assert (shape.width.pt, shape.height.pt) == (400, 200)
    assert written(document)[-1] == ("Caption", "Figure 1. Courses.")
    assert document.paragraphs[1].paragraph_format.keep_with_next is None  # the style says it
    assert document.styles["Figure"].paragraph_format.keep_with_next


@pytest.mark.parametrize(("width", "height"), [(1000, 100), (100, 2000)])
def test_a_large_figure_fits_the_page(width, height):
    document = figure(width=width, height=height)
    (shape,) = document.inline_shapes
    section = document.sections[0]
    assert shape.width <= section.page_width - 2 * section.left_margin
    assert shape.height <= section.page_height - 2 * section.top_margin
    assert shape.width / shape.height == pytest.approx(width / height, rel=0.01)


# ---- the file


def test_the_data_label_stands_over_each_page_and_in_the_properties():
    document = word('<div class="banner data-label">' + LABEL + "</div>")
    assert document.sections[0].header.paragraphs[0].text == LABEL
    assert document.core_properties.keywords == LABEL
    assert written(document) == [("Data Label", LABEL)]


def test_without_a_data_label_the_cut_stands_over_each_page():
    document = word("<p>x</p>", data_label=None)
    assert document.sections[0].header.paragraphs[0].text == "Data cut 1997-12-31"


def test_title_author_language_and_date_are_the_manuscripts():
    properties = word("<p>x</p>").core_properties
    assert (properties.title, properties.author) == ("Étude", "A. Müller")
    assert properties.language == "fr-CA"
    assert properties.created.date().isoformat() == "1997-12-31"
    assert properties.modified == properties.created
    languages = {
        found.get(qn("w:val")) for found in word("<p>x</p>").styles.element.iter(qn("w:lang"))
    }
    assert languages == {"fr-CA"}


def test_the_file_has_the_same_bytes_each_time_and_no_time_but_the_cut():
    content = convert(table() + "<p>x</p>")
    assert content == convert(table() + "<p>x</p>")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1997, 12, 31, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert not [name for name in archive.namelist() if "thumbnail" in name]
