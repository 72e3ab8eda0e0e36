"""What names the patients of a cut, written down for the gate that reads whatever may leave."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from graftline.disclosure.gate.identifiers import DATE, SUBJECT

WHOLE_DATE = r"\d{4}-\d{2}-\d{2}"


def list_identifiers(tables: Iterable[pd.DataFrame]) -> str:
    """A line for each patient and each whole date of the raw tables `tables`, sorted: the kind, a tab,
    and the id or the date (`graftline.disclosure.gate.read_identifiers`)."""
    subjects: set[str] = set()
    dates: set[str] = set()
    for frame in tables:
        if "subject_id" in frame:
            subjects |= set(frame["subject_id"].dropna().unique())
        for name in frame.columns:
            values = frame[name].dropna()
            if values.empty or name == "subject_id":
                continue
            if pd.api.types.is_datetime64_any_dtype(values.dtype) or str(values.dtype).startswith(
                "timestamp"
            ):
                dates |= {str(day)[:10] for day in values.unique()}
            elif "date" in name and pd.api.types.is_string_dtype(values.dtype):
                days = values.drop_duplicates().astype(str)
                dates |= set(days[days.str.fullmatch(WHOLE_DATE)])
    lines = [(SUBJECT, one) for one in sorted(subjects)] + [(DATE, one) for one in sorted(dates)]
    return "".join(f"{kind}\t{value}\n" for kind, value in lines)
