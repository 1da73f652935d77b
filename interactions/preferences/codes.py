"""Opening what was closed needs six digits sent to the customer: whoever holds the link alone can only close.

Ten minutes, five tries, three codes an hour and six a day: a guesser has 30 chances in a million a day.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from crm.audit.log import outsider, record
from crm.audit.models import Action
from customers import consent
from customers.models import Customer
from interactions.models import PreferenceCode, PreferenceLink
from interactions.preferences.sending import deliver
from interactions.preferences.wishes import Wish, carry_out

DIGITS = 6
VALID = timedelta(minutes=10)
TRIES = 5
MOST = ((timedelta(hours=1), 3), (timedelta(days=1), 6))


class Outcome(StrEnum):
    """What became of a code: sent, or not; right, or not."""

    SENT = "sent"
    TOO_MANY = "too_many"
    NO_WAY = "no_way"  # nothing to send it by
    GUARDIAN = "guardian"  # a child: its guardian comes to the branch
    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"  # none waits: too late, too many tries, or done


@transaction.atomic
def send_code(link: PreferenceLink, wishes: Sequence[Wish], now: datetime) -> tuple[Outcome, str]:
    """Send a code for `wishes`; answers with the outcome and where it went, masked. The code before it ends."""
    customer = link.customer
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if consent.needs_guardian(customer):
        return Outcome.GUARDIAN, ""
    of_customer = PreferenceCode.objects.filter(link__customer=customer)
    if any(of_customer.filter(sent_at__gt=now - span).count() >= most for span, most in MOST):
        return Outcome.TOO_MANY, ""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    sent_to = deliver(customer, code)
    if not sent_to:
        return Outcome.NO_WAY, ""
    of_customer.filter(ended_at=None).update(ended_at=now)
    PreferenceCode.objects.create(
        link=link, code_hash=_hashed(link, code), wishes=[list(wish) for wish in wishes], sent_at=now,
        expires_at=now + VALID,
    )  # fmt: skip
    _record(customer, "code sent")
    return Outcome.SENT, sent_to


@transaction.atomic
def enter_code(link: PreferenceLink, typed: str, now: datetime) -> tuple[Outcome, int]:
    """Do what waits for the code if `typed` is it; answers with the outcome and the tries left."""
    waiting = waiting_code(link, now, lock=True)
    if waiting is None:
        return Outcome.OVER, 0
    if not constant_time_compare(bytes(waiting.code_hash), _hashed(link, typed)):
        waiting.tries += 1
        waiting.ended_at = now if waiting.tries >= TRIES else None
        waiting.save(update_fields=["tries", "ended_at"])
        _record(link.customer, "wrong code")
        return (Outcome.WRONG, TRIES - waiting.tries) if waiting.ended_at is None else (Outcome.OVER, 0)
    waiting.ended_at = now
    waiting.save(update_fields=["ended_at"])
    carry_out(link.customer, [Wish(*wish) for wish in waiting.wishes])
    return Outcome.RIGHT, 0


def waiting_code(link: PreferenceLink, now: datetime, *, lock: bool = False) -> PreferenceCode | None:
    """The code that can be typed at `now`."""
    codes = PreferenceCode.objects.filter(link=link, ended_at=None, expires_at__gt=now)
    return (codes.select_for_update() if lock else codes).order_by("-sent_at").first()


def _hashed(link: PreferenceLink, code: str) -> bytes:
    return bytes(salted_hmac("zhike.preference-code", f"{link.pk}:{code}", algorithm="sha256").digest())


def _record(customer: Customer, what: str) -> None:
    with outsider(f"customer {customer.number}"):
        record(
            Action.CHANGE, by=None, object_type="preference link", object_ids=[customer.pk], label=customer.number,
            reason=what,
        )  # fmt: skip
