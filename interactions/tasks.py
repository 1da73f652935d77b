"""What Celery runs here."""

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from interactions.messaging.sending import work_off
from interactions.night.cadence import make_cadence_reminders

log = logging.getLogger("zhike.messages")


@shared_task
def cadence_reminders() -> None:
    """After an import of customers: who is new has a manager's attention the same day."""
    make_cadence_reminders()


@shared_task
def send_messages() -> None:
    """Work until no message is left that is due. Any number of these may run; each message is claimed by one."""
    work_off(timezone.now)


def send_soon() -> None:
    """Ask for a worker now; without a broker beat does within a minute."""
    try:
        send_messages.apply_async(retry=False)
    except OperationalError as error:
        log.warning("no broker, messages wait: %s", error)
