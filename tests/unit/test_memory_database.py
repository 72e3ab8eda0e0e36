"""What a database cannot hold in memory lies where nobody else may read it, and not for long."""

import os
import subprocess
import sys
from pathlib import Path

from graftline.memory_database import open_memory_database

MANY = "SELECT max(a) FROM (SELECT md5(range::VARCHAR) AS a FROM range(1000000) ORDER BY a)"


def overflow_of(connection) -> Path:
    return Path(connection.execute("SELECT current_setting('temp_directory')").fetchone()[0])


def test_the_overflow_is_no_file_of_the_folder_that_one_works_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    connection = open_memory_database(memory_limit="30MB", threads=1)
    rows = connection.execute(MANY + " AS t").fetchall()
    assert len(rows) == 1
    assert list(tmp_path.iterdir()) == []
    folder = overflow_of(connection)
    assert folder.stat().st_mode & 0o077 == 0
    assert not folder.is_relative_to(tmp_path)


def test_the_folder_goes_with_the_process(tmp_path):
    code = """if True:
        from tests.unit.test_memory_database import MANY, open_memory_database, overflow_of
        connection = open_memory_database(memory_limit="30MB", threads=1)
        connection.execute("CREATE TABLE t AS SELECT md5(range::VARCHAR) AS a FROM range(1000000)")
        print(overflow_of(connection), len(list(overflow_of(connection).iterdir())))"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path or "." for path in sys.path)},
    )
    folder, files = done.stdout.split()
    assert int(files) > 0
    assert not Path(folder).exists()
