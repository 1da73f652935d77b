"""Entries that stay on top of a customer's line of time, for everybody who reads it."""

from collections.abc import Sequence

from django.db import transaction

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from customers.models import Customer
from interactions.models import Pin
from interactions.timeline.sight import Sight
from interactions.timeline.sources import SOURCES, shown_to

SHOWN = 20


class UnknownEntryError(LookupError):
    """There is no such entry on the customer's line of time, or it is not shown to this person."""


def pins_of(customer: Customer) -> Sequence[Pin]:
    """The newest pins, with who set them."""
    return list(customer.pins.select_related("by").order_by("-at", "-pk")[:SHOWN])


@transaction.atomic
def pin(customer: Customer, source: str, entry: int, sight: Sight, *, by: User) -> None:
    """Keep an entry on top. Pinned twice, it stays as the first one pinned it. Raises UnknownEntryError."""
    known = SOURCES.get(source)
    if known not in shown_to(sight) or known is None or not known.rows(customer, sight).filter(pk=entry).exists():
        raise UnknownEntryError
    _pin, made = Pin.objects.get_or_create(customer=customer, source=source, entry=entry, defaults={"by": by})
    if made:
        _record(customer, source, entry, by, pinned=True)


@transaction.atomic
def unpin(customer: Customer, source: str, entry: int, *, by: User) -> None:
    deleted, _rows = Pin.objects.filter(customer=customer, source=source, entry=entry).delete()
    if deleted:
        _record(customer, source, entry, by, pinned=False)


def _record(customer: Customer, source: str, entry: int, by: User, *, pinned: bool) -> None:
    record(
        Action.CHANGE, by=by, object_type="timeline entry", object_ids=[customer.pk], label=f"{source} {entry}",
        detail={"pinned": pinned},
    )  # fmt: skip
