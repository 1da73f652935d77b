"""What was said, promised, asked, refused and is to be done. One module a noun; import from here."""

from interactions.models.care import Festival, FestivalName
from interactions.models.complaint import Complaint, ComplaintState
from interactions.models.daily_mail import DailyMail, MailChoice
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
from interactions.models.outreach import (
    DistrictAge,
    EventFeedback,
    Invitation,
    Occasion,
    Outreach,
    OutreachState,
    Reply,
)
from interactions.models.policy import Pause, PauseReason, Refusal
from interactions.models.recurring import OffDays, Series, Unit
from interactions.models.reminder import Reminder, ReminderKind, ReminderState, StagedReminder
from interactions.models.topic import Topic

__all__ = [
    "CONVERSATIONS",
    "INTENTS",
    "ChannelEvent",
    "ChannelIdentity",
    "Complaint",
    "ComplaintState",
    "DailyMail",
    "Direction",
    "DistrictAge",
    "Draft",
    "EventChannel",
    "EventFeedback",
    "EventKind",
    "Festival",
    "FestivalName",
    "Interaction",
    "Invitation",
    "Kind",
    "LastContact",
    "MailChoice",
    "Mood",
    "Occasion",
    "OffDays",
    "Outcome",
    "Outreach",
    "OutreachState",
    "Pause",
    "PauseReason",
    "Refusal",
    "Reminder",
    "ReminderKind",
    "ReminderState",
    "Reply",
    "Series",
    "StagedReminder",
    "Topic",
    "Unit",
]
