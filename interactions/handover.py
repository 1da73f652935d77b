"""Handing a customer to the colleague who serves them next, with a sentence, so that they need not tell it again.

The colleague is told, and may open the customer until the day ends, whoever looks after them: as a walk-in, counted
and audited like any other.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day, start_of_day
from crm.staff.models import CUSTOMER_ROLES, User
from crm.staff.notices import tell
from customers.access import visible_to
from customers.models import Customer, WalkInReason
from customers.walk_in import open_walk_in
from interactions.complaints import looks_after
from interactions.models import Handover, Place, Reminder, ReminderKind

REMEMBERED = timedelta(days=2)  # for so long the sentence stands on the card
_PRESENT = (Place.COUNTER, Place.LOBBY, Place.MEETING)


class CannotTakeError(ValueError):
    """Nobody hands a customer to themselves, nor to somebody who serves no customers."""


class OverError(ValueError):
    """The day has ended: the customer is opened in the ordinary way again."""


@transaction.atomic
def hand_over(customer: Customer, *, to: User, place: str, text: str, by: User) -> Handover:
    """`by` hands `customer` to `to`, who is told at once; who looks after them gets a reminder for today as well.

    Raises CannotTakeError.
    """
    if to == by or not to.is_active or CUSTOMER_ROLES.isdisjoint(to.roles):
        raise CannotTakeError
    today = bank_day()
    made = Handover.objects.create(
        customer=customer, by=by, to=to, place=place, text=text, expires_at=start_of_day(today + timedelta(days=1))
    )
    if looks_after(to, customer):
        Reminder.objects.create(
            customer=customer, assignee=to, kind=ReminderKind.FOLLOW_UP, cause=f"handover:{made.pk}", due=today,
            text=text, priority=2, made_by=by, values={"on": today.isoformat()}, touched_at=timezone.now(),
        )  # fmt: skip
    tell(
        to,
        gettext_noop("%(who)s hands %(customer)s over to you: %(text)s"),
        {"who": by.display_name, "customer": customer.name, "text": text},
        url=f"/interactions/handed-over/{made.pk}/",
    )
    record(
        Action.CREATE, by=by, object_type="handover", object_ids=[customer.pk], label=customer.number,
        detail={"to": str(to), "place": place},
    )  # fmt: skip
    return made


@transaction.atomic
def take(handover: Handover, *, by: User) -> Customer:
    """`by`, to whom it was handed, serves the customer from now on. Raises OverError when its day has ended."""
    now = timezone.now()
    locked = Handover.objects.select_for_update().get(pk=handover.pk)
    if now >= locked.expires_at:
        raise OverError
    customer = Customer.objects.select_related("owner").get(pk=locked.customer_id)
    if not visible_to(by).filter(pk=customer.pk).exists():
        open_walk_in(by, customer, WalkInReason.COUNTER if locked.place in _PRESENT else WalkInReason.CALL)
    if locked.taken_at is None:
        locked.taken_at = now
        locked.save(update_fields=["taken_at"])
    record(Action.CHANGE, by=by, object_type="handover", object_ids=[customer.pk], label=customer.number)
    return customer


def last_of(customer: Customer) -> Handover | None:
    """The last hand-over of `customer`, while it is remembered."""
    since = timezone.now() - REMEMBERED
    return customer.handovers.filter(at__gte=since).select_related("by", "to").order_by("-at", "-pk").first()
