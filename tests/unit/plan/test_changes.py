"""What changed, in words: keys, functions, packages and lines."""

import pytest

from graftline.plan.changes import (
    compare_code,
    compare_configuration,
    compare_lines,
    compare_locks,
    list_functions,
)


def said(changes):
    return [str(change) for change in changes]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, ["configuration a: from 1 to 2"]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": "x"}}, ["configuration a.c: from 2 to 'x'"]),
        ({}, {"a": [1, 2]}, ["configuration a: is new: [1, 2]"]),
        ({"a": None}, {}, ["configuration a: is gone; it was None"]),
        ({"a": [1]}, {"a": [1, 2]}, ["configuration a: from [1] to [1, 2]"]),
        ({"a": {"b": 1}}, {"a": 3}, ["configuration a: from {'b': 1} to 3"]),
    ],
)
def test_keys_are_told_with_what_they_were_and_are(before, after, words):
    assert said(compare_configuration(before, after)) == words


BEFORE = """
LIMIT = 1

def kept(x):
    return x

def edited(x):
    return x + 1

class Table:
    size = 2

    def rows(self):
        return 3

    def gone(self):
        return 4
"""


def code_change(after):
    digests = ({"a.py": "old"}, {"a.py": "new"})
    return said(compare_code(*digests, lambda file: BEFORE, lambda file: after))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("x + 1", "x + 2", "changed: edited"),
        ("return 3", "return 5", "changed: Table.rows"),
        ("def gone(self)", "def other(self)", "new: Table.other; gone: Table.gone"),
        ("LIMIT = 1", "LIMIT = 2", "changed: what is outside of functions"),
        ("size = 2", "size = 3", "changed: what is outside of functions"),
        ("LIMIT = 1", "LIMIT = 1  # a comment", "comments or layout alone"),
    ],
)
def test_a_module_is_told_by_its_functions(old, new, words):
    assert old in BEFORE
    assert code_change(BEFORE.replace(old, new)) == [f"code a.py: {words}"]


def test_a_file_without_a_known_source_is_told_as_a_file():
    changes = compare_code(
        {"a.py": "1", "b.css": "1", "gone.py": "1", "same.py": "1"},
        {"a.py": "2", "b.css": "2", "new.py": "1", "same.py": "1"},
        lambda file: None,
        lambda file: "",
    )
    assert said(changes) == [
        "code a.py: changed",
        "code b.css: changed",
        "code gone.py: is gone",
        "code new.py: is new",
    ]


def test_methods_of_one_name_in_two_classes_are_two_functions():
    source = "class A:\n    def f(self): pass\nclass B:\n    def f(self): return 1\n"
    assert {"A.f", "B.f", ""} == set(list_functions(source))


def test_packages_are_told_with_their_versions():
    before = "one==1.0 \\\n    --hash=sha256:a\ntwo==2.0\ngone==3.0\n"
    after = "one==1.1 \\\n    --hash=sha256:b\ntwo==2.0\nnew==4.0\n"
    assert said(compare_locks(before, after, "lock")) == [
        "package gone: from 3.0 to none",
        "package new: from none to 4.0",
        "package one: from 1.0 to 1.1",
    ]
    assert said(compare_locks(None, after, "lock")) == ["file lock: changed"]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (["a", "b"], ["a", "b", "c"], "1 line new since cut 1"),
        (["a", "b"], ["a", "c", "d"], "2 lines new, 1 line gone since cut 1"),
        (["a", "a"], ["a"], "1 line gone since cut 1"),
        (["a", "b"], ["b", "a"], "lines in another order since cut 1"),
        (None, ["a"], "changed since cut 1"),
    ],
)
def test_lines_are_counted(before, after, words):
    assert said(compare_lines("ae.csv", before, after, "cut 1")) == [f"raw table ae.csv: {words}"]
