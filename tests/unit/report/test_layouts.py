"""Columns of tables: numbers below one another, words as words, long tables that stay readable."""

from markupsafe import Markup

from graftline.report.layouts import print_table


def layout(*rows, columns=("Item", "n", "Term")):
    return {
        "caption": "A table.",
        "columns": list(columns),
        "rows": [{"label": label, "indent": 0, "cells": list(cells)} for label, *cells in rows],
        "footnotes": [],
    }


def printed(*rows, **options):
    return print_table(layout(*rows, **options), Markup)


def test_numbers_stand_below_one_another_at_their_units():
    table = printed(("a", "9 (100%)", "x"), ("b", "12.5 (9–14)", "y"), ("c", "NE", "z"))
    cells = [row.cells[0] for row in table.rows]
    assert [cell.lead for cell in cells] == [1, 0, 0]
    assert {cell.width for cell in cells} == {len("12.5 (9–14)")}


def test_thousands_count_as_units_and_the_space_between_them_is_narrow():
    table = printed(("a", "9", "x"), ("b", "12\u202f345", "y"))
    assert [row.cells[0].lead for row in table.rows] == [5, 0]
    assert [row.cells[0].indent for row in table.rows] == ["4.4", ""]


def test_a_word_for_a_missing_number_ends_at_the_units_and_any_other_begins_with_the_widest():
    table = printed(
        ("a", "–", "x"), ("b", "NE (406–NE)", "y"), ("c", "1330 (903–NE)", "z"), ("d", "masked", "")
    )
    assert [row.cells[0].indent for row in table.rows] == ["3", "2", "", ""]


def test_only_a_word_that_no_column_is_wide_enough_for_is_broken():
    table = printed(("a" * 23, "1", "b" * 23), ("a", "2", "words of usual length"))
    assert [(row.breaks, row.cells[1].breaks) for row in table.rows] == [
        (True, True),
        (False, False),
    ]


def test_a_column_with_words_is_one_of_words():
    table = printed(("a", "1", "Anemia"), ("b", "2", "–"))
    assert [column.is_number for column in table.columns] == [False, True, False]
    assert not any(row.cells[1].is_number for row in table.rows)


def test_a_row_without_cells_heads_a_group():
    table = printed(("Sex", "", ""), ("male", "5", "x"))
    assert table.rows[0].cells == [] and len(table.rows[1].cells) == 2


def test_a_cell_may_be_empty_beside_numbers():
    table = printed(("a", "", "x"), ("b", "12", "y"))
    assert [row.cells[0].lead for row in table.rows] == [0, 0]


def test_a_table_without_rows_is_printed():
    assert printed().rows == []


def test_wide_tables_are_set_smaller_and_very_wide_ones_wrap():
    cells = ["9 (100%; 66–100)"] * 5

    def density(n):
        return printed(("Sign", *cells[:n]), columns=["Sign", *"abcde"[:n]]).density

    assert [density(n) for n in (2, 5)] == ["", "dense"]
    many = print_table(
        layout(("A long label of an item", *cells, *cells), columns=["Item", *"abcdefghij"]), Markup
    )
    assert many.density == "wrapped"
