"""What every way of sending has in common: what goes out, and what can come of it."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Outgoing:
    """A message as it leaves. to: the phone number (E.164) or e-mail address; "" where the way knows the customer by
    number. purpose: a value of Kind."""

    key: UUID
    channel: str
    to: str
    customer: str
    subject: str
    text: str
    language: str
    purpose: str


class Outcome(Enum):
    """What is known after a request.

    ACCEPTED: taken on, whatever becomes of it. DELIVERED: taken on, and with the customer.
    NOT_ACCEPTED: certainly not taken on; trying again may help. REFUSED: certainly not taken on, and never will be.
    IN_DOUBT: the request was begun and may have been taken on.
    """

    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    NOT_ACCEPTED = "not_accepted"
    REFUSED = "refused"
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True)
class Answer:
    """detail: for people who look for a fault; it names neither the customer nor the text."""

    outcome: Outcome
    detail: str = ""
    provider_id: str = ""


class Adapter(Protocol):
    """One way of sending. can_tell: it knows messages by key, so that `ask` tells what became of one, and taking the
    same key a second time sends nothing twice."""

    can_tell: bool

    def send(self, outgoing: Outgoing) -> Answer:
        """Send once; never raises for what happens on the line. Takes at most LONGEST seconds."""
        ...

    def ask(self, key: UUID) -> Answer:
        """What became of the message `key`; NOT_ACCEPTED where the way does not know it, IN_DOUBT without an answer."""
        ...


LONGEST = 20.0  # seconds for one request: less than the lease of a message
