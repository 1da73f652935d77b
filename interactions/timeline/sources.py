"""What the line of time is made of: one source a table. Rooms above add theirs as the program starts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from customers.models import Channel, Customer, LifeEvent, LifeKind, LifeState
from interactions.models import (
    INTENTS,
    ChannelEvent,
    Complaint,
    EventChannel,
    Interaction,
    Reminder,
    ReminderKind,
    ReminderState,
    Topic,
)
from interactions.timeline import words
from interactions.timeline.parts import Entry, Group, Line
from interactions.timeline.sight import Sight

# What the chips choose; "" is all of it.
KINDS: dict[str, Group] = {
    "talks": Group(_("Conversations"), "message-circle"),
    "online": Group(_("App and online"), "smartphone"),
    "counter": Group(_("Counter and ATM"), "store"),
    "complaints": Group(_("Complaints"), "message-square-warning"),
    "life": Group(_("Life events"), "sprout"),
    "done": Group(_("Follow-ups done"), "circle-check"),
}
CHANNELS: dict[str, Group] = {
    "counter": Group(_("Counter and visits"), "store"),
    "phone": Group(pgettext_lazy("channel", "Phone"), "phone"),
    "wechat": Group(_("WeChat"), "message-circle"),
    "app": Group(_("App and online"), "smartphone"),
    "atm": Group(_("ATM"), "banknote"),
}


@dataclass(frozen=True)
class Source:
    """A table on the line of time.

    rows: those of a customer that may be shown. moment: their field of time, or of the day (by_day). kinds, channels:
    which of them a choice of the filter shows; a choice that is not named shows none. matches: the condition of a
    search for words. line: an entry in words, on the bank's day. also: columns of related tables, by the name under
    which the row gets them. people: foreign keys to staff. money: columns that are not read for who only serves.
    for_serving: whether who only serves sees any of it.
    """

    name: str
    rows: Callable[[Customer, Sight], "QuerySet[Any]"]
    moment: str
    kinds: Mapping[str, Q]
    matches: Callable[[str], Q]
    line: Callable[[Entry, date], Line]
    channels: Mapping[str, Q] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    money: tuple[str, ...] = ()
    by_day: bool = False
    for_serving: bool = True


SOURCES: dict[str, Source] = {}


def register(source: Source, kinds: Mapping[str, Group] | None = None) -> None:
    """Add a source and the kinds that it brings; once, as the program starts."""
    SOURCES[source.name] = source
    KINDS.update(kinds or {})


def shown_to(sight: Sight) -> list[Source]:
    return [source for source in SOURCES.values() if source.for_serving or not sight.serves_only]


def kinds_of(sources: Iterable[Source]) -> dict[str, Group]:
    """The kinds that `sources` can show, in the order of KINDS."""
    known = {kind for source in sources for kind in source.kinds}
    return {kind: group for kind, group in KINDS.items() if kind in known}


def topics_named(text: str) -> list[str]:
    """Topics with `text` in their name, in the language of the page."""
    return [topic.value for topic in Topic if text.casefold() in str(topic.label).casefold()]


def named(choices: Any, text: str) -> list[str]:
    """Values of `choices` with `text` in their name, in the language of the page."""
    return [value for value, label in choices.choices if text.casefold() in str(label).casefold()]


def _talks(customer: Customer, _sight: Sight) -> "QuerySet[Any]":
    return Interaction.objects.filter(customer=customer)


def _in_talks(text: str) -> Q:
    said = Q(summary__icontains=text) | Q(promise__icontains=text) | Q(question__icontains=text)
    topics = topics_named(text)
    return said | Q(by__display_name__icontains=text) | (Q(topics__overlap=topics) if topics else Q())


def _events(customer: Customer, sight: Sight) -> "QuerySet[Any]":
    events = ChannelEvent.objects.filter(customer=customer)
    return events if sight.intents else events.exclude(kind__in=INTENTS)


def _in_events(text: str) -> Q:
    return Q(subject__icontains=text) | Q(topic__in=topics_named(text))


def _complaints(customer: Customer, _sight: Sight) -> "QuerySet[Any]":
    return Complaint.objects.filter(customer=customer)


def _in_complaints(text: str) -> Q:
    return Q(text__icontains=text) | Q(ending__icontains=text) | Q(offer__icontains=text) | Q(number__icontains=text)


def _life(customer: Customer, sight: Sight) -> "QuerySet[Any]":
    """What happened, as far as the consents of today let it be shown; what is planned stands in its own panel."""
    lived = LifeEvent.objects.filter(customer=customer, state=LifeState.CONFIRMED, planned=False)
    if not sight.health:
        lived = lived.exclude(kind=LifeKind.ILLNESS)
    return lived if sight.child else lived.exclude(of_child=True)


def _in_life(text: str) -> Q:
    return Q(note__icontains=text) | Q(kind__in=named(LifeKind, text))


def _done(customer: Customer, _sight: Sight) -> "QuerySet[Any]":
    """What a person did; promises stand with the conversation in which they were made."""
    ended = Reminder.objects.filter(customer=customer, state=ReminderState.DONE, ended_by__isnull=False)
    return ended.exclude(kind=ReminderKind.PROMISE)


def _in_done(text: str) -> Q:
    return Q(text__icontains=text) | Q(outcome__icontains=text) | Q(kind__in=named(ReminderKind, text))


_ONLINE = (EventChannel.MOBILE, EventChannel.WEB, EventChannel.WECHAT)
_OF_TALKS = {
    "counter": (Channel.VISIT,), "phone": (Channel.PHONE, Channel.SMS), "wechat": (Channel.WECHAT,),
    "app": (Channel.APP, Channel.EMAIL),
}  # fmt: skip
_OF_EVENTS = {
    "counter": (EventChannel.BRANCH,), "phone": (EventChannel.PHONE,), "wechat": (EventChannel.WECHAT,),
    "app": (EventChannel.MOBILE, EventChannel.WEB), "atm": (EventChannel.ATM,),
}  # fmt: skip

EVENTS = "event"
TALKS = "talk"
register(Source(
    EVENTS, _events, "at", {"online": Q(channel__in=_ONLINE), "counter": ~Q(channel__in=_ONLINE)}, _in_events,
    words.event, {name: Q(channel__in=of) for name, of in _OF_EVENTS.items()}, money=("amount",),
))  # fmt: skip
register(Source(
    "complaint", _complaints, "received_at", {"complaints": Q()}, _in_complaints, words.complaint,
    people=("handler", "acknowledged_by"),
))  # fmt: skip
register(Source(
    TALKS, _talks, "at", {"talks": Q()}, _in_talks, words.talk,
    {name: Q(channel__in=of) for name, of in _OF_TALKS.items()}, people=("by",),
))  # fmt: skip
register(Source(
    "life", _life, "on", {"life": Q()}, _in_life, words.life, people=("by",), by_day=True, for_serving=False,
))  # fmt: skip
register(Source(
    "done", _done, "ended_at", {"done": Q()}, _in_done, words.done, people=("ended_by",), for_serving=False,
))  # fmt: skip
