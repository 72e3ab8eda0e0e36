"""YAML as people mean it: codes stay text, and every message has its line."""

import pytest

from graftline.config.yaml_lines import parse_yaml, read_yaml
from graftline.errors import GraftlineError


def value_of(text: str):
    """The value of `a: <text>`, with its type."""
    value = parse_yaml(f"a: {text}\n", "f")[0]["a"]
    return type(value), value


@pytest.mark.parametrize(
    "text",
    [
        "1997-12-31",  # a date in YAML 1.1
        "1997-12-31 10:00:00",
        "no", "NO", "yes", "on", "off", "Y", "N", "True", "FALSE",  # truth values there
        "NULL", "Null", "NA", "None", "nan",
        "010",  # 8 there
        "007", "00", "0o17", "0x1F", "0b1",
        "12:30",  # 750 there
        "1_000",
        ".inf", ".nan", "-.inf",
        "1.2.3", "1e", "e5", "+", ".", "1997-12", "=",
    ],
)  # fmt: skip
def test_what_only_looks_like_something_else_stays_text(text):
    assert value_of(text) == (str, text)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("0", int, 0),
        ("5", int, 5),
        ("-3", int, -3),
        ("+2", int, 2),
        ("123456789012345678", int, 123456789012345678),
        ("1.5", float, 1.5),
        ("-0.5", float, -0.5),
        (".5", float, 0.5),
        ("1.", float, 1.0),
        ("1e-6", float, 1e-6),  # text in YAML 1.1, where a number needs its point
        ("1.0e-6", float, 1e-6),
        ("2E3", float, 2000.0),
        ("true", bool, True),
        ("false", bool, False),
        ('"5"', str, "5"),
        ("'true'", str, "true"),
    ],
)
def test_decimal_numbers_and_true_and_false_are_what_they_look_like(text, kind, value):
    assert value_of(text) == (kind, value)


@pytest.mark.parametrize("text", ["null", "~", ""])
def test_missing_is_null_tilde_or_nothing(text):
    assert value_of(text) == (type(None), None)


def test_keys_are_text_whatever_they_look_like():
    # Codes of a file are text: {0: CENSORED} must be found by "0".
    content, lines = parse_yaml("0: a\n1.50: b\ntrue: c\nnull: d\n1997-12-31: e\nno: f\n", "f")
    assert content == {
        "0": "a",
        "1.50": "b",
        "true": "c",
        "null": "d",
        "1997-12-31": "e",
        "no": "f",
    }
    assert lines["1.50",] == 2


def test_each_key_and_list_entry_has_its_line():
    content, lines = parse_yaml("a:\n  b:\n    - x\n    -\n      c: 1\n  d: {e: 2}\n", "f")
    assert content == {"a": {"b": ["x", {"c": 1}], "d": {"e": 2}}}
    assert lines == {
        (): 1,
        ("a",): 1,
        ("a", "b"): 2,
        ("a", "b", 0): 3,
        ("a", "b", 1): 5,
        ("a", "b", 1, "c"): 5,
        ("a", "d"): 6,
        ("a", "d", "e"): 6,
    }


def test_a_repeated_part_is_merged():
    assert parse_yaml("a: &x {b: 1}\nc: {<<: *x, d: 2}\n", "f")[0]["c"] == {"b": 1, "d": 2}


def test_an_empty_file_has_no_content():
    assert parse_yaml("# nothing yet\n", "f") == (None, {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        # YAML keeps the last of two keys; the first would be lost in silence
        ("a: 1\nb: 2\na: 3\n", "f, line 3: the key 'a' stands twice"),
        ("x:\n  a: 1\n  a: 1\n", "f, line 3: the key 'a' stands twice"),
        ('0: a\n"0": b\n', "f, line 2: the key '0' stands twice"),
        ("a: [1\nb: 2\n", "f, line 2, column "),
        ("a: b: c\n", "f, line 1, column 5: not valid YAML"),
        ("a:\n\t- b\n", "f, line 2, column 1: not valid YAML"),
        ("a: 1\n---\nb: 1\n", "f, line 2, column 1: not valid YAML"),
        ("a: 1\nb: \x07\n", "f, line 2: not valid YAML"),
        ("? [a, b]\n: 1\n", "f, line 1: a key must be one word or number"),
        ("a: !!python/object/apply:os.getcwd []\n", "f, line 1, column 4: not valid YAML"),
    ],
)
def test_what_is_not_right_is_told_with_its_line(text, message):
    with pytest.raises(GraftlineError) as caught:
        parse_yaml(text, "f")
    assert str(caught.value).startswith(message)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(GraftlineError, match="config/x.yaml: there is no such file"):
        read_yaml(tmp_path / "x.yaml", "config/x.yaml")


def test_a_file_in_another_encoding_is_told_and_not_guessed(tmp_path):
    (tmp_path / "x.yaml").write_bytes("a: é\n".encode("latin-1"))
    with pytest.raises(GraftlineError, match="x.yaml: not UTF-8 text"):
        read_yaml(tmp_path / "x.yaml", "x.yaml")


def test_the_mark_that_windows_puts_before_a_file_is_no_part_of_its_first_key(tmp_path):
    (tmp_path / "x.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    content, lines = read_yaml(tmp_path / "x.yaml")
    assert content == {"a": 1, "b": 2}
    assert lines["b",] == 2
