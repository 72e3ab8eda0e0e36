"""Whether the manuscript's PDF and page are those of the registry and the build that lie beside them."""

from __future__ import annotations

import base64
import re
import zipfile
from pathlib import Path

from graftline.errors import GraftlineError

PDF, PAGE, WORD = "manuscript.pdf", "manuscript.html", "manuscript.docx"
_IN_PAGE = re.compile(r'data-exempt="build digest">([0-9a-f]{64})<')
_IN_PDF = re.compile(r"Builddigest([0-9a-f]{64})")
_IN_WORD = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
# A digest may be broken where a line of the page ends.
_BREAKS = re.compile(r"[\s\u00ad\ufffe]")
TABLE = "table_"


def _read_pdf(file: Path) -> tuple[str | None, dict[str, bytes]]:
    """The build digest that the last page prints, None where it prints none, and the attached files."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(file)
        text = document[len(document) - 1].get_textpage().get_text_range()
        attached = [document.get_attachment(at) for at in range(document.count_attachments())]
        carried = {one.get_name(): bytes(one.get_data()) for one in attached}
    except (pypdfium2.PdfiumError, IndexError):
        raise GraftlineError(f"{PDF}: is not a PDF that can be read") from None
    found = _IN_PDF.search(_BREAKS.sub("", text))
    return (found[1] if found else None), carried


def _read_word(file: Path) -> set[str]:
    """The digests that a Word document prints."""
    try:
        with zipfile.ZipFile(file) as package:
            text = package.read("word/document.xml").decode("utf-8", errors="replace")
    except (zipfile.BadZipFile, KeyError):
        return set()
    return set(_IN_WORD.findall(re.sub(r"<[^>]*>", "", text)))


def _compare_digests(printed: dict[str, str | None], build: str | None) -> list[str]:
    """Against the digest of the `build`, or against one another where that is not known."""
    problems = [f"{name}: prints no build digest" for name in printed if printed[name] is None]
    known = {name: digest for name, digest in printed.items() if digest}
    if build is not None:
        return problems + [
            f"{name}: prints the build digest {digest[:12]}, and the build's is {build[:12]}: it is the "
            "paper of another build"
            for name, digest in known.items()
            if digest != build
        ]
    if len(set(known.values())) > 1:
        told = " and ".join(f"{name} {digest[:12]}" for name, digest in known.items())
        problems.append(f"{PDF}: is not of the same build as {PAGE}: the build digests are {told}")
    return problems


def compare_paper(aggregate: Path, build: str | None = None) -> list[str]:
    """A sentence for each way in which the PDF and the page in `aggregate` are not of the `build` with
    this digest (of one build, where it is None), or carry other files than lie beside them.

    One that is not there is passed over; what the text says between its numbers is not read.
    """
    problems: list[str] = []
    printed: dict[str, str | None] = {}
    carried: dict[str, bytes] = {}
    page = ""
    if (aggregate / PAGE).is_file():
        page = (aggregate / PAGE).read_text("utf-8", errors="replace")
        digests = set(_IN_PAGE.findall(page))
        # One that differs from the build's, if any does.
        printed[PAGE] = next((one for one in sorted(digests) if one != build), build)
        printed[PAGE] = printed[PAGE] if digests else None
    if (aggregate / PDF).is_file():
        try:
            printed[PDF], carried = _read_pdf(aggregate / PDF)
        except GraftlineError as error:
            problems.append(str(error))
    problems += _compare_digests(printed, build)
    known = build or (printed.get(PDF) if printed.get(PDF) == printed.get(PAGE) else None)
    if known and (aggregate / WORD).is_file() and known not in _read_word(aggregate / WORD):
        problems.append(f"{WORD}: does not print the build digest {known[:12]}")
    for name, content in sorted(carried.items()):
        beside = f"tables/{name.removeprefix(TABLE)}" if name.startswith(TABLE) else name
        file = aggregate / beside
        if file.is_file() and file.read_bytes() != content:
            problems.append(f"{beside}: is not the file that {PDF} carries as {name}")
    for figure in sorted((aggregate / "figures").glob("*.svg")):
        shown = f'id="figure-{figure.stem}"' in page
        if shown and base64.b64encode(figure.read_bytes()).decode() not in page:
            problems.append(f"figures/{figure.name}: is not the figure that {PAGE} shows")
    return problems
