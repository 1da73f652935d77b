"""What customers are thinking of just now, by what they did on a channel: reminders only once somebody acts on one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce
from django.utils import timezone

from crm.lib.dates import bank_day, start_of_day
from crm.staff.models import User
from crm.staff.scope import scope
from customers.models import Customer
from customers.querysets import CustomerQuerySet
from interactions.events import Intent, intents
from interactions.models import INTENTS, ChannelEvent, Reminder, ReminderKind

DAYS = 3  # so long an intent is hot
MOST = 100  # customers; more would be no short list


@dataclass(frozen=True)
class Hot:
    """The newest intent of a customer, and what it is known by among reminders."""

    intent: Intent

    @property
    def cause(self) -> str:
        what = self.intent.topic or self.intent.subject
        return f"{bank_day(self.intent.at)}:{what}"[:60]

    @property
    def values(self) -> dict[str, Any]:
        intent = self.intent
        return {
            "kind": intent.kind, "topic": intent.topic, "subject": intent.subject, "channel": intent.channel,
            "at": intent.at.isoformat(), "times": intent.times,
        }  # fmt: skip


def thinking(user: User, day: date) -> CustomerQuerySet:
    """`user`'s own and covered customers with an intent of the last DAYS, of which nobody has spoken with them since
    nor made anything. Whether they agreed to be watched is asked by `hot_of`."""
    return _thinking(Customer.objects.filter(owner_id__in=sorted(scope(user).owner_ids)), day)


def _thinking(customers: CustomerQuerySet, day: date) -> CustomerQuerySet:
    since = _since(day)
    taken = Reminder.objects.filter(
        customer_id=OuterRef("customer_id"), kind=ReminderKind.INTENT, created_at__gte=OuterRef("at")
    )
    looks = ChannelEvent.objects.filter(customer=OuterRef("pk"), at__gte=since, kind__in=INTENTS).filter(
        ~Exists(taken), at__gt=Coalesce(OuterRef("last_contact__at"), since - timedelta(days=1))
    )
    found: CustomerQuerySet = customers.in_service().filter(Exists(looks))
    return found


def hot_of(customer_ids: Iterable[int], day: date) -> dict[int, Hot]:
    """The newest intent of each of `customer_ids` who agreed to a portrait, by customer id; three queries at most."""
    return {pk: Hot(looks[0]) for pk, looks in intents(customer_ids, _since(day)).items() if looks}


def _since(day: date) -> datetime:
    return start_of_day(day - timedelta(days=DAYS - 1))


def taken_up(customer: Customer, user: User, day: date) -> Reminder | None:
    """The hot intent of `customer` as a reminder of `user`, made now that somebody acts on it; None without one."""
    asked = _thinking(Customer.objects.filter(pk=customer.pk), day).values_list("pk", flat=True)
    found = hot_of(asked, day).get(customer.pk)
    if found is None:
        return None
    reminder, _created = Reminder.objects.get_or_create(
        customer=customer,
        kind=ReminderKind.INTENT,
        cause=found.cause,
        defaults={
            "assignee": user, "made_by": user, "due": day, "priority": 2, "values": found.values,
            "touched_at": timezone.now(),
        },
    )  # fmt: skip
    return reminder


def moment(values: dict[str, Any]) -> datetime | None:
    """When an intent was, from a reminder's values."""
    at = values.get("at")
    return timezone.localtime(datetime.fromisoformat(at)) if at else None
