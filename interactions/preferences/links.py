"""The customer's way to the preference centre: one live link each, which ends by itself or is taken back."""

from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.links import hash_of, new_link
from crm.staff.models import User
from customers.models import Customer
from interactions.models import PreferenceLink

SALT = "zhike.preferences"


class Made(NamedTuple):
    """A link and its address: this is the only moment at which it is known."""

    link: PreferenceLink
    address: str


@transaction.atomic
def make_link(customer: Customer, *, by: User | None, now: datetime | None = None) -> Made:
    """A new link for `customer`, for PREFERENCE_VALID_DAYS; the one before opens nothing any more."""
    moment = now or timezone.now()
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    customer.preference_links.filter(revoked_at=None).update(revoked_at=moment)
    token, token_hash = new_link(SALT)
    link = PreferenceLink.objects.create(
        customer=customer, token_hash=token_hash, created_at=moment, created_by=by,
        expires_at=moment + timedelta(days=settings.PREFERENCE_VALID_DAYS),
    )  # fmt: skip
    _record(customer, Action.CREATE, by)
    return Made(link, f"{settings.PUBLIC_URL}/p/{token}/")


@transaction.atomic
def revoke_link(customer: Customer, *, by: User | None) -> int:
    """Take the link of `customer` back. Returns how many there were, 0 or 1."""
    ended = customer.preference_links.filter(revoked_at=None).update(revoked_at=timezone.now())
    if ended:
        _record(customer, Action.REVOKE, by)
    return ended


def live_link(customer: Customer, now: datetime) -> PreferenceLink | None:
    """The link by which `customer` could decide at `now`."""
    return customer.preference_links.filter(revoked_at=None, expires_at__gt=now).first()


def open_link(token: str, now: datetime) -> PreferenceLink | None:
    """The link of `token` if it opens at `now`; None for a wrong, expired or revoked one, or a restricted customer."""
    found = hash_of(token, SALT)
    if found is None:
        return None
    live = PreferenceLink.objects.filter(token_hash=found, revoked_at=None, expires_at__gt=now)
    link = live.select_related("customer__branch").first()
    return None if link is None or link.customer.restricted else link


def _record(customer: Customer, action: Action, by: User | None) -> None:
    record(action, by=by, object_type="preference link", object_ids=[customer.pk], label=customer.number)
