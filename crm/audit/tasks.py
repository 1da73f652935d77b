"""Keeps the log's month partitions ahead of the calendar."""

from celery import shared_task
from django.db import connection


@shared_task
def create_partitions() -> None:
    """Create the partitions of this and the next three months where they are missing.

    The app's role cannot create tables; the function does it with its owner's rights (migration 0001).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_create_partitions(3)")
