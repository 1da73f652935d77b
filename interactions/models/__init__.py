"""What was said, promised, asked, refused and is to be done. One module a noun; import from here."""

from interactions.models.complaint import Complaint, ComplaintState
from interactions.models.event import ENGAGEMENTS, INTENTS, ChannelEvent, ChannelIdentity, EventChannel, EventKind
from interactions.models.interaction import (
    CONVERSATIONS,
    Direction,
    Draft,
    Interaction,
    Kind,
    LastContact,
    Mood,
    Outcome,
)
from interactions.models.policy import Pause, PauseReason, Refusal
from interactions.models.reminder import Reminder, ReminderKind, ReminderState, StagedReminder
from interactions.models.topic import Topic

__all__ = [
    "CONVERSATIONS",
    "ENGAGEMENTS",
    "INTENTS",
    "ChannelEvent",
    "ChannelIdentity",
    "Complaint",
    "ComplaintState",
    "Direction",
    "Draft",
    "EventChannel",
    "EventKind",
    "Interaction",
    "Kind",
    "LastContact",
    "Mood",
    "Outcome",
    "Pause",
    "PauseReason",
    "Refusal",
    "Reminder",
    "ReminderKind",
    "ReminderState",
    "StagedReminder",
    "Topic",
]
