"""How often the bank wants to speak with a customer: the interval of the segment, or the bank's usual one."""

from typing import NamedTuple

from django.conf import settings

from customers.models import Customer, Membership


class Cadence(NamedTuple):
    """Days between conversations. ideal_days: from then on a talk is welcome; max_days: after them one loses touch."""

    ideal_days: int
    max_days: int


def of_interval(max_days: int | None) -> Cadence | None:
    """The cadence of an interval in days; None where there is none."""
    return Cadence(max(max_days // 2, 1), max_days) if max_days else None


def interval_of(customer: Customer) -> Cadence | None:
    """The cadence of the customer's segment; without a segment (no night has run yet) the bank's usual one.

    None: the segment is served without an interval.
    """
    membership = Membership.objects.filter(customer=customer).select_related("segment").first()
    if membership is None:
        return of_interval(settings.CONTACT_INTERVAL_DEFAULT)
    return of_interval(membership.segment.contact_interval)
