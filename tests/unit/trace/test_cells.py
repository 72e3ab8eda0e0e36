"""Which keys of derived rows are a patient's."""

import duckdb
import pytest

from graftline.trace.cells import of_patients

KEYS = ["P1", "P1/os", "P1/", "P10", "P10/os", "P1.os", "P1 /os", "P1/é", "P2/os", "P'3/os"]


@pytest.mark.parametrize(
    ("subjects", "theirs"),
    [
        (["P1"], ["P1", "P1/", "P1/os", "P1/é"]),
        (["P1", "P2"], ["P1", "P1/", "P1/os", "P1/é", "P2/os"]),
        (["P'3"], ["P'3/os"]),
        ([], []),
    ],
)
def test_a_key_is_the_patient_or_begins_with_him_and_a_slash(subjects, theirs):
    connection = duckdb.connect()
    connection.execute("CREATE TABLE rows AS SELECT unnest(?) AS row_key", [KEYS])
    query = f"SELECT row_key FROM rows WHERE {of_patients(subjects)} ORDER BY row_key"
    assert [key for (key,) in connection.execute(query).fetchall()] == theirs
