"""Whom to ask, so that nobody picks the pleased ones: drawn by hash, within limits of its own.

A contact is drawn when the hash of its sort and id falls below the share of its rule; the same contact is thus drawn
the same way whenever and by whomever it is asked, and the page can say why. A survey is no offer and asks no consent
for marketing, but waits for the customer's peace: not twice within SURVEY_REST_DAYS, never during a complaint or a
bereavement, never against the customer's word.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models import Q

from crm.lib.dates import bank_day
from customers.models import Channel, Customer
from interactions.models import (
    Complaint,
    ComplaintState,
    Interaction,
    Outcome,
    PauseReason,
    Survey,
    SurveyAbout,
    SurveyRule,
)

ASKED_WITHIN = timedelta(days=14)  # days after a contact in which one still knows what it was like
NO_SURVEYS = "survey"  # the topic of a refusal
OF_CHANNEL = {Channel.VISIT.value: SurveyAbout.VISIT.value, Channel.PHONE.value: SurveyAbout.CALL.value}
SIDES = 10_000


class Wait(StrEnum):
    """Why a customer is not asked now."""

    RESTRICTED = "restricted"
    REFUSED = "refused"
    ASKED = "asked"
    COMPLAINT = "complaint"
    BEREAVEMENT = "bereavement"


@dataclass(frozen=True)
class Drawn:
    """A contact one could ask about. mark: its place of 100; drawn where that is below `percent`."""

    about: str
    pk: int
    day: date
    kind: str
    mark: float
    percent: int
    manager_id: int | None = None

    @property
    def chosen(self) -> bool:
        return self.mark < self.percent


def mark_of(about: str, pk: int) -> float:
    """The place of a contact, 0 to 99.99. Pure."""
    hashed = hashlib.sha256(f"{about}:{pk}".encode()).digest()
    return int.from_bytes(hashed[:8]) % SIDES / (SIDES / 100)


def draw(about: str, pk: int, day: date, rules: Mapping[str, SurveyRule], manager_id: int | None) -> Drawn | None:
    """The contact `pk` as the rules see it; None where there is no rule. Pure."""
    rule = rules.get(about)
    if rule is None:
        return None
    return Drawn(about, pk, day, rule.kind, mark_of(about, pk), rule.percent, manager_id)


def rules_now() -> dict[str, SurveyRule]:
    """The rules by what they ask about."""
    return {rule.about: rule for rule in SurveyRule.objects.all()}


def contacts(customer: Customer, now: datetime) -> list[Drawn]:
    """The contacts of the last days that one could ask `customer` about, the newest first; three queries."""
    rules, since = rules_now(), now - ASKED_WITHIN
    spoken = Interaction.objects.filter(
        customer=customer, at__range=(since, now), outcome=Outcome.TALKED, channel__in=list(OF_CHANNEL)
    ).order_by("-at", "-pk")[:20]
    closed = Complaint.objects.filter(customer=customer, state=ComplaintState.CLOSED, closed_at__range=(since, now))
    found = [(one.closed_at, draw("complaint", one.pk, bank_day(one.closed_at), rules, one.about_id)) for one in closed]
    found += [(one.at, draw(OF_CHANNEL[one.channel], one.pk, bank_day(one.at), rules, one.by_id)) for one in spoken]
    found.sort(key=lambda pair: pair[0] or now, reverse=True)
    return [one for _at, one in found if one is not None]


def why_wait(customer: Customer, now: datetime) -> Wait | None:
    """Why `customer` is not asked at `now`, None: may be asked. Four short queries."""
    if customer.restricted:
        return Wait.RESTRICTED
    day = bank_day(now)
    if customer.refusals.filter(Q(until=None) | Q(until__gt=day), topic=NO_SURVEYS, undone_at=None).exists():
        return Wait.REFUSED
    if customer.complaints.filter(state=ComplaintState.OPEN).exists():
        return Wait.COMPLAINT
    if customer.pauses.filter(reason=PauseReason.BEREAVEMENT, since__lte=day, until__gt=day).exists():
        return Wait.BEREAVEMENT
    since = now - timedelta(days=settings.SURVEY_REST_DAYS)
    asked = Survey.objects.filter(customer=customer, invited_at__gt=since).filter(
        Q(answered_at__isnull=False) | Q(revoked_at=None)
    )
    return Wait.ASKED if asked.exists() else None
