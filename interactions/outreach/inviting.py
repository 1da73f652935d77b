"""Inviting: who may be asked, and what an invitation leaves behind.

Decided: an invitation to a free public lecture or visit, at which no product is spoken of, is no marketing. It uses no
offer of the contact budget and needs no consent to marketing. It still leaves alone whoever sales wait for (a
complaint, a hard time, their own wish), who does not want to be called, and who does not want to hear of activities.
Nobody is called in quiet hours: an invitation becomes a reminder for a working day, and whoever sends it by message
asks the contact policy again at that moment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from customers.access import visible_to
from customers.models import Channel, Customer
from interactions import working_days
from interactions.contact_policy import Code, Standing
from interactions.models import Invitation, Outreach, OutreachState, Reminder, ReminderKind, ReminderState, Topic
from interactions.outreach.finding import Found, found_for
from interactions.policy_words import sentence
from interactions.standing import standings

_BARS = (Code.COMPLAINT_OPEN, Code.COMPLAINT_UNACKNOWLEDGED, Code.PAUSED)
DAYS_BEFORE = 5  # working days before the event that a call is due, where there is that much time


def refusals(customer_ids: Iterable[int], day: date) -> dict[int, list[str]]:
    """Why each of `customer_ids` is not to be invited on `day`, in words; who is not in it may be. Three queries."""
    found = {pk: _against(standing) for pk, standing in standings(customer_ids, day).items()}
    return {pk: reasons for pk, reasons in found.items() if reasons}


def _against(standing: Standing) -> list[str]:
    return [
        sentence(reason)
        for reason in standing.reasons
        if reason.code in _BARS
        or (reason.code is Code.TOPIC_RESTS and reason.facts["topic"] == Topic.ACTIVITY)
        or (reason.code is Code.CHANNEL_REFUSED and reason.facts["channel"] == Channel.PHONE)
    ]


@dataclass(frozen=True)
class Candidate:
    """Somebody found; refused: why they are not to be invited, empty: they may be."""

    found: Found
    refused: list[str]


def candidates(user: User, event: Outreach, day: date) -> list[Candidate]:
    """Who was found for `event` among the customers of `user`, who may be invited first."""
    found = found_for(user, event, day)
    against = refusals([one.customer_id for one in found], day)
    rows = [Candidate(one, against.get(one.customer_id, [])) for one in found]
    return sorted(rows, key=lambda row: bool(row.refused))


@dataclass(frozen=True)
class Invited:
    """How many were invited now, and how many of those asked for were not: the policy, or no place is left."""

    number: int
    refused: int
    full: int


class NotPlannedError(Exception):
    """The event is over or was cancelled."""


@transaction.atomic
def invite(event: Outreach, customer_ids: Sequence[int], *, by: User, by_hand: bool, day: date) -> Invited:
    """Invite those of `customer_ids` whom `by` sees and the policy allows, as long as places are left.

    by_hand: the inviter sees to it; else it is a reminder of each customer's manager. The policy is asked again here,
    whatever the page showed. Raises NotPlannedError.
    """
    locked = Outreach.objects.select_for_update().get(pk=event.pk)
    if locked.state != OutreachState.PLANNED:
        raise NotPlannedError
    found = {one.customer_id: one for one in found_for(by, locked, day)}
    wanted = list(dict.fromkeys(pk for pk in customer_ids if pk in found))
    against = refusals(wanted, day)
    free = [pk for pk in wanted if pk not in against]
    places = max(locked.capacity - places_taken(locked), 0)
    people = {one.pk: one for one in visible_to(by).filter(pk__in=free[:places])}
    for pk, customer in people.items():
        Invitation.objects.create(event=locked, customer=customer, why=found[pk].why, by_hand=by_hand, invited_by=by)
        if not by_hand:
            _remind(locked, customer, by, day)
    record(
        Action.CREATE, by=by, object_type="invitation", object_ids=sorted(people), label=str(locked.pk),
        detail={"by_hand": by_hand, "refused": len(against)},
    )  # fmt: skip
    return Invited(len(people), len(against), len(free) - len(people))


def places_taken(event: Outreach) -> int:
    """Invited and not declined."""
    return event.invitations.exclude(reply="declined").count()


def _remind(event: Outreach, customer: Customer, by: User, day: date) -> None:
    """A call for the manager of `customer`; of a customer of the pool, for who invites."""
    at = timezone.localtime(event.starts_at)
    due = max(working_days.add(at.date(), -DAYS_BEFORE), working_days.next_after(day))
    Reminder.objects.get_or_create(
        customer=customer,
        kind=ReminderKind.INVITATION,
        cause=str(event.pk),
        defaults={
            "assignee_id": customer.owner_id or by.pk, "made_by": by, "due": min(due, at.date()), "priority": 5,
            "touched_at": timezone.now(), "values": invitation_values(event, at),
        },
    )  # fmt: skip


def invitation_values(event: Outreach, at: datetime) -> dict[str, Any]:
    return {"title": event.title, "on": at.date().isoformat(), "time": f"{at:%H:%M}", "place": event.place}


@transaction.atomic
def reply(invitation: Invitation, said: str, *, by: User) -> None:
    """What the customer answered; the call is done with it."""
    Invitation.objects.filter(pk=invitation.pk).update(reply=said)
    now = timezone.now()
    Reminder.objects.filter(
        customer=invitation.customer_id, kind=ReminderKind.INVITATION, cause=str(invitation.event_id),
        state=ReminderState.OPEN,
    ).update(state=ReminderState.DONE, outcome=said, ended_at=now, ended_by=by, touched_at=now)  # fmt: skip
    record(
        Action.CHANGE, by=by, object_type="invitation", object_ids=[invitation.customer_id],
        label=str(invitation.event_id), detail={"reply": said},
    )  # fmt: skip
