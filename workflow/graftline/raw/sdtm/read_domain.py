"""A file of an SDTM domain as text, each record with the row that a person finds it by.

That row is --SEQ, which is unique within a patient; in a domain without it, as DM, it is the number of
the record in the file. Rules: R01 no record, R05 a record that cannot be read, R10 a file that cannot,
R11 fewer records than stated, R12 --SEQ missing or repeated, R13 records of another domain.
"""

from __future__ import annotations

from pathlib import PurePath

import numpy as np
import pandas as pd

from graftline.raw.records import RawFile
from graftline.raw.sdtm.formats import READERS, Found, Unreadable

SUFFIXES = tuple(READERS)
SUBJECT = "USUBJID"


def read_domain(content: bytes, file: str, domain: str) -> RawFile:
    """The `content` of the file shown as `file`, of which the format is told by the name's ending.

    Raises KeyError for another ending than `SUFFIXES`.
    """
    raw = RawFile(file, header_line=None)
    if not content:
        return raw.give_up("R01", None, "The file is empty; send the domain again.")
    found = Found(raw.report)
    try:
        frame = READERS[PurePath(file).suffix.lower()](content, found)
    except Unreadable as error:
        return raw.give_up("R10", None, str(error))
    raw.lost_rows = found.lost_rows
    repeated = frame.columns[frame.columns.duplicated()].unique()
    for name in repeated:
        raw.report("R04", None, "The column stands twice; keep the one meant.", column=name)
    raw.repeated = list(repeated)
    frame = frame.drop(columns=repeated)
    record = found.records
    if record is None:
        record = pd.Series(range(1, len(frame) + 1), dtype="Int64")
    raw.frame = _number_rows(raw, frame, record, domain)
    return raw


def _number_rows(raw: RawFile, frame: pd.DataFrame, record: pd.Series, domain: str) -> pd.DataFrame:
    """The frame with `src_line`; records without a usable --SEQ are left out and reported."""
    subject = frame[SUBJECT] if SUBJECT in frame else pd.Series("", index=frame.index)

    def report(rule: str, rows: np.ndarray, column: str, message: str) -> None:
        for at in np.flatnonzero(rows):
            more = {"column": column, "subject_id": subject.iloc[at] or None}
            raw.report(rule, int(record.iloc[at]), message, **more)

    if "DOMAIN" in frame:
        other = frame["DOMAIN"].ne(domain).to_numpy(dtype=bool)
        if other.any():
            message = (
                f"{int(other.sum())} records are not of the domain {domain}; send the right file."
            )
            raw.report("R13", None, message, column="DOMAIN")
    sequence = f"{domain}SEQ"
    if sequence not in frame:
        return frame.assign(src_line=record)
    texts = frame[sequence]
    whole = texts.str.match(r"^[0-9]{1,15}$").to_numpy(dtype=bool, na_value=False)
    if len(texts) and not whole.any():
        message = (
            f"No record has a whole number in {sequence}, which names it; write it in all of them."
        )
        raw.give_up("R12", None, message)
        return frame.iloc[:0].assign(src_line=record.iloc[:0])
    message = f"{sequence} is not a whole number, and it names the record; write it. The record was not read."
    report("R12", ~whole, sequence, message)
    raw.lost_rows += int((~whole).sum())
    lines = texts[whole].astype("float64").astype("Int64")
    frame, subject, record = frame[whole], subject[whole], record[whole]
    again = pd.DataFrame({"subject": subject, "line": lines}).duplicated().to_numpy()
    message = f"Another record of the patient has the same {sequence}; give each its own number."
    report("R12", again, sequence, message)
    return frame.assign(src_line=lines).reset_index(drop=True)
