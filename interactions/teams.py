"""Reminders for whoever of a team has the time, reminders given to a colleague, and handing them over for good."""

import uuid
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.staff.cover import team_of
from crm.staff.models import Role, User
from crm.staff.notices import tell
from crm.staff.scope import scope
from customers.models import Customer
from interactions import recurring
from interactions.models import Reminder, ReminderKind, ReminderState
from interactions.recurring import Rhythm

TEAM = "team"  # instead of a person


@dataclass(frozen=True)
class Plan:
    """What is to be done and when. rhythm: it comes back."""

    due: date
    text: str
    at_time: time | None = None
    rhythm: Rhythm | None = None


def choices(customer: Customer, by: User) -> list[User | None]:
    """For whom `by` may plan with `customer`; None stands for the team of the branch. The first is the usual one."""
    found: list[User | None] = []
    leads = customer.branch_id in scope(by).branch_ids
    if Role.MANAGER in by.roles:
        found.append(by)
    if customer.owner_id is None:
        found.append(None)
        if leads:
            found += list(team_of(by).filter(branch=customer.branch_id).order_by("employee_number"))
    elif leads and customer.owner is not None:
        found.insert(0, customer.owner)
    if leads and Role.MANAGER not in by.roles:
        found.append(by)
    return list(dict.fromkeys(found))


@transaction.atomic
def plan(customer: Customer, wanted: Plan, *, to: User | None, by: User) -> Reminder:
    """Plan a follow-up with `customer` for `to` (None: for the team of the customer's branch), as `by` says.

    Who gets one from somebody else is told.
    """
    reminder = Reminder(
        customer=customer, kind=ReminderKind.FOLLOW_UP, cause=uuid.uuid4().hex, due=wanted.due, priority=3,
        assignee=to, team_id=None if to else customer.branch_id, at_time=wanted.at_time, text=wanted.text[:200],
        values={"on": bank_day().isoformat()}, made_by=by, touched_at=timezone.now(),
    )  # fmt: skip
    if wanted.rhythm is None:
        reminder.save()
    else:
        recurring.begin(customer, wanted.rhythm, reminder, by=by)
    _record(Action.CREATE, reminder, by, due=reminder.due.isoformat(), to=to.pk if to else TEAM)
    if to is not None and to.pk != by.pk:
        tell(
            to,
            gettext_noop("%(who)s gave you a reminder for %(day)s."),
            {"who": by.display_name, "day": reminder.due.isoformat()},
            url="/today/",
        )
    return reminder


@transaction.atomic
def take(reminder: Reminder, *, by: User) -> bool:
    """`by` takes a reminder of the team. One statement decides between two who tap at once: False for who is late."""
    taken = Reminder.objects.filter(pk=reminder.pk, assignee=None, state=ReminderState.OPEN).update(
        assignee=by, taken_at=timezone.now(), touched_at=timezone.now()
    )
    if taken:
        _record(Action.CHANGE, reminder, by, taken="yes")
    return bool(taken)


@transaction.atomic
def give_back(reminder: Reminder, *, by: User) -> bool:
    """Who took it lets the team have it again."""
    given = Reminder.objects.filter(pk=reminder.pk, assignee=by, team__isnull=False, state=ReminderState.OPEN).update(
        assignee=None, taken_at=None, touched_at=timezone.now()
    )
    if given:
        _record(Action.CHANGE, reminder, by, taken="no")
    return bool(given)


@dataclass(frozen=True)
class HandedOver:
    """How many reminders changed hands, and how many stay: of customers whom the other does not look after."""

    moved: int
    stay: int


def _to_hand_over(away: User, to: User) -> tuple["QuerySet[Reminder]", "QuerySet[Reminder]"]:
    mine = Reminder.objects.filter(assignee=away, state=ReminderState.OPEN)
    fits = Q(customer__owner=to) | Q(customer__owner=None, customer__branch_id=to.branch_id)
    return mine.filter(fits), mine.exclude(fits)


def hand_over_preview(away: User, to: User) -> HandedOver:
    """What `hand_over` would do now."""
    fit, stay = _to_hand_over(away, to)
    return HandedOver(fit.count(), stay.count())


@transaction.atomic
def hand_over(away: User, to: User, *, by: User) -> HandedOver:
    """Every open reminder of `away` is `to`'s who looks after its customer now. For good: a cover returns them."""
    fit, stay = _to_hand_over(away, to)
    ids = list(fit.select_for_update(of=("self",)).values_list("pk", flat=True))
    Reminder.objects.filter(pk__in=ids).update(assignee=to)
    left = stay.count()
    record(
        Action.CHANGE, by=by, object_type="reminder", label=f"{away} → {to}", detail={"moved": len(ids), "stay": left}
    )
    if ids:
        tell(
            to,
            gettext_noop("%(count)d reminders of %(who)s are yours now."),
            {"who": away.display_name, "count": len(ids)},
            url="/today/",
        )
    return HandedOver(len(ids), left)


def _record(action: Action, reminder: Reminder, by: User, **detail: object) -> None:
    record(
        action, by=by, object_type="reminder", object_ids=[reminder.customer_id], label=str(reminder.pk),
        detail={"kind": str(reminder.kind), **detail},
    )  # fmt: skip
