"""What Celery runs here."""

from celery import shared_task

from interactions.night.cadence import make_cadence_reminders


@shared_task
def cadence_reminders() -> None:
    """After an import of customers: who is new has a manager's attention the same day."""
    make_cadence_reminders()
