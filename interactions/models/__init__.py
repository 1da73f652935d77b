"""What was said, promised, asked, refused and is to be done. One module a noun; import from here."""

from interactions.models.complaint import (
    ANSWER_DAYS,
    EXTENDED_DAYS,
    MEANINGS,
    Category,
    Complaint,
    ComplaintState,
    ComplaintStep,
    Confirmation,
    Severity,
    StepKind,
    Via,
)
from interactions.models.event import ENGAGEMENTS, INTENTS, ChannelEvent, ChannelIdentity, EventChannel, EventKind
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
from interactions.models.message import (
    LIVE_STATES,
    AttemptStep,
    Message,
    MessageAttempt,
    MessageChannel,
    MessageLanguage,
    MessageState,
    MessageTemplate,
    TemplateVersion,
)
from interactions.models.pin import Pin
from interactions.models.policy import Pause, PauseReason, Refusal
from interactions.models.preference import PreferenceCode, PreferenceLink
from interactions.models.reminder import Reminder, ReminderKind, ReminderState, StagedReminder
from interactions.models.rules import ActiveHours, ContactLimit, ContactRules, ContactWish
from interactions.models.survey import Survey, SurveyAbout, SurveyKind, SurveyRule
from interactions.models.topic import Topic

__all__ = [
    "ANSWER_DAYS",
    "CONVERSATIONS",
    "ENGAGEMENTS",
    "EXTENDED_DAYS",
    "INTENTS",
    "LIVE_STATES",
    "MEANINGS",
    "ActiveHours",
    "AttemptStep",
    "Category",
    "ChannelEvent",
    "ChannelIdentity",
    "Complaint",
    "ComplaintState",
    "ComplaintStep",
    "Confirmation",
    "ContactLimit",
    "ContactRules",
    "ContactWish",
    "Direction",
    "Draft",
    "EventChannel",
    "EventKind",
    "Handover",
    "Interaction",
    "Kind",
    "LastContact",
    "Message",
    "MessageAttempt",
    "MessageChannel",
    "MessageLanguage",
    "MessageState",
    "MessageTemplate",
    "Mood",
    "Outcome",
    "Pause",
    "PauseReason",
    "Pin",
    "Place",
    "PreferenceCode",
    "PreferenceLink",
    "Refusal",
    "Reminder",
    "ReminderKind",
    "ReminderState",
    "Severity",
    "StagedReminder",
    "StepKind",
    "Survey",
    "SurveyAbout",
    "SurveyKind",
    "SurveyRule",
    "TemplateVersion",
    "Topic",
    "Via",
]
