"""An event as it goes: its state, who came, and what they said. Every tap says what is, not what changes: on a slow net
it may come twice, and counts once."""

from django.db import transaction
from django.utils import timezone

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from interactions.models import (
    EventFeedback,
    Invitation,
    Outreach,
    OutreachState,
    Reminder,
    ReminderKind,
    ReminderState,
)


@transaction.atomic
def attended(invitation: Invitation, came: bool, *, by: User) -> None:
    """`invitation` came, or did not. The first tap makes a planned event one that was held."""
    changed = Invitation.objects.filter(pk=invitation.pk).exclude(attended=came)
    if changed.update(attended=came, attended_at=timezone.now(), attended_by=by):
        record(
            Action.CHANGE, by=by, object_type="invitation", object_ids=[invitation.customer_id],
            label=str(invitation.event_id), detail={"attended": came},
        )  # fmt: skip


@transaction.atomic
def guests(event: Outreach, number: int, *, by: User) -> None:
    """So many came without an invitation, altogether."""
    if Outreach.objects.filter(pk=event.pk).exclude(guests=number).update(guests=number):
        _record(event, by, guests=number)


@transaction.atomic
def feedback(event: Outreach, invitation: Invitation | None, rating: int, words: str, *, number: int, by: User) -> None:
    """What one guest said, or how many of the nameless ones gave `rating`; said again it replaces what was said."""
    given = {"rating": rating, "words": words[:300], "number": number, "by": by, "at": timezone.now()}
    if invitation is not None:
        EventFeedback.objects.update_or_create(event=event, invitation=invitation, defaults=given)
    elif number:
        EventFeedback.objects.update_or_create(event=event, invitation=None, rating=rating, defaults=given)
    else:
        EventFeedback.objects.filter(event=event, invitation=None, rating=rating).delete()
    _record(event, by, rating=rating, number=number)


@transaction.atomic
def end(event: Outreach, state: str, *, by: User) -> None:
    """It was held, or is cancelled: then nobody is called any more."""
    Outreach.objects.filter(pk=event.pk).update(state=state)
    now = timezone.now()
    if state != OutreachState.PLANNED:
        Reminder.objects.filter(
            kind=ReminderKind.INVITATION, cause=str(event.pk), state=ReminderState.OPEN,
            customer__in=event.invitations.values("customer_id"),
        ).update(state=ReminderState.DISMISSED, ended_at=now, ended_by=by, touched_at=now)  # fmt: skip
    _record(event, by, state=state)


def _record(event: Outreach, by: User, **detail: object) -> None:
    record(Action.CHANGE, by=by, object_type="outreach", object_ids=[event.pk], label=event.title, detail=detail)
