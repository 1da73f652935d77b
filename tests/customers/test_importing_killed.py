"""`kill -9` at any point of an import leaves nothing half done, and the next run completes.

The import runs as a process of its own on a database of its own, stopped at the wanted point by a lock that the test
holds, or caught in the middle of its COPY; the test asks the server where it is, and never waits by the clock.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings

from crm.settings import env
from tests.customers.importing import write_csv
from tests.databases import drop

ROWS = 20_000
PATIENCE = 120  # seconds until a point that is never reached fails the test


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def number(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return int(row[0])


@dataclass(frozen=True)
class Place:
    """A database of its own: the addresses of its two roles."""

    app: str
    owner: str

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "DATABASE_URL": self.app, "DATABASE_OWNER_URL": self.owner}

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True, check=True
        )

    def value(self, query: str) -> int:
        with psycopg.connect(self.app) as connection:
            return number(connection, query)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[Place]:
    owner = env.str("DATABASE_OWNER_URL", default="") or settings.DATABASE_URL
    name = f"test_killed_{os.getpid()}"
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        place = Place(_named(settings.DATABASE_URL, name), _named(owner, name))
        place.manage("migrate")
        with psycopg.connect(place.owner) as connection:
            connection.execute("INSERT INTO staff_branch (code, name) VALUES ('0101', 'x')")
        yield place
    finally:
        with psycopg.connect(owner, autocommit=True) as connection:
            drop(connection, name)


@pytest.fixture
def file(place, tmp_path) -> Path:
    with psycopg.connect(place.owner) as connection:
        for table in ("customers_stagedrow", "customers_importbatch", "customers_customer"):
            connection.execute(f"DELETE FROM {table}")
    rows = [[f"C{index}", "张三", "0101"] for index in range(ROWS)]
    return write_csv(tmp_path / "c.csv", [["number", "name", "branch"], *rows])


COPYING = "SELECT count(*) FROM pg_stat_progress_copy WHERE tuples_processed > 1000 AND datname = current_database()"
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    " AND usename = current_user AND query LIKE '%{}%'"
)
# Where: the table to lock, how, and the statement that then waits. None: caught in the middle of reading.
POINTS = {
    "before the first row": ("customers_stagedrow", "SHARE", WAITING.format("COPY customers_stagedrow"), 0),
    "while staging": (None, "", COPYING, 0),
    "staged, not decided": ("customers_customer", "ACCESS EXCLUSIVE", WAITING.format("CREATE TEMP TABLE"), ROWS),
    "decided, not written": ("customers_customer", "SHARE", WAITING.format("INSERT INTO customers_customer"), ROWS),
    "written, not committed": ("audit_entry", "SHARE", WAITING.format("audit_entry"), ROWS),
}


def until(place: Place, query: str, wanted: int = 1) -> None:
    """Ask the server until `query` gives `wanted`."""
    deadline = time.monotonic() + PATIENCE
    with psycopg.connect(place.app, autocommit=True) as connection:
        while number(connection, query) != wanted:
            assert time.monotonic() < deadline, f"never came to: {query}"


@pytest.mark.parametrize("point", POINTS)
def test_killed_import_leaves_nothing_half_done(place, file, point):
    table, mode, query, staged = POINTS[point]
    with psycopg.connect(place.owner) as lock:
        if table:
            lock.execute(f"LOCK TABLE {table} IN {mode} MODE")
        process = subprocess.Popen(
            [sys.executable, "manage.py", "import", "customers", str(file)],
            cwd=settings.BASE_DIR, env=place.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            until(place, query)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        # The server gives up the dead client's transaction although the lock it waits for is still held.
        until(place, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
                     " (SELECT oid FROM pg_database WHERE datname = current_database())", 0)  # fmt: skip
        lock.rollback()
    assert place.value("SELECT count(*) FROM customers_customer") == 0
    assert place.value("SELECT count(*) FROM customers_stagedrow") == staged
    assert place.value("SELECT count(*) FROM customers_importbatch WHERE state = 'running'") == 1
    assert not list(file.parent.glob("*.part"))

    completed = place.manage("import", "customers", str(file))
    assert completed.stdout.splitlines()[-1] == f"imported {ROWS}, updated 0, unchanged 0, rejected 0"
    assert place.value("SELECT count(*) FROM customers_customer") == ROWS
    assert place.value("SELECT count(*) FROM customers_stagedrow") == 0
    assert place.value("SELECT count(*) FROM customers_importbatch WHERE state = 'failed'") == 1
