"""What becomes of a message: each change of its state with its step, its contact and its audit row."""

from datetime import datetime

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from interactions.models import AttemptStep, Direction, Interaction, Message, MessageAttempt, MessageState, Outcome

MOST_REASON = 200


def note(
    message: Message, step: AttemptStep, at: datetime, detail: str = "", *, by: User | None = None,
    receipt: str | None = None,
) -> MessageAttempt:  # fmt: skip
    """Add a step to the journal of `message`."""
    return MessageAttempt.objects.create(
        message=message, number=message.tries, step=step, at=at, detail=detail[:200], by=by, receipt=receipt
    )


def sent(message: Message, at: datetime, *, by: User | None = None, delivered: bool = False) -> None:
    """`message`, locked by the caller, was sent at `at`: it is a contact now, and an offer uses up the budget.

    A message is one-way: the last conversation stays what it was.
    """
    if message.interaction_id is None:
        message.interaction = Interaction.objects.create(
            customer_id=message.customer_id, channel=message.channel, direction=Direction.OUT, kind=message.kind,
            topics=[message.topic] if message.topic else [], summary=message.text, outcome=Outcome.LEFT_MESSAGE,
            by_id=message.by_id, at=at, reference=f"message:{message.pk}",
        )  # fmt: skip
    message.sent_at = message.sent_at or at
    message.delivered_at = at if delivered else message.delivered_at
    end(message, MessageState.DELIVERED if message.delivered_at else MessageState.SENT, by=by)


def failed(message: Message, reason: str, *, by: User | None = None) -> None:
    """`message`, locked by the caller, did not reach the customer: it is no contact, and uses up nothing."""
    if message.interaction_id is not None:
        Interaction.objects.filter(pk=message.interaction_id).delete()
        message.interaction = None
    end(message, MessageState.FAILED, reason, by=by)


def end(message: Message, state: MessageState, reason: str = "", *, by: User | None = None) -> None:
    """Nothing is to be done about `message` any more by a worker: it is in `state`, for `reason` (a code or words)."""
    message.state, message.reason = state, reason[:MOST_REASON]
    message.lease, message.due_at, message.in_doubt, message.held = None, None, False, []
    message.save()
    record(
        Action.CHANGE, by=by, object_type="message", object_ids=[message.customer_id], label=str(message.key),
        detail={"state": str(state), "channel": message.channel, "kind": message.kind, "reason": message.reason},
    )  # fmt: skip
