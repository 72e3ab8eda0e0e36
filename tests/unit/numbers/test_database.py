"""The database reads the tables that it was given, and nothing else in the world."""

import duckdb
import pandas as pd
import pytest

from graftline.errors import GraftlineError
from graftline.numbers.database import fetch_row_keys, fetch_row_keys_of_many, open_database


@pytest.fixture
def connection():
    frame = pd.DataFrame(
        {
            "row_key": pd.array(["b", "a", "c"], dtype="string[pyarrow]"),
            "grade": pd.array([1, None, 4], dtype="Int64"),
            "site": pd.array(["PATIENT-7", "x", "y"], dtype="string[pyarrow]"),
        }
    )
    return open_database({"toxicity": frame, "empty": frame.iloc[:0]})


@pytest.mark.parametrize(
    ("sql", "keys"),
    [
        ("SELECT row_key FROM toxicity ORDER BY row_key", ["a", "b", "c"]),
        ("SELECT row_key FROM toxicity ORDER BY grade DESC NULLS LAST", ["c", "b", "a"]),
        ("SELECT row_key FROM empty", []),
        ("WITH x AS (SELECT * FROM toxicity) SELECT row_key FROM x WHERE grade = 4", ["c"]),
    ],
)
def test_row_keys_come_in_the_order_of_the_query(connection, sql, keys):
    assert fetch_row_keys(connection, sql) == keys


MANY = [
    "SELECT row_key FROM toxicity ORDER BY row_key",
    "SELECT row_key FROM toxicity ORDER BY grade DESC NULLS LAST -- highest first",
    "SELECT row_key FROM empty",
    *(f"SELECT row_key FROM toxicity WHERE grade = {grade}" for grade in range(120)),
]


def test_many_queries_asked_together_have_the_keys_of_each(connection):
    together = fetch_row_keys_of_many(connection, [*MANY, MANY[0]])
    assert together == {sql: fetch_row_keys(connection, sql) for sql in MANY}
    assert together[MANY[1]] == ["c", "b", "a"] and together[MANY[2]] == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("SELECT row_key FROM nowhere", "nowhere"),
        ("SELECT row_key, grade FROM toxicity", "must return row_key and nothing else"),
        ("SELECT row_key FROM toxicity UNION ALL SELECT 'a'", "returns a row key twice"),
        ("SELECT 'a' AS row_key) UNION ALL SELECT 0, (SELECT 'b'", "cannot be run"),
        ("DELETE FROM toxicity", "must be a single SELECT"),
        ("SELECT 'a' AS row_key; DROP TABLE toxicity", "must be a single SELECT"),
    ],
)
@pytest.mark.parametrize("beside", [MANY, []], ids=["among others", "alone"])
def test_a_wrong_query_among_many_is_named(connection, wrong, said, beside):
    with pytest.raises(GraftlineError, match=said) as error:
        fetch_row_keys_of_many(connection, [*beside, wrong])
    assert repr(wrong) in str(error.value)
    assert len(fetch_row_keys(connection, "SELECT row_key FROM toxicity")) == 3


@pytest.fixture
def secret(tmp_path):
    (tmp_path / "secret.csv").write_text("row_key\nseen\n")
    pd.DataFrame({"row_key": ["seen"]}).to_parquet(tmp_path / "secret.parquet")
    return tmp_path


@pytest.mark.parametrize(
    "source",
    [
        "read_csv('{folder}/secret.csv')",
        "read_csv_auto('{folder}/secret.csv')",
        "read_parquet('{folder}/secret.parquet')",
        "'{folder}/secret.csv'",
        "'{folder}/secret.parquet'",
        "(SELECT content AS row_key FROM read_text('{folder}/secret.csv'))",
        "(SELECT content AS row_key FROM read_blob('{folder}/secret.csv'))",
        "(SELECT file AS row_key FROM glob('{folder}/*'))",
        "(SELECT file_name AS row_key FROM parquet_metadata('{folder}/secret.parquet'))",
        "(SELECT Columns AS row_key FROM sniff_csv('{folder}/secret.csv'))",
        "read_csv('http://127.0.0.1:9/secret.csv')",
        "read_parquet('s3://bucket/secret.parquet')",
    ],
)
def test_no_file_and_no_network_can_be_read(connection, secret, source):
    with pytest.raises(GraftlineError, match="cannot be run"):
        fetch_row_keys(connection, "SELECT row_key FROM " + source.format(folder=secret))


def test_that_the_files_of_that_test_can_be_read_by_an_open_database(secret):
    for name in ("secret.csv", "secret.parquet"):
        assert duckdb.sql(f"SELECT row_key FROM '{secret}/{name}'").fetchall() == [("seen",)]


def test_no_variable_of_the_program_can_be_read(connection):
    hidden = pd.DataFrame({"row_key": ["seen"]})
    with pytest.raises(GraftlineError, match="cannot be run"):
        fetch_row_keys(connection, "SELECT row_key FROM hidden")
    assert len(hidden) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "COPY toxicity TO '{folder}/out.csv'",
        "ATTACH '{folder}/out.db'",
        "EXPORT DATABASE '{folder}/out'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET threads = 8",
        "DELETE FROM toxicity",
        "UPDATE toxicity SET grade = 4",
        "DROP TABLE toxicity",
        "CREATE TABLE more AS SELECT * FROM toxicity",
        "DELETE FROM toxicity; SELECT row_key FROM toxicity",
        "SELECT row_key FROM toxicity; DROP TABLE toxicity",
        "PRAGMA database_list",
        "",
    ],
)
def test_anything_but_one_select_is_refused_and_changes_nothing(connection, tmp_path, statement):
    with pytest.raises(GraftlineError):
        fetch_row_keys(connection, statement.format(folder=tmp_path))
    assert list(tmp_path.iterdir()) == []
    assert fetch_row_keys(connection, "SELECT row_key FROM toxicity WHERE grade = 4") == ["c"]
    assert len(fetch_row_keys(connection, "SELECT row_key FROM toxicity")) == 3


@pytest.mark.parametrize(
    "setting", ["enable_external_access = true", "threads = 8", "lock_configuration = false"]
)
def test_the_configuration_stays_closed_to_those_who_hold_the_connection(connection, setting):
    with pytest.raises(duckdb.Error):
        connection.execute(f"SET {setting}")


def test_one_thread_works_so_that_nothing_depends_on_scheduling(connection):
    assert connection.execute("SELECT current_setting('threads')").fetchone() == (1,)


def test_a_refusal_about_the_query_says_what_is_wrong_with_it(connection):
    with pytest.raises(GraftlineError, match='"graed" not found'):
        fetch_row_keys(connection, "SELECT row_key FROM toxicity WHERE graed = 4")


def test_a_refusal_about_the_data_shows_no_cell(connection):
    # DuckDB's own words: Could not convert string 'PATIENT-7' to INT32
    with pytest.raises(GraftlineError, match="cannot be run: ConversionException") as caught:
        fetch_row_keys(connection, "SELECT row_key FROM toxicity WHERE site = 5")
    assert "PATIENT-7" not in str(caught.value)
    assert caught.value.__suppress_context__, "the traceback does not show it either"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT row_key FROM toxicity UNION ALL SELECT row_key FROM toxicity",
        "SELECT a.row_key FROM toxicity a, toxicity b",
    ],
)
def test_a_row_cannot_be_counted_twice(connection, sql):
    with pytest.raises(GraftlineError, match="returns a row key twice"):
        fetch_row_keys(connection, sql)


def test_a_query_returns_row_keys_and_nothing_else(connection):
    with pytest.raises(GraftlineError, match="must return row_key and nothing else"):
        fetch_row_keys(connection, "SELECT row_key, grade FROM toxicity")
