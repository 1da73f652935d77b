"""Messages of a customer for the timeline: what was sent stands there as a contact already; these are the others."""

from dataclasses import dataclass
from datetime import datetime

from customers.models import Customer
from interactions.messaging.words import why
from interactions.models import Message, MessageState

# Sent and delivered ones are interactions (Interaction.message leads back); drafts are nobody's business yet.
SHOWN = (
    MessageState.QUEUED, MessageState.HELD, MessageState.SENDING, MessageState.FAILED, MessageState.UNKNOWN,
    MessageState.CANCELLED,
)  # fmt: skip


@dataclass(frozen=True)
class MessageEntry:
    """at: when it was written. state: in words; why: why it waits or failed, "" for nothing to say."""

    at: datetime
    pk: int
    channel: str
    state: str
    text: str
    why: str


def entries(customer: Customer, since: datetime, until: datetime, most: int = 100) -> list[MessageEntry]:
    """The messages of `customer` written from `since` up to, but not at, `until` that were not sent; newest first."""
    found = Message.objects.filter(customer=customer, state__in=SHOWN, created_at__gte=since, created_at__lt=until)
    return [
        MessageEntry(one.created_at, one.pk, one.channel, one.get_state_display(), one.text, why(one))
        for one in found.order_by("-created_at", "-pk")[:most]
    ]
