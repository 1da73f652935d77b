"""What hangs on a customer in this room, and how it comes over when two customers turn out to be one."""

from django.utils.translation import gettext_lazy as _

from customers.moving import Belonging, Mover

# Of two reminders of one cause the one that a person ended or moved; else the survivor's.
_BY_A_PERSON = (
    "(f.ended_by_id IS NOT NULL OR f.touched_at IS NOT NULL) AND t.ended_by_id IS NULL AND t.touched_at IS NULL"
)

MOVES = Mover((
    Belonging("interactions_interaction", label=_("contacts")),
    Belonging("interactions_reminder", label=_("reminders"), unique=("kind", "cause"), wins=_BY_A_PERSON,
              edited=("touched_at", "ended_by_id", "text", "snoozed_until")),
    Belonging("interactions_series", label=_("recurring reminders"), edited=("stopped_at",)),
    Belonging("interactions_invitation", label=_("invitations"), unique=("event_id",),
              wins="f.attended IS NOT NULL AND t.attended IS NULL", edited=("reply", "attended")),
    Belonging("interactions_complaint", label=_("complaints")),
    # Two falls at once are one: that of the survivor goes on, unless somebody works on the other alone.
    Belonging("interactions_churnepisode", label=_("churn episodes"), unique=("state",), among="t.state = 'open'",
              wins="f.handled_by_id IS NOT NULL AND t.handled_by_id IS NULL",
              edited=("handled_by_id", "ended_by_id")),
    Belonging("interactions_refusal", label=_("refusals")),
    Belonging("interactions_pause", label=_("pauses of sales")),
    Belonging("interactions_channelidentity", label=_("channel identities")),
    Belonging("interactions_channelevent", label=_("channel events"), edited=()),
    Belonging("interactions_pin", unique=("source", "entry"), edited=()),
    Belonging("interactions_handover", edited=("taken_at",)),
    # A link was given to who had the other number: it opens nothing of the survivor's.
    Belonging("interactions_preferencelink", sets={"revoked_at": "coalesce(f.revoked_at, now())"}, edited=()),
    Belonging("interactions_survey", label=_("surveys"), edited=()),
    Belonging("interactions_message", label=_("messages"), edited=("by_id", "asked")),
    Belonging("interactions_draft", unique=("user_id",), wins="f.updated_at > t.updated_at"),
    Belonging("interactions_lastcontact", key="customer_id", single=True, wins="f.at > t.at"),
    Belonging("interactions_contactwish", key="customer_id", single=True, wins="f.changed_at > t.changed_at"),
    Belonging("interactions_activehours", key="customer_id", derived=True),
))  # fmt: skip
