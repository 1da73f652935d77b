"""What a night staged: gone when it is over, and before that what is of customers who were set aside."""

from django.db.backends.utils import CursorWrapper

from crm.lib.night import Night


def clear(cursor: CursorWrapper) -> None:
    """Empty the staging tables of suggestions and of the funnel."""
    cursor.execute("SELECT recommendations_clear_staging()")


def leave_aside(cursor: CursorWrapper, night: Night) -> None:
    """Publish nothing of the customers who were set aside: what they have stays as it is."""
    cursor.execute(
        "DELETE FROM recommendations_stagedsuggestion WHERE run = %s AND customer_id = ANY (%s)",
        [night.run, list(night.aside)],
    )
