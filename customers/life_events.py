"""Events of a customer's life: writing them down, deciding on proposals, and asking about plans whose time is over.

Health is kept only under its own consent, and what is of a child under 14 only once its guardian agreed (PIPL
Art. 28-31): `add` refuses without, and without a standing consent nothing kept is shown.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day, months_before
from crm.staff.models import User
from customers import consent
from customers.models import (
    Confidence,
    Consent,
    ConsentPurpose,
    Customer,
    LifeEvent,
    LifeKind,
    LifeState,
    Precision,
    Source,
)
from customers.relations import Guardian, GuardianNeededError

PORTRAIT: consent.Topic = (ConsentPurpose.PROFILING.value, "", "")
SENSITIVE: consent.Topic = (ConsentPurpose.SENSITIVE.value, "", "")
MOST = 40  # events of one customer that are read


class HealthNotAgreedError(Exception):
    """Health is sensitive data, and the customer has not agreed that any of it is kept."""


@dataclass(frozen=True)
class Allowed:
    """What a customer's consents of today allow to be kept and shown."""

    health: bool
    child: bool
    portrait: bool


def allowed(customer: Customer) -> Allowed:
    """Two queries."""
    asked = Consent.objects.filter(customer=customer, purpose__in=[SENSITIVE[0], consent.CHILD[0], PORTRAIT[0]])
    standing = consent.standings(asked, consent.notices().valid_from)
    given = {topic for topic, answer in standing.items() if answer.allows}
    return Allowed(SENSITIVE in given, consent.CHILD in given, PORTRAIT in given)


def of_child(kind: str, on: date, day: date, *, young: bool) -> bool:
    """Whether an event is data of a child under 14 (PIPL Art. 31). Pure.

    young: who writes it down says that the child is under 14; of a birth the day itself says so.
    """
    if kind == LifeKind.BIRTH:
        return consent.GUARDED_AGE * 12 > (day.year * 12 + day.month) - (on.year * 12 + on.month) >= 0
    return kind == LifeKind.EXAM and young


def last_day(on: date, precision: str) -> date:
    """The last day of the period that `on` begins. Pure."""
    if precision == Precision.YEAR:
        return date(on.year, 12, 31)
    if precision == Precision.MONTH:
        return months_before(on, -1) - timedelta(days=1)
    return on


def overdue(event: LifeEvent, day: date) -> bool:
    """Whether the time of a plan is over and nobody said what became of it. Pure."""
    return event.planned and event.state == LifeState.CONFIRMED and last_day(event.on, event.precision) < day


def may_be_shown(event: LifeEvent, allows: Allowed) -> bool:
    """Whether the consents of today let the event be shown. Pure."""
    if event.kind == LifeKind.ILLNESS:
        return allows.health
    if event.source == Source.SYSTEM and event.state == LifeState.PROPOSED and not allows.portrait:
        return False  # concluded from the figures: a portrait, which needs its own consent
    return allows.child or not event.of_child


def when(event: LifeEvent, day: date) -> str:
    """When, in words as exact as is known: a day, a month, `2028, in about 2 years`."""
    if event.precision == Precision.DAY:
        return event.on.isoformat()
    if event.precision == Precision.MONTH:
        said = _("%(year)d-%(month)02d") % {"year": event.on.year, "month": event.on.month}
        months = (event.on.year - day.year) * 12 + event.on.month - day.month
        if event.planned and 0 < months <= 18:
            ahead = ngettext("in about %(count)d month", "in about %(count)d months", months) % {"count": months}
            return _("%(when)s, %(ahead)s") % {"when": said, "ahead": ahead}
        return said
    said = _("year %(year)d") % {"year": event.on.year}
    years = event.on.year - day.year
    if event.planned and years > 0:
        ahead = ngettext("in about %(count)d year", "in about %(count)d years", years) % {"count": years}
        return _("%(when)s, %(ahead)s") % {"when": said, "ahead": ahead}
    return said


def why(event: LifeEvent) -> str:
    """Why the system proposes it, "" for what a person wrote."""
    if event.source != Source.SYSTEM or not event.cause.startswith("mortgage:"):
        return ""
    return _("A loan for a house began on %(day)s.") % {"day": event.cause.removeprefix("mortgage:")}


@dataclass(frozen=True)
class Shown:
    """An event as the panel has it."""

    event: LifeEvent
    when: str
    why: str
    overdue: bool


@dataclass(frozen=True)
class Life:
    """A customer's events: what asks for an answer, what is planned, what was; each newest or nearest first."""

    proposed: list[Shown]
    overdue: list[Shown]
    planned: list[Shown]
    past: list[Shown]


def read(customer: Customer, day: date) -> Life:
    """The events of `customer` that may be shown, MOST at most. Three queries."""
    found = customer.life_events.exclude(state=LifeState.REJECTED).select_related("by").order_by("-on", "-pk")[:MOST]
    allows = allowed(customer)
    rows = [
        Shown(event, when(event, day), why(event), overdue(event, day))
        for event in found
        if may_be_shown(event, allows)
    ]
    settled = [row for row in rows if row.event.state == LifeState.CONFIRMED]
    return Life(
        proposed=[row for row in rows if row.event.state == LifeState.PROPOSED],
        overdue=[row for row in settled if row.overdue],
        planned=[row for row in reversed(settled) if row.event.planned and not row.overdue],
        past=[row for row in settled if not row.event.planned],
    )


@dataclass(frozen=True)
class Told:
    """What the customer told of one event. young: of a child under 14, where `kind` does not say so itself."""

    kind: str
    on: date
    precision: str
    planned: bool
    note: str = ""
    young: bool = False
    confidence: str = Confidence.SURE


@transaction.atomic
def add(customer: Customer, told: Told, *, by: User, guardian: Guardian | None = None) -> LifeEvent:
    """Write down what was told. Raises HealthNotAgreedError, and GuardianNeededError without the guardian's consent."""
    allows = allowed(customer)
    if told.kind == LifeKind.ILLNESS and not allows.health:
        raise HealthNotAgreedError
    child = of_child(told.kind, told.on, bank_day(), young=told.young)
    if (child or consent.needs_guardian(customer)) and not allows.child:
        if guardian is None:
            raise GuardianNeededError
        consent.give(customer, consent.CHILD, means=guardian.means, by=by, guardian=guardian.name)
    event = LifeEvent.objects.create(
        customer=customer, kind=told.kind, on=told.on, precision=told.precision, planned=told.planned,
        note=told.note, confidence=told.confidence, of_child=child, by=by,
    )  # fmt: skip
    _record(event, customer, by, "added")
    for path in settings.AFTER_LIFE_EVENT:
        import_string(path)(customer, event, by)
    return event


class DecidedAlreadyError(Exception):
    """Somebody else said yes or no in the meantime."""


@transaction.atomic
def decide(event: LifeEvent, customer: Customer, *, so: bool, by: User) -> None:
    """The customer, or who knows them, confirms or rejects a proposal. Raises DecidedAlreadyError."""
    locked = LifeEvent.objects.select_for_update().get(pk=event.pk)
    if locked.state != LifeState.PROPOSED:
        raise DecidedAlreadyError
    locked.state = LifeState.CONFIRMED if so else LifeState.REJECTED
    locked.confidence = Confidence.SURE if so else locked.confidence
    locked.by, locked.decided_at = by, timezone.now()
    locked.save(update_fields=["state", "confidence", "by", "decided_at"])
    _record(locked, customer, by, locked.state)


@transaction.atomic
def settle(event: LifeEvent, customer: Customer, *, outcome: str, by: User, day: date) -> None:
    """What became of a plan: `happened`, `later` (a year on), or `off`. Raises DecidedAlreadyError where it is none."""
    locked = LifeEvent.objects.select_for_update().get(pk=event.pk)
    if not locked.planned or locked.state != LifeState.CONFIRMED:
        raise DecidedAlreadyError
    if outcome == "happened":
        locked.planned = False
    elif outcome == "later":
        locked.on, locked.precision = date(day.year + 1, 1, 1), Precision.YEAR
    else:
        locked.state = LifeState.REJECTED
    locked.by, locked.decided_at = by, timezone.now()
    locked.save(update_fields=["planned", "on", "precision", "state", "by", "decided_at"])
    _record(locked, customer, by, outcome)


def _record(event: LifeEvent, customer: Customer, by: User, what: str) -> None:
    # Of an illness not even the audit, which nobody can delete from, keeps the kind.
    kind = "" if event.kind == LifeKind.ILLNESS else event.kind
    record(
        Action.CHANGE, by=by, object_type="customer", object_ids=[customer.pk], label=customer.number,
        detail={"life_event": event.pk, "kind": kind, "what": what},
    )  # fmt: skip
