"""Reporting checklists: complete, led to what the manuscript has, and silent about nothing."""

import re

import pytest

from graftline.config.yaml_lines import read_yaml
from graftline.errors import GraftlineError
from graftline.report.checklists import asks_for, ids_in, place_items
from tests.scripts.small_study import ROOT
from tests.spec.small_paper import alter, paper, render

CONTENT = read_yaml(ROOT / "report/checklists.yaml")[0]
LISTS = {one["name"]: one for one in CONTENT["checklists"]}
# STROBE statement, checklist for cohort studies: items with their letters.
STROBE = (
    *(
        [
            "1a",
            "1b",
            "2",
            "3",
            "4",
            "5",
            "6a",
            "6b",
            "7",
            "8",
            "9",
            "10",
            "11",
            "12a",
            "12b",
            "12c",
            "12d",
            "12e",
            "13a",
            "13b",
            "13c",
            "14a",
            "14b",
            "14c",
        ]
    ),
    *(["15", "16a", "16b", "16c", "17", "18", "19", "20", "21", "22"]),
)


def place(where, ids, **item):
    checklist = {
        "name": "x",
        "caption": "X.",
        "items": [{"item": "1", "what": "W", "where": where} | item],
    }
    return place_items(checklist, {"methods": "Methods", "said-a": "Methods"}, ids).items[0]


def test_the_checklists_have_all_items_of_their_guidelines():
    assert [one["item"] for one in LISTS["checklist_strobe"]["items"]] == list(STROBE)
    harms = [one["item"] for one in LISTS["checklist_harms"]["items"]]
    assert harms == [str(number) for number in range(1, 11)]


def test_an_item_leads_to_what_the_manuscript_has_of_it():
    item = place(["table-baseline", "methods", "figure-flow"], {"table-baseline", "methods"})
    assert [(one.id, one.kind, one.name) for one in item.places] == [
        ("table-baseline", "table", "baseline"),
        ("methods", "", "Methods"),
    ]


def test_places_of_one_name_are_named_once():
    assert [one.id for one in place(["methods", "said-a"], {"methods", "said-a"}).places] == [
        "methods"
    ]


@pytest.mark.parametrize(
    ("item", "said"), [({}, "not stated"), ({"otherwise": "none made"}, "none made")]
)
def test_an_item_of_which_the_manuscript_has_nothing_says_so(item, said):
    found = place(["methods"], {"results"}, **item)
    assert (found.places, found.otherwise) == ([], said)


def test_a_place_without_a_name_is_an_error():
    with pytest.raises(GraftlineError, match="no name for said-nothing"):
        place(["said-nothing"], {"said-nothing"})


def test_the_checklist_of_harms_is_for_studies_with_toxicity():
    assert asks_for(LISTS["checklist_harms"], {"toxicity": {}})
    assert not asks_for(LISTS["checklist_harms"], {})
    assert asks_for(LISTS["checklist_strobe"], {})


def test_every_place_of_a_checklist_is_in_some_template_or_table():
    templates = " ".join(p.read_text("utf-8") for p in (ROOT / "report").rglob("*.j2"))
    known = ids_in(templates) | {f"said-{name}" for name in re.findall(r'said\("(\w+)"', templates)}
    known |= {"said-adverse-events", "said-follow-up", "said-ethics", "said-funding"}
    for name in CONTENT["places"]:
        assert name in known, name


def test_the_paper_has_both_checklists_with_links_that_end_somewhere():
    page = paper()
    rows = re.findall(r'<th scope="row" data-exempt="number of an item">', page)
    assert len(rows) == len(STROBE) + 10
    links = re.findall(r'<a class="place" href="#([^"]+)"', page)
    assert len(links) > 40 and set(links) <= ids_in(page)


def test_a_study_that_says_nothing_of_its_funding_is_said_not_to():
    from tests.scripts.small_study import PROTOCOL

    report = {key: text for key, text in PROTOCOL["report"].items() if key != "statements"}
    page = render(protocol=PROTOCOL | {"report": report})
    row = page[page.index("Funding and the part of funders") :].split("</tr>")[0]
    assert "not stated" in row
    assert "said-funding" not in page


def test_a_study_without_tables_of_toxicity_is_not_led_to_them():
    parts = alter("tabulate_toxicity")
    del parts["tabulate_toxicity"]["tables"]["signs"]
    assert 'href="#table-signs"' not in render(parts=parts)
