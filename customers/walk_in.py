"""A walk-in: a customer of the bank, whoever looks after them, opened for a short time for a stated reason."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from crm.audit.log import look, record
from crm.audit.models import Action, Result
from crm.lib.dates import bank_day, start_of_day
from crm.staff.models import User
from crm.staff.notices import tell
from customers.models import Customer, LookUp, WalkIn
from customers.search import find_exactly, masked_query


def look_ups_left(user: User) -> int:
    """How many look-ups by identifier `user` has left today; found or not, each counts, or guessing would be free."""
    used = LookUp.objects.filter(user=user, at__gte=start_of_day(bank_day())).count()
    return max(int(settings.WALK_IN_DAILY_LIMIT) - used, 0)


def look_up(user: User, text: str) -> Customer | None:
    """The customer whose number, phone or ID number is exactly `text`, or None; counted and audited either way."""
    customer = find_exactly(text)
    LookUp.objects.create(user=user, found=customer is not None)
    look(
        Action.SEARCH,
        by=user,
        object_type="customer",
        object_ids=[customer.pk] if customer else [],
        reason="walk-in",
        result=Result.OK if customer else Result.DENIED,
        detail={"query": masked_query(text)},
    )
    return customer


@transaction.atomic
def open_walk_in(user: User, customer: Customer, reason: str) -> WalkIn:
    """Open `customer` to `user` for WALK_IN_DURATION. The owner is told who, when and why."""
    now = timezone.now()
    walk_in = WalkIn.objects.create(
        user=user, customer=customer, reason=reason, opened_at=now, expires_at=now + settings.WALK_IN_DURATION
    )
    record(
        Action.WALK_IN,
        by=user,
        object_type="customer",
        object_ids=[customer.pk],
        label=customer.number,
        reason=reason,
        detail={"until": walk_in.expires_at.isoformat()},
    )
    if customer.owner is not None and customer.owner != user:
        tell(
            customer.owner,
            gettext_noop("%(who)s served your customer %(customer)s as a walk-in."),
            {"who": str(user.display_name), "customer": customer.name},
            url=f"/customers/{customer.number}/",
        )
    return walk_in
