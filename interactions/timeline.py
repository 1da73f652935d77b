"""Everything that passed between the bank and one customer, on all channels, newest first.

Four tables are read along their own index and merged by (time, source, id): four queries a page, however long the
history, and a page begins where the last one ended.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from crm.lib.dates import bank_day, start_of_day
from customers import life_events
from customers.models import Channel, Customer, LifeEvent, LifeKind, LifeState
from interactions.models import INTENTS, ChannelEvent, Complaint, EventChannel, Interaction

PAGE_SIZE = 30
SESSION_GAP = timedelta(minutes=30)  # equal events further apart are two visits to the channel


@dataclass(frozen=True)
class Group:
    """One filter of the timeline: which channels of conversations and of events it shows; complaints and what
    happened in the customer's life only with all."""

    label: StrOrPromise
    icon: str
    talks: tuple[str, ...]
    events: tuple[str, ...]


GROUPS: dict[str, Group] = {
    "counter": Group(_("Counter and visits"), "store", (Channel.VISIT.value,), (EventChannel.BRANCH.value,)),
    "phone": Group(
        pgettext_lazy("channel", "Phone"), "phone", (Channel.PHONE.value, Channel.SMS.value),
        (EventChannel.PHONE.value,),
    ),
    "wechat": Group(_("WeChat"), "message-circle", (Channel.WECHAT.value,), (EventChannel.WECHAT.value,)),
    "app": Group(
        _("App and online"), "smartphone", (Channel.APP.value, Channel.EMAIL.value),
        (EventChannel.MOBILE.value, EventChannel.WEB.value),
    ),
    "atm": Group(_("ATM"), "banknote", (), (EventChannel.ATM.value,)),
}  # fmt: skip

Position = tuple[datetime, int, int]  # time, source (place in SOURCES), id: the order of the timeline
Row = Interaction | ChannelEvent | Complaint | LifeEvent
SOURCES: tuple[type[Row], ...] = (ChannelEvent, Complaint, Interaction, LifeEvent)  # cursors name the place


@dataclass(frozen=True)
class Entry:
    """One line of the timeline: `row`, and how many equal events of one session it stands for (1: itself alone).

    seconds: how long they took together, None where no channel told.
    """

    row: Row
    times: int = 1
    seconds: int | None = None
    began: datetime | None = None

    @property
    def at(self) -> datetime:
        return _at(self.row)


@dataclass(frozen=True)
class TimelinePage:
    """entries: newest first. cursor: where the next page begins, "" at the end. intents_shown: whether what the
    customer looked at is among them; without the consent to personal suggestions it is left out."""

    entries: list[Entry]
    cursor: str
    intents_shown: bool


def read(customer: Customer, channel: str, cursor: str) -> TimelinePage:
    """A page of PAGE_SIZE rows after `cursor` ("" or a broken one: the newest).

    channel: a key of GROUPS, or "" for all.
    """
    allows = life_events.allowed(customer)
    position = _decode(cursor)
    found: list[Row] = []
    for place, rows in enumerate(_sources(customer, GROUPS.get(channel), allows)):
        if rows is not None:
            found += _older(rows, place, position)[: PAGE_SIZE + 1]
    found.sort(key=_position, reverse=True)
    following = _encode(_position(found[PAGE_SIZE - 1])) if len(found) > PAGE_SIZE else ""
    return TimelinePage(_by_session(found[:PAGE_SIZE]), following, allows.portrait)


def agrees_to_profiling(customer: Customer) -> bool:
    """Whether what the customer does on the bank's channels may be read for what they are thinking of."""
    return life_events.allowed(customer).portrait


def _sources(customer: Customer, group: Group | None, allows: life_events.Allowed) -> list["QuerySet[Any] | None"]:
    """The rows of each of SOURCES that are to be shown, in no order yet; None for none."""
    events = ChannelEvent.objects.filter(customer=customer)
    talks = Interaction.objects.filter(customer=customer).select_related("by")
    complaints = Complaint.objects.filter(customer=customer).select_related("handler", "acknowledged_by")
    if not allows.portrait:
        events = events.exclude(kind__in=INTENTS)
    if group is None:
        return [events, complaints, talks, _lived(customer, allows)]
    shown = talks.filter(channel__in=group.talks) if group.talks else None
    return [events.filter(channel__in=group.events), None, shown, None]


def _lived(customer: Customer, allows: life_events.Allowed) -> "QuerySet[LifeEvent]":
    """What happened in the customer's life up to today, as far as the consents of today let it be shown."""
    lived = LifeEvent.objects.filter(
        customer=customer, planned=False, state=LifeState.CONFIRMED, on__lte=bank_day()
    ).select_related("by")
    if not allows.health:
        lived = lived.exclude(kind=LifeKind.ILLNESS)
    return lived if allows.child else lived.exclude(of_child=True)


def _older(rows: "QuerySet[Any]", place: int, position: Position | None) -> "QuerySet[Any]":
    """`rows` of the source at `place`, newest first, those before `position` alone."""
    if rows.model is LifeEvent:
        return _lived_before(rows, place, position)
    name = "received_at" if rows.model is Complaint else "at"
    ordered = rows.order_by(f"-{name}", "-pk")
    if position is None:
        return ordered
    at, source, pk = position
    ahead = ordered.filter(**{f"{name}__lte": at})  # positions the index; the rest tells equals apart
    if place < source:
        return ahead
    if place > source:
        return ahead.filter(**{f"{name}__lt": at})
    return ahead.filter(Q(**{f"{name}__lt": at}) | Q(pk__lt=pk))


def _lived_before(rows: "QuerySet[Any]", place: int, position: Position | None) -> "QuerySet[Any]":
    """As `_older`, of events that have a day: they stand at its beginning."""
    ordered = rows.order_by("-on", "-pk")
    if position is None:
        return ordered
    at, source, pk = position
    day = timezone.localdate(at)
    if at > start_of_day(day) or place < source:
        return ordered.filter(on__lte=day)
    if place > source:
        return ordered.filter(on__lt=day)
    return ordered.filter(Q(on__lt=day) | Q(on=day, pk__lt=pk))


def _at(row: Row) -> datetime:
    if isinstance(row, LifeEvent):
        return start_of_day(row.on)
    return row.received_at if isinstance(row, Complaint) else row.at


def _position(row: Row) -> Position:
    return _at(row), SOURCES.index(type(row)), row.pk


def _by_session(rows: Iterable[Row]) -> list[Entry]:
    """`rows`, newest first, as entries: consecutive equal events of one session are one."""
    entries: list[Entry] = []
    for row in rows:
        seconds = row.seconds if isinstance(row, ChannelEvent) else None
        last = entries[-1] if entries else None
        if last is not None and _same_session(last, row):
            known = [part for part in (last.seconds, seconds) if part is not None]
            entries[-1] = replace(last, times=last.times + 1, seconds=sum(known) if known else None, began=_at(row))
        else:
            entries.append(Entry(row, seconds=seconds, began=_at(row)))
    return entries


def _same_session(last: Entry, row: Row) -> bool:
    before = last.row
    if not (isinstance(before, ChannelEvent) and isinstance(row, ChannelEvent)):
        return False
    if before.amount is not None or row.amount is not None:
        return False  # each sum of money stands for itself
    alike = all(getattr(before, name) == getattr(row, name) for name in ("channel", "kind", "topic", "subject"))
    return alike and last.began is not None and last.began - row.at <= SESSION_GAP


def _encode(position: Position) -> str:
    text = json.dumps([position[0].isoformat(), position[1], position[2]])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str) -> Position | None:
    try:
        at, source, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or abs(int(pk)) >= 2**63:
            return None
        return moment, int(source), int(pk)
    except (ValueError, TypeError, OverflowError):
        return None
