"""The night's first step: the monthly summary of each customer, for the months about which something changed."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib.dates import month_of, months_before
from crm.lib.night import Night, NightPublication, NightStep, Part
from customers.models import CustomerMonth
from customers.night import definitions, rows

COLUMNS = tuple(str(field.column) for field in CustomerMonth._meta.concrete_fields)

_WANTED = """
CREATE TEMP TABLE wanted ON COMMIT DROP AS
SELECT customer_id, month, least(CAST(month + INTERVAL '1 month' AS date), CAST(:day AS date) + 1) AS month_end,
    CAST(month + INTERVAL '1 month' AS date) - month AS days_in_month
FROM (
    SELECT DISTINCT customer_id, CAST(date_trunc('month', day) AS date) AS month
    FROM customers_stagedchange
    WHERE run = :run AND customer_id BETWEEN :first AND :last
) AS changed
"""
# Rows are compared before they are written: an upsert would lock, and so dirty, every row that stays the same. A month
# whose last movement was taken back, or came to be dated after the night's day, has no row any more.
_WRITE = """
WITH compared AS MATERIALIZED (
    SELECT {found_columns}, live.customer_id AS live_customer, live.month AS live_month
    FROM ({{found}}) AS f
    FULL JOIN ({{live}}) AS live ON live.customer_id = f.customer_id AND live.month = f.month
    WHERE f.customer_id IS NULL OR live.customer_id IS NULL OR {differs}
), gone AS (
    DELETE FROM customers_customermonth AS m USING compared AS c
    WHERE c.customer_id IS NULL AND m.customer_id = c.live_customer AND m.month = {{month}}
    RETURNING 1
), written AS (
    INSERT INTO customers_customermonth ({columns})
    SELECT {columns} FROM compared WHERE customer_id IS NOT NULL
    ORDER BY customer_id, month
    ON CONFLICT (customer_id, month) DO UPDATE SET {assignments}
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)
""".format(
    columns=", ".join(COLUMNS),
    found_columns=", ".join(f"f.{name}" for name in COLUMNS),
    differs=rows.differs(COLUMNS, "f", "live"),
    assignments=", ".join(f"{name} = excluded.{name}" for name in COLUMNS),
)
_LIVE_OF_ONE_MONTH = """
SELECT * FROM customers_customermonth WHERE month = :month AND customer_id BETWEEN :first AND :last"""
_LIVE_OF_CHANGED = """
SELECT m.* FROM wanted AS w JOIN customers_customermonth AS m ON m.customer_id = w.customer_id AND m.month = w.month"""


class Months(NightStep):
    """Brings CustomerMonth up to the bank day. The rows are sums, worked out anew for a whole month of a customer.

    Full: month by month over all transactions, in the order they lie on disk. Else: for what imports have changed,
    whatever day it is of, so that late bookings and corrections need no care of their own.
    """

    name = "months"
    label = gettext_lazy("Monthly summaries")

    def parts(self, cursor: CursorWrapper, night: Night, ranges: Sequence[Part]) -> list[Part]:
        _take_up_changes(cursor, night)
        if not ranges:
            return []
        if not night.full:
            return list(ranges)
        months = _months_with_rows(cursor, night.day)
        return [Part(ranges[0].first, ranges[-1].last, month, everybody=True) for month in months]

    def work(self, cursor: CursorWrapper, night: Night, part: Part) -> int:
        given: dict[str, Any] = {"run": night.run, "day": night.day, "first": part.first, "last": part.last}
        if part.month is None:
            return _changed_months(cursor, given)
        following = months_before(part.month, -1)
        given |= {
            "month": part.month,
            "month_end": min(following, night.day + timedelta(days=1)),
            "days_in_month": definitions.days_in(part.month),
        }
        found = definitions.one_month(everybody=part.everybody)
        return _write(cursor, found, _LIVE_OF_ONE_MONTH, ":month", given)


def _changed_months(cursor: CursorWrapper, given: dict[str, Any]) -> int:
    cursor.execute("DROP TABLE IF EXISTS pg_temp.wanted")
    cursor.execute(definitions.bound(_WANTED), given)
    # A day's changes are few beside the customers: by index, not by reading every partition.
    cursor.execute("ANALYZE wanted; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
    count = _write(cursor, definitions.changed_months(), _LIVE_OF_CHANGED, "c.live_month", given)
    cursor.execute("SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on")
    return count


def _write(cursor: CursorWrapper, found: str, live: str, month: str, given: dict[str, Any]) -> int:
    statement = _WRITE.format(found=definitions.in_postgres(found), live=live, month=month)
    cursor.execute(definitions.bound(statement), given)
    return int(cursor.fetchone()[0])


def _take_up_changes(cursor: CursorWrapper, night: Night) -> None:
    """Stage the changes up to the night's day; in a full night also those of everybody, which it answers."""
    cursor.execute(
        "INSERT INTO customers_stagedchange (run, changed_id, customer_id, day)"
        " SELECT %(run)s, id, customer_id, day FROM customers_changedday"
        " WHERE day <= %(day)s AND customer_id IS NOT NULL OR customer_id IS NULL AND %(full)s"
        " ON CONFLICT DO NOTHING",
        {"run": night.run, "day": night.day, "full": night.full},
    )


def _months_with_rows(cursor: CursorWrapper, day: date) -> list[date]:
    """The months up to `day` that have partitions."""
    cursor.execute(
        """
        SELECT to_date(right(c.relname, 7), 'YYYY_MM') FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'customers_transaction'::regclass
        ORDER BY 1
        """
    )
    return [month for (month,) in cursor.fetchall() if month <= month_of(day)]


class Changes(NightPublication):
    """Lets go of the changes that this night has answered; what came in meanwhile stays for the next one."""

    name = "changes"

    def publish(self, cursor: CursorWrapper, night: Night) -> int:
        cursor.execute(
            "DELETE FROM customers_changedday c USING customers_stagedchange s"
            " WHERE s.run = %s AND c.id = s.changed_id",
            [night.run],
        )
        return 0


def everybody_changed(cursor: CursorWrapper, day: date) -> str | None:
    """Why the next night has to compute everything anew, where an import says so."""
    cursor.execute("SELECT EXISTS (SELECT FROM customers_changedday WHERE customer_id IS NULL)")
    return _("much was imported at once, or something about all customers changed") if cursor.fetchone()[0] else None


MONTHS = Months()
CHANGES = Changes()
