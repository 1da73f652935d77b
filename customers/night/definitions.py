"""The definitions of months and features: SQL files, put together, with the dates of one bank day as parameters.

In the files `:name` is a parameter. They avoid what only Postgres knows (casts by `::`, differences of dates, LATERAL),
so that the same text, transpiled, runs on another engine.
"""

import calendar
import hashlib
import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from crm.lib.dates import month_of, months_before

FOLDER = Path(__file__).parent / "sql"
FAMILIES = ("assets", "movements", "products", "debts", "risk", "kin", "tiers")
# Families of months that are still needed after a year and a half: see movements.sql.
MONTHS_BACK = 13
AVERAGED_MONTHS = 6
_SUM = re.compile(r"\bsum\(")
_PARAMETER = re.compile(r"(?<![:\w]):([a-z]\w*)")

# Where months.sql reads from: daily is the account one lives from, in contrast to savings accounts; days_left counts
# the days of the month from a balance's day on. A condition that always holds would cost a tenth of the scan.
_NO_ASSETS = "b.account_id NOT IN (SELECT id FROM customers_account WHERE family IN ('card', 'loan'))"
# The same asked row by row: what reads few rows of each partition would else set up that list once a partition, which
# makes a scan of all balances look cheaper than the index (200k customers: minutes instead of a second).
NO_ASSETS_OF_FEW = """NOT EXISTS (SELECT FROM customers_account AS a
            WHERE a.id = b.account_id AND a.family IN ('card', 'loan'))"""
_DAILY = """CASE WHEN t.category = 'saving'
            THEN t.account_id NOT IN (SELECT id FROM customers_account WHERE family <> 'current') END AS daily"""
_MOVE_COLUMNS = """t.customer_id, t.base_amount, t.own, t.category, t.channel, t.counterparty_bank, t.country,
            t.booked_at, t.booked_on"""
_ONE_MONTH = {
    "movements": f"""(
        SELECT CAST(:month AS date) AS month, {_MOVE_COLUMNS}, {_DAILY}
        FROM customers_transaction AS t
        WHERE t.booked_on >= :month AND t.booked_on < :month_end{{range_of_t}})""",
    "balances": f"""(
        SELECT CAST(:month AS date) AS month, b.customer_id, b.change,
            :days_in_month + 1 - CAST(date_part('day', b.day) AS integer) AS days_left
        FROM customers_balance AS b
        WHERE b.day >= :month AND b.day < :month_end AND {_NO_ASSETS}{{range_of_b}})""",
}
_CHANGED_MONTHS = {
    "movements": f"""(
        SELECT w.month, {_MOVE_COLUMNS}, {_DAILY}
        FROM wanted AS w JOIN customers_transaction AS t ON t.customer_id = w.customer_id
            AND t.booked_on >= w.month AND t.booked_on < w.month_end)""",
    "balances": f"""(
        SELECT w.month, b.customer_id, b.change,
            w.days_in_month + 1 - CAST(date_part('day', b.day) AS integer) AS days_left
        FROM wanted AS w JOIN customers_balance AS b ON b.customer_id = w.customer_id
            AND b.day >= w.month AND b.day < w.month_end
        WHERE {NO_ASSETS_OF_FEW})""",
}


@cache
def text(name: str) -> str:
    """The SQL of `sql/<name>.sql` without its comments."""
    lines = (FOLDER / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("--")).strip()


def one_month(*, everybody: bool) -> str:
    """The SELECT of the summary of the month from :month to before :month_end, of :days_in_month.

    everybody: else only of the customers from :first to :last.
    """
    limits = {f"range_of_{name}": _range(name, everybody=everybody) for name in ("t", "b")}
    return text("months").format(**{name: source.format(**limits) for name, source in _ONE_MONTH.items()})


def _range(name: str, *, everybody: bool) -> str:
    return "" if everybody else f" AND {name}.customer_id BETWEEN :first AND :last"


def changed_months() -> str:
    """The same of the customers and months in the table `wanted` (customer_id, month, month_end, days_in_month)."""
    return text("months").format(**_CHANGED_MONTHS)


def features() -> str:
    """The SELECT of features over customers from :first to :last, its families as common table expressions.

    Materialised: inlined, each of the long expressions would be worked out anew wherever its name stands.
    """
    families = ",\n".join(f"{name} AS MATERIALIZED (\n{text(name)}\n)" for name in FAMILIES)
    return f"WITH {families}\n{text('features')}"


def parameters(day: date) -> dict[str, date | int]:
    """The dates that the definitions name, for the bank day `day`."""
    this_month = month_of(day)
    found: dict[str, date | int] = {
        "day": day,
        "days_elapsed": day.day,
        "days_to_come": days_in(this_month) - day.day,
        "days_ago_180": day - timedelta(days=180),
    }
    for back in range(MONTHS_BACK + 1):
        month = months_before(this_month, back)
        found[f"month_{back}"] = month
        if 1 <= back <= AVERAGED_MONTHS:
            found[f"days_in_month_{back}"] = days_in(month)
    return found


def days_in(month: date) -> int:
    """How many days the month that begins with `month` has."""
    return calendar.monthrange(month.year, month.month)[1]


def in_postgres(statement: str) -> str:
    """`statement` with its sums of minor units made by customers_total: they stay bigint, where sum() makes numeric.

    Half of a night's sums are over a handful of rows, and making and reading a numeric for each costs more than adding.
    """
    return _SUM.sub("customers_total(", statement)


def bound(statement: str) -> str:
    """`statement` with its `:name` as parameters of psycopg."""
    return _PARAMETER.sub(r"%(\1)s", statement.replace("%", "%%"))


@cache
def fingerprint() -> str:
    """What the definitions are, in 16 characters: a night under other ones computes everything anew."""
    digest = hashlib.sha256()
    for name in ("months", *FAMILIES, "features"):
        digest.update(text(name).encode())
    digest.update((one_month(everybody=True) + changed_months()).encode())
    return digest.hexdigest()[:16]
