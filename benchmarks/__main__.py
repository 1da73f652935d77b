"""`python -m benchmarks`: every figure is a ratio to a floor taken in the same run, so machines may differ.

BENCH_CUSTOMERS: size of the bank (default 200,000; 1000000 for the large one). BENCH_QUICK=1: 50,000, fewer requests.
Needs the environment of `make bench`: DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL and the secrets. Prints one table;
exits 0 whether or not every figure is reached, since a busy machine is no error.
"""

import os
import sys
from contextlib import ExitStack
from datetime import date

from benchmarks import databases
from benchmarks.importing import measure_import
from benchmarks.nights import measure_nights, measure_transactions
from benchmarks.pages import Bank, Effort, measure_pages, measure_search
from benchmarks.report import RESULTS, machine, table, write_json
from benchmarks.sample import sample
from benchmarks.server import running

SMALL = 10_000


def _tell(step: str) -> None:
    print(step, file=sys.stderr, flush=True)


def _open(stack: ExitStack, customers: int) -> tuple[Bank, databases.Environment]:
    _tell(f"bank of {customers:,}")
    env = stack.enter_context(databases.copy_of(databases.ensure(customers)))
    asked = sample(env)
    return Bank(customers, stack.enter_context(running(env)), asked), env


def _postgres_version() -> str:
    with databases.connect_as_owner() as owner:
        row = owner.execute("SHOW server_version").fetchone()
    return row[0] if row else ""


def main() -> int:
    """Measure, print the table, keep the JSON of a full run."""
    quick = os.environ.get("BENCH_QUICK") == "1"
    customers = int(os.environ.get("BENCH_CUSTOMERS") or (50_000 if quick else 200_000))
    effort = Effort(rounds=5, a_round=8) if quick else Effort(rounds=20, a_round=25)
    with ExitStack() as stack:
        small, _small_env = _open(stack, SMALL)
        bank, env = _open(stack, customers)
        _tell("pages")
        rows, milliseconds = measure_pages(bank, small, effort)
        _tell("search")
        found, searches = measure_search(bank, small, effort)
        _tell("import")
        imported, facts = measure_import(env, 5_000 if quick else 50_000)
        moved, more = measure_transactions(env, 20_000 if quick else 200_000)
        _tell("nights")
        slept, most = measure_nights(bank, env, effort)
    rows += found + imported + moved + slept
    facts |= more | most
    print(table(rows))
    if not quick:
        path = RESULTS / f"{date.today().isoformat()}-{customers}.json"  # noqa: DTZ011 - the day of who ran it
        write_json(path, rows, {
            "date": date.today().isoformat(),  # noqa: DTZ011
            "customers": customers, "against": SMALL, "machine": machine(_postgres_version()),
            "milliseconds": milliseconds | searches, **facts,
        })  # fmt: skip
        _tell(f"details: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
