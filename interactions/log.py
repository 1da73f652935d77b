"""Keeping what was said: a contact, the promise and the question in it, and the clock of losing touch."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from customers.models import Customer
from interactions import reminders
from interactions.drafts import forget
from interactions.models import (
    Direction,
    Interaction,
    Kind,
    Outcome,
    Reminder,
    ReminderKind,
    ReminderState,
)

# What a conversation answers by itself: somebody spoke with the customer again.
ENDED_BY_TALKING = (ReminderKind.LOSING_TOUCH, ReminderKind.NOTHING_PLANNED)


@dataclass(frozen=True)
class Said:
    """One contact as a person tells it.

    topics: values of Topic. promise_due: None where no day was named: the promise is open all the same. next_on: the
    day of the next contact, None for none. at: None for now. reference: what makes a second telling of the same
    contact known (a note sent twice over a bad line), None where nothing does.
    """

    channel: str
    direction: str = Direction.OUT.value
    kind: str = Kind.SERVICE.value
    topics: tuple[str, ...] = ()
    summary: str = ""
    outcome: str = Outcome.TALKED.value
    promise: str = ""
    promise_due: date | None = None
    question: str = ""
    mood: str = ""
    satisfaction: int | None = None
    next_on: date | None = None
    at: datetime | None = None
    reference: str | None = None


@transaction.atomic
def log_contact(customer: Customer, *, by: User | None, said: Said) -> Interaction:
    """Keep a contact with `customer`; what is told a second time (same reference) is answered with what was kept.

    A conversation moves the last contact forward and ends the reminders that asked for one. A promise with a day and a
    next day become reminders. The note it was written in is gone from the drafts; another one half written stays.
    """
    note = said.reference
    if said.reference is not None:
        known = Interaction.objects.filter(reference=said.reference).first()
        if known is not None and _same(known, customer, by, said):
            return known
        said = replace(said, reference=None) if known is not None else said  # another contact: not a word is lost
    interaction = _kept(customer, by, said)
    answered: tuple[ReminderKind, ...] = (ReminderKind.NOTHING_PLANNED,) if said.next_on else ()
    if interaction.conversation and move_forward(interaction):
        answered = ENDED_BY_TALKING
    ended = _end_calls_for_contact(interaction, answered, by)
    if interaction.promise and interaction.promise_due and by is not None:
        reminders.promised(interaction)
    if said.next_on is not None and by is not None:
        reminders.set_next(customer, said.next_on, by=by)
    if by is not None:
        forget(by, customer, note)
    record(
        Action.CREATE, by=by, object_type="interaction", object_ids=[customer.pk], label=str(interaction.pk),
        detail={"channel": said.channel, "outcome": said.outcome, "kind": said.kind, "reminders_ended": ended},
    )  # fmt: skip
    return interaction


def _same(known: Interaction, customer: Customer, by: User | None, said: Said) -> bool:
    """Whether `known` is what is told here once more, and not a note that was changed since, or somebody else's."""
    teller = by.pk if by else None
    return (known.customer_id, known.by_id, known.summary) == (customer.pk, teller, said.summary)


def _kept(customer: Customer, by: User | None, said: Said) -> Interaction:
    return Interaction.objects.create(
        customer=customer,
        channel=said.channel,
        direction=said.direction,
        kind=said.kind,
        topics=list(said.topics),
        summary=said.summary,
        outcome=said.outcome,
        promise=said.promise,
        promise_due=said.promise_due if said.promise else None,
        question=said.question,
        mood=said.mood,
        satisfaction=said.satisfaction,
        by=by,
        at=said.at or timezone.now(),
        reference=said.reference,
    )


_FORWARD = """
INSERT INTO interactions_lastcontact AS known (customer_id, at, channel, by_id)
VALUES (%(customer)s, %(at)s, %(channel)s, %(by)s)
ON CONFLICT (customer_id) DO UPDATE SET at = EXCLUDED.at, channel = EXCLUDED.channel, by_id = EXCLUDED.by_id
WHERE known.at < EXCLUDED.at
"""


def move_forward(interaction: Interaction) -> bool:
    """Make the conversation `interaction` the customer's last contact, unless a newer one is known; whether it did."""
    with connection.cursor() as cursor:
        cursor.execute(
            _FORWARD,
            {
                "customer": interaction.customer_id,
                "at": interaction.at,
                "channel": interaction.channel,
                "by": interaction.by_id,
            },
        )
        moved: int = cursor.rowcount
    return moved > 0


def _end_calls_for_contact(interaction: Interaction, kinds: tuple[ReminderKind, ...], by: User | None) -> int:
    now = timezone.now()
    asking = Reminder.objects.filter(customer_id=interaction.customer_id, state=ReminderState.OPEN, kind__in=kinds)
    return asking.update(
        state=ReminderState.DONE, outcome=interaction.summary[:200], ended_at=now, ended_by=by, touched_at=now
    )


@transaction.atomic
def keep_promise(interaction: Interaction, *, by: User) -> None:
    """The promise in `interaction` was kept; its reminder is done. A promise kept already stays as it is."""
    now = timezone.now()
    open_ones = Interaction.objects.filter(pk=interaction.pk, promise_kept_at=None).exclude(promise="")
    if not open_ones.update(promise_kept_at=now):
        return
    interaction.promise_kept_at = now
    of_promise = {"kind": ReminderKind.PROMISE, "cause": f"promise:{interaction.pk}", "state": ReminderState.OPEN}
    for reminder in Reminder.objects.filter(customer_id=interaction.customer_id, **of_promise):
        reminders.finish(reminder, by=by, outcome="")
    _record_change(interaction, by, "promise kept")


@transaction.atomic
def answer_question(interaction: Interaction, *, by: User) -> None:
    """The customer's question in `interaction` was answered. One answered already stays as it is."""
    now = timezone.now()
    open_ones = Interaction.objects.filter(pk=interaction.pk, question_answered_at=None).exclude(question="")
    if not open_ones.update(question_answered_at=now):
        return
    interaction.question_answered_at = now
    _record_change(interaction, by, "question answered")


def _record_change(interaction: Interaction, by: User, what: str) -> None:
    record(
        Action.CHANGE, by=by, object_type="interaction", object_ids=[interaction.customer_id],
        label=str(interaction.pk), detail={"what": what},
    )  # fmt: skip
