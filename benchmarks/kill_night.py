"""`python -m benchmarks.kill_night [TIMES] [CUSTOMERS]`: nights killed at random points end as an undisturbed one.

Starts servers and workers of its own (the instance of `make test`), runs one night in peace, then TIMES (20) nights in
each of which the workers, the database or the broker is killed with -9 at a random moment, started again, and the night
resumed. Compares all live tables with those of the night in peace and keeps what it saw under benchmarks/results.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.report import RESULTS, machine
from crm.local.bootstrap import BASE, PYTHON
from crm.local.place import Instance, alone, app_secrets, instance
from crm.local.postgres import Postgres
from crm.local.valkey import Valkey

PATIENCE = 180.0  # seconds for a killed night to end
TARGETS = ("worker", "database", "broker")
# Live table -> what of its rows is compared: everything but numbers that a sequence gave.
LIVE = {
    "customers_customermonth": "t.*",
    "customers_features": "t.*",
    "customers_membership": "t.*",
    "customers_segmentmove": "t.customer_id, t.day, t.from_segment_id, t.to_segment_id, t.changed",
    "customers_riskwarning": "t.customer_id, t.detector, t.cause, t.day, t.evidence, t.state",
    "customers_compliancecase": "t.customer_id, t.detector, t.cause, t.day, t.evidence, t.state",
    "customers_changedday": "t.customer_id, t.day",
}


class Bank:
    """Servers, workers and databases of the trial."""

    def __init__(self, place: Instance) -> None:
        self.postgres, self.valkey = Postgres(place), Valkey(place)
        self.postgres.start()
        self.postgres.provision()
        self.valkey.start()
        self.name = "zhike_kill"
        self.worker: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        urls = {
            name: self.postgres.url(role).replace("/zhike?", f"/{self.name}?")
            for name, role in (("DATABASE_URL", "zhike_app"), ("DATABASE_OWNER_URL", "zhike_owner"))
        }
        return {
            **os.environ, **app_secrets(), **urls, "ZHIKE_LOCAL": "1", "REDIS_URL": self.valkey.url,
            "NIGHT_LEASE_SECONDS": "3", "NIGHT_CHUNK": "500", "PYTHONWARNINGS": "ignore",
        }  # fmt: skip

    def manage(self, *command: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [str(PYTHON), "manage.py", *command], cwd=BASE, env=self.environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def sql(self, statement: str, database: str | None = None) -> list[tuple[Any, ...]]:
        url = self.postgres.url("zhike_owner").replace("/zhike?", f"/{database or self.name}?")
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def fresh(self, name: str, template: str) -> None:
        self.stop_worker()
        self.patiently(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self.patiently(f"CREATE DATABASE {name} TEMPLATE {template}")
        self.name = name

    def patiently(self, statement: str) -> None:
        """Of whole databases: server processes of the app's role, and of autovacuum, may take a moment to be gone."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.sql(statement, "postgres")
                return
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def start_worker(self) -> None:
        command = ["celery", "--app=crm.celery", "--quiet", "worker", "--concurrency=2", "--without-mingle"]
        self.worker = subprocess.Popen(
            [str(PYTHON.parent / command[0]), *command[1:]], cwd=BASE, env=self.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip

    def stop_worker(self) -> None:
        if self.worker is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()

    def kill(self, target: str) -> None:
        """Kill -9 and start again."""
        if target == "worker":
            self.stop_worker()
            self.start_worker()
            return
        server = self.postgres if target == "database" else self.valkey
        process = server.daemon._process
        assert process is not None
        process.kill()
        process.wait()
        server.start()

    def state(self) -> str:
        try:
            found = self.sql("SELECT state FROM nightly_run ORDER BY id DESC LIMIT 1")
        except psycopg.Error:
            return ""
        return str(found[0][0]) if found else ""

    def live(self) -> dict[str, str]:
        return {
            table: str(self.sql(
                f"SELECT md5(string_agg(r::text, chr(10) ORDER BY r::text)) FROM (SELECT {what} FROM {table} t) AS r"
            )[0][0])
            for table, what in LIVE.items()
        }  # fmt: skip


def night(bank: Bank, kill: tuple[str, float] | None) -> float:
    """Run a night; killed, resume it. Returns seconds. Raises TimeoutError when it does not end."""
    bank.start_worker()
    started = time.monotonic()
    command = bank.manage("night", "--workers", "2")
    if kill is not None:
        target, after = kill
        while bank.state() == "" and time.monotonic() - started < 20:
            time.sleep(0.05)
        time.sleep(after)
        bank.kill(target)
    resumed = time.monotonic()
    while bank.state() != "done":
        if time.monotonic() - started > PATIENCE:
            raise TimeoutError(f"the night did not end; it is {bank.state() or 'gone'}")
        if kill is not None and time.monotonic() - resumed > 8:
            bank.manage("night", "--resume").wait()
            resumed = time.monotonic()
        time.sleep(0.2)
    command.terminate()
    command.wait()
    return time.monotonic() - started


def main() -> int:
    """Run the trial; exits 1 where a night ended otherwise."""
    times, customers = ([int(word) for word in sys.argv[1:]] + [20, 4000][len(sys.argv) - 1 :])[:2]
    place = instance("test")
    chance = random.Random(1)
    with alone(place, "the servers of `make test` are in use"):
        bank = Bank(place)
        try:
            return trial(bank, times, customers, chance)
        finally:
            bank.stop_worker()
            bank.valkey.stop()
            bank.postgres.stop()


def trial(bank: Bank, times: int, customers: int, chance: random.Random) -> int:
    bank.patiently("DROP DATABASE IF EXISTS zhike_kill WITH (FORCE)")
    bank.sql("CREATE DATABASE zhike_kill", "postgres")
    for command in (["migrate", "-v0"], ["demo", f"--customers={customers}", "--seed=1"]):
        if bank.manage(*command).wait():
            raise RuntimeError(f"manage.py {command[0]} failed")
    bank.fresh("zhike_kill_run", "zhike_kill")
    peace = night(bank, None)
    expected = bank.live()
    rows = []
    for number in range(times):
        bank.fresh("zhike_kill_run", "zhike_kill")
        target, after = TARGETS[number % 3], chance.uniform(0, peace)
        seconds = night(bank, (target, after))
        same = bank.live() == expected
        rows.append({"killed": target, "after": round(after, 2), "ended after": round(seconds, 2), "same": same})
        print(rows[-1], file=sys.stderr, flush=True)
    path = Path(RESULTS) / f"{date.today().isoformat()}-killed-nights.json"  # noqa: DTZ011 - the day of who ran it
    path.write_text(json.dumps(
        {"customers": customers, "in peace": round(peace, 2), "nights": rows, "machine": machine("")}, indent=1
    ) + "\n")  # fmt: skip
    return 0 if all(row["same"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
