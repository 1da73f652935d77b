"""What was said, promised, asked, refused and is to be done. One module a noun; import from here."""

from interactions.models.care import Festival, FestivalName
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
from interactions.models.daily_mail import DailyMail, MailChoice
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
from interactions.models.keeping import LOST_AFTER_DAYS, ChurnEpisode, EpisodeState, Fall
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
from interactions.models.outreach import (
    DistrictAge,
    EventFeedback,
    Invitation,
    Occasion,
    Outreach,
    OutreachState,
    Reply,
)
from interactions.models.pin import Pin
from interactions.models.policy import Pause, PauseReason, Refusal
from interactions.models.preference import PreferenceCode, PreferenceLink
from interactions.models.recurring import OffDays, Series, Unit
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
    "LOST_AFTER_DAYS",
    "MEANINGS",
    "ActiveHours",
    "AttemptStep",
    "Category",
    "ChannelEvent",
    "ChannelIdentity",
    "ChurnEpisode",
    "Complaint",
    "ComplaintState",
    "ComplaintStep",
    "Confirmation",
    "ContactLimit",
    "ContactRules",
    "ContactWish",
    "DailyMail",
    "Direction",
    "DistrictAge",
    "Draft",
    "EpisodeState",
    "EventChannel",
    "EventFeedback",
    "EventKind",
    "Fall",
    "Festival",
    "FestivalName",
    "Handover",
    "Interaction",
    "Invitation",
    "Kind",
    "LastContact",
    "MailChoice",
    "Message",
    "MessageAttempt",
    "MessageChannel",
    "MessageLanguage",
    "MessageState",
    "MessageTemplate",
    "Mood",
    "Occasion",
    "OffDays",
    "Outcome",
    "Outreach",
    "OutreachState",
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
    "Reply",
    "Series",
    "Severity",
    "StagedReminder",
    "StepKind",
    "Survey",
    "SurveyAbout",
    "SurveyKind",
    "SurveyRule",
    "TemplateVersion",
    "Topic",
    "Unit",
    "Via",
]
