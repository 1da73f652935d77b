"""How often the bank wants to speak with a customer: the interval of the segment, or the bank's usual one."""

from typing import NamedTuple

from django.conf import settings
from django.db.models import F, Q

from customers.models import Customer

# A customer of whom only a list is known: such a one falls into the segment of everybody else, which has no interval,
# and would never be called. The night asks the same of its staged features (interactions/night/cadence.py).
NOTHING_KNOWN = (
    Q(features__aum=None) & (Q(features__families=None) | Q(features__families="")) & Q(features__last_active_on=None)
)


class Cadence(NamedTuple):
    """Days between conversations. ideal_days: from then on a talk is welcome; max_days: after them one loses touch."""

    ideal_days: int
    max_days: int


def of_interval(max_days: int | None) -> Cadence | None:
    """The cadence of an interval in days; None where there is none."""
    return Cadence(max(max_days // 2, 1), max_days) if max_days else None


def interval_of(customer: Customer) -> Cadence | None:
    """The cadence of the customer's segment; without a segment (no night has run yet), or where nothing but the list
    is known, the bank's usual one. None: the segment is served without an interval. One query.
    """
    found = (
        Customer.objects.filter(pk=customer.pk)
        .annotate(nothing_known=NOTHING_KNOWN, segment=F("membership__segment"))
        .values_list("segment", "membership__segment__contact_interval", "nothing_known")
        .first()
    )
    segment, interval, nothing_known = found or (None, None, True)
    if interval is None and (segment is None or nothing_known):
        interval = settings.CONTACT_INTERVAL_DEFAULT
    return of_interval(interval)
