"""Dates, complete and partial, against the calendar of Python's datetime."""

import datetime

import pandas as pd
import pytest

from graftline.raw.dates import parse_dates


def parse(*texts):
    return parse_dates(pd.Series(texts, dtype="string[pyarrow]"))


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("1998-03-02", "1998-03-02", "1998-03-02", "day"),
        ("1998-03", "1998-03-01", "1998-03-31", "month"),
        ("1998-02", "1998-02-01", "1998-02-28", "month"),
        ("2000-02", "2000-02-01", "2000-02-29", "month"),
        ("1998-12", "1998-12-01", "1998-12-31", "month"),
        ("1998", "1998-01-01", "1998-12-31", "year"),
        ("2019---07", "2019-01-01", "2019-12-31", "year"),
        ("2000-02-29", "2000-02-29", "2000-02-29", "day"),
    ],
)
def test_a_date_means_the_days_that_it_allows(text, earliest, latest, precision):
    row = parse(text).iloc[0]
    assert row["earliest"] == pd.Timestamp(earliest)
    assert row["latest"] == pd.Timestamp(latest)
    assert row["precision"] == precision
    assert pd.isna(row["problem"])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("03/04/2021", "format"),
        ("2021/04/03", "format"),
        ("3-4-2021", "format"),
        ("2021-4-3", "format"),
        ("20210403", "format"),
        ("2021-04-03T10:00", "format"),
        ("2021-04-03 ", "format"),
        ("2021-04-03\n", "format"),
        ("2021-", "format"),
        ("2021--03", "format"),
        ("21-04-03", "format"),
        ("٢٠٢١-04-03", "format"),  # digits, but not those of ISO 8601
        ("unknown", "format"),
        ("", "format"),
        ("1998-02-31", "not real"),
        ("1998-02-29", "not real"),
        ("1900-02-29", "not real"),  # divisible by 100
        ("1998-04-31", "not real"),
        ("1998-00-10", "not real"),
        ("1998-13-10", "not real"),
        ("1998-13", "not real"),
        ("1998-03-00", "not real"),
        ("1998-03-32", "not real"),
        ("2019---32", "not real"),
        ("2019---00", "not real"),
        ("0000", "not real"),
        ("9999-12-31", "not real"),
    ],
)
def test_what_is_not_a_date_is_said_to_be_none(text, problem):
    row = parse(text).iloc[0]
    assert row["problem"] == problem
    assert pd.isna(row["earliest"])
    assert pd.isna(row["latest"])
    assert pd.isna(row["precision"])


def test_a_missing_text_is_no_problem():
    rows = parse(None, "1998-03-02", None)
    assert rows["problem"].isna().all()
    assert rows["earliest"].isna().tolist() == [True, False, True]


def test_rows_keep_their_index_and_repeated_texts_agree():
    texts = pd.Series(["1998", None, "1998"], index=[7, 3, 5], dtype="string[pyarrow]")
    rows = parse_dates(texts)
    assert rows.index.tolist() == [7, 3, 5]
    assert rows.loc[7].equals(rows.loc[5])


def test_every_day_and_no_other_is_accepted():
    texts, expected = [], []
    for year in [*range(1896, 1906), *range(1990, 2026), 2100, 2261]:
        for month in range(14):
            for day in range(33):
                texts.append(f"{year}-{month:02d}-{day:02d}")
                try:
                    expected.append(datetime.date(year, month, day))
                except ValueError:
                    expected.append(None)
    rows = parse(*texts)
    days = [None if pd.isna(day) else day.date() for day in rows["earliest"]]
    assert days == expected
    assert rows["latest"].equals(rows["earliest"])
