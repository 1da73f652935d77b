"""What was said, promised, asked, refused and is to be done. One module a noun; import from here."""

from interactions.models.complaint import Complaint, ComplaintState
from interactions.models.event import INTENTS, ChannelEvent, ChannelIdentity, EventChannel, EventKind
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
from interactions.models.preference import ContactHours, PreferenceCode, PreferenceLink
from interactions.models.reminder import Reminder, ReminderKind, ReminderState, StagedReminder
from interactions.models.survey import Survey, SurveyAbout, SurveyKind, SurveyRule
from interactions.models.topic import Topic

__all__ = [
    "CONVERSATIONS",
    "INTENTS",
    "ChannelEvent",
    "ChannelIdentity",
    "Complaint",
    "ComplaintState",
    "ContactHours",
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
    "PreferenceCode",
    "PreferenceLink",
    "Refusal",
    "Reminder",
    "ReminderKind",
    "ReminderState",
    "StagedReminder",
    "Survey",
    "SurveyAbout",
    "SurveyKind",
    "SurveyRule",
    "Topic",
]
