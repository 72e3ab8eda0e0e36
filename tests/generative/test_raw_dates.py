"""The date parser against Python's datetime."""

import datetime

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from graftline.raw.dates import parse_dates

DAYS = st.dates(datetime.date(1678, 1, 1), datetime.date(2261, 12, 31))


@settings(derandomize=True, max_examples=100, deadline=None)
@given(days=st.lists(DAYS, min_size=1, max_size=20))
def test_iso_dates_and_their_parts_mean_the_right_days(days):
    for length, precision in ((10, "day"), (7, "month"), (4, "year")):
        texts = pd.Series([day.isoformat()[:length] for day in days], dtype="string[pyarrow]")
        parsed = parse_dates(texts)
        assert parsed["problem"].isna().all()
        assert (parsed["precision"] == precision).all()
        for day, row in zip(days, parsed.itertuples(), strict=True):
            first, last = row.earliest.date(), row.latest.date()
            assert first <= day <= last
            # One day more on either side is another day, month or year.
            before, after = first - datetime.timedelta(1), last + datetime.timedelta(1)
            if precision != "day":
                assert before.isoformat()[:length] != day.isoformat()[:length]
                assert after.isoformat()[:length] != day.isoformat()[:length]
                assert first.isoformat()[:length] == last.isoformat()[:length]
            else:
                assert first == last == day


@settings(derandomize=True, max_examples=300, deadline=None)
@given(year=st.integers(1890, 2110), month=st.integers(0, 14), day=st.integers(0, 33))
def test_a_day_is_accepted_exactly_if_the_calendar_has_it(year, month, day):
    parsed = parse_dates(pd.Series([f"{year}-{month:02d}-{day:02d}"], dtype="string[pyarrow]"))
    try:
        expected = pd.Timestamp(datetime.date(year, month, day))
    except ValueError:
        assert parsed["problem"].tolist() == ["not real"]
    else:
        assert parsed["earliest"].tolist() == [expected]
