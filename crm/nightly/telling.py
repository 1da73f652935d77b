"""Telling people of a night that failed or is late: the log, and mail. Neither holds anything of a customer."""

import logging
import smtplib

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from crm.nightly.models import Run

log = logging.getLogger("zhike.night")


def tell_failed(run: Run, error: str) -> None:
    """The run has failed. The server's message may quote a value, so it is not mailed."""
    log.error("the night of %s failed: %s", run.day, error)
    _mail(
        _("The night of %(day)s failed") % {"day": run.day},
        _("Figures stay as they were. The admin shows the error and restarts the night."),
    )


def tell_late(day: object) -> None:
    """The night of `day` is not done although it is due."""
    log.error("the night of %s is late", day)
    _mail(
        _("The night of %(day)s is late") % {"day": day},
        _("It was to be done by %(due)s. Pages show the figures of the day before.") % {"due": settings.NIGHT_DUE},
    )


def _mail(subject: str, body: str) -> None:
    if not settings.NIGHT_MAIL_TO:
        return
    try:
        send_mail(subject, body, None, settings.NIGHT_MAIL_TO)
    except (OSError, smtplib.SMTPException) as error:
        log.error("no mail could be sent: %s", error)
