"""Follow-ups as people make, move and end them; what the night makes of facts is in interactions/night."""

import uuid
from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_noop

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.staff.models import User
from crm.staff.scope import scope
from customers.access import visible_to
from customers.models import Customer
from interactions import recurring
from interactions.models import Interaction, Reminder, ReminderKind, ReminderState

# What the night writes as the outcome of what no longer applies; pages translate it.
NO_LONGER_DUE = gettext_noop("no longer due")
# A snoozed reminder comes back on the day it was put off to.
EFFECTIVE_DUE = Greatest("due", Coalesce("snoozed_until", "due"))
BY_PEOPLE = (ReminderKind.FOLLOW_UP, ReminderKind.PROMISE)


@transaction.atomic
def set_next(customer: Customer, day: date, *, by: User, at_time: time | None = None, text: str = "") -> Reminder:
    """Plan the next contact of `by` with `customer` on `day`: the one that is planned already moves, never doubles.

    The day is taken as said: an appointment on a Saturday is one. An empty text keeps the words that are there.
    """
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)  # two windows of one person plan once
    planned = Reminder.objects.filter(
        customer=customer, assignee=by, kind=ReminderKind.FOLLOW_UP, state=ReminderState.OPEN, series=None, team=None,
        made_by=by,
    ).first()  # fmt: skip
    if planned is None:
        planned = Reminder(
            customer=customer, assignee=by, kind=ReminderKind.FOLLOW_UP, cause=uuid.uuid4().hex, priority=3, made_by=by
        )
    planned.due, planned.at_time, planned.text = day, at_time, text[:200] or planned.text
    planned.values = {"on": bank_day().isoformat()}
    planned.snoozed_until, planned.snooze_reason, planned.touched_at = None, "", timezone.now()
    planned.save()
    _record(Action.CREATE, planned, by, due=day.isoformat())
    return planned


def promised(interaction: Interaction) -> Reminder:
    """The reminder of the promise in `interaction`, which names a day and a person; a second call finds the first.

    Raises ValueError where it names none.
    """
    if interaction.by_id is None or interaction.promise_due is None:
        raise ValueError("a promise without a person or a day")
    reminder, _created = Reminder.objects.get_or_create(
        customer_id=interaction.customer_id,
        kind=ReminderKind.PROMISE,
        cause=f"promise:{interaction.pk}",
        defaults={
            "assignee_id": interaction.by_id,
            "made_by_id": interaction.by_id,
            "due": interaction.promise_due,
            "text": interaction.promise,
            "priority": 2,
            "values": {"on": bank_day(interaction.at).isoformat(), "channel": interaction.channel},
            "touched_at": timezone.now(),
        },
    )
    return reminder


@transaction.atomic
def finish(reminder: Reminder, *, by: User, outcome: str, next_on: date | None = None) -> bool:
    """It is done; a promise is kept by it. next_on plans the next contact.

    False, and nothing is changed, where somebody ended it meanwhile.
    """
    if not _end(reminder, ReminderState.DONE, by=by, outcome=outcome):
        return False
    if reminder.kind == ReminderKind.PROMISE and (interaction := reminder.cause.removeprefix("promise:")).isdigit():
        Interaction.objects.filter(pk=interaction, promise_kept_at=None).update(promise_kept_at=timezone.now())
    if next_on is not None:
        set_next(reminder.customer, next_on, by=by)
    return True


@transaction.atomic
def dismiss(reminder: Reminder, *, by: User, reason: str) -> bool:
    """It was not to be done: the night never makes it again. False where somebody ended it meanwhile."""
    return _end(reminder, ReminderState.DISMISSED, by=by, outcome=reason)


@transaction.atomic
def snooze(reminder: Reminder, until: date, *, by: User, reason: str = "") -> bool:
    """It comes back on the day `until`. False where somebody ended it meanwhile."""
    if not _still_open(reminder):
        return False
    reminder.snoozed_until, reminder.snooze_reason = until, reason[:120]
    reminder.touched_at, reminder.later = timezone.now(), False
    reminder.save(update_fields=["snoozed_until", "snooze_reason", "touched_at", "later"])
    _record(Action.CHANGE, reminder, by, snoozed_until=until.isoformat())
    return True


@transaction.atomic
def finish_many(user: User, pks: Sequence[int], *, outcome: str) -> int:
    """End those of `pks` that are open and `user`'s to act on; returns how many."""
    return _many(user, pks, "done", state=ReminderState.DONE, outcome=outcome[:200], ended_by=user)


@transaction.atomic
def snooze_many(user: User, pks: Sequence[int], until: date) -> int:
    """Put those of `pks` that are open and `user`'s to act on off to the day `until`; returns how many."""
    return _many(user, pks, until.isoformat(), snoozed_until=until, later=False)


def _many(user: User, pks: Sequence[int], what: str, **fields: Any) -> int:
    locked = open_ones(user).filter(pk__in=pks).order_by("pk").select_for_update(of=("self",))
    rows = list(locked.values_list("pk", "kind", "cause", "customer_id"))
    now = timezone.now()
    if "ended_by" in fields:
        fields["ended_at"] = now
        kept = [cause.removeprefix("promise:") for _pk, kind, cause, _of in rows if kind == ReminderKind.PROMISE]
        Interaction.objects.filter(pk__in=[pk for pk in kept if pk.isdigit()], promise_kept_at=None).update(
            promise_kept_at=now
        )
    Reminder.objects.filter(pk__in=[row[0] for row in rows]).update(touched_at=now, **fields)
    if "ended_by" in fields:
        ended = Reminder.objects.filter(pk__in=[row[0] for row in rows], series__isnull=False)
        recurring.follow(list(ended), bank_day())
    record(
        Action.CHANGE, by=user, object_type="reminder", object_ids=sorted({row[3] for row in rows}),
        detail={"what": what, "count": len(rows)},
    )  # fmt: skip
    return len(rows)


def next_of(customer: Customer) -> Reminder | None:
    """The soonest open follow-up or promise of `customer`."""
    return (
        Reminder.objects.filter(customer=customer, kind__in=BY_PEOPLE, state=ReminderState.OPEN)
        .annotate(day=EFFECTIVE_DUE)
        .order_by("day", "pk")
        .first()
    )


def day_of(reminder: Reminder) -> date:
    """The day an open reminder is for: its own, or the one it was put off to."""
    return max(reminder.due, reminder.snoozed_until or reminder.due)


def of_customer(customer: Customer) -> QuerySet[Reminder]:
    """The open reminders of `customer`, the soonest first, each with `day`."""
    open_ones = Reminder.objects.filter(customer=customer, state=ReminderState.OPEN)
    return open_ones.annotate(day=EFFECTIVE_DUE).order_by("day", "priority", "pk")


def of(user: User, *, team: bool = False) -> "QuerySet[Any]":
    """The open reminders that are `user`'s to act on, each with `day`, the day it is for.

    Those of the customers they own or cover, whoever made them: when a customer changes hands the promise does too.
    And their own with other customers, and those of a colleague they cover, as long as they may see these customers.
    Of customers in service alone. team: also what waits for anybody of their branch, which is nobody's until taken.
    """
    return open_ones(user, team=team).annotate(day=EFFECTIVE_DUE)


def open_ones(user: User, *, team: bool = False) -> QuerySet[Reminder]:
    """As `of`. A union of ids: each half is read along an index, where an OR over two tables reads all reminders."""
    owners = sorted(scope(user).owner_ids)
    live = Reminder.objects.filter(state=ReminderState.OPEN)
    of_book = live.filter(customer__owner_id__in=owners, customer__status="active")
    others = visible_to(user).in_service().exclude(owner_id__in=owners)
    own = live.filter(assignee_id__in={user.pk, *owners}, customer__in=others.values("pk"))
    parts = [own.values("pk"), waiting_for_team(user).values("pk")] if team else [own.values("pk")]
    return Reminder.objects.filter(pk__in=of_book.values("pk").union(*parts))


def waiting_for_team(user: User) -> QuerySet[Reminder]:
    """The open reminders that wait for anybody of the branch of `user`, a manager.

    Of customers without a manager alone: whoever has one sees them in the list of that manager.
    """
    return Reminder.objects.filter(
        state=ReminderState.OPEN, assignee=None, team_id__in=sorted(scope(user).pool_branch_ids),
        customer__owner=None, customer__status="active",
    )  # fmt: skip


def _still_open(reminder: Reminder) -> bool:
    """Whether `reminder` is open still; nobody else can end it before the transaction does."""
    locked = Reminder.objects.select_for_update().filter(pk=reminder.pk, state=ReminderState.OPEN)
    return bool(locked.values_list("pk", flat=True).first())


def _end(reminder: Reminder, state: ReminderState, *, by: User, outcome: str) -> bool:
    if not _still_open(reminder):
        return False
    now = timezone.now()
    reminder.state, reminder.outcome = state, outcome[:200]
    reminder.ended_at, reminder.ended_by, reminder.touched_at = now, by, now
    reminder.save(update_fields=["state", "outcome", "ended_at", "ended_by", "touched_at"])
    recurring.follow([reminder], bank_day())
    _record(Action.CHANGE, reminder, by, state=str(state))
    return True


def _record(action: Action, reminder: Reminder, by: User, **detail: str) -> None:
    record(
        action, by=by, object_type="reminder", object_ids=[reminder.customer_id], label=str(reminder.pk),
        detail={"kind": reminder.kind, **detail},
    )  # fmt: skip
