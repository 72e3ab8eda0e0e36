"""The reference pages say what the schemas say."""

from pathlib import Path

import pytest

from docs.make_reference import make_pages

ROOT = Path(__file__).parents[2]
PAGES = make_pages(ROOT)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_page_is_what_the_schemas_make(name):
    written = (ROOT / "docs" / "reference" / name).read_text(encoding="utf-8")
    assert written == PAGES[name], "run: python docs/make_reference.py"


def test_every_key_of_the_protocol_is_explained():
    for line in PAGES["study.md"].splitlines():
        if line.startswith("| `"):
            assert not line.endswith("|  |"), line
