"""What a customer wishes, compared with what stands: what narrows contact and what widens it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from crm.audit.log import outsider, record
from crm.audit.models import Action
from crm.lib.dates import bank_day
from customers import consent
from customers.consent import Answer
from customers.models import Channel, ConsentPurpose, Customer, Means
from interactions import refusals
from interactions.models import ContactWish, Topic
from interactions.satisfaction.sampling import NO_SURVEYS

# Parts of the day a customer can choose, by key; None: whenever the bank's quiet hours allow.
HOURS: dict[str, tuple[time, time] | None] = {
    "any": None,
    "work": (time(9), time(18)),
    "morning": (time(9), time(12)),
    "afternoon": (time(12), time(18)),
    "evening": (time(18), time(21)),
}
# Of what the bank makes offers at all; service, fraud protection and the like go on.
OFFERED = (
    Topic.DEPOSIT, Topic.WEALTH, Topic.FUND, Topic.INSURANCE, Topic.PENSION, Topic.EDUCATION, Topic.HOUSE, Topic.LOAN,
    Topic.CARD, Topic.FX, Topic.BUSINESS, Topic.ACTIVITY,
)  # fmt: skip
PROFILING = (ConsentPurpose.PROFILING.value, "", "")


@dataclass(frozen=True)
class State:
    """What may be done. channels, topics: those by and of which offers may be made; hours: a key of HOURS, or "" for
    hours that the bank's people agreed otherwise."""

    channels: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    personal: bool = False
    surveys: bool = True
    hours: str = "any"
    preferred: str = ""


class Wish(NamedTuple):
    """One change: of `what` (channel, topic, personal, surveys, hours, preferred) `value` shall be `open`."""

    what: str
    value: str
    open: bool


def changes(before: State, after: State) -> tuple[list[Wish], list[Wish]]:
    """What narrows and what widens contact on the way from `before` to `after`. Pure.

    How one likes to be reached widens nothing: it is a wish among what is open.
    """
    found = [Wish("channel", one, one in after.channels) for one in sorted(before.channels ^ after.channels)]
    found += [Wish("topic", one, one in after.topics) for one in sorted(before.topics ^ after.topics)]
    found += [Wish("personal", "", after.personal)] if before.personal != after.personal else []
    found += [Wish("surveys", "", after.surveys)] if before.surveys != after.surveys else []
    if after.hours and before.hours != after.hours:
        found.append(Wish("hours", after.hours, not _within(after.hours, before.hours)))
    if before.preferred != after.preferred:
        found.append(Wish("preferred", after.preferred, False))
    return [wish for wish in found if not wish.open], [wish for wish in found if wish.open]


def nothing_more(customer: Customer) -> list[Wish]:
    """The wishes of "no offers at all": every channel that was not refused yet, never asked ones included."""
    answers = consent.standings(customer.consents.all(), consent.notices().valid_from)
    said_no = (Answer.REFUSED, Answer.WITHDRAWN)
    refused = {topic[1] for topic, one in answers.items() if topic[0] == "marketing" and one.answer in said_no}
    return [Wish("channel", channel, False) for channel in Channel.values if channel not in refused]


def _within(after: str, before: str) -> bool:
    """Whether the hours `after` all lie in those `before`."""
    new, old = HOURS[after], HOURS.get(before)
    return old is None or (new is not None and old[0] <= new[0] and new[1] <= old[1])


def state_of(customer: Customer) -> State:
    """What stands for `customer` now: consents, refusals, hours."""
    day = bank_day()
    answers = consent.standings(customer.consents.all(), consent.notices().valid_from)
    resting = set(
        customer.refusals.filter(Q(until=None) | Q(until__gt=day), undone_at=None).values_list("topic", flat=True)
    )
    wish = ContactWish.objects.filter(customer=customer, quiet_from__isnull=False).first()
    marketing = [(ConsentPurpose.MARKETING.value, channel, "") for channel in Channel.values]
    return State(
        channels=frozenset(topic[1] for topic in marketing if topic in answers and answers[topic].allows),
        topics=frozenset(topic.value for topic in OFFERED) - resting,
        personal=PROFILING in answers and answers[PROFILING].answer is Answer.GIVEN,
        surveys=NO_SURVEYS not in resting,
        hours=_key((wish.quiet_until, wish.quiet_from) if wish else None),
        preferred=customer.preferred_channel,
    )


def _key(hours: tuple[time | None, time | None] | None) -> str:
    return next((key for key, span in HOURS.items() if span == hours), "")


@transaction.atomic
def carry_out(customer: Customer, wishes: Iterable[Wish]) -> None:
    """Do what the customer wishes; the audit names the customer as who did it.

    Raises ValueError where a child under 14 would consent without a guardian.
    """
    with outsider(f"customer {customer.number}"):
        for wish in wishes:
            _DO[wish.what](customer, wish)


def _channel(customer: Customer, wish: Wish) -> None:
    _consent(customer, (ConsentPurpose.MARKETING.value, wish.value, ""), wish.open)


def _personal(customer: Customer, wish: Wish) -> None:
    _consent(customer, PROFILING, wish.open)


def _consent(customer: Customer, topic: consent.Topic, is_open: bool) -> None:
    change = consent.give if is_open else consent.withdraw
    change(customer, topic, means=Means.WRITTEN.value, by=None)


def _topic(customer: Customer, wish: Wish) -> None:
    if wish.open:
        refusals.reopen(customer, wish.value, by=None)
    else:
        refusals.refuse(customer, wish.value, by=None, open_ended=True)


def _surveys(customer: Customer, wish: Wish) -> None:
    _topic(customer, wish._replace(value=NO_SURVEYS))


def _hours(customer: Customer, wish: Wish) -> None:
    start, end = HOURS[wish.value] or (None, None)
    # Kept as when they wish to be left alone: from the end of their hours to the next beginning.
    wished = {"quiet_from": end, "quiet_until": start, "changed_at": timezone.now(), "by": None}
    ContactWish.objects.update_or_create(customer=customer, defaults=wished)
    _record(customer, hours=wish.value)


def _preferred(customer: Customer, wish: Wish) -> None:
    locked = Customer.objects.select_for_update().get(pk=customer.pk)
    locked.preferred_channel = customer.preferred_channel = wish.value
    locked.save(update_fields=["preferred_channel", "updated_at"])
    _record(customer, preferred_channel=wish.value)


_DO = {
    "channel": _channel, "topic": _topic, "personal": _personal, "surveys": _surveys, "hours": _hours,
    "preferred": _preferred,
}  # fmt: skip


def _record(customer: Customer, **detail: str) -> None:
    record(
        Action.CHANGE, by=None, object_type="customer", object_ids=[customer.pk], label=customer.number, detail=detail
    )
