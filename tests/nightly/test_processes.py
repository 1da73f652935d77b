"""The night as an operator meets it: the command, its worker processes, and one of them killed in the middle."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from tests.nightly.steps import LOCK
from tests.served import database_of_its_own

PATIENCE = 60.0  # seconds
CUSTOMERS = 200


class Bank:
    """A database of its own with a few customers, and commands run on it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment | {
            "DJANGO_SETTINGS_MODULE": "tests.nightly.toy_settings", "NIGHT_LEASE_SECONDS": "1", "PYTHONWARNINGS": "ignore",
        }  # fmt: skip
        self.connection = psycopg.connect(environment["DATABASE_URL"], autocommit=True)

    def ask(self, statement: str) -> Any:
        row = self.connection.execute(statement.encode()).fetchone()
        return row[0] if row else None

    def begin(self, steps: str, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "manage.py", "night", *arguments], env=self.environment | {"TOY_STEPS": steps},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def night(self, steps: str, *arguments: str) -> tuple[int, str, str]:
        """Exit code, output and errors of `manage.py night`."""
        process = self.begin(steps, *arguments)
        output, errors = process.communicate(timeout=PATIENCE)
        return process.returncode, output, errors

    def until(self, condition: Callable[[], Any]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline
            self.ask("SELECT pg_sleep(0.05)")

    def waiting_for_the_lock(self) -> int:
        return self.ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")


@pytest.fixture(scope="module")
def own_bank() -> Iterator[Bank]:
    with database_of_its_own("test_zhike_night") as environment:
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "-v0"], check=True, env=environment, capture_output=True
        )
        subprocess.run(
            [sys.executable, "manage.py", "demo", f"--customers={CUSTOMERS}", "--seed=1"], check=True, env=environment,
            capture_output=True,
        )  # fmt: skip
        bank = Bank(environment)
        yield bank
        bank.connection.close()


@pytest.fixture
def fresh_bank(own_bank: Bank) -> Bank:
    own_bank.connection.execute("DELETE FROM customers_stagedfinding")
    for table in ("setaside", "chunk", "step", "run"):
        own_bank.connection.execute(f"DELETE FROM nightly_{table}".encode())
    return own_bank


def worker_of(command: "subprocess.Popen[str]") -> psutil.Process:
    (worker,) = psutil.Process(command.pid).children()
    return worker


def test_a_worker_killed_within_a_chunk_leaves_a_night_that_is_resumed_to_the_same_end(fresh_bank: Bank):
    everybody = fresh_bank.ask("SELECT count(*) FROM customers_customer")
    fresh_bank.connection.execute(f"SELECT pg_advisory_lock({LOCK})".encode())
    command = fresh_bank.begin("FIRST SLOW SECOND", "--here", "--workers=1")
    fresh_bank.until(fresh_bank.waiting_for_the_lock)
    worker_of(command).kill()
    _output, errors = command.communicate(timeout=PATIENCE)
    assert command.returncode == 1
    assert "night --resume" in errors
    assert fresh_bank.ask("SELECT state FROM nightly_run") == "running"

    code, _output, errors = fresh_bank.night("FIRST SLOW SECOND", "--here")
    assert code == 1
    assert len(errors.splitlines()) == 1  # one at a time

    # What the dead worker was waiting for in the database has ended with it, and holds no chunk.
    fresh_bank.until(lambda: not fresh_bank.waiting_for_the_lock())
    resumed = fresh_bank.begin("FIRST SLOW SECOND", "--resume", "--here", "--workers=2")
    fresh_bank.until(lambda: fresh_bank.waiting_for_the_lock() == 2)
    fresh_bank.connection.execute(f"SELECT pg_advisory_unlock({LOCK})".encode())
    output, errors = resumed.communicate(timeout=PATIENCE)
    assert (resumed.returncode, errors) == (0, "")
    assert f"counted {3 * everybody}" in output
    done = "SELECT count(*) FROM customers_stagedfinding"
    once = "SELECT count(DISTINCT (customer_id, detector)) FROM customers_stagedfinding"
    assert fresh_bank.ask(done) == fresh_bank.ask(once) == 3 * everybody


def test_the_command_tells_each_step_and_how_the_last_night_went(fresh_bank: Bank):
    assert fresh_bank.night("FIRST", "--status")[0] == 1  # never ran
    code, output, _errors = fresh_bank.night("FIRST SECOND", "--here", "--workers=2")
    assert code == 0
    assert [line.split()[0] for line in output.splitlines() if "100%" in line] == ["first", "second"]
    code, told, _errors = fresh_bank.night("FIRST SECOND", "--status")
    assert code == 0
    assert told.splitlines()[-1] == output.splitlines()[-1]


def test_a_failed_night_exits_with_its_error(fresh_bank: Bank):
    code, _output, errors = fresh_bank.night("FIRST WRONG", "--here")
    assert code == 1
    assert "no_such_column" in errors.splitlines()[-1]


def test_workers_of_celery_do_the_night(fresh_bank: Bank):
    worker = subprocess.Popen(
        [Path(sys.executable).parent / "celery", "--app=crm.celery", "--quiet", "worker", "--concurrency=2"],
        env=fresh_bank.environment | {"TOY_STEPS": "FIRST SECOND"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        code, output, _errors = fresh_bank.night("FIRST SECOND", "--workers=2")
        assert code == 0
        assert f"counted {2 * fresh_bank.ask('SELECT count(*) FROM customers_customer')}" in output
    finally:
        worker.terminate()
        worker.wait(30)
