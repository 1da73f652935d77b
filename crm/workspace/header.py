"""The head of the customer page: who is served how, what to keep to, and when to speak next."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, OuterRef, Subquery
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from crm.lib.dates import bank_day, start_of_day
from crm.workspace.brief_parts import day_text
from customers.access import Reach
from customers.models import Channel, Customer, Features, LoanState, Membership, RiskAssessment, Tier
from interactions import reminders, working_days
from interactions.cadence import of_interval
from interactions.models import ENGAGEMENTS, INTENTS, ChannelEvent, Reminder
from interactions.policy_words import budget_words
from interactions.standing import standing_of

OVERDUE_REMEMBERED = timedelta(days=730)
ENGAGED_WITHIN = timedelta(days=365)
ENDS_SOON = timedelta(days=30)
MATURES_WITHIN = timedelta(days=60)
DOTS_MOST = 10


@dataclass(frozen=True)
class Risk:
    """The last assessment: level 1 (C1) to 5, and until when it holds. kind: "", today where it ended or ends soon."""

    level: int
    until: date
    ended: bool
    kind: str


@dataclass(frozen=True)
class Overdue:
    """The record of repaying: overdue `days` now, or at most `worst` days in the last two years (0: never)."""

    days: int
    worst: int


@dataclass(frozen=True)
class Contact:
    """What to keep to when speaking with the customer. dots: whether each place of the budget is used."""

    quiet: str
    refused: list[str]
    budget: str
    spent: bool
    dots: list[bool]


@dataclass(frozen=True)
class Choice:
    """A day to plan the next contact on, in one tap; taken: it is planned on that day."""

    day: date
    label: str
    taken: bool


@dataclass(frozen=True)
class Next:
    """The next contact. late: its day is past. choices: days to move it to; ideal_days, since_days: how often the
    segment wishes to speak, and days since the last conversation; None: no wish, never spoken. losing: longer ago than
    the segment allows."""

    planned: Reminder | None
    day: date | None
    late: bool
    choices: list[Choice]
    ideal_days: int | None
    since_days: int | None
    losing: bool


@dataclass(frozen=True)
class Active:
    """What the customer did last, by money or on a channel, and how often they took part, used a coupon or learnt in a
    year. on: None where nothing is known, which is not the same as nothing done."""

    on: date | None
    engaged: int


@dataclass(frozen=True)
class Header:
    """contact and next are None for who serves a walk-in, and for a customer whose data are only stored."""

    membership: Membership | None
    features: Features | None
    tier: Tier | None
    risk: Risk | None
    overdue: Overdue | None
    active: Active
    contact: Contact | None
    next: Next | None


def header(customer: Customer, reach: Reach, day: date) -> Header:
    """The head of `customer`'s page on `day`, in six queries at most."""
    row = _columns(customer, day)
    features = getattr(row, "features", None)
    membership = getattr(row, "membership", None)
    plans = not customer.restricted and reach.why != "walk_in"
    return Header(
        membership=membership,
        features=features,
        tier=Tier.objects.filter(code=features.tier).first() if features and features.tier else None,
        risk=_risk(row.risk_level, row.risk_until, day),
        overdue=_overdue(features, row.worst),
        active=_active(features, row.last_event, row.engaged or 0),
        contact=_contact(customer, day) if plans else None,
        next=_next(customer, row, day) if plans else None,
    )


def _columns(customer: Customer, day: date) -> Any:
    """The customer with features, membership and last contact, the last assessment, and the worst arrears."""
    here = OuterRef("pk")
    assessed = RiskAssessment.objects.filter(customer=here, assessed_on__lte=day).order_by("-assessed_on")
    states = LoanState.objects.filter(loan__customer=here, day__gt=day - OVERDUE_REMEMBERED, day__lte=day)
    worst = states.order_by().values("loan__customer").annotate(worst=Max("overdue_days")).values("worst")
    done = ChannelEvent.objects.filter(customer=here)
    engaged = done.filter(kind__in=ENGAGEMENTS, at__gt=start_of_day(day - ENGAGED_WITHIN))
    return (
        Customer.objects.select_related("features", "membership__segment", "last_contact")
        .annotate(
            risk_level=Subquery(assessed.values("level")[:1]),
            risk_until=Subquery(assessed.values("valid_until")[:1]),
            worst=Subquery(worst),
            last_event=Subquery(done.exclude(kind__in=INTENTS).order_by("-at").values("at")[:1]),
            engaged=Subquery(engaged.order_by().values("customer").annotate(times=Count("pk")).values("times")),
        )
        .get(pk=customer.pk)
    )


def _risk(level: int | None, until: date | None, day: date) -> Risk | None:
    if level is None or until is None:
        return None
    return Risk(level, until, until < day, "today" if until <= day + ENDS_SOON else "")


def _overdue(features: Features | None, worst: int | None) -> Overdue | None:
    """None for who has owed nothing."""
    now = (features.overdue_days if features else None) or 0
    return None if worst is None and not now else Overdue(now, max(worst or 0, now))


def _active(features: Features | None, last_event: datetime | None, engaged: int) -> Active:
    known = [bank_day(last_event)] if last_event else []
    if features and features.last_active_on:
        known.append(features.last_active_on)
    return Active(max(known, default=None), engaged)


def _contact(customer: Customer, day: date) -> Contact:
    standing = standing_of(customer, day)
    hours = standing.quiet
    cap = standing.budget.cap or 0
    return Contact(
        quiet=f"{hours.start:%H:%M}–{hours.end:%H:%M}" if hours.start != hours.end else "",
        refused=[str(Channel(name).label) for name in Channel.values if name in standing.refused_channels],
        budget=budget_words(standing.budget),
        spent=standing.budget.spent,
        dots=[place < standing.budget.used for place in range(cap)] if cap <= DOTS_MOST else [],
    )


def _next(customer: Customer, row: Any, day: date) -> Next:
    planned = reminders.next_of(customer)
    due = max(planned.due, planned.snoozed_until or planned.due) if planned else None
    membership = getattr(row, "membership", None)
    last = getattr(row, "last_contact", None)
    interval = membership.segment.contact_interval if membership else settings.CONTACT_INTERVAL_DEFAULT
    cadence = of_interval(interval)
    since = max((day - bank_day(last.at)).days, 0) if last else None
    features = getattr(row, "features", None)
    return Next(
        planned=planned,
        day=due,
        late=due is not None and due < day,
        choices=_choices(due, features.next_maturity_on if features else None, day),
        ideal_days=cadence.ideal_days if cadence else None,
        since_days=since,
        losing=cadence is not None and since is not None and since > cadence.max_days,
    )


def _choices(planned: date | None, matures: date | None, day: date) -> list[Choice]:
    """The planned day, the next working day, the one a week on, and the last before something matures; by day."""
    labels: dict[date, str] = {}
    following = working_days.next_after(day)
    labels[following] = _("tomorrow") if following == day + timedelta(days=1) else _day_label(following, day)
    labels.setdefault(working_days.on_or_after(day + timedelta(days=7)), _("in a week"))
    if matures is not None and following < matures <= day + MATURES_WITHIN:
        labels[working_days.on_or_before(matures)] = _("at maturity")
    if planned is not None:
        labels[planned] = _day_label(planned, day)
    return [Choice(on, labels[on], on == planned) for on in sorted(labels)]


def _day_label(on: date, day: date) -> str:
    return f"{day_text(on, day)} {format_date(on, 'D')}"
