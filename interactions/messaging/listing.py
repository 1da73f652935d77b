"""Messages as people see them: those of one customer, and what waits, failed or is unknown in a person's scope."""

from dataclasses import dataclass

from django.db.models import QuerySet

from crm.staff.models import User
from customers.access import visible_to
from customers.models import Customer
from interactions.messaging.asking import moment_words
from interactions.messaging.words import why
from interactions.models import Message, MessageState

PAGE_SIZE = 30
OF_CUSTOMER = 8
TABS: dict[str, tuple[MessageState, ...]] = {
    "unknown": (MessageState.UNKNOWN,),
    "failed": (MessageState.FAILED,),
    "waiting": (MessageState.QUEUED, MessageState.HELD, MessageState.SENDING),
}
_COUNT_CAP = 99


@dataclass(frozen=True)
class Row:
    """why: why it waits or failed; next: the moment a worker looks at it again, in words; acts: what can be done."""

    message: Message
    why: str
    next: str
    acts: tuple[str, ...]


def of_customer(customer: Customer) -> list[Row]:
    """The newest messages to `customer`, without drafts; one query."""
    found = Message.objects.filter(customer=customer).exclude(state=MessageState.DRAFT)
    return [
        _row(one) for one in found.select_related("version__template", "by", "customer").order_by("-pk")[:OF_CUSTOMER]
    ]


def in_scope(user: User, tab: str, after: int | None) -> tuple[list[Row], int | None]:
    """A page of the messages of TABS[tab] to customers whom `user` sees, newest first, and where the next begins."""
    found = _of(user, tab).select_related("version__template", "by", "customer").order_by("-pk")
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE_SIZE + 1])
    return [_row(one) for one in rows[:PAGE_SIZE]], rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None


def counts(user: User) -> dict[str, str]:
    """How many there are in each tab, no further counted than 99."""
    found = {tab: _of(user, tab)[: _COUNT_CAP + 1].count() for tab in TABS}
    return {tab: f"{_COUNT_CAP}+" if count > _COUNT_CAP else str(count) for tab, count in found.items()}


def _of(user: User, tab: str) -> QuerySet[Message]:
    return Message.objects.filter(state__in=TABS[tab], customer__in=visible_to(user))


def _row(message: Message) -> Row:
    waits = message.state in TABS["waiting"] and message.due_at is not None
    return Row(message, why(message), moment_words(message.due_at) if waits and message.due_at else "", _acts(message))


def _acts(message: Message) -> tuple[str, ...]:
    if message.state == MessageState.UNKNOWN:
        return ("arrived", "again", "drop")
    if message.state == MessageState.FAILED:
        return ("again", "drop")
    if message.state == MessageState.HELD and message.by_hand:
        return ("by_hand", "cancel")
    return ("cancel",) if message.state in (MessageState.QUEUED, MessageState.HELD) else ()
