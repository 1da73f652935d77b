"""The timeline in the words of the page: what happened, how, who, and with which mood."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django_stubs_ext import StrOrPromise

from crm.lib.dates import bank_day
from crm.lib.money import short_amount
from customers.models import Channel, LifeEvent, LifeKind, Precision
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
    Reminder,
    ReminderKind,
    Topic,
)
from interactions.reasons import long_day, why
from interactions.timeline.parts import Entry, Line, Step

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


# What of a session is said first: what was done rather than what was looked at, and signing in last.
_WEIGHT = {
    kind: place
    for place, kind in enumerate((
        EventKind.APPLIED, EventKind.LIMIT_RAISED, EventKind.TRANSACTION, EventKind.CALCULATED, EventKind.ASKED,
        EventKind.JOINED, EventKind.LEARNT, EventKind.COUPON, EventKind.VIEWED, EventKind.QUEUED,
        EventKind.OTHER, EventKind.LOGIN,
    ))
}  # fmt: skip
STEPS_MOST = 40
_LIFE_ICONS = {
    LifeKind.BIRTH: "baby", LifeKind.MARRIAGE: "heart", LifeKind.HOUSE: "house", LifeKind.JOB: "briefcase",
    LifeKind.RETIREMENT: "armchair", LifeKind.MOVE: "truck", LifeKind.BUSINESS: "store", LifeKind.ABROAD: "plane",
}  # fmt: skip


def talk(entry: Entry, today: date) -> Line:
    """A conversation; today: the bank's day, which tells what is late."""
    said: Interaction = entry.row
    ours = said.direction == Direction.OUT
    icon = _TALK_ICONS.get(Channel(said.channel), "phone-outgoing" if ours else "phone-incoming")
    title = str(IN_PERSON if said.channel == Channel.VISIT else Channel(said.channel).label)
    title = title[:1].upper() + title[1:]
    if said.topics:
        about = pgettext("list", ", ").join(str(Topic(topic).label) for topic in said.topics if topic in Topic.values)
        title = _("%(channel)s: %(about)s") % {"channel": title, "about": about}
    details = [said.by.display_name] if said.by else []
    if said.outcome != Outcome.TALKED:
        details.append(str(Outcome(said.outcome).label))
    if said.kind != Kind.SERVICE:
        details.append(str(Kind(said.kind).label))
    if said.satisfaction:
        details.append(_("satisfaction %(points)d/5") % {"points": said.satisfaction})
    face, tone = FACES[Mood(said.mood)] if said.mood else ("", "")
    late = bool(said.promise and said.promise_kept_at is None and said.promise_due and said.promise_due < today)
    return Line(
        said.at, icon, title, details, said.summary, ours,
        str(Mood(said.mood).label) if said.mood else "", face, tone, talk=said, promise_late=late,
    )  # fmt: skip


def complaint(entry: Entry, _today: date) -> Line:
    told: Complaint = entry.row
    details = [
        told.number,
        pgettext("complaint", "closed") if told.state == ComplaintState.CLOSED else pgettext("complaint", "open"),
    ]
    if told.handler:
        details.append(told.handler.display_name)
    if told.satisfaction:
        details.append(_("satisfaction %(points)d/5") % {"points": told.satisfaction})
    text = told.text
    if told.ending:
        ended = {"day": f"{bank_day(told.closed_at):%Y-%m-%d}" if told.closed_at else "", "how": told.ending}
        how_it_ended = _("Ended %(day)s: %(how)s") % ended
        text = f"{text}\n{how_it_ended}"
    face, tone = FACES[Mood.UPSET]
    return Line(
        told.received_at, "message-square-warning", _("Complaint"), details, text,
        mood=str(Mood.UPSET.label), face=face, tone=tone,
    )  # fmt: skip


def event(entry: Entry, _today: date) -> Line:
    """A visit to a channel: what was done there in the title and the text, step by step when it is opened."""
    events: Sequence[ChannelEvent] = entry.rows
    newest = events[0]
    first, *others = _parts(events)
    details = [_channel(newest)]
    if seconds := sum(one.seconds or 0 for one in events):
        details.append(_minutes(seconds))
    if len(events) > 1:
        details.append(_span(events))
    elif newest.amount is not None:
        details.append(short_amount(newest.amount, settings.BASE_CURRENCY))
    kinds = {one.kind for one in events}
    icon = _KIND_ICONS.get(newest.kind, "") if len(kinds) == 1 else ""
    icon = icon or _EVENT_ICONS.get(EventChannel(newest.channel), "circle")
    steps = [_step(one) for one in events[:STEPS_MOST]] if len(events) > 1 else []
    return Line(
        newest.at, icon, first, details, pgettext("timeline", "; ").join(others), steps=steps,
        unseen=max(len(events) - STEPS_MOST, 0),
    )  # fmt: skip


def _parts(events: Sequence[ChannelEvent]) -> list[str]:
    """What a session was: equal events counted, each transaction by itself; the weightiest first."""
    counted: dict[tuple[object, ...], list[ChannelEvent]] = {}
    for one in events:
        alone = one.pk if one.kind == EventKind.TRANSACTION else None
        counted.setdefault((one.kind, one.topic, one.subject, one.amount, alone), []).append(one)
    groups = sorted(counted.values(), key=lambda group: (_WEIGHT.get(EventKind(group[0].kind), 99), -len(group)))
    named = [group for group in groups if group[0].kind != EventKind.LOGIN or len(groups) == 1]
    return [_counted(group, alone=len(events) == 1) for group in named]


def _counted(group: Sequence[ChannelEvent], *, alone: bool) -> str:
    words = _did(group[0])
    if group[0].amount is not None and not alone:
        words = f"{words} {short_amount(group[0].amount, settings.BASE_CURRENCY)}"
    if len(group) == 1:
        return words
    return pgettext("timeline", "%(what)s ×%(times)d") % {"what": words, "times": len(group)}


def _did(one: ChannelEvent) -> str:
    about = one.subject or (str(Topic(one.topic).label) if one.topic in Topic.values else "")
    named, bare = _DID[one.kind] if one.kind in _DID else _DID[EventKind.OTHER]
    return str(named) % {"about": about} if about else str(bare)


def _channel(one: ChannelEvent) -> str:
    return str(EventChannel(one.channel).label) if one.channel in EventChannel.values else one.channel


def _minutes(seconds: int) -> str:
    minutes = max(1, round(seconds / 60))
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}


def _span(events: Sequence[ChannelEvent]) -> str:
    first, last = timezone.localtime(events[-1].at), timezone.localtime(events[0].at)
    return f"{first:%H:%M}–{last:%H:%M}"


def _step(one: ChannelEvent) -> Step:
    details = [_minutes(one.seconds)] if one.seconds else []
    if one.amount is not None:
        details.append(short_amount(one.amount, settings.BASE_CURRENCY))
    return Step(one.at, _did(one), " · ".join(details))


def life(entry: Entry, _today: date) -> Line:
    happened: LifeEvent = entry.row
    kind = LifeKind(happened.kind)
    title = str(kind.label)
    rough = {
        Precision.YEAR: format_date(happened.on, "Y"),
        Precision.MONTH: format_date(happened.on, pgettext("date format", "M Y")),
    }.get(Precision(happened.precision), "")
    details = [str(happened.get_source_display())]
    if happened.by:
        details.insert(0, happened.by.display_name)
    return Line(
        entry.at, _LIFE_ICONS.get(kind, "sprout"), title[:1].upper() + title[1:], details, happened.note,
        day_only=True, rough=rough,
    )  # fmt: skip


def done(entry: Entry, _today: date) -> Line:
    """A follow-up that a person ended."""
    ended: Reminder = entry.row
    kind = ReminderKind(ended.kind)
    title = _("Done: %(what)s") % {"what": str(kind.label)}
    details = [ended.ended_by.display_name] if ended.ended_by else []
    details.append(_("was due %(day)s") % {"day": long_day(ended.due)})
    reason = why(ended.kind, ended.values, ended.text).sentence
    return Line(
        entry.at, "circle-check", title, details, "\n".join(part for part in (reason, ended.outcome) if part), ours=True
    )
