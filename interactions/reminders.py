"""Reminders: setting the next talk, keeping a promise in mind, and ending, snoozing or dismissing what is due."""

import uuid
from datetime import date, time

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.staff.models import User
from crm.staff.scope import scope
from customers.models import Customer
from interactions.models import Interaction, Reminder, ReminderKind, ReminderState

FIRST, USUAL = 1, 5
# What a conversation answers: the customer was lost sight of, or nothing was planned.
ANSWERED_BY_CONTACT = (ReminderKind.LOSING_TOUCH, ReminderKind.NOTHING_PLANNED)


def open_of(user: User) -> QuerySet[Reminder]:
    """Open reminders of the customers whom `user` looks after, as their manager or standing in for one.

    The owner decides, not whom a reminder was made for: it moves with the customer.
    """
    owners = sorted(scope(user).owner_ids)
    return Reminder.objects.filter(state=ReminderState.OPEN, customer__owner_id__in=owners, customer__status="active")


def next_of(customer: Customer) -> Reminder | None:
    """The soonest follow-up or promise that is open with `customer`."""
    planned = (ReminderKind.FOLLOW_UP, ReminderKind.PROMISE)
    return customer.reminders.filter(state=ReminderState.OPEN, kind__in=planned).order_by("due", "pk").first()


@transaction.atomic
def set_next(customer: Customer, day: date, *, by: User, at_time: time | None = None, text: str = "") -> Reminder:
    """Plan the next talk with `customer` on `day`: the one follow-up there is moves; none is made beside it."""
    asked = customer.reminders.select_for_update().filter(state=ReminderState.OPEN, kind=ReminderKind.FOLLOW_UP)
    reminder = asked.order_by("due", "pk").first()
    if reminder is None:
        reminder = Reminder(
            customer=customer, kind=ReminderKind.FOLLOW_UP, cause=uuid.uuid4().hex, made_by=by, priority=USUAL
        )
    # Whoever the customer is served by keeps it in mind; in the pool, the one who set it.
    reminder.assignee_id = customer.owner_id or by.pk
    reminder.due, reminder.at_time, reminder.snoozed_until = day, at_time, None
    reminder.text = text or reminder.text
    reminder.touched_at = timezone.now()
    reminder.save()
    _record(Action.CHANGE, reminder, by, {"due": day.isoformat()})
    return reminder


@transaction.atomic
def promised(interaction: Interaction) -> Reminder | None:
    """Keep the promise of `interaction` in mind; without a day it is due on the day it was given.

    None for a promise of nobody to a customer of nobody, as imports may have it.
    """
    assignee = interaction.customer.owner_id or interaction.by_id
    if assignee is None:
        return None
    given_on = timezone.localdate(interaction.at)
    reminder, _created = Reminder.objects.get_or_create(
        customer_id=interaction.customer_id, kind=ReminderKind.PROMISE, cause=f"promise:{interaction.pk}",
        defaults={
            "assignee_id": assignee, "made_by_id": interaction.by_id,
            "due": interaction.promise_due or given_on, "priority": FIRST, "touched_at": timezone.now(),
            "values": {"promise": interaction.promise, "on": given_on.isoformat()},
        },
    )  # fmt: skip
    return reminder


@transaction.atomic
def finish(reminder: Reminder, *, by: User, outcome: str, next_on: date | None = None) -> None:
    """End `reminder` as done with its outcome, and plan the next talk where there is to be one."""
    _end(reminder, ReminderState.DONE, by, outcome)
    if reminder.kind == ReminderKind.PROMISE:
        kept = Interaction.objects.filter(pk=int(reminder.cause.partition(":")[2] or 0), promise_kept_at=None)
        kept.update(promise_kept_at=timezone.now())
    if next_on is not None:
        set_next(reminder.customer, next_on, by=by)


def dismiss(reminder: Reminder, *, by: User, reason: str) -> None:
    """End `reminder` without having done it, for `reason`; it does not come back for the same cause."""
    _end(reminder, ReminderState.DISMISSED, by, reason)


@transaction.atomic
def _end(reminder: Reminder, state: ReminderState, by: User, outcome: str) -> None:
    now = timezone.now()
    ended = Reminder.objects.filter(pk=reminder.pk, state=ReminderState.OPEN).update(
        state=state, outcome=outcome[:200], ended_at=now, ended_by=by, touched_at=now
    )
    if ended:
        _record(Action.CHANGE, reminder, by, {"state": state.value})


@transaction.atomic
def snooze(reminder: Reminder, until: date, *, by: User, reason: str = "") -> None:
    """Show `reminder` again on `until`. Its due day stays: what is late does not become punctual by waiting."""
    Reminder.objects.filter(pk=reminder.pk, state=ReminderState.OPEN).update(
        snoozed_until=until, snooze_reason=reason[:120], touched_at=timezone.now()
    )
    _record(Action.CHANGE, reminder, by, {"snoozed_until": until.isoformat()})


def answered_by_contact(customer: Customer, *, by: User | None) -> None:
    """End what a conversation with `customer` answers; the clock of losing touch begins anew."""
    now = timezone.now()
    customer.reminders.filter(state=ReminderState.OPEN, kind__in=ANSWERED_BY_CONTACT).update(
        state=ReminderState.DONE, ended_at=now, ended_by=by, touched_at=now
    )


def is_late(reminder: Reminder, day: date | None = None) -> bool:
    """Whether `reminder` was due before `day` (default: the bank's today)."""
    return reminder.due < (day or bank_day())


def _record(action: Action, reminder: Reminder, by: User, detail: dict[str, str]) -> None:
    record(
        action, by=by, object_type="reminder", object_ids=[reminder.customer_id], label=reminder.customer.number,
        detail={"kind": reminder.kind, **detail},
    )  # fmt: skip
