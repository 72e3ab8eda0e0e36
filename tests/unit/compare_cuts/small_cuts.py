"""Two cuts of small tables: what a test changes is all that differs."""

import pandas as pd

from graftline.compare_cuts.explanations import select_explanations
from graftline.raw.read_csv import read_csv
from schemas.raw import RAW_SCHEMAS
from tests.unit.validation.small_cohort import type_rows

BEFORE, NOW = "1996-12-31", "1997-12-31"
KEYS = {table: schema.metadata["key"] for table, schema in RAW_SCHEMAS.items()}
HEADER = "table,key,column,old,new,reason,author,date,from_cut\n"
WHY = "chart,A. Author,1998-01-05"


def validated(**tables):
    """Validated tables from rows of text; the patients are P01 and P02 where nothing else is said."""
    rows = {"subjects": [{"subject_id": "P01"}, {"subject_id": "P02"}]} | tables
    return {name: type_rows(name, entries).frame for name, entries in rows.items()}


def explain(*rows):
    """The corrections that hold from this cut on, of those given."""
    raw = read_csv((HEADER + "".join(f"{row}\n" for row in rows)).encode(), "corrections.csv")
    return select_explanations(raw, BEFORE, NOW)


SUBJECT = {
    "arm": "HD",
    "vital_status": "ALIVE",
    "final_status": "CR",
    "death_date": None,
    "last_alive_date": "1996-11-18",
}


def subjects(**patients):
    """The derived table: patient -> what is not as in SUBJECT."""
    rows = [{"row_key": key, "subject_id": key} | SUBJECT | of for key, of in patients.items()]
    dates = dict.fromkeys(("death_date", "last_alive_date"), "datetime64[ns]")
    text = dict.fromkeys(
        ("row_key", "subject_id", "vital_status", "final_status"), "string[pyarrow]"
    )
    return pd.DataFrame(rows).astype(dates | text)


def endpoints(**times):
    """The derived table of one endpoint, os: patient -> (time, status)."""
    rows = [
        {"row_key": f"{key}/os", "subject_id": key, "endpoint": "os"}
        | {"time": float(time), "entry": 0.0, "status": status, "cnsr": 1 - status}
        for key, (time, status) in times.items()
    ]
    text = dict.fromkeys(("row_key", "subject_id", "endpoint"), "string[pyarrow]")
    return pd.DataFrame(rows).astype(text | {"status": "Int64", "cnsr": "Int64"})


def told(changes, *columns):
    """Kind, patient and the given columns of each change; missing cells are ""."""
    shown = changes[["kind", "subject_id", *columns]].astype(object)
    return [tuple(row) for row in shown.where(shown.notna(), "").itertuples(index=False)]
