"""What a night staged: gone when it is over, and before that what is of customers who were set aside."""

from typing import Any

from django.db.backends.utils import CursorWrapper

from crm.lib.night import Night


def clear(cursor: CursorWrapper) -> None:
    """Empty the staging tables of customers."""
    cursor.execute("SELECT customers_clear_staging(), customers_clear_portraits()")


def leave_aside(cursor: CursorWrapper, night: Night) -> None:
    """Publish nothing of the customers who were set aside, and keep what changed about them for the next night.

    A full night answers for more than the changes it was told of: all days of these customers are still to be done.
    """
    given: dict[str, Any] = {"run": night.run, "day": night.day, "aside": list(night.aside)}
    for table in ("stagedfeatures", "stagedmembership", "stagedfinding", "stagedchange", "stagedportrait"):
        cursor.execute(f"DELETE FROM customers_{table} WHERE run = %(run)s AND customer_id = ANY (%(aside)s)", given)
    if night.full:
        cursor.execute(_ALL_DAYS, given)


_ALL_DAYS = """
INSERT INTO customers_changedday (customer_id, day)
SELECT customer_id, day FROM (
    SELECT customer_id, booked_on AS day FROM customers_transaction WHERE customer_id = ANY (%(aside)s)
    UNION SELECT customer_id, day FROM customers_balance WHERE customer_id = ANY (%(aside)s)
    UNION SELECT customer_id, month FROM customers_customermonth WHERE customer_id = ANY (%(aside)s)
) AS known
WHERE day <= %(day)s
EXCEPT SELECT customer_id, day FROM customers_changedday WHERE customer_id = ANY (%(aside)s)
"""
