"""Receipts: the gateway tells what became of a message. Signed, told as often as it likes, counted once.

POST with the headers of `signing`: {"receipt": "…", "key": "…", "state": "delivered" | "failed", "reason": "…"}.
Answers 200 also for a receipt that is known already, 403 for a wrong signature or clock, 404 for an unknown key.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from interactions.messaging import states
from interactions.models import AttemptStep, Message, MessageAttempt, MessageState

# What a receipt of failure ends. One of delivery is the truth whatever was thought before: it may come before the
# answer to the request it tells of, and long after a person has decided.
_MAY_FAIL = (MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN)


@dataclass(frozen=True)
class Receipt:
    """number: the gateway's own, by which a second telling is known."""

    number: str
    key: UUID
    delivered: bool
    reason: str


def parsed(body: bytes) -> Receipt:
    """The receipt in `body`. Raises ValueError."""
    said = json.loads(body)
    if not isinstance(said, dict) or said.get("state") not in ("delivered", "failed"):
        raise ValueError("no receipt")
    number, reason = str(said.get("receipt") or ""), str(said.get("reason") or "")
    if not 0 < len(number) <= 80 or "\x00" in number + reason:
        raise ValueError("no receipt number")
    return Receipt(number, UUID(str(said.get("key"))), said["state"] == "delivered", reason[:120])


@transaction.atomic
def take(receipt: Receipt, now: datetime) -> bool:
    """Count `receipt`; False where no message has its key. A second one of its number changes nothing.

    What was delivered stays so, whatever comes later.
    """
    message = Message.objects.select_for_update().filter(key=receipt.key).first()
    if message is None:
        return False
    if MessageAttempt.objects.filter(receipt=receipt.number).exists():
        return True
    detail = "delivered" if receipt.delivered else f"failed {receipt.reason}"
    states.note(message, AttemptStep.RECEIPT, now, detail, receipt=receipt.number)
    if receipt.delivered and message.state not in (MessageState.DRAFT, MessageState.DELIVERED):
        states.sent(message, now, delivered=True)
    elif not receipt.delivered and message.state in _MAY_FAIL:
        states.failed(message, receipt.reason or "not_delivered")
    return True
