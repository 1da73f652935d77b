"""The timeline in the words of the page: what happened, how, who, and with which mood."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django_stubs_ext import StrOrPromise

from crm.lib.dates import bank_day
from crm.lib.money import short_amount
from customers import life_events
from customers.models import Channel, LifeEvent
from interactions.forms import IN_PERSON
from interactions.models import (
    ChannelEvent,
    Complaint,
    ComplaintState,
    Direction,
    EventChannel,
    EventKind,
    Interaction,
    Kind,
    Mood,
    Outcome,
    Topic,
)
from interactions.timeline import Entry

_TALK_ICONS = {
    Channel.VISIT: "users", Channel.WECHAT: "message-circle", Channel.SMS: "message-square", Channel.EMAIL: "mail",
    Channel.APP: "smartphone",
}  # fmt: skip
_EVENT_ICONS = {
    EventChannel.BRANCH: "store", EventChannel.ATM: "banknote", EventChannel.MOBILE: "smartphone",
    EventChannel.WEB: "monitor", EventChannel.PHONE: "phone-incoming", EventChannel.WECHAT: "message-circle",
}  # fmt: skip
_KIND_ICONS: dict[str, str] = {
    EventKind.JOINED: "calendar-heart", EventKind.COUPON: "ticket-percent", EventKind.LEARNT: "graduation-cap",
}  # fmt: skip
# face and colour class of a mood; calm is the ordinary and carries no colour.
FACES = {
    Mood.PLEASED: ("smile", "good"), Mood.CALM: ("meh", ""), Mood.HURRIED: ("annoyed", "today"),
    Mood.UPSET: ("frown", "late"),
}  # fmt: skip
# what a customer did with something, and without saying with what
_DID: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    EventKind.LOGIN: (gettext_lazy("Signed in: %(about)s"), gettext_lazy("Signed in")),
    EventKind.VIEWED: (gettext_lazy("Looked at “%(about)s”"), gettext_lazy("Looked around")),
    EventKind.CALCULATED: (gettext_lazy("Calculated “%(about)s”"), gettext_lazy("Used a calculator")),
    EventKind.APPLIED: (gettext_lazy("Applied for “%(about)s”"), gettext_lazy("Applied for something")),
    EventKind.LIMIT_RAISED: (gettext_lazy("Raised a limit: %(about)s"), gettext_lazy("Raised a limit")),
    EventKind.TRANSACTION: (gettext_lazy("Did: %(about)s"), gettext_lazy("Did a transaction")),
    EventKind.ASKED: (gettext_lazy("Asked: %(about)s"), gettext_lazy("Asked something")),
    EventKind.QUEUED: (gettext_lazy("Waited: %(about)s"), gettext_lazy("Waited in the queue")),
    EventKind.JOINED: (gettext_lazy("Took part in “%(about)s”"), gettext_lazy("Took part in an activity")),
    EventKind.COUPON: (gettext_lazy("Used a coupon: %(about)s"), gettext_lazy("Used a coupon")),
    EventKind.LEARNT: (gettext_lazy("Learnt in “%(about)s”"), gettext_lazy("Learnt something")),
    EventKind.OTHER: ("%(about)s", gettext_lazy("Something else")),
}


@dataclass(frozen=True)
class Line:
    """An entry as it is read. ours: whether the bank acted. details: the soft line beside the title.

    talk: the interaction where it is one, for its promise and question; promise_late: past its day and open.
    """

    at: datetime
    icon: str
    title: str
    details: list[str]
    text: str = ""
    ours: bool = False
    mood: str = ""
    face: str = ""
    tone: str = ""
    talk: Interaction | None = None
    promise_late: bool = False


def line(entry: Entry, today: date) -> Line:
    """`entry` in words; today: the bank's day, which tells what is late."""
    if isinstance(entry.row, Interaction):
        return _talk(entry.row, today)
    if isinstance(entry.row, Complaint):
        return _complaint(entry.row)
    if isinstance(entry.row, LifeEvent):
        return _lived(entry.row, entry.at, today)
    return _event(entry, entry.row)


def _talk(talk: Interaction, today: date) -> Line:
    ours = talk.direction == Direction.OUT
    icon = _TALK_ICONS.get(Channel(talk.channel), "phone-outgoing" if ours else "phone-incoming")
    title = str(IN_PERSON if talk.channel == Channel.VISIT else Channel(talk.channel).label)
    title = title[:1].upper() + title[1:]
    if talk.topics:
        about = pgettext("list", ", ").join(str(Topic(topic).label) for topic in talk.topics if topic in Topic.values)
        title = _("%(channel)s: %(about)s") % {"channel": title, "about": about}
    details = [talk.by.display_name] if talk.by else []
    if talk.outcome != Outcome.TALKED:
        details.append(str(Outcome(talk.outcome).label))
    if talk.kind != Kind.SERVICE:
        details.append(str(Kind(talk.kind).label))
    if talk.satisfaction:
        details.append(_("satisfaction %(points)d/5") % {"points": talk.satisfaction})
    face, tone = FACES[Mood(talk.mood)] if talk.mood else ("", "")
    late = bool(talk.promise and talk.promise_kept_at is None and talk.promise_due and talk.promise_due < today)
    return Line(
        talk.at, icon, title, details, talk.summary, ours,
        str(Mood(talk.mood).label) if talk.mood else "", face, tone, talk, late,
    )  # fmt: skip


def _complaint(complaint: Complaint) -> Line:
    details = [
        complaint.number,
        pgettext("complaint", "closed") if complaint.state == ComplaintState.CLOSED else pgettext("complaint", "open"),
    ]
    if complaint.handler:
        details.append(complaint.handler.display_name)
    if complaint.satisfaction:
        details.append(_("satisfaction %(points)d/5") % {"points": complaint.satisfaction})
    text = complaint.text
    if complaint.ending:
        ended = {
            "day": f"{bank_day(complaint.closed_at):%Y-%m-%d}" if complaint.closed_at else "",
            "how": complaint.ending,
        }
        how_it_ended = _("Ended %(day)s: %(how)s") % ended
        text = f"{text}\n{how_it_ended}"
    face, tone = FACES[Mood.UPSET]
    return Line(
        complaint.received_at, "message-square-warning", _("Complaint"), details, text,
        mood=str(Mood.UPSET.label), face=face, tone=tone,
    )  # fmt: skip


def _lived(event: LifeEvent, at: datetime, today: date) -> Line:
    """What happened in the customer's life: its day as exactly as it is known."""
    kind = str(event.get_kind_display())
    details = [life_events.when(event, today), str(event.get_source_display())]
    if event.by:
        details.append(event.by.display_name)
    return Line(at, "calendar-heart", kind[:1].upper() + kind[1:], details, event.note)


def _event(entry: Entry, event: ChannelEvent) -> Line:
    about = event.subject or (str(Topic(event.topic).label) if event.topic in Topic.values else "")
    named, bare = _DID[event.kind] if event.kind in _DID else _DID[EventKind.OTHER]
    title = str(named) % {"about": about} if about else str(bare)
    if entry.times > 1:
        title = pgettext("timeline", "%(what)s ×%(times)d") % {"what": title, "times": entry.times}
    details = [str(EventChannel(event.channel).label)] if event.channel in EventChannel.values else []
    if entry.seconds:
        minutes = max(1, round(entry.seconds / 60))
        details.append(ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes})
    if event.amount is not None:
        details.append(short_amount(event.amount, settings.BASE_CURRENCY))
    icon = _KIND_ICONS.get(event.kind) or _EVENT_ICONS.get(EventChannel(event.channel), "circle")
    return Line(event.at, icon, title, details)
