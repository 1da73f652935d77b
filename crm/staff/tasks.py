"""Housekeeping for people."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def clear_expired_sessions() -> None:
    """Delete sessions past their end; each is a row with a person's id in it."""
    call_command("clearsessions")
