"""A validated import against a raw COPY of the same rows into a table with two indexes."""

import csv
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import psycopg
from stdnum.cn import ric

from benchmarks.databases import Environment, manage
from benchmarks.report import Row, at_least_percent

REACH_PERCENT = 10
TITLE = "validated import / raw COPY"
HEADER = (
    "number", "name", "gender", "birth_date", "id_number", "phone", "email", "address", "district", "occupation",
    "branch", "since",
)  # fmt: skip
NAMES = ("张伟明", "李静", "王秀英", "刘洋", "陈宇航", "杨丽", "赵国强", "黄婷", "周明", "吴敏")


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    for n in range(count):
        female = n % 2
        born = f"{1950 + n % 55}-{1 + n % 12:02}-{1 + n % 28:02}"
        first_17 = f"310104{born.replace('-', '')}{n // 4620 % 100:02}{1 - female}"
        yield (
            f"7{n:011}", NAMES[n % len(NAMES)], "female" if female else "male", born,
            first_17 + ric.calc_check_digit(f"{first_17}0"), f"139{n:08}", f"c{n}@example.com", f"解放路{n}号",
            "徐汇区", "会计", "0101", "2015-06-01",
        )  # fmt: skip


def _write(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_rows(count))


def _raw_copy(url: str, path: Path) -> float:
    """Seconds for COPY of the file into an empty table of text columns with two indexes."""
    columns = ", ".join(f"{name} text" for name in HEADER)
    with psycopg.connect(url, autocommit=True) as connection, path.open("rb") as file:
        connection.execute("DROP TABLE IF EXISTS bench_raw")
        connection.execute(f"CREATE TABLE bench_raw ({columns})".encode())
        connection.execute("CREATE UNIQUE INDEX ON bench_raw (number)")
        connection.execute("CREATE INDEX ON bench_raw (phone)")
        started = perf_counter()
        with connection.cursor().copy("COPY bench_raw FROM STDIN (FORMAT csv, HEADER)") as copy:
            while block := file.read(1 << 20):
                copy.write(block)
        return perf_counter() - started


def measure_import(env: Environment, rows: int) -> tuple[list[Row], dict[str, object]]:
    """The row of `manage.py import customers` (the start of Python included) against raw COPY, rows per second.

    An import that fails is a miss of its own line; the other figures of the run stand."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.csv"
        _write(path, rows)
        raw = [_raw_copy(env["DATABASE_OWNER_URL"], path) for _time in range(5)]
        started = perf_counter()
        try:
            manage(env, "import", "customers", str(path))
        except subprocess.CalledProcessError:
            return [Row(TITLE, "failed", f"≥ {REACH_PERCENT}%", ok=False, value=0)], {"import": "failed"}
        taken = perf_counter() - started
    facts = {
        "rows": rows,
        "import_rows_per_second": round(rows / taken),
        "copy_rows_per_second": round(rows / min(raw)),
    }
    return [at_least_percent(TITLE, [one / taken for one in raw], REACH_PERCENT)], {"import": facts}
