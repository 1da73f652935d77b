"""What was said, promised, asked, refused and is to be done. One module a noun; import from here."""

from interactions.models.complaint import Complaint, ComplaintState
from interactions.models.event import INTENTS, ChannelEvent, ChannelIdentity, EventChannel, EventKind
from interactions.models.handover import Handover, Place
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
from interactions.models.pin import Pin
from interactions.models.policy import Pause, PauseReason, Refusal
from interactions.models.reminder import Reminder, ReminderKind, ReminderState, StagedReminder
from interactions.models.topic import Topic

__all__ = [
    "CONVERSATIONS",
    "INTENTS",
    "ChannelEvent",
    "ChannelIdentity",
    "Complaint",
    "ComplaintState",
    "Direction",
    "Draft",
    "EventChannel",
    "EventKind",
    "Handover",
    "Interaction",
    "Kind",
    "LastContact",
    "Mood",
    "Outcome",
    "Pause",
    "PauseReason",
    "Pin",
    "Place",
    "Refusal",
    "Reminder",
    "ReminderKind",
    "ReminderState",
    "StagedReminder",
    "Topic",
]
