"""What a brief is made of: all that is known below of one customer on one day, in eleven queries at most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from crm.lib.dates import start_of_day
from crm.staff.models import User
from customers.models import (
    Customer,
    Holding,
    RiskAssessment,
    Share,
    WarningState,
)
from customers.warnings import for_managers
from interactions.complaints import looks_after
from interactions.models import (
    CONVERSATIONS,
    INTENTS,
    ChannelEvent,
    Complaint,
    ComplaintState,
    Interaction,
    Outcome,
    Pause,
    Refusal,
    Reminder,
    ReminderKind,
    ReminderState,
)
from interactions.reminders import EFFECTIVE_DUE
from interactions.timeline.sight import agrees_to_profiling

REMEMBERED = timedelta(days=180)  # a complaint that is closed and acknowledged
LOOKED = timedelta(days=14)
AHEAD = timedelta(days=30)
BIRTHDAY_AHEAD = timedelta(days=14)
MOST = 3  # facts of one kind: who reads for twenty seconds reads no more
CARES = (
    ReminderKind.SUPPORT, ReminderKind.BIRTH, ReminderKind.RETIREMENT, ReminderKind.ANNIVERSARY, ReminderKind.WEDDING,
    ReminderKind.FESTIVAL, ReminderKind.INVITATION, ReminderKind.KEEPING,
)  # fmt: skip
MOST_ROWS = 200  # read of one customer and one kind


@dataclass(frozen=True)
class Looked:
    """Alike looks of the last LOOKED days: how often, when first and last, at what."""

    event: ChannelEvent
    times: int
    first: datetime


@dataclass
class Known:
    """All that a brief is made of, of one customer on one day. Lists are in the order of the lines."""

    customer: Customer
    day: date
    hurts: Sequence[Complaint]
    talks: Sequence[Interaction]
    last_talk: Interaction | None
    looked: Sequence[Looked]
    maturing: Sequence[Holding]
    birthday: date | None
    assessment: tuple[int, date] | None
    follow_up: Reminder | None
    cares: Sequence[Reminder]
    warned: bool
    refusals: Sequence[Refusal]
    resting: frozenset[str]
    paused: tuple[str, date] | None
    may_acknowledge: bool
    looks_read: bool
    serves_only: bool

    @property
    def hold(self) -> Complaint | None:
        """The complaint for which sales wait, if any."""
        return self.hurts[0] if self.hurts and holds(self.hurts[0]) else None


def known_of(customer: Customer, user: User, day: date, *, to_serve: bool = False) -> Known:
    """What `user` is told of `customer` on `day`. What they looked at is read with their consent alone, and only for
    who looks after them; who serves them for a moment is not told of assessments either: they lead to an offer.

    to_serve: for the hand-off card, which has nothing that leads to an offer, nor warnings, nor money.
    """
    columns = _columns(customer, user, day)
    own = looks_after(user, customer)
    serves_only = not own and not columns["shared"]
    looks_read = not (serves_only or to_serve) and agrees_to_profiling(customer)
    talks = list(_talks(customer))
    planned = [] if to_serve else list(_planned(customer))
    refusals = list(customer.refusals.filter(undone_at=None).order_by("-at")[:MOST_ROWS])
    return Known(
        customer=customer,
        day=day,
        hurts=list(_hurts(customer, day)),
        talks=[talk for talk in talks if promises(talk) or asks(talk)],
        last_talk=next((talk for talk in talks if talk.conversation), None),
        looked=_looked(customer, day) if looks_read else [],
        maturing=[] if to_serve else list(_maturing(customer, day)),
        birthday=None if to_serve else birthday_of(customer, day),
        assessment=None if serves_only or to_serve else _assessment(columns["level"], columns["valid_until"], day),
        follow_up=next((one for one in planned if one.kind == ReminderKind.FOLLOW_UP), None),
        cares=[one for one in planned if one.kind in CARES][:MOST],
        warned=columns["warned"] and not to_serve,
        refusals=refusals,
        resting=frozenset(one.topic for one in refusals if one.until is None or one.until > day),
        paused=(columns["pause"], columns["paused_until"]) if columns["pause"] else None,
        may_acknowledge=own,
        looks_read=looks_read,
        serves_only=serves_only,
    )


def holds(complaint: Complaint) -> bool:
    """Whether sales wait for `complaint`."""
    return complaint.state == ComplaintState.OPEN or complaint.acknowledged_at is None


def _columns(customer: Customer, user: User, day: date) -> dict[str, Any]:
    """What single columns elsewhere say: warnings to talk about, the last assessment, a pause, a share with `user`."""
    here = OuterRef("pk")
    warned = for_managers().filter(customer=here, state=WarningState.OPEN)
    assessed = RiskAssessment.objects.filter(customer=here, assessed_on__lte=day).order_by("-assessed_on")
    paused = Pause.objects.filter(customer=here, since__lte=day, until__gt=day).order_by("-until")
    asked = Customer.objects.filter(pk=customer.pk).values(
        warned=Exists(warned),
        shared=Exists(Share.objects.live().filter(user=user, content_object=here)),
        level=Subquery(assessed.values("level")[:1]),
        valid_until=Subquery(assessed.values("valid_until")[:1]),
        pause=Subquery(paused.values("reason")[:1]),
        paused_until=Subquery(paused.values("until")[:1]),
    )
    return dict(asked.get())


def _hurts(customer: Customer, day: date) -> QuerySet[Complaint]:
    """Complaints that sales wait for, open ones first, then those of late; newest first."""
    waits = Q(state=ComplaintState.OPEN) | Q(acknowledged_at=None)
    of_late = Q(received_at__gte=start_of_day(day - REMEMBERED))
    held = Case(When(waits, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = customer.complaints.filter(waits | of_late).select_related("acknowledged_by")
    return found.order_by(held, "-state", "-received_at")[:MOST]


def _talks(customer: Customer) -> QuerySet[Interaction]:
    """What was promised and not kept, asked and not answered, and the last conversation; newest first."""
    talked = customer.interactions.filter(outcome=Outcome.TALKED, channel__in=CONVERSATIONS).order_by("-at", "-pk")
    open_promise = Q(promise_kept_at=None) & ~Q(promise="")
    open_question = Q(question_answered_at=None) & ~Q(question="")
    wanted = open_promise | open_question | Q(pk=Subquery(talked.values("pk")[:1]))
    return customer.interactions.filter(wanted).select_related("by").order_by("-at", "-pk")[:MOST_ROWS]


def promises(talk: Interaction) -> bool:
    """Whether a promise made in `talk` is open."""
    return bool(talk.promise) and talk.promise_kept_at is None


def asks(talk: Interaction) -> bool:
    """Whether a question asked in `talk` is open."""
    return bool(talk.question) and talk.question_answered_at is None


def _looked(customer: Customer, day: date) -> list[Looked]:
    """What the customer looked at, calculated or applied for of late, alike looks together, the latest first."""
    since = start_of_day(day - LOOKED)
    events = customer.channel_events.filter(kind__in=INTENTS, at__gte=since).order_by("-at", "-pk")[:MOST_ROWS]
    found: dict[tuple[str, ...], Looked] = {}
    for event in events:
        about = (event.channel, event.kind, event.topic, event.subject)
        known = found.get(about)
        found[about] = Looked(known.event, known.times + 1, event.at) if known else Looked(event, 1, event.at)
    return list(found.values())[:MOST]


def _maturing(customer: Customer, day: date) -> QuerySet[Holding]:
    lasting = Q(ended_on=None) | Q(ended_on__gt=day)
    return customer.holdings.filter(lasting, matures_on__range=(day, day + AHEAD)).order_by("matures_on", "pk")[:MOST]


def birthday_of(customer: Customer, day: date) -> date | None:
    """The customer's next birthday if it is near; one of 29 February counts on 1 March in other years."""
    if customer.birth_date is None:
        return None
    for year in (day.year, day.year + 1):
        try:
            on = customer.birth_date.replace(year=year)
        except ValueError:
            on = date(year, 3, 1)
        if day <= on <= day + BIRTHDAY_AHEAD:
            return on
    return None


def _assessment(level: object, valid_until: object, day: date) -> tuple[int, date] | None:
    """The last risk assessment if it ends within AHEAD, or has ended."""
    if not isinstance(level, int) or not isinstance(valid_until, date):
        return None
    return (level, valid_until) if valid_until <= day + AHEAD else None


def _planned(customer: Customer) -> QuerySet[Reminder]:
    """The contacts that are planned, and the occasions to congratulate or to stand by, the soonest first; promises and
    birthdays have lines of their own."""
    planned = customer.reminders.filter(kind__in=[ReminderKind.FOLLOW_UP, *CARES], state=ReminderState.OPEN)
    return planned.annotate(day=EFFECTIVE_DUE).select_related("assignee").order_by("day", "pk")[:20]
