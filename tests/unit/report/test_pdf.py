"""The PDF: the same bytes each time, its metadata, and nothing from outside of it."""

import base64
import hashlib
import io
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

from graftline.errors import GraftlineError
from graftline.report.fonts import font_faces_css
from graftline.report.pdf import render_pdf

CUT, DIGEST = "1997-12-31", "ab" * 32
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody answers


def page(body, head=""):
    return (
        '<!DOCTYPE html><html lang="en-GB"><head><meta name="author" content="A. Author, B. Author">'
        '<meta name="keywords" content="NOT REAL"><title>A study &amp; its title</title>'
        f'<style>{font_faces_css()} html {{ font-family: "Source Serif Pro" }} '
        f'b {{ font-family: "Source Sans Pro" }}</style>{head}</head><body>{body}</body></html>'
    )


def render(body, head="", **options):
    return render_pdf(page(body, head), **({"cut": CUT, "identifier": DIGEST} | options))


def read(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf))


def fonts_of(pdf):
    return {
        font.get_object()["/BaseFont"].partition("+")[2]
        for one in read(pdf).pages
        for font in one["/Resources"]["/Font"].values()
    }


@pytest.fixture(scope="module")
def pdf():
    return render('<h1>Head</h1><p>Text <b>bold</b> <a href="#end">4</a></p><p id="end">End</p>')


def test_the_same_html_gives_the_same_bytes(pdf):
    body = '<h1>Head</h1><p>Text <b>bold</b> <a href="#end">4</a></p><p id="end">End</p>'
    assert render(body) == pdf


def test_another_process_at_another_time_gives_the_same_bytes(pdf, tmp_path):
    html = tmp_path / "page.html"
    html.write_text(
        page('<h1>Head</h1><p>Text <b>bold</b> <a href="#end">4</a></p><p id="end">End</p>'),
        "utf-8",
    )
    code = (
        "import hashlib, sys; from pathlib import Path; from graftline.report.pdf import render_pdf; "
        f"html = Path({str(html)!r}).read_text('utf-8'); "
        f"print(hashlib.sha256(render_pdf(html, cut={CUT!r}, identifier={DIGEST!r})).hexdigest())"
    )
    environment = {
        "PYTHONPATH": str(Path(__file__).parents[3] / "workflow"),
        "PYTHONHASHSEED": "7",
        "TZ": "Pacific/Auckland",
        "SOURCE_DATE_EPOCH": "1",
        "HOME": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True,
        cwd=tmp_path,
    )  # fmt: skip
    assert done.stdout.strip() == hashlib.sha256(pdf).hexdigest()


def test_the_identifier_is_the_file_s(pdf):
    assert bytes(read(pdf).trailer["/ID"][0].original_bytes) == bytes.fromhex(DIGEST)[:16]
    assert render("<p>a</p>", identifier="cd" * 32) != render("<p>a</p>")


def test_the_pdf_says_what_it_is_in_its_metadata(pdf):
    document = read(pdf)
    assert document.metadata.title == "A study & its title"
    assert document.metadata.author == "A. Author, B. Author"
    assert document.metadata["/Keywords"] == "NOT REAL"
    assert document.trailer["/Root"]["/Lang"] == "en-GB"
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_it_is_for_archives_and_for_readers_that_cannot_see_it(pdf):
    root = read(pdf).trailer["/Root"]
    said = root["/Metadata"].get_data().decode("utf-8")
    assert 'pdfaid:part="3"' in said and 'pdfaid:conformance="A"' in said
    for text in ("A study &amp; its title", "<rdf:li>A. Author, B. Author</rdf:li>", "NOT REAL"):
        assert text in said
    (intent,) = root["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_data()[36:40] == b"acsp"  # an ICC profile
    assert root["/StructTreeRoot"]["/K"][0].get_object()["/S"] == "/Document"


def test_every_font_is_in_the_file(pdf):
    for page_of_it in read(pdf).pages:
        for font in page_of_it["/Resources"]["/Font"].values():
            (descendant,) = font.get_object()["/DescendantFonts"]
            descriptor = descendant.get_object()["/FontDescriptor"].get_object()
            assert "/FontFile3" in descriptor or "/FontFile2" in descriptor


def test_it_carries_files_with_their_time_and_what_they_are_to_it():
    files = {"numbers.json": b"[1]", "table_baseline.csv": b"a,b\n"}
    pdf = render("<p>a</p>", attached=files)
    document = read(pdf)
    assert {name: content[0] for name, content in document.attachments.items()} == files
    associated = [one.get_object() for one in document.trailer["/Root"]["/AF"]]
    assert [one["/UF"] for one in associated] == list(files)
    for one in associated:
        assert one["/AFRelationship"] == "/Data"
        assert one["/EF"]["/F"].get_object()["/Params"]["/ModDate"] == "D:19971231000000Z"
    assert render("<p>a</p>", attached=dict(reversed(files.items()))) == pdf


def test_no_clock_is_in_it(pdf):
    assert read(pdf).metadata.creation_date is None
    assert read(pdf).metadata.modification_date is None


def test_only_the_fonts_of_the_packages_are_embedded(pdf):
    assert fonts_of(pdf) == {"Source-Serif-Pro-Bold", "Source-Serif-Pro", "Source-Sans-Pro-Bold"}


@pytest.mark.parametrize(
    "body",
    [
        "<p>a snowman \u2603</p>",
        "<p>\u4e2d</p>",
        "<p style='font-family: monospace'>a</p>",
        "<p style='font-family: \"DejaVu Sans\"'>a</p>",
    ],
)
def test_text_that_the_fonts_cannot_set_stops_the_build(body):
    with pytest.raises(GraftlineError, match="the report's (own )?fonts"):
        render(body)


def svg(inside):
    text = f'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10">{inside}</svg>'
    return "data:image/svg+xml;base64," + base64.b64encode(text.encode()).decode()


OUTSIDE = {
    "a local picture": '<img src="file://{secret}">',
    "a local picture in capitals": '<img src="FILE://{secret}">',
    "a relative picture": '<img src="secret.svg">',
    "a style sheet of the network": f'<link rel="stylesheet" href="{NOWHERE}/x.css">',
    "a relative style sheet": '<link rel="stylesheet" href="x.css">',
    "an import": f'<style>@import url("{NOWHERE}/x.css");</style>',
    "an import without url()": '<style>@import "file://{secret}";</style>',
    "a background": '<p style="background: url(file://{secret})">a</p>',
    "a relative background": '<p style="background: url(secret.svg)">a</p>',
    "a bullet": f'<ul style="list-style-image: url({NOWHERE}/a.png)"><li>a</li></ul>',
    "generated content": "<style>p::before {{ content: url(file://{secret}) }}</style><p>a</p>",
    "a font of the machine": "<style>@font-face {{ font-family: X; src: url(file://{secret}) }}</style>",
    "a font that is not ours": '<style>@font-face {{ font-family: X; src: url("font:X.otf") }}</style>',
    "an object": '<object data="file://{secret}"></object>',
    "an attachment": '<link rel="attachment" href="file://{secret}">',
    "an attached link": '<p><a rel="attachment" href="file://{secret}">a</a></p>',
    "a picture in a picture": "in svg",
}


@pytest.mark.parametrize("kind", OUTSIDE)
def test_what_lies_outside_is_refused_and_never_opened(kind, tmp_path):
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    body = OUTSIDE[kind].format(secret=secret)
    if body == "in svg":
        body = f'<img src="{svg(f"""<image href="file://{secret}" width="5" height="5"/>""")}">'
    opened = []
    _WATCHERS.append(opened)
    try:
        with pytest.raises(GraftlineError, match="which lies outside of it"):
            render(body)
    finally:
        _WATCHERS.remove(opened)
    assert opened == []


_WATCHERS: list[list] = []


def _watch(event, arguments):
    """Notes each connection and request, and each opening of a file that a test calls secret."""
    if (
        event in ("socket.connect", "socket.getaddrinfo")
        or (event == "urllib.Request" and not arguments[0].startswith("data:"))
        or (event == "open" and "secret" in str(arguments[0]))
    ):
        for opened in _WATCHERS:
            opened.append(event)


sys.addaudithook(_watch)


def test_a_drawing_that_uses_a_part_of_another_file_does_not_open_it(tmp_path):
    (tmp_path / "secret.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><g id="a"/></svg>'
    )
    opened = []
    _WATCHERS.append(opened)
    render(f"""<img alt="" src="{svg(f'<use href="file://{tmp_path}/secret.svg#a"/>')}">""")
    _WATCHERS.remove(opened)
    assert opened == []


def test_the_watch_for_files_sees_them(tmp_path):
    opened = []
    _WATCHERS.append(opened)
    (tmp_path / "secret.svg").write_text("x")
    _WATCHERS.remove(opened)
    assert opened == ["open"]


def test_what_the_document_carries_is_shown():
    plain = render("<p>a</p>")
    assert len(
        render(f"""<p>a<img alt="" src="{svg('<rect width="5" height="5"/>')}"></p>""")
    ) > len(plain)
