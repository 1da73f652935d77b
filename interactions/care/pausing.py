"""Sales wait the moment somebody writes down an illness or a loss: nobody is to think of it.

Of an illness the pause keeps nothing but until when (PIPL Art. 28): it outlives a withdrawn consent, and says no more.
"""

from datetime import timedelta

from crm.lib.dates import bank_day
from crm.staff.models import User
from customers.models import Customer, LifeEvent, LifeKind
from interactions.models import PauseReason
from interactions.refusals import pause

FOR_DAYS = 60
RECENT = timedelta(days=90)
_REASONS = {LifeKind.ILLNESS: PauseReason.PERSONAL, LifeKind.LOSS: PauseReason.BEREAVEMENT}


def pause_sales(customer: Customer, event: LifeEvent, by: User) -> None:
    """Sales to `customer` wait for FOR_DAYS from today where `event` is a recent illness or loss. One that waits longer
    stays as it is."""
    reason = _REASONS.get(LifeKind(event.kind))
    day = bank_day()
    if reason is None or event.planned or event.on < day - RECENT:
        return
    until = day + timedelta(days=FOR_DAYS)
    if not customer.pauses.filter(since__lte=day, until__gte=until).exists():
        pause(customer, reason, until, by=by)
