"""Entries of the appendix: what belongs together stands together, and nothing gets a wrong sentence."""

import pytest

from graftline.report.entries import (
    count_rows,
    digest_entry,
    group_entries,
    link_to_entries,
    merge_links,
    merge_sentences,
)


def record(number, method="Method.", *, population="patients", table="t", reason=None, **more):
    return {
        "id": number,
        "method": method,
        "population": population,
        "table": table,
        "statistic": {"name": "count", "arguments": {}},
        "reason": reason,
    } | more


def ids(entries):
    return [[[r["id"] for r in estimate] for estimate in entry.estimates] for entry in entries]


def test_limits_and_percentage_stand_behind_their_count():
    records = [record(f"a.{last}") for last in ("upper", "lower", "n", "percent")]
    assert ids(group_entries(records)) == [[["a.n", "a.percent", "a.lower", "a.upper"]]]


def test_limits_stand_behind_their_estimate_and_a_range_behind_its_median():
    records = [record(n, method=n) for n in ("s.365", "s.365.lower", "age.median", "age.maximum")]
    assert ids(group_entries(records)) == [
        [["age.median", "age.maximum"]],
        [["s.365", "s.365.lower"]],
    ]


def test_a_median_is_not_put_behind_a_count_that_shares_its_stem():
    records = [
        record("os.n", "Number."),
        record("os.median", "Median."),
        record("os.median.lower", "L"),
    ]
    entries = group_entries(records)
    assert ids(entries) == [[["os.median", "os.median.lower"]], [["os.n"]]]
    assert [entry.method for entry in entries] == ["Median.", "Number."]


def test_a_limit_without_its_estimate_stands_alone():
    assert ids(group_entries([record("a.lower")])) == [[["a.lower"]]]


def test_methods_that_differ_in_a_number_alone_share_an_entry_in_natural_order():
    records = [record(f"os.{t}", f"Estimate at {t} days.") for t in (1095, 365)]
    [entry] = group_entries(records)
    assert ids([entry]) == [[["os.365"], ["os.1095"]]]
    assert entry.method == "Estimate at 365, 1095 days."


def test_methods_that_differ_in_words_do_not_share_an_entry():
    assert len(group_entries([record("a.n", "Men."), record("b.n", "Women.")])) == 2


def test_each_population_and_reason_is_named_once():
    records = [
        record("a.n", population="men", reason="nobody"),
        record("b.n", population="women", reason="nobody"),
    ]
    [entry] = group_entries(records)
    assert entry.populations == ["men", "women"]
    assert entry.reasons == ["nobody"]


def test_every_record_is_in_exactly_one_entry():
    records = [
        record(f"x{i}.{last}") for i in range(5) for last in ("n", "lower", "median", "maximum")
    ]
    found = [r["id"] for e in group_entries(records) for estimate in e.estimates for r in estimate]
    assert sorted(found) == sorted(r["id"] for r in records)


def test_numbers_at_the_same_place_are_listed_once_each():
    merged = merge_sentences(
        ["Grade 1 on WHO 1981.", "Grade 2 on WHO 1981.", "Grade 2 on WHO 1981."]
    )
    assert merged == "Grade 1, 2 on WHO 1981."


def test_a_link_to_a_number_leads_to_the_entry_that_holds_it():
    entries = group_entries(
        [record("a.n", "Men."), record("b.n", "Women."), record("b.lower", "L.")]
    )
    html = '<a href="#number-b.lower">1</a> <a href="#number-a.n">2</a> <a href="#table-x">3</a>'
    assert link_to_entries(html, entries) == (
        '<a href="#entry-2">1</a> <a href="#entry-1">2</a> <a href="#table-x">3</a>'
    )


def test_an_entry_says_how_many_rows_its_numbers_are_made_of():
    several = [record(f"os.{t}", n_selected=n, n_considered=9) for t, n in ((365, 4), (730, 7))]
    assert count_rows(several) == "4 to 7 of 9 rows"
    assert count_rows(several[:1]) == "4 of 9 rows"
    assert count_rows([record("a", n_selected=1, n_considered=1)]) == "1 of 1 row"
    # Where rows are not released, nothing is said of the others either.
    assert count_rows([*several, record("b", n_selected=None, n_considered=None)]) == ""
    assert count_rows([record("b")]) == ""


def test_the_digest_is_of_the_records_and_not_of_their_order():
    one, other = {"id": "a"}, {"id": "b"}
    # printf '[\n {\n  "id": "a"\n },\n {\n  "id": "b"\n }\n]\n' | sha256sum
    assert digest_entry([one, other]) == digest_entry([other, one]) == "866ddfbfd3e9"
    assert digest_entry([one, other | {"value": 2}]) != digest_entry([one, other])


def link(entry, number, text):
    return f'<a class="number" href="#entry-{entry}" data-number-id="{number}">{text}</a>'


def test_links_beside_one_another_to_one_entry_become_one():
    estimate, low, high = (
        link(3, f"os{end}", text) for end, text in (("", "56%"), (".lower", "20"), (".upper", "80"))
    )
    merged = '<a class="numbers" href="#entry-3" data-number-id="os os.lower os.upper">56% (95% CI 20–80</a>'
    assert merge_links(f"was {estimate} (95% CI {low}–{high}).") == f"was {merged})."


@pytest.mark.parametrize(
    "html",
    [
        link(3, "a", "1") + ", " + link(4, "b", "2"),
        link(3, "a", "1") + " of the nine patients and " + link(3, "b", "2"),
        f"<td>{link(3, 'a', '1')}</td><td>{link(3, 'b', '2')}</td>",
    ],
)
def test_links_to_other_entries_far_apart_or_in_other_cells_stay(html):
    assert merge_links(html) == html
