"""Numbers of the files that people write, led back to their lines."""

import pytest

from graftline.config.yaml_lines import parse_yaml
from graftline.numbers import evaluate
from graftline.numbers.configured import (
    declare_configuration,
    declare_texts,
    tabulate_cut,
    tabulate_file,
    tabulate_versions,
)
from graftline.slugs import slug


def tabulate(text: str):
    content, lines = parse_yaml(text, "study.yaml")
    return tabulate_file(content, lines, "study.yaml", "config")


def evaluated(text: str) -> dict:
    frame = tabulate(text)
    return {r["id"]: r for r in evaluate(declare_configuration(frame), {"configuration": frame})}


TEXT = """\
fever:
  fever_cel: 38.0
  low: 90
label: 12 words
yes: true
when: 1997-12-31
IL-2:
  - {dose: 9.0}
  - {dose: 4}
claims:
  - id: C01
    expect: {cohort.n: 9}
"""


def test_every_number_has_its_path_and_its_line():
    frame = tabulate(TEXT)
    assert list(zip(frame["row_key"], frame["number"], frame["src_line"], strict=True)) == [
        ("config.fever.fever_cel", 38.0, 2),
        ("config.fever.low", 90.0, 3),
        ("config.il_2.0.dose", 9.0, 8),
        ("config.il_2.1.dose", 4.0, 9),
        ("config.claims.c01.expect.cohort.n", 9.0, 12),  # by its id and not by its place
    ]
    assert set(frame["src_file"]) == {"study.yaml"}


@pytest.mark.parametrize("text", ["", "a: b\n", "a: [true, null]\n"])
def test_a_file_without_numbers_gives_an_empty_table(text):
    assert len(tabulate(text)) == 0
    assert declare_configuration(tabulate(text)) == []


@pytest.mark.parametrize(
    ("written", "value", "display"),
    [
        ("38.0", 38.0, "38.0"),
        ("90", 90, "90"),
        ("0.5", 0.5, "0.5"),
        ("0.4812696", 0.4812696, "0.4812696"),
        ("1.0e-6", 1e-6, "0.000001"),
        ("2.5e-9", 2.5e-9, "0.0000000025"),  # six decimals would print zero
        ("-3", -3, "\N{MINUS SIGN}3"),
        ("10000", 10000, "10\N{NARROW NO-BREAK SPACE}000"),
    ],
)
def test_a_number_is_printed_as_it_is_written(written, value, display):
    record = evaluated(f"a: {written}\n")["config.a"]
    assert (record["value"], record["display"]) == (value, display)


def test_a_number_leads_back_to_its_line():
    row = tabulate("a:\n  b: 1\n").iloc[0]
    assert (row["row_key"], row["src_file"], row["src_line"]) == ("config.a.b", "study.yaml", 2)


def test_only_the_packages_that_a_methods_section_names_are_numbers():
    pins = [("pandas", "2.3.3", 10), ("attrs", "26.1.0", 20), ("snakemake", "9.27.1", 30)]
    frame = tabulate_versions(pins, "requirements.lock")
    assert frame["row_key"].tolist() == ["software.pandas", "software.snakemake"]
    records = evaluate(declare_texts(frame, "software", "Pinned.", "version"), {"software": frame})
    assert [(r["value"], r["display"]) for r in records] == [
        ("2.3.3", "2.3.3"),
        ("9.27.1", "9.27.1"),
    ]
    assert frame["src_line"].tolist() == [10, 30]


def test_the_cut_is_a_number_too():
    frame = tabulate_cut("1997-12-31", "data/s/1997-12-31/SHA256SUMS")
    [record] = evaluate(declare_texts(frame, "cut", "The date.", "date"), {"cut": frame})
    assert (record["id"], record["display"]) == ("cut.date", "1997-12-31")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IL-2", "il_2"),
        ("weight loss", "weight_loss"),
        ("10*6.[iU]/m2", "10_6_iu_m2"),
        ("--a--", "a"),
        (3, "3"),
    ],
)
def test_a_slug_is_a_part_of_an_id(text, expected):
    assert slug(text) == expected
