"""What the kinds about money share: amounts in cells, accounts and rates in SQL, balances and the days that changed."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy as _

from crm.lib.dates import bank_day
from crm.lib.money import WHOLE
from customers.importing.dates import parse_date
from customers.importing.sql import Rule

FURTHEST = 31  # days after today that a booking may be dated: banks send forward-dated ones
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def amount(text: str) -> str:
    """A decimal amount as text with a point: `1,234.56`, `1 234,56`, `¥100`, and `(100.00)`, `-100`, `100-` below 0."""
    plain = text.translate(str.maketrans("（），．－", "(),.-")).replace("\u00a0", "").replace(" ", "").lstrip("¥￥")
    negative = plain.startswith("-") or plain.endswith("-") or (plain.startswith("(") and plain.endswith(")"))
    digits = plain.strip("()").strip("+-").lstrip("¥￥")
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma > point and len(digits) - comma - 1 != 3:
        digits = digits.replace(".", "").replace(",", ".")
    digits = digits.replace(",", "")
    if not _NUMBER.fullmatch(digits):
        raise ValidationError(_("“%(value)s” is no amount."), params={"value": text[:40]})
    return f"-{digits}" if negative else digits


def positive_amount(text: str) -> str:
    """An amount that is not below 0."""
    value = amount(text)
    if value.startswith("-"):
        raise ValidationError(_("“%(value)s” is below 0."), params={"value": text[:40]})
    return value


def rate(text: str) -> str:
    """A yearly rate in percent, with or without the sign: `3.25`, `3.25%`."""
    value = amount(text.rstrip("%％"))
    try:
        if abs(Decimal(value)) < 1000:
            return value
    except InvalidOperation:
        pass
    raise ValidationError(_("“%(value)s” is no rate in percent."), params={"value": text[:40]})


def currency(text: str) -> str:
    """An ISO 4217 code; 人民币 and RMB are CNY."""
    code = {"人民币": "CNY", "RMB": "CNY"}.get(text.strip().upper(), text.strip().upper())
    if not _CURRENCY.fullmatch(code):
        raise ValidationError(_("“%(value)s” is no currency code."), params={"value": text[:40]})
    return code


def booking_day(text: str) -> str:
    """A date, not further ahead than banks date bookings. A bank of the past may hold its future."""
    day = parse_date(text)
    ahead = (day - bank_day()).days
    if ahead > FURTHEST and not settings.BANK_DAY:
        raise ValidationError(_("%(day)s lies in the future."), params={"day": day.isoformat()})
    if not 1900 <= day.year < 2200:
        raise ValidationError(_("%(day)s lies too far in the past."), params={"day": day.isoformat()})
    return day.isoformat()


def any_day(text: str) -> str:
    """A date, past or to come."""
    return parse_date(text).isoformat()


_WHOLE_LIST = ", ".join(f"'{code}'" for code in sorted(WHOLE))


def minor(column: str, code: str) -> str:
    """SQL: the decimal `column` in minor units of the currency `code`, as numeric."""
    return f"({column} * CASE WHEN {code} IN ({_WHOLE_LIST}) THEN 1 ELSE 100 END)"


def amount_rules(column: str, code: str) -> tuple[Rule, ...]:
    """Amounts that `code` or the database cannot hold."""
    value = minor(f"t.{column}", code)
    return (
        Rule(f"{value} <> trunc({value})", _("{value} has more digits than its currency."), column, f"t.{column}"),
        Rule(f"abs({value}) >= 1e17", _("{value} is too large."), column, f"t.{column}"),
    )


# `a`: the account of the row; `x`: what one unit of the row's currency is worth, in minor units of either.
ACCOUNT = "LEFT JOIN customers_account a ON a.number = t.account"
ACCOUNT_RULES = (
    Rule("t.account IS NOT NULL AND a.id IS NULL", _("there is no account “{value}”."), "account", "t.account"),
    Rule(
        "a.id IS NOT NULL AND a.customer_id IS NULL",
        _("the account has no owner yet: import account-parties first."),
        "account",
    ),
)


def base_rate(code: str, day: str) -> str:
    """SQL: a lateral join `x` with the rate from `code` to BASE_CURRENCY on `day`; NULL where none is known."""
    base = settings.BASE_CURRENCY
    return f"""
    LEFT JOIN LATERAL (
        SELECT CASE WHEN {code} = '{base}' THEN 1 ELSE (
            SELECT rate FROM customers_exchangerate r WHERE r.currency = {code} AND r.day <= {day}
            ORDER BY r.day DESC LIMIT 1) END AS rate
    ) x ON true"""  # noqa: S608 (constants of the code and settings)


def base_amount(column: str, code: str) -> str:
    """SQL: the decimal `column` of currency `code` in minor units of BASE_CURRENCY, by the rate `x`."""
    return f"round({minor(column, repr(settings.BASE_CURRENCY))} * x.rate)::bigint"


def rate_rule(target: str, code: str) -> Rule:
    """Rejects what cannot be converted."""
    return Rule(
        f"{code} IS NOT NULL AND x.rate IS NULL",
        _("there is no rate of exchange for {value} up to that day: the admin can add one."),
        target,
        code,
    )


def create_months(cursor: CursorWrapper, days: str) -> None:
    """Make sure of the partitions for the `days` (SQL: a table with a column day)."""
    cursor.execute(
        f"SELECT customers_create_months(min(day), max(day)) FROM {days} HAVING count(*) > 0"  # noqa: S608 (own names)
    )


def write_balances(cursor: CursorWrapper) -> None:
    """Write the rows of the temporary table `held` (account_id, customer_id, day, amount, base_amount) that differ.

    Each row's change is kept against the row before it, and so that of the row after it; the days on which a change is
    another one than before are noted for the night.
    """
    create_months(cursor, "held")
    cursor.execute(_NEW_BALANCES)
    cursor.execute(_AFFECTED)
    cursor.execute(_CHANGES)


_NEW_BALANCES = """
INSERT INTO customers_balance (account_id, customer_id, day, amount, base_amount, change)
SELECT h.account_id, h.customer_id, h.day, h.amount, h.base_amount, 0 FROM held h
LEFT JOIN customers_balance b ON b.account_id = h.account_id AND b.day = h.day
WHERE b.account_id IS NULL OR (b.amount, b.base_amount) IS DISTINCT FROM (h.amount, h.base_amount)
ON CONFLICT (account_id, day) DO UPDATE SET amount = excluded.amount, base_amount = excluded.base_amount
"""
# The rows written and the next one of each, with the change they ought to have.
_AFFECTED = """
DROP TABLE IF EXISTS pg_temp.affected;
CREATE TEMP TABLE affected ON COMMIT DROP AS
SELECT DISTINCT b.account_id, b.customer_id, b.day, b.change AS known,
       b.base_amount - coalesce((
           SELECT p.base_amount FROM customers_balance p WHERE p.account_id = b.account_id AND p.day < b.day
           ORDER BY p.day DESC LIMIT 1), 0) AS change
FROM held h
CROSS JOIN LATERAL (
    (SELECT * FROM customers_balance b WHERE b.account_id = h.account_id AND b.day = h.day)
    UNION ALL
    (SELECT * FROM customers_balance b WHERE b.account_id = h.account_id AND b.day > h.day ORDER BY b.day LIMIT 1)
) b
"""
_CHANGES = """
WITH corrected AS (
    UPDATE customers_balance b SET change = f.change FROM affected f
    WHERE b.account_id = f.account_id AND b.day = f.day AND f.change <> f.known
    RETURNING b.customer_id, b.day
)
INSERT INTO customers_changedday (customer_id, day) SELECT DISTINCT customer_id, day FROM corrected
"""


def everybody_changed(cursor: CursorWrapper) -> None:
    """Let the next night compute everything anew."""
    cursor.execute("INSERT INTO customers_changedday (customer_id, day) VALUES (NULL, %s)", [bank_day()])


def move_histories(cursor: CursorWrapper) -> None:
    """Bring what hangs on the accounts of the temporary table `moved` (account_id, customer_id) to their new owner.

    An account of a person does not change hands: another owner is a correction, and the history was theirs.
    """
    cursor.execute("SELECT count(*) FROM moved")
    if cursor.fetchone()[0] == 0:
        return
    rows = 0
    for table in ("transaction", "balance", "standingorder", "holding", "loan"):
        cursor.execute(
            f"UPDATE customers_{table} h SET customer_id = m.customer_id FROM moved m"  # noqa: S608 (own names)
            " WHERE h.account_id = m.account_id AND h.customer_id <> m.customer_id"
        )
        rows += cursor.rowcount
    if rows:
        everybody_changed(cursor)


def execute(cursor: CursorWrapper, statement: str, parameters: dict[str, Any] | None = None) -> int:
    """Run `statement`; returns the rows it wrote."""
    cursor.execute(statement, parameters or {})
    return int(cursor.rowcount)
