"""The night's first step: the monthly summary of each customer, for the months about which something changed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib.dates import month_of, months_before
from crm.lib.night import Night, NightPublication, NightStep, Part
from customers.models import CustomerMonth
from customers.night import definitions, rows

COLUMNS = tuple(str(field.column) for field in CustomerMonth._meta.concrete_fields)

# Where the rows of `found` belong: live rows there that were not found any more are gone.
_ONE_MONTH = "live.month = :month AND live.customer_id BETWEEN :first AND :last"
_CHANGED = "EXISTS (SELECT FROM wanted AS w WHERE w.customer_id = live.customer_id AND w.month = live.month)"
_WANTED = """
SELECT customer_id, month, least(CAST(month + INTERVAL '1 month' AS date) - 1, :day) AS month_end
FROM (
    SELECT DISTINCT customer_id, CAST(date_trunc('month', day) AS date) AS month
    FROM customers_stagedchange
    WHERE run = :run AND customer_id BETWEEN :first AND :last
) AS changed
"""
_GONE = """
DELETE FROM customers_customermonth AS live
WHERE {scope} AND NOT EXISTS (SELECT FROM found AS f WHERE f.customer_id = live.customer_id AND f.month = live.month)
"""
# Rows are compared before they are written: an upsert would lock, and so dirty, every row that stays the same.
_WRITE = """
INSERT INTO customers_customermonth ({columns})
SELECT {found_columns} FROM found AS f
LEFT JOIN customers_customermonth AS live ON live.customer_id = f.customer_id AND live.month = f.month
WHERE live.customer_id IS NULL OR {differs}
ORDER BY f.customer_id, f.month
ON CONFLICT (customer_id, month) DO UPDATE SET {assignments}
""".format(
    columns=", ".join(COLUMNS),
    found_columns=", ".join(f"f.{name}" for name in COLUMNS),
    differs=rows.differs(COLUMNS, "f", "live"),
    assignments=", ".join(f"{name} = excluded.{name}" for name in COLUMNS),
)


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
        everybody = Part(ranges[0].first, ranges[-1].last)
        return [Part(everybody.first, everybody.last, month) for month in _months_with_rows(cursor, night.day)]

    def work(self, cursor: CursorWrapper, night: Night, part: Part) -> int:
        given = {"run": night.run, "day": night.day, "first": part.first, "last": part.last}
        if part.month is not None:
            given |= {"month": part.month, "next_month": months_before(part.month, -1)}
            _keep(cursor, "found", definitions.months(definitions.ONE_MONTH), given)
            return _write(cursor, _ONE_MONTH, given)
        _keep(cursor, "wanted", _WANTED, given)
        # A day's changes are few beside the customers: by index, not by reading every partition.
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        _keep(cursor, "found", definitions.months(definitions.CHANGED_MONTHS), given)
        cursor.execute("SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on")
        return _write(cursor, _CHANGED, given)


def _keep(cursor: CursorWrapper, name: str, select: str, given: Mapping[str, Any]) -> None:
    """The rows of `select` as temporary table `name`, analysed: nothing is known to the planner of a bare CTE."""
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name}")
    cursor.execute(definitions.bound(f"CREATE TEMP TABLE {name} ON COMMIT DROP AS {select}"), given)
    cursor.execute(f"ANALYZE {name}")


def _write(cursor: CursorWrapper, scope: str, given: Mapping[str, Any]) -> int:
    """Bring the summary up to `found` within `scope`; returns the rows that were written or taken away."""
    cursor.execute(definitions.bound(_GONE.format(scope=scope)), given)
    count = cursor.rowcount
    cursor.execute(_WRITE)
    return int(count + cursor.rowcount)


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
    """The months up to `day` that have partitions, and those the summary still has rows of."""
    cursor.execute(
        """
        SELECT to_date(right(c.relname, 7), 'YYYY_MM') FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent IN ('customers_transaction'::regclass, 'customers_balance'::regclass)
        UNION SELECT DISTINCT month FROM customers_customermonth
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
