"""A contact noted by a slip of the finger, taken back as if it had never been."""

from django.db import transaction

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from interactions.models import (
    CONVERSATIONS,
    Interaction,
    LastContact,
    Outcome,
    Reminder,
    ReminderKind,
    ReminderState,
)

# What a conversation ends by itself (interactions.log).
_ENDED_BY_TALKING = (ReminderKind.LOSING_TOUCH, ReminderKind.NOTHING_PLANNED)


@transaction.atomic
def take_back(interaction: Interaction, *, by: User) -> None:
    """Delete `interaction`: the last contact is the one before again, and reminders that it ended are open again."""
    customer_id, pk = interaction.customer_id, interaction.pk
    ended = Reminder.objects.filter(
        customer_id=customer_id, kind__in=_ENDED_BY_TALKING, state=ReminderState.DONE, ended_by=interaction.by,
        ended_at__gte=interaction.at, outcome=interaction.summary[:200],
    )  # fmt: skip
    if interaction.conversation:
        ended.update(state=ReminderState.OPEN, outcome="", ended_at=None, ended_by=None)
    interaction.delete()
    _last_contact_anew(customer_id)
    record(
        Action.DELETE, by=by, object_type="interaction", object_ids=[customer_id], label=str(pk),
        detail={"what": "taken back"},
    )  # fmt: skip


def _last_contact_anew(customer_id: int) -> None:
    newest = (
        Interaction.objects.filter(customer_id=customer_id, outcome=Outcome.TALKED, channel__in=CONVERSATIONS)
        .order_by("-at", "-pk")
        .first()
    )
    known = LastContact.objects.filter(customer_id=customer_id)
    if newest is None:
        known.delete()
    else:
        known.update(at=newest.at, channel=newest.channel, by=newest.by)
