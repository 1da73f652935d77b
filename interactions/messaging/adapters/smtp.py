"""E-mail by the bank's server (EMAIL_URL). It knows no keys: what is in doubt stays so until a person decides."""

import smtplib
from email.utils import parseaddr
from uuid import UUID

from django.core.mail import EmailMessage, get_connection

from interactions.messaging.adapters.way import LONGEST, Answer, Outcome, Outgoing

_FOR_EVER = 500  # from here on a server's code says that trying again is of no use


class Smtp:
    """sender: the address of From."""

    can_tell = False

    def __init__(self, sender: str) -> None:
        self.sender = sender

    def send(self, outgoing: Outgoing) -> Answer:
        connection = get_connection(timeout=LONGEST)
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            return Answer(Outcome.NOT_ACCEPTED, type(error).__name__)  # nothing of the message has left
        try:
            connection.send_messages([self._mail(outgoing)])
        except smtplib.SMTPRecipientsRefused as error:
            return _said(max((code for code, _text in error.recipients.values()), default=550))
        except smtplib.SMTPResponseException as error:  # the server answered: it has not taken it on
            return _said(error.smtp_code)
        except (OSError, smtplib.SMTPException) as error:
            return Answer(Outcome.IN_DOUBT, type(error).__name__)
        finally:
            _close(connection)
        return Answer(Outcome.ACCEPTED)

    def ask(self, key: UUID) -> Answer:
        return Answer(Outcome.IN_DOUBT, "a mail server tells nothing")

    def _mail(self, outgoing: Outgoing) -> EmailMessage:
        domain = parseaddr(self.sender)[1].rpartition("@")[2] or "localhost"
        headers = {"Message-ID": f"<{outgoing.key}@{domain}>", "Auto-Submitted": "auto-generated"}
        return EmailMessage(outgoing.subject, outgoing.text, self.sender, [outgoing.to], headers=headers)


def _said(code: int) -> Answer:
    return Answer(Outcome.REFUSED if code >= _FOR_EVER else Outcome.NOT_ACCEPTED, f"SMTP {code}")


def _close(connection: object) -> None:
    """What was taken on stays so, even where saying good-bye fails."""
    try:
        connection.close()  # type: ignore[attr-defined]
    except (OSError, smtplib.SMTPException):
        return
