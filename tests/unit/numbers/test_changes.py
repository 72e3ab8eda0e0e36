"""The largest change of estimates when partial dates take their ends."""

import pandas as pd
import pytest

from graftline.numbers.changes import find_largest_change

SURVIVAL = {"endpoint": "os", "statistic": "km", "arguments": {"what": "survival", "time": 4}}
MEDIAN = {"endpoint": "os", "statistic": "km", "arguments": {"what": "median"}}


def bounds(**times):
    """Four patients, events at the first two times: by `dates`."""
    rows = [
        {"endpoint": "os", "dates": dates, "time": float(time), "entry": 0.0, "status": status}
        for dates, given in times.items()
        for time, status in zip(given, (1, 1, 0, 0), strict=True)
    ]
    return pd.DataFrame(rows).astype({"status": "Int64"})


# S(4) as imputed: one event of four, 3/4. Earliest: two, 1/2. Latest: none, 1.
ROWS = bounds(imputed=[3, 5, 6, 7], earliest=[3, 4, 6, 7], latest=[5, 6, 6, 7])


def test_the_larger_of_the_changes_at_both_ends():
    assert find_largest_change(ROWS, [SURVIVAL]) == (0.25, None)
    nearer = bounds(imputed=[3, 5, 6, 7], earliest=[2, 5, 6, 7], latest=[5, 6, 6, 7])
    assert find_largest_change(nearer, [SURVIVAL]) == (0.25, None)
    same = bounds(imputed=[3, 5, 6, 7], earliest=[2, 5, 6, 7], latest=[4, 5, 6, 7])
    assert find_largest_change(same, [SURVIVAL]) == (0.0, None)


def test_the_largest_over_several_estimates():
    # Median: half are left from 5 on until the end as imputed (5), from 4 on (4), from 6 on (6).
    assert find_largest_change(ROWS, [MEDIAN]) == (pytest.approx(1.0), None)
    assert find_largest_change(ROWS, [SURVIVAL, MEDIAN])[0] == pytest.approx(1.0)


def test_an_end_without_an_estimate_is_left_out_and_nothing_to_compare_has_a_reason():
    late = {**SURVIVAL, "arguments": {"what": "survival", "time": 6.5}}
    shorter = bounds(imputed=[3, 5, 6, 7], earliest=[3, 4, 5, 6], latest=[3, 5, 6, 7])
    assert find_largest_change(shorter, [late]) == (0.0, None)
    never = {**SURVIVAL, "arguments": {"what": "survival", "time": 99}}
    value, reason = find_largest_change(ROWS, [never])
    assert value is None and "not estimable" in reason
