"""The file of a Word document: nothing of the template's, no time but the cut's."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

from docx.oxml.ns import qn

# Parts of python-docx's template that say something of it: a picture of its first page, styles of an
# older Word, an empty bibliography.
UNUSED = ("thumbnail", "stylesWithEffects", "customXml")
APPLICATION = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="http://schemas.'
    'openxmlformats.org/officeDocument/2006/extended-properties"><Application>Graftline</Application>'
    "</Properties>"
)


def drop_template_parts(document: Any) -> None:
    """Take out of `document` what its template is, and say that it is of today's format."""
    for source in (document.part.package, document.part):
        for key, relation in list(source.rels.items()):
            if relation.reltype.rpartition("/")[2] in UNUSED:
                del source.rels[key]
    for part in document.part.package.iter_parts():
        if part.partname == "/docProps/app.xml":
            part._blob = APPLICATION.encode("utf-8")
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def set_properties(
    document: Any, *, title: str, authors: str, data_label: str | None, cut: str
) -> None:
    """Title, authors and data label in the file's properties; the cut's date as its only time."""
    properties = document.core_properties
    properties.title, properties.author = title, authors
    properties.keywords = data_label or ""
    properties.comments, properties.last_modified_by, properties.revision = "", authors, 1
    properties.created = properties.modified = datetime.fromisoformat(cut)


def zip_with_date(content: bytes, cut: str) -> bytes:
    """The zip archive `content` again, its files in order of name and dated `cut`.

    `[Content_Types].xml` comes first, as the format's readers expect. Zip knows no year before 1980.
    """
    day = max(datetime.fromisoformat(cut), datetime(1980, 1, 1))
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            entry = zipfile.ZipInfo(name, day.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            new.writestr(entry, old.read(name))
    return made.getvalue()
