"""What a night staged, gone: see customers_clear_staging in migration 0004."""

from django.db.backends.utils import CursorWrapper


def clear(cursor: CursorWrapper) -> None:
    """Empty the staging tables of customers."""
    cursor.execute("SELECT customers_clear_staging()")
