"""Messages about a configuration that is not as its schema says."""

from graftline.config.schema import check_schema
from graftline.config.yaml_lines import parse_yaml
from graftline.errors import GraftlineError

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["study"],
    "patternProperties": {"^x-": {"type": "string"}},
    "properties": {
        "study": {"type": "string"},
        "arms": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"label": {"type": "string"}, "size": {"type": "integer"}},
        },
        "tables": {"type": "object", "propertyNames": {"enum": ["ae", "labs"]}},
    },
}


def messages(text: str) -> list[str]:
    content, lines = parse_yaml(text, "f")
    try:
        check_schema(content, lines, SCHEMA, "f")
    except GraftlineError as error:
        return str(error).splitlines()
    return []


def test_what_the_schema_allows_passes():
    assert messages("study: a\nx-note: b\narms: {label: c, size: 3}\ntables: {ae: 1}\n") == []


def test_an_unknown_key_is_answered_with_a_near_one():
    assert messages("study: a\narms:\n  lable: b\n") == [
        "f, line 3: unknown key 'lable' in arms; did you mean 'label'?"
    ]


def test_an_unknown_key_like_no_other_is_answered_with_all():
    assert messages("study: a\nzzz: b\n") == [
        "f, line 2: unknown key 'zzz' in the file; known keys: arms, study, tables"
    ]


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_the_file():
    text = "study: 1\narms:\n  siez: 2\n  labell: b\n  size: three\ntables:\n  ae: 1\n  lbs: 1\n"
    found = messages(text)
    assert {line.split(":")[0] for line in found} == {f"f, line {n}" for n in (1, 3, 4, 5, 8)}
    assert "f, line 3: unknown key 'siez' in arms; did you mean 'size'?" in found
    assert "f, line 4: unknown key 'labell' in arms; did you mean 'label'?" in found
    assert "f, line 5: arms.size: 'three' is not of type 'integer'" in found
    assert "f, line 8: tables: 'lbs' is not one of ['ae', 'labs']" in found


def test_a_key_that_is_missing_is_told_at_what_lacks_it():
    assert messages("arms: {}\n") == ["f, line 1: the file: 'study' is a required property"]


def test_an_empty_file_is_told():
    assert messages("") == ["f, line 1: the file: None is not of type 'object'"]
