"""How often a customer is to be spoken to: by the segment they are served in."""

from dataclasses import dataclass

from django.conf import settings

from customers.models import Customer, Membership


@dataclass(frozen=True)
class Cadence:
    """ideal, most: days after a conversation from which the next is due (amber), and late (red)."""

    ideal: int
    most: int


def cadence(interval: int) -> Cadence:
    """The cadence of a segment that is contacted every `interval` days: late after half as long again."""
    return Cadence(interval, interval + interval // 2)


def interval_of(customer: Customer) -> Cadence | None:
    """The cadence of `customer`; None where their segment sets none.

    A customer without a segment (no night yet, or a bank with a customer list alone) goes by CONTACT_INTERVAL.
    """
    known = Membership.objects.filter(customer=customer).values_list("segment__contact_interval").first()
    interval = known[0] if known else settings.CONTACT_INTERVAL
    return None if interval is None else cadence(interval)
