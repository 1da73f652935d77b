"""What Celery runs of the pages people work with."""

from celery import shared_task

from crm.workspace import digest


@shared_task(acks_late=True)
def daily_mails() -> int:
    """The mails of the morning. Run again it sends those alone that have not gone out."""
    return digest.send_all()
