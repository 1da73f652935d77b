"""What people do with messages in the outbox: put one in, cancel it, send it anew, decide what nobody knows."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from interactions.messaging import states
from interactions.models import AttemptStep, Message, MessageState

CANCELLABLE = (MessageState.QUEUED, MessageState.HELD)
RESENDABLE = (MessageState.UNKNOWN, MessageState.FAILED)


class DecidedAlreadyError(Exception):
    """The message is in another state by now: somebody, or a receipt, was quicker."""


def queue(message: Message, *, by: User, now: datetime, active: bool = False) -> None:
    """Put a draft, whose text is made, into the outbox; `active`: for the hours when the customer is about."""
    message.state, message.due_at, message.at_active_hours = MessageState.QUEUED, now, active
    message.not_after = now + timedelta(days=message.version.template.days_valid)
    message.save()
    _record(Action.CREATE, message, by, "queued")


def copied(message: Message, *, by: User) -> None:
    """The author takes the text of a draft away to send it by hand: it waits for the word that it was sent."""
    message.state, message.due_at, message.by_hand = MessageState.HELD, None, True
    message.save()
    _record(Action.CREATE, message, by, "copied to send by hand")


@transaction.atomic
def sent_by_hand(message: Message, *, by: User, now: datetime) -> None:
    """It was sent by hand: it is a contact now. Raises DecidedAlreadyError."""
    locked = _in_state(message, MessageState.HELD)
    if not locked.by_hand:
        raise DecidedAlreadyError
    locked.by = by
    states.note(locked, AttemptStep.DECIDED, now, "by hand", by=by)
    states.sent(locked, now, by=by)


@transaction.atomic
def cancel(message: Message, reason: str, *, by: User, now: datetime) -> None:
    """It is not to be sent. What is being sent just now cannot be called back. Raises DecidedAlreadyError."""
    locked = _in_state(message, *CANCELLABLE)
    states.note(locked, AttemptStep.DECIDED, now, f"cancelled: {reason}", by=by)
    states.end(locked, MessageState.CANCELLED, reason, by=by)


@transaction.atomic
def arrived(message: Message, reason: str, *, by: User, now: datetime) -> None:
    """A person found out that a message of unknown fate did arrive. Raises DecidedAlreadyError."""
    locked = _in_state(message, MessageState.UNKNOWN)
    began = locked.attempts.filter(step=AttemptStep.BEGUN).order_by("-pk").values_list("at", flat=True).first()
    states.note(locked, AttemptStep.DECIDED, now, f"arrived: {reason}", by=by)
    states.sent(locked, began or now, by=by)


@transaction.atomic
def send_again(message: Message, reason: str, *, by: User, now: datetime) -> Message:
    """It did not arrive and goes out anew, under a new key; the policy is asked as for any other. Returns the new one.

    Raises DecidedAlreadyError.
    """
    locked = _in_state(message, *RESENDABLE)
    states.note(locked, AttemptStep.DECIDED, now, f"sent anew: {reason}", by=by)
    states.end(locked, MessageState.CANCELLED, "replaced", by=by)
    copy = Message.objects.get(pk=locked.pk)
    copy.pk, copy._state.adding = None, True
    copy.key, copy.replaces, copy.by = uuid.uuid4(), locked, by
    copy.tries = copy.queries = 0
    copy.reason, copy.provider_id, copy.created_at, copy.interaction = "", "", now, None
    queue(copy, by=by, now=now)
    return copy


@transaction.atomic
def give_up(message: Message, reason: str, *, by: User, now: datetime) -> None:
    """It did not arrive, or failed, and is not sent anew. Raises DecidedAlreadyError."""
    locked = _in_state(message, *RESENDABLE)
    states.note(locked, AttemptStep.DECIDED, now, f"given up: {reason}", by=by)
    states.end(locked, MessageState.CANCELLED, reason, by=by)


def _in_state(message: Message, *wanted: MessageState) -> Message:
    found = Message.objects.select_for_update(of=("self",)).select_related("version__template")
    locked = found.filter(pk=message.pk, state__in=wanted).first()
    if locked is None:
        raise DecidedAlreadyError
    return locked


def _record(action: Action, message: Message, by: User, what: str) -> None:
    record(
        action, by=by, object_type="message", object_ids=[message.customer_id], label=str(message.key),
        detail={"what": what, "channel": message.channel, "kind": message.kind, "template": str(message.version)},
    )  # fmt: skip
