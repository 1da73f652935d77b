"""The tags a page shows of a customer, and saying that one is wrong."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from customers import consent
from customers.life_events import PORTRAIT
from customers.models import Consent, Customer, PortraitState, PortraitTag
from customers.night.reasons import reasons
from customers.portrait.words import reason

TAKEN_BACK_WITHIN_DAYS = 30


@dataclass(frozen=True)
class ShownTag:
    """A tag as the page has it. facts: what its rule asked for, with the customer's values.

    disputed_at: when somebody last said that it is wrong; None for never.
    """

    pk: int
    name: str
    reason: str
    facts: list[str]
    since: date
    disputed_at: datetime | None
    disputed_by: str


@dataclass(frozen=True)
class Portrait:
    """live: the tags that hold. wrong: those that somebody took off in the last TAKEN_BACK_WITHIN_DAYS."""

    live: list[ShownTag]
    wrong: list[ShownTag]


def agreed(customer: Customer) -> bool:
    """Whether `customer` agrees to a portrait today. Two queries."""
    answers = Consent.objects.filter(customer=customer, purpose=PORTRAIT[0])
    standing = consent.standings(answers, consent.notices().valid_from).get(PORTRAIT)
    return standing is not None and standing.allows


def portrait(customer: Customer, day: date) -> Portrait:
    """The tags of `customer`; none without their consent of today. Three queries."""
    if not agreed(customer):
        return Portrait([], [])
    recent = timezone.now() - timedelta(days=TAKEN_BACK_WITHIN_DAYS)
    tags = (
        PortraitTag.objects.filter(customer=customer, rule__active=True)
        .select_related("rule", "wrong_by")
        .order_by("rule__order", "rule__code")
    )
    shown = [(tag, _shown(tag, day)) for tag in tags]
    return Portrait(
        [one for tag, one in shown if tag.state == PortraitState.LIVE],
        [one for tag, one in shown if tag.state == PortraitState.WRONG and tag.wrong_at and tag.wrong_at >= recent],
    )


def _shown(tag: PortraitTag, day: date) -> ShownTag:
    return ShownTag(
        tag.pk,
        tag.rule.name,
        reason(tag.rule, tag.values, day),
        reasons(tag.rule.condition, tag.values, day),
        tag.since,
        tag.wrong_at,
        tag.wrong_by.display_name if tag.wrong_by else "",
    )


@transaction.atomic
def say_wrong(customer: Customer, pk: int, *, by: User) -> None:
    """Take the tag off: the night never sets it again on the same evidence. One that is off already stays as it is."""
    tag = PortraitTag.objects.select_for_update(of=["self"]).select_related("rule").get(pk=pk, customer=customer)
    if tag.state == PortraitState.WRONG:
        return
    tag.state, tag.wrong_at, tag.wrong_by = PortraitState.WRONG, timezone.now(), by
    tag.save(update_fields=["state", "wrong_at", "wrong_by"])
    _record(tag, customer, by, "wrong")


@transaction.atomic
def take_back(customer: Customer, pk: int, *, by: User) -> None:
    """It was right after all: the tag holds again until a night says otherwise."""
    tag = PortraitTag.objects.select_for_update(of=["self"]).select_related("rule").get(pk=pk, customer=customer)
    if tag.state == PortraitState.LIVE:
        return
    tag.state, tag.wrong_at, tag.wrong_by = PortraitState.LIVE, None, None
    tag.save(update_fields=["state", "wrong_at", "wrong_by"])
    _record(tag, customer, by, "right")


def _record(tag: PortraitTag, customer: Customer, by: User, said: str) -> None:
    record(
        Action.CHANGE, by=by, object_type="customer", object_ids=[customer.pk], label=customer.number,
        detail={"portrait": tag.rule.code, "said": said},
    )  # fmt: skip
