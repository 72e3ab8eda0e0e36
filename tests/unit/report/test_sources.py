"""The source line of tables and figures."""

from graftline.report.numbers_in_text import NumbersInText
from graftline.report.sources import describe_sources

RECORDS = [
    {"id": "cohort.n", "table": "subjects"},
    {"id": "os.n", "table": "endpoints"},
    {"id": "config.until", "table": "configuration"},
]


def layout(*cells, caption="Words."):
    return {"caption": caption, "columns": ["", "n"], "rows": [{"label": "a", "cells": [*cells]}]}


def sources(**tables):
    fragments = {
        "summarise": {
            "tables": tables,
            "figures": {
                "course": {"caption": "Course."},
                "bars": {"caption": "Bars.", "tables": ["subjects"]},
            },
            "numbers": RECORDS[:2],
        }
    }
    return describe_sources(fragments, NumbersInText(RECORDS, links=True))


def test_a_table_names_the_derived_tables_of_its_numbers_and_its_rule():
    found = sources(one=layout("{cohort.n}"), two=layout("{os.n} of {cohort.n}", "{os.n}"))
    assert found["table", "one"] == "Source: derived table subjects; rule summarise."
    assert found["table", "two"] == "Source: derived tables endpoints, subjects; rule summarise."


def test_thresholds_are_no_source():
    found = sources(one=layout("{cohort.n}", caption="Until {config.until}."), two=layout("–"))
    assert found["table", "one"] == "Source: derived table subjects; rule summarise."
    assert found["table", "two"] == "Source: rule summarise."


def test_a_figure_names_the_tables_of_its_rule_s_numbers():
    expected = "Source: derived tables endpoints, subjects; rule summarise."
    assert sources()["figure", "course"] == expected


def test_a_figure_that_says_what_it_is_drawn_from_names_that_alone():
    assert sources()["figure", "bars"] == "Source: derived table subjects; rule summarise."
