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
FAMILIES = ("assets", "movements", "products", "debts", "risk", "tiers")
# Families of months that are still needed after a year and a half: see movements.sql.
MONTHS_BACK = 13
AVERAGED_MONTHS = 6
_PARAMETER = re.compile(r"(?<![:\w]):([a-z]\w*)")

# Where months.sql reads from. daily: the account one lives from, in contrast to savings accounts.
_DAYS_LEFT = """
        CAST(extract(day FROM (date_trunc('month', b.day) + INTERVAL '1 month' - INTERVAL '1 day')) AS integer)
            - CAST(extract(day FROM b.day) AS integer) + 1"""
_NO_ASSETS = "b.account_id NOT IN (SELECT id FROM customers_account WHERE family IN ('card', 'loan'))"
_DAILY = "t.account_id NOT IN (SELECT id FROM customers_account WHERE family <> 'current')"
_MOVE_COLUMNS = """t.customer_id, t.base_amount, t.own, t.category, t.channel, t.counterparty_bank, t.country,
        t.booked_at, t.booked_on"""
ONE_MONTH = {
    "movements": f"""(
        SELECT CAST(:month AS date) AS month, {_MOVE_COLUMNS},
            CASE WHEN t.category = 'saving' THEN {_DAILY} END AS daily
        FROM customers_transaction AS t
        WHERE t.booked_on >= :month AND t.booked_on < :next_month AND t.booked_on <= :day
            AND t.customer_id BETWEEN :first AND :last)""",
    "balances": f"""(
        SELECT CAST(:month AS date) AS month, b.customer_id, b.change, {_DAYS_LEFT} AS days_left
        FROM customers_balance AS b
        WHERE b.day >= :month AND b.day < :next_month AND b.day <= :day
            AND b.customer_id BETWEEN :first AND :last AND {_NO_ASSETS})""",
}
CHANGED_MONTHS = {
    "movements": f"""(
        SELECT w.month, {_MOVE_COLUMNS}, CASE WHEN t.category = 'saving' THEN {_DAILY} END AS daily
        FROM wanted AS w JOIN customers_transaction AS t ON t.customer_id = w.customer_id
            AND t.booked_on >= w.month AND t.booked_on <= w.month_end)""",
    "balances": f"""(
        SELECT w.month, b.customer_id, b.change, {_DAYS_LEFT} AS days_left
        FROM wanted AS w JOIN customers_balance AS b ON b.customer_id = w.customer_id
            AND b.day >= w.month AND b.day <= w.month_end
        WHERE {_NO_ASSETS})""",
}


@cache
def text(name: str) -> str:
    """The SQL of `sql/<name>.sql` without its comments."""
    lines = (FOLDER / f"{name}.sql").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.lstrip().startswith("--")).strip()


def months(source: dict[str, str]) -> str:
    """The SELECT of the monthly summary over `source` (ONE_MONTH or CHANGED_MONTHS)."""
    return text("months").format(**source)


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
        "days_to_come": _length(this_month) - day.day,
        "days_ago_180": day - timedelta(days=180),
    }
    for back in range(MONTHS_BACK + 1):
        month = months_before(this_month, back)
        found[f"month_{back}"] = month
        if 1 <= back <= AVERAGED_MONTHS:
            found[f"days_in_month_{back}"] = _length(month)
    return found


def _length(month: date) -> int:
    return calendar.monthrange(month.year, month.month)[1]


def bound(statement: str) -> str:
    """`statement` with its `:name` as parameters of psycopg."""
    return _PARAMETER.sub(r"%(\1)s", statement.replace("%", "%%"))


@cache
def fingerprint() -> str:
    """What the definitions are, in 16 characters: a night under other ones computes everything anew."""
    digest = hashlib.sha256()
    for name in ("months", *FAMILIES, "features"):
        digest.update(text(name).encode())
    for source in (ONE_MONTH, CHANGED_MONTHS):
        digest.update("".join(source.values()).encode())
    return digest.hexdigest()[:16]
