"""The night against its floor: one serial sum over the same transactions, taken in the same run."""

import csv
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psycopg

from benchmarks import second_opinion
from benchmarks.client import measure
from benchmarks.databases import BASE, Environment, manage
from benchmarks.pages import Bank, Effort, page_calls
from benchmarks.report import Row, Spread, at_least_percent, at_most_times

FLOOR = "SELECT customer_id, sum(amount) FROM customers_transaction GROUP BY customer_id"
DAY_SHARE = 65_000 / 200_000  # movements of one day by customer
COMPARED = 2_000  # customers whose features a second engine computes too
IMPORTED = 200_000
DISTURBED = ("customer page", "list, own book", "panel holdings", "panel movements")

Connection = psycopg.Connection[tuple[Any, ...]]


def measure_nights(bank: Bank, env: Environment, effort: Effort) -> tuple[list[Row], dict[str, Any]]:
    """Rows of full and incremental nights, of workers, of the second run, and of pages meanwhile."""
    with psycopg.connect(env["DATABASE_OWNER_URL"], autocommit=True) as connection:
        floors = [_floor(connection) for _time in range(3)]
        floor = median(floors)
        day = _last_day(connection)
        # The first one fills empty tables; what a bank runs later rewrites filled ones.
        first = _night(env, connection, day, "--full")
        connection.execute("VACUUM ANALYZE")
        full = [_night(env, connection, day, "--full") for _time in range(2)]
        alone = _night(env, connection, day, "--full", workers=1)
        days = []
        for offset in (1, 2, 3):
            _add_day(connection, day + timedelta(days=offset))
            days.append(_night(env, connection, day + timedelta(days=offset)))
        again = _night(env, connection, day + timedelta(days=3))
        differing = _second_opinion(connection, day + timedelta(days=3))
        disturbed = _pages_meanwhile(bank, env, effort)
    rows = [
        _against("whole full night", [one["whole"] for one in full], floor, 3.0),
        _against("features, full", [one["features"] for one in full], floor, 1.8),
        _against("whole incremental night", [one["whole"] for one in days], floor, 1.0),
        _against("features, incremental", [one["features"] for one in days], floor, 0.6),
        at_most_times("night, 2 workers / 1 worker", median([one["whole"] for one in full]) / alone["whole"], 0.6),
        _none("second run of the same night: rows written", again["written"]),
        _none("features that another engine computes otherwise", differing),
        *disturbed,
    ]
    facts = {
        "floor_seconds": floors, "first": first, "full": full, "one_worker": alone, "incremental": days,
        "second_run": again, "transactions": _count(env),
    }  # fmt: skip
    return rows, {"nights": facts}


def _against(title: str, seconds: list[float], floor: float, limit: float) -> Row:
    ratios = [value / floor for value in seconds]
    return at_most_times(f"{title} / floor", median(ratios), limit, Spread.of(ratios))


def _none(title: str, count: int) -> Row:
    return Row(title, str(count), "0", count == 0, count)


def _floor(connection: Connection) -> float:
    """Seconds the server needs for the sum, one process, nothing sent."""
    connection.execute("SET max_parallel_workers_per_gather = 0")
    connection.execute("SET work_mem = '256MB'")
    plan = connection.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {FLOOR}".encode()).fetchone()
    assert plan is not None
    found = plan[0] if isinstance(plan[0], list) else json.loads(plan[0])
    return float(found[0]["Execution Time"]) / 1000


def _last_day(connection: Connection) -> date:
    row = connection.execute("SELECT max(booked_on) FROM customers_transaction").fetchone()
    assert row is not None
    found: date = row[0]
    return found


def _night(env: Environment, connection: Connection, day: date, *options: str, workers: int = 2) -> dict[str, Any]:
    """Seconds of a night as it noted them itself, and the rows it wrote. The bank lives on `day`."""
    manage({**env, "BANK_DAY": day.isoformat()}, "night", "--here", f"--workers={workers}", f"--date={day}", *options)
    row = connection.execute(
        "SELECT id, extract(epoch FROM finished_at - started_at)::float, counts, why_full FROM nightly_run"
        " ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert row is not None
    steps: dict[str, float] = dict(connection.execute(
        "SELECT name, extract(epoch FROM finished_at - started_at)::float FROM nightly_step WHERE run_id = %s", [row[0]]
    ).fetchall())  # fmt: skip
    counts = row[2] if isinstance(row[2], dict) else json.loads(row[2])
    return {
        "whole": row[1], "features": steps["months"] + steps["features"], "steps": steps,
        "written": sum(counts.values()), "full": row[3],
    }  # fmt: skip


_MOVEMENTS = """
INSERT INTO customers_transaction (account_id, customer_id, booked_on, reference, amount, currency, base_amount,
    category, channel, counterparty, counterparty_tail, counterparty_bank, country, own)
SELECT a.id, a.customer_id, %(day)s, 'X' || n.n, -(500 + mod(a.id * 7919, 90000)), 'CNY',
    -(500 + mod(a.id * 7919, 90000)), CASE mod(a.id, 3) WHEN 0 THEN 'card' ELSE 'transfer' END, 'mobile', '', '', '',
    '', false
FROM customers_account a CROSS JOIN generate_series(1, 2) AS n (n)
WHERE a.family = 'current' AND mod(hashint8(a.id + %(salt)s) & 1048575, 1000) < %(share)s * 500
"""
_BALANCES = """
INSERT INTO customers_balance (account_id, customer_id, day, amount, base_amount, change)
SELECT t.account_id, t.customer_id, %(day)s, b.amount + t.moved, b.base_amount + t.moved, t.moved
FROM (SELECT account_id, customer_id, sum(amount)::bigint AS moved FROM customers_transaction WHERE booked_on = %(day)s
      GROUP BY account_id, customer_id) AS t
CROSS JOIN LATERAL (SELECT * FROM customers_balance b WHERE b.account_id = t.account_id AND b.day < %(day)s
                    ORDER BY b.day DESC LIMIT 1) AS b
"""
_CHANGED = """
INSERT INTO customers_changedday (customer_id, day)
SELECT DISTINCT customer_id, booked_on FROM customers_transaction WHERE booked_on = %(day)s
"""


def _add_day(connection: Connection, day: date) -> None:
    """One more day of movements, as an import leaves them."""
    given = {"day": day, "salt": day.toordinal(), "share": DAY_SHARE}
    connection.execute("SELECT customers_create_months(%(day)s, %(day)s)", given)
    for statement in (_MOVEMENTS, _BALANCES, _CHANGED):
        connection.execute(statement.encode(), given)


def _second_opinion(connection: Connection, day: date) -> int:
    """How many of the features of COMPARED customers DuckDB computes otherwise."""
    row = connection.execute("SELECT min(id) FROM customers_customer").fetchone()
    assert row is not None
    first, last = row[0], row[0] + COMPARED - 1
    ours = second_opinion.published(connection, first, last)
    theirs = second_opinion.features(connection, day, first, last)
    return sum(
        mine != other
        for customer in ours.keys() | theirs.keys()
        for mine, other in zip(ours.get(customer, ()), theirs.get(customer, ()), strict=True)
    )


def _pages_meanwhile(bank: Bank, env: Environment, effort: Effort) -> list[Row]:
    """Pages while a night runs, as multiples of the same pages without it."""
    calls = {name: (bank.port, found) for name, found in page_calls(bank.sample).items() if name in DISTURBED}
    quiet = measure(calls, rounds=effort.rounds, a_round=effort.a_round)
    busy = _while_a_night_runs(env, lambda: measure(calls, rounds=effort.rounds, a_round=effort.a_round))
    rows = []
    for name in calls:
        before, during = (Spread.of([one for taken in times[name] for one in taken]) for times in (quiet, busy))
        rows.append(at_most_times(f"{name}: p50 during a night / without", during.p50 / before.p50, 2.0))
    return rows


def _while_a_night_runs(env: Environment, job: Callable[[], Any]) -> Any:
    """The result of `job` while full nights run one after the other."""
    over = threading.Event()

    def nights() -> None:
        while not over.is_set():
            manage(env, "night", "--here", "--full", "--workers=2")

    thread = threading.Thread(target=nights)
    thread.start()
    try:
        return job()
    finally:
        over.set()
        thread.join()


def _count(env: Environment) -> int:
    with psycopg.connect(env["DATABASE_OWNER_URL"]) as connection:
        row = connection.execute("SELECT count(*) FROM customers_transaction").fetchone()
    assert row is not None
    return int(row[0])


def measure_transactions(env: Environment, rows: int = IMPORTED) -> tuple[list[Row], dict[str, Any]]:
    """`manage.py import transactions` against COPY of the same rows into a table with the same two indexes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "transactions.csv"
        with psycopg.connect(env["DATABASE_OWNER_URL"], autocommit=True) as connection:
            _write(connection, path, rows)
            raw = [_raw_copy(connection, path) for _time in range(3)]
        started = perf_counter()
        subprocess.run(
            [sys.executable, "manage.py", "import", "transactions", str(path)], cwd=BASE, env=env, check=True,
            stdout=sys.stderr,
        )  # fmt: skip
        taken = perf_counter() - started
    facts = {
        "rows": rows,
        "import_rows_per_second": round(rows / taken),
        "copy_rows_per_second": round(rows / min(raw)),
    }
    return [at_least_percent("transactions: validated import / raw COPY", [one / taken for one in raw], 10)], {
        "transactions": facts
    }


def _write(connection: Connection, path: Path, rows: int) -> None:
    accounts = connection.execute(
        "SELECT number FROM customers_account WHERE family = 'current' ORDER BY id LIMIT 20000"
    ).fetchall()
    first = date(2024, 12, 1)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["account", "booked_on", "reference", "amount", "category", "channel", "counterparty"])
        for n in range(rows):
            day = first + timedelta(days=n * 7919 % 700)
            writer.writerow([
                accounts[n % len(accounts)][0], day.isoformat(), f"I{n}", f"-{n % 900 + 1}.50", "card", "pos", "商户",
            ])  # fmt: skip


def _raw_copy(connection: Connection, path: Path) -> float:
    connection.execute("DROP TABLE IF EXISTS bench_raw")
    connection.execute(
        "CREATE TABLE bench_raw (account text, booked_on date, reference text, amount numeric, category text,"
        " channel text, counterparty text, PRIMARY KEY (account, booked_on, reference))"
    )
    connection.execute("CREATE INDEX ON bench_raw (account, booked_on)")
    started = perf_counter()
    with path.open("rb") as file, connection.cursor().copy("COPY bench_raw FROM STDIN (FORMAT csv, HEADER)") as copy:
        while block := file.read(1 << 20):
            copy.write(block)
    return perf_counter() - started
