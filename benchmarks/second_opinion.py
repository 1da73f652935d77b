"""A second opinion on the features: the same definitions, transpiled, over the same rows in DuckDB.

What two engines agree on row by row is what the SQL says, and not how one of them reads it. It also shows that a bank
can compute its features where its transactions are.
"""

import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import sqlglot

from customers.night import definitions

Row = tuple[Any, ...]
# Table -> how its rows of some customers are found; None: all of them.
TABLES = {
    "customers_customer": "id",
    "customers_account": "customer_id",
    "customers_transaction": "customer_id",
    "customers_balance": "customer_id",
    "customers_holding": "customer_id",
    "customers_loan": "customer_id",
    "customers_riskassessment": "customer_id",
    "customers_lifeevent": "customer_id",
    "customers_consent": "customer_id",
    "customers_relation": None,
    "customers_loanstate": None,
    "customers_tier": None,
}
# What the definitions read; identifiers stay where they are.
_TYPES = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s AND data_type <> 'bytea'"
_KNOWN = {
    "bigint": "BIGINT", "integer": "INTEGER", "smallint": "SMALLINT", "boolean": "BOOLEAN", "date": "DATE",
    "time without time zone": "TIME",
}  # fmt: skip
# months.sql over all months at once.
_MONTH = "CAST(date_trunc('month', {day}) AS date) AS month"
_SOURCE = {
    "movements": f"""(
        SELECT {_MONTH.format(day="t.booked_on")}, t.customer_id, t.base_amount, t.own, t.category, t.channel,
            t.counterparty_bank, t.country, t.booked_at, t.booked_on,
            t.account_id NOT IN (SELECT id FROM customers_account WHERE family <> 'current') AS daily
        FROM customers_transaction AS t WHERE t.booked_on <= :day)""",
    "balances": f"""(
        SELECT {_MONTH.format(day="b.day")}, b.customer_id, b.change,
            CAST(extract(day FROM last_day(b.day)) - extract(day FROM b.day) + 1 AS integer) AS days_left
        FROM customers_balance AS b
        WHERE b.day <= :day
            AND b.account_id NOT IN (SELECT id FROM customers_account WHERE family IN ('card', 'loan')))""",
}


def features(postgres: psycopg.Connection[Row], day: date, first: int, last: int) -> dict[int, Row]:
    """Customer id -> features in the order of `columns`, as DuckDB has them, of those from `first` to `last`."""
    wanted = columns(postgres)
    with duckdb.connect(":memory:") as duck, tempfile.TemporaryDirectory() as folder:
        for table, key in TABLES.items():
            _copy(postgres, duck, Path(folder), table, key, (first, last))
        given: dict[str, date | int] = {**definitions.parameters(day), "first": first, "last": last}
        months = definitions.text("months").format(**_SOURCE)
        duck.execute(f"CREATE TABLE customers_customermonth AS {_in_duck(months, given)}")
        rows = duck.execute(_in_duck(definitions.features(), given)).fetchall()
        names = [column[0] for column in duck.description or ()]
    return {row[names.index("customer_id")]: _rounded(tuple(row[names.index(name)] for name in wanted)) for row in rows}


def columns(postgres: psycopg.Connection[Row]) -> list[str]:
    """The names of the features."""
    known = postgres.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'customers_features'"
        " AND column_name <> 'customer_id' ORDER BY ordinal_position"
    )
    return [str(name) for (name,) in known.fetchall()]


def published(postgres: psycopg.Connection[Row], first: int, last: int) -> dict[int, Row]:
    """The same as the last night published them."""
    names = ", ".join(columns(postgres))
    rows = postgres.execute(
        f"SELECT customer_id, {names} FROM customers_features WHERE customer_id BETWEEN %s AND %s",
        [first, last],
    ).fetchall()
    return {row[0]: _rounded(row[1:]) for row in rows}


def _copy(
    postgres: psycopg.Connection[Row], duck: duckdb.DuckDBPyConnection, folder: Path, table: str, key: str | None,
    limits: tuple[int, int],
) -> None:  # fmt: skip
    columns: dict[str, str] = dict(postgres.execute(_TYPES, [table]).fetchall())
    where = f" WHERE {key} BETWEEN {limits[0]} AND {limits[1]}" if key else ""
    names = ", ".join(f'"{name}"' for name in columns)
    path = folder / f"{table}.csv"
    with (
        path.open("wb") as file,
        postgres.cursor().copy(f"COPY (SELECT {names} FROM {table}{where}) TO STDOUT (FORMAT csv, NULL '\\N')") as copy,
    ):
        file.writelines(bytes(block) for block in copy)
    types = ", ".join(f"'{name}': '{_KNOWN.get(kind, 'VARCHAR')}'" for name, kind in columns.items())
    duck.execute(
        f"CREATE TABLE {table} AS SELECT * FROM read_csv('{path}', header=false, nullstr='\\N',"
        f" auto_detect=false, delim=',', quote='\"', escape='\"', columns={{{types}}})"
    )


def _in_duck(statement: str, given: dict[str, date | int]) -> str:
    """`statement` with its parameters written out, in DuckDB's dialect."""
    for name in sorted(given, key=len, reverse=True):
        value = given[name]
        statement = statement.replace(f":{name}", f"DATE '{value}'" if isinstance(value, date) else str(value))
    return sqlglot.transpile(statement, read="postgres", write="duckdb")[0]


def _rounded(row: Row) -> Row:
    """Ratios to twelve digits: engines may add doubles up in another order."""
    return tuple(float(f"{value:.12g}") if isinstance(value, float) else value for value in row)
