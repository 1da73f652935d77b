"""By which name a channel knows a customer, and what to do with events of names nobody knows.

A name is not kept: its keyed index finds it again, its last characters let people tell it from others. On the phone
channel the index is that of the customers' phone numbers, so that a known number needs no identity of its own.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from customers import crypto, identifiers
from customers.models import Customer
from interactions.models import ChannelEvent, ChannelIdentity, EventChannel

NEWEST = 1000  # waiting events that are looked through for groups
GROUPS = 100  # shown at once: the others follow when these are known


class IdentityTakenError(Exception):
    """The channel knows another customer by this name: two never share one."""


def external(channel: str, name: str) -> tuple[bytes, str]:
    """The index and the tail of `name` on `channel`. Of a short name the tail shows no more than half."""
    plain = unicodedata.normalize("NFKC", name).strip()
    if channel == EventChannel.PHONE:
        try:
            plain = identifiers.normal_phone(plain)
            return identifiers.phone_index(plain), plain[-4:]
        except ValidationError:
            pass  # a number of the telephone system's own
    shown = min(4, len(plain) // 2)
    return crypto.blind_index(plain, purpose=f"channel {channel}"), plain[len(plain) - shown :]


@dataclass
class Waiting:
    """Events of one unknown name on one channel. count: among the NEWEST."""

    newest: ChannelEvent
    count: int = 0
    kinds: dict[str, str] = field(default_factory=dict)


def waiting() -> list[Waiting]:
    """The names that nobody knows, of the NEWEST unresolved events, GROUPS at most; the one heard of last first."""
    groups: dict[tuple[str, bytes], Waiting] = {}
    # Ordered by customer as well, which is none for all of them: only so the index gives the order away.
    asked = ChannelEvent.objects.filter(customer=None, external_index__isnull=False)
    for event in asked.order_by("customer_id", "-at", "-pk")[:NEWEST]:
        key = (event.channel, bytes(event.external_index or b""))
        group = groups.setdefault(key, Waiting(event))
        group.count += 1
        group.kinds.setdefault(event.kind, str(event.get_kind_display()))
    return list(groups.values())[:GROUPS]


@transaction.atomic
def attach(event: ChannelEvent, customer: Customer, *, reason: str, by: User) -> int:
    """From now on the name behind `event` is `customer`, verified by `by`. Returns how many waiting events are theirs.

    Raises IdentityTakenError, ValueError for an event without a name.
    """
    if event.external_index is None:
        raise ValueError("the event names nobody")
    index = bytes(event.external_index)
    identity, made = ChannelIdentity.objects.select_for_update().get_or_create(
        channel=event.channel, external_index=index,
        defaults={"customer": customer, "external_tail": event.external_tail, "verified_at": timezone.now()},
    )  # fmt: skip
    if identity.customer_id != customer.pk:
        raise IdentityTakenError
    if not made and identity.verified_at is None:
        identity.verified_at = timezone.now()
        identity.save(update_fields=["verified_at"])
    waiting_ones = ChannelEvent.objects.filter(customer=None, channel=event.channel, external_index=index)
    resolved = waiting_ones.update(customer=customer)
    record(
        Action.CHANGE,
        by=by,
        object_type="customer",
        object_ids=[customer.pk],
        label=customer.number,
        reason=reason,
        detail={"identity": event.channel, "tail": event.external_tail, "events": resolved},
    )
    return resolved


def known_by(customer: Customer) -> Sequence[ChannelIdentity]:
    """The verified names of `customer`, by channel."""
    return list(customer.channel_identities.filter(verified_at__isnull=False).order_by("channel", "pk"))
