""" "Not interested", and pauses: what sales keep silent about, for how long, and how a customer lifts it."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day, start_of_day
from crm.staff.models import User
from customers.models import Customer
from interactions import policy_rules
from interactions.contact_policy import rest_until
from interactions.models import Pause, Refusal


@transaction.atomic
def refuse(customer: Customer, topic: str, *, by: User | None, reason: str = "", open_ended: bool = False) -> Refusal:
    """Note that `customer` does not want to hear of `topic` (a Topic or a need's code); it rests from today.

    The rest doubles with every earlier refusal of the topic that stands; open_ended: until the customer reopens it.
    Said again on the day it was refused on, it is the same refusal: answers with that one, and it rests no longer.
    """
    Customer.objects.select_for_update().get(pk=customer.pk)  # one refusal at a time: they count one another
    day = bank_day()
    earlier = list(customer.refusals.filter(topic=topic, undone_at=None).order_by("pk"))
    until = None if open_ended else rest_until(len(earlier), day, policy_rules.in_force().rest_days)
    if earlier and not open_ended and earlier[-1].at >= start_of_day(day) and _rests(earlier[-1], day):
        return earlier[-1]
    refusal = Refusal.objects.create(customer=customer, topic=topic, reason=reason[:200], until=until, by=by)
    _record(customer, by, refused=topic, until=until)
    return refusal


@transaction.atomic
def undo(refusal: Refusal, *, by: User) -> None:
    """Take `refusal` back, as a slip of the finger: it counts no more."""
    locked = Refusal.objects.select_for_update().select_related("customer").get(pk=refusal.pk)
    if locked.undone_at is not None:
        return
    locked.undone_at = refusal.undone_at = timezone.now()
    locked.save(update_fields=["undone_at"])
    _record(locked.customer, by, refusal_undone=locked.topic)


@transaction.atomic
def reopen(customer: Customer, topic: str, *, by: User | None) -> int:
    """The customer wishes to hear of `topic` again: it rests no longer. Returns how many refusals rested.

    They are kept, and count when the topic is refused once more.
    """
    day = bank_day()
    resting = customer.refusals.select_for_update().filter(topic=topic, undone_at=None)
    ended = [refusal for refusal in resting if _rests(refusal, day)]
    Refusal.objects.filter(pk__in=[refusal.pk for refusal in ended]).update(until=day)
    if ended:
        _record(customer, by, reopened=topic)
    return len(ended)


@transaction.atomic
def pause(customer: Customer, reason: str, until: date, *, by: User | None) -> Pause:
    """Sales to `customer` wait from today up to `until` (PauseReason: of an illness nothing else is kept).

    A pause that runs is moved. Raises ValueError where `until` is not ahead.
    """
    day = bank_day()
    if until <= day:
        raise ValueError("a pause ends after today")
    running = customer.pauses.select_for_update().filter(since__lte=day, until__gt=day).order_by("-until").first()
    paused = running or Pause(customer=customer, since=day)
    paused.reason, paused.until, paused.by = reason, until, by
    paused.save()
    _record(customer, by, paused_until=until, pause=reason)
    return paused


@transaction.atomic
def end_pause(customer: Customer, *, by: User | None) -> int:
    """The pauses of `customer` that run end today. Returns how many they were."""
    day = bank_day()
    ended = customer.pauses.filter(since__lte=day, until__gt=day).update(until=day)
    if ended:
        _record(customer, by, pause_ended=day)
    return ended


def _rests(refusal: Refusal, day: date) -> bool:
    return refusal.until is None or refusal.until > day


def _record(customer: Customer, by: User | None, **detail: str | date | None) -> None:
    record(
        Action.CHANGE,
        by=by,
        object_type="customer",
        object_ids=[customer.pk],
        label=customer.number,
        detail={name: value.isoformat() if isinstance(value, date) else value for name, value in detail.items()},
    )
