"""Sending one message, once.

A worker claims a message under a lease, asks the policy, writes down that the request begins, makes it, and writes down
what came of it, fenced by its lease. Whatever dies in between, the journal tells where: before the request began, the
message is simply claimed again; after it, the message is in doubt. What is in doubt is never sent again blindly: a way
that knows messages by key is asked what became of it; for any other, a person decides.
"""

import logging
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from customers.models import Customer
from interactions.messaging import states
from interactions.messaging.adapters import adapter_for
from interactions.messaging.adapters.way import Adapter, Answer, Outcome, Outgoing
from interactions.messaging.asking import IN_THE_AIR, asked, kept
from interactions.messaging.retries import MOST_QUERIES, MOST_TRIES, wait
from interactions.models import LIVE_STATES, AttemptStep, Kind, Message, MessageChannel, MessageState

log = logging.getLogger("zhike.messages")

LEASE = timedelta(seconds=60)  # more than the longest request (adapters.way.LONGEST)
ASK_AGAIN = timedelta(hours=6)  # where the policy can name no moment
AIR = timedelta(minutes=5)  # until another offer's fate is looked at again
Clock = Callable[[], datetime]
Ways = Callable[[str], Adapter | None]


@dataclass(frozen=True)
class Claim:
    """A message, ours until its lease lapses. doubt: somebody else's request was begun and its end is not known."""

    pk: int
    lease: uuid.UUID
    channel: str
    key: uuid.UUID
    doubt: bool


def claim(now: datetime) -> Claim | None:
    """The message that is due for longest and that nobody works on; None where there is none."""
    with transaction.atomic():
        due = Message.objects.filter(state__in=LIVE_STATES, due_at__lte=now).order_by("due_at", "pk")
        message = due.select_for_update(skip_locked=True).first()
        if message is None:
            return None
        lease = uuid.uuid4()
        Message.objects.filter(pk=message.pk).update(state=MessageState.SENDING, lease=lease, due_at=now + LEASE)
        return Claim(message.pk, lease, message.channel, message.key, message.in_doubt)


def work_off(clock: Clock, *, ways: Ways = adapter_for, most: int | None = None) -> int:
    """Work until no message is left that is due, or `most` were looked at; returns how many."""
    done = 0
    while most is None or done < most:
        mine = claim(clock())
        if mine is None:
            break
        try:
            attend(mine, clock, ways)
        except Exception:  # one message must not stop the others; its lease lapses, and the journal says where it is
            log.exception("message %s", mine.key)
        done += 1
    return done


def attend(mine: Claim, clock: Clock, ways: Ways = adapter_for) -> None:
    """Do what the claimed message needs: find out what became of it, or send it."""
    way = ways(mine.channel)
    if mine.doubt:
        _find_out(mine, way, clock)
        return
    outgoing = _begin(mine, way, clock())
    if outgoing is not None and way is not None:
        answer = way.send(outgoing)
        _settle(mine, way, answer, clock())


def _locked(mine: Claim) -> Message | None:
    """The claimed message, locked; None where the claim is another worker's by now, or a receipt has settled it."""
    found = Message.objects.select_for_update(of=("self",)).select_related("version__template")
    return found.filter(pk=mine.pk, lease=mine.lease, state=MessageState.SENDING).first()


@transaction.atomic
def _begin(mine: Claim, way: Adapter | None, now: datetime) -> Outgoing | None:
    """Ask everything again, and write down that the request begins; None where the message is not to be sent now."""
    message = _locked(mine)
    if message is None:
        return None
    # Two offers to one customer at once would both find a place in the budget.
    customer = Customer.objects.select_for_update(no_key=True).get(pk=message.customer_id)
    if over := _over(message, customer, now):
        states.end(message, MessageState.CANCELLED, over)
        return None
    address = _address(message, customer)
    if way is None or address is None:
        states.failed(message, "no_way" if way is None else "no_address")
        return None
    if not _may(message, now):
        return None
    message.tries, message.in_doubt, message.due_at, message.held = message.tries + 1, True, now + LEASE, []
    message.save(update_fields=["tries", "in_doubt", "due_at", "held", "changed_at"])
    states.note(message, AttemptStep.BEGUN, now)
    return Outgoing(
        key=message.key, channel=message.channel, to=address, customer=customer.number, subject=message.subject,
        text=message.text, language=message.language, purpose=message.kind,
    )  # fmt: skip


def _over(message: Message, customer: Customer, now: datetime) -> str:
    """Why the message is never to be sent any more, as a code; "" where it may be."""
    if customer.restricted:
        return "not_served"
    if message.not_after is not None and now > message.not_after:
        return "too_late"
    return "" if message.version.template.active else "withdrawn"


def _address(message: Message, customer: Customer) -> str | None:
    """Where to; "" where the gateway knows the customer by number, None where nobody knows."""
    if message.channel == MessageChannel.WECHAT:
        return ""
    return customer.identifier("email" if message.channel == MessageChannel.EMAIL else "phone") or None


def _may(message: Message, now: datetime) -> bool:
    """Whether the policy lets the message go at this moment; if not, it is held until it may, with the reasons."""
    in_the_air = _another_in_the_air(message)  # asked first: what has landed by now is counted by the policy
    verdict = asked(
        message.customer_id, message.channel, message.kind, message.topic, now, active=message.at_active_hours
    )
    if verdict.allowed and not in_the_air:
        return True
    if verdict.allowed:
        message.held, message.due_at = [[IN_THE_AIR, {}]], now + AIR
    else:
        later = verdict.next_free
        message.held = kept(verdict.reasons)
        message.due_at = later if later is not None and later > now else now + ASK_AGAIN
    message.state, message.lease = MessageState.HELD, None
    message.save(update_fields=["state", "lease", "held", "due_at", "changed_at"])
    return False


def _another_in_the_air(message: Message) -> bool:
    """Whether another offer to the customer may have reached them, and is not counted in the budget yet."""
    if message.kind != Kind.MARKETING:
        return False
    others = Message.objects.filter(customer_id=message.customer_id, kind=Kind.MARKETING).exclude(pk=message.pk)
    return others.filter(Q(state=MessageState.UNKNOWN) | Q(state=MessageState.SENDING, in_doubt=True)).exists()


@transaction.atomic
def _settle(mine: Claim, way: Adapter, answer: Answer, now: datetime) -> None:
    """Write down what came of the request."""
    message = _locked(mine)
    if message is None:
        return
    match answer.outcome:
        case Outcome.ACCEPTED | Outcome.DELIVERED:
            states.note(message, AttemptStep.ACCEPTED, now, answer.detail)
            message.provider_id = answer.provider_id
            states.sent(message, now, delivered=answer.outcome is Outcome.DELIVERED)
        case Outcome.REFUSED:
            states.note(message, AttemptStep.REFUSED, now, answer.detail)
            states.failed(message, answer.detail)
        case Outcome.NOT_ACCEPTED:
            states.note(message, AttemptStep.NOT_ACCEPTED, now, answer.detail)
            _again(message, answer.detail, now)
        case Outcome.IN_DOUBT:
            states.note(message, AttemptStep.IN_DOUBT, now, answer.detail)
            _doubted(message, way, answer.detail, now)


def _again(message: Message, detail: str, now: datetime) -> None:
    """It was certainly not taken on: try again later, or give up."""
    if message.tries >= MOST_TRIES:
        states.failed(message, detail or "gave_up")
        return
    message.state, message.lease, message.in_doubt, message.reason = MessageState.QUEUED, None, False, detail
    message.due_at = now + wait(message.tries, random.random())  # noqa: S311 - jitter
    message.save(update_fields=["state", "lease", "in_doubt", "reason", "due_at", "changed_at"])


def _doubted(message: Message, way: Adapter | None, detail: str, now: datetime) -> None:
    """It may have been taken on: ask the way later, or a person."""
    if way is None or not way.can_tell or message.queries >= MOST_QUERIES:
        states.end(message, MessageState.UNKNOWN, detail or "died")
        return
    message.lease, message.reason = None, detail
    message.due_at = now + wait(message.queries + 1, random.random())  # noqa: S311 - jitter
    message.save(update_fields=["lease", "reason", "due_at", "changed_at"])


def _find_out(mine: Claim, way: Adapter | None, clock: Clock) -> None:
    """What became of a request whose end nobody saw. Asking changes nothing, so no step is written before it."""
    answer = way.ask(mine.key) if way is not None and way.can_tell else None
    now = clock()
    with transaction.atomic():
        message = _locked(mine)
        if message is None:
            return
        if answer is None or answer.outcome is Outcome.IN_DOUBT:
            message.queries += 1
            message.save(update_fields=["queries", "changed_at"])
            states.note(message, AttemptStep.ASKED, now, answer.detail if answer else "")
            _doubted(message, way if answer else None, answer.detail if answer else "", now)
            return
        message.queries = 0
        states.note(message, AttemptStep.ASKED, now, str(answer.outcome.value))
        if way is not None:
            message.save(update_fields=["queries", "changed_at"])
            _settle(mine, way, answer, now)
