"""The reference pages say what the schemas say."""

from pathlib import Path

import pytest

from docs.make_endpoints_page import make_pages as make_endpoints_pages
from docs.make_grading_page import make_pages as make_grading_pages
from docs.make_reference import make_pages

ROOT = Path(__file__).parents[2]
PAGES = make_pages(ROOT) | make_grading_pages(ROOT) | make_endpoints_pages(ROOT)
MADE_BY = "python docs/make_reference.py; python -m docs.make_grading_page; python -m docs.make_endpoints_page"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_page_is_what_the_schemas_make(name):
    written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert written == PAGES[name], f"run: {MADE_BY}"


def test_every_key_of_the_protocol_is_explained():
    for line in PAGES["study.md"].splitlines():
        if line.startswith("| `"):
            assert not line.endswith("|  |"), line
