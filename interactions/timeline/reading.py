"""Reading the line of time: every source along its own index, in one query however many sources there are.

Pages end between days. So no session is cut in two, a day can be jumped to, and one pages both ways by days alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import BinaryField, CharField, F, Q, QuerySet, Value
from django.db.models.functions import JSONObject

from crm.lib.dates import bank_day, start_of_day
from crm.staff.models import User
from customers.models import Customer
from interactions.models import ChannelEvent
from interactions.timeline.parts import Entry
from interactions.timeline.sight import Sight
from interactions.timeline.sources import EVENTS, SOURCES, Source, shown_to

PAGE_SIZE = 30  # entries; the day that reaches it is shown whole
ROWS = 150  # read of each source at once: some sessions have many events
DAY_MOST = 1000  # read of each source for a single day
SESSION_GAP = timedelta(minutes=30)  # events of a channel this far apart are two visits to it
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """Which part of the line. kind, channel: keys of KINDS and CHANNELS, "" for all; words: to be found in it.

    until: the last day to be shown, going back from there; since: the first, going on from there. Neither: the newest.
    """

    kind: str = ""
    channel: str = ""
    words: str = ""
    until: date | None = None
    since: date | None = None


@dataclass(frozen=True)
class Page:
    """entries: newest first. earlier: the day to go on back from, None at the beginning; later: the day to go on from
    towards now, None where the newest is shown. crowded: a day that holds more than is shown of it."""

    entries: list[Entry]
    earlier: date | None
    later: date | None
    crowded: date | None = None


Row = tuple[Source, Any]


def read(customer: Customer, asked: Asked, sight: Sight) -> Page:
    """A page of the line of time of `customer`. Two queries; one more for a day that outgrows ROWS."""
    ahead = asked.since is not None
    found = _fetch(_queries(customer, asked, sight), ROWS + 1, ahead)
    partial = _partial_day(found, ahead)
    days = _by_day(found)
    order = sorted(days, reverse=not ahead)
    whole = [day for day in order if partial is None or (day < partial if ahead else day > partial)]
    crowded = None
    if order and not whole:
        only = order[0]
        found = _fetch(_queries(customer, replace(asked, since=only, until=only), sight), DAY_MOST + 1, ahead)
        crowded = only if _partial_day(found, ahead, DAY_MOST) else None
        days, whole = _by_day(found), [only]
        order = [only, *order[1:]]
    entries, last = _filled(days, whole)
    more = partial is not None or (last is not None and last != order[-1])
    return _page(entries, last if more else None, asked, crowded)


def rows_named(customer: Customer, sight: Sight, names: Iterable[tuple[str, int]]) -> list[Entry]:
    """The entries of `names` (source, id) that may be shown, newest first, each by itself. Two queries."""
    wanted: dict[str, list[int]] = {}
    for source, pk in names:
        wanted.setdefault(source, []).append(pk)
    queries = [
        (source, source.rows(customer, sight).filter(pk__in=wanted[source.name]))
        for source in shown_to(sight) if source.name in wanted
    ]  # fmt: skip
    found = _fetch([_hiding(query, sight) for query in queries], DAY_MOST, ahead=False)
    entries = [entry(source, (row,)) for source, row in found]
    return sorted(entries, key=lambda one: one.at, reverse=True)


def queries(customer: Customer, asked: Asked, sight: Sight) -> "list[tuple[Source, QuerySet[Any]]]":
    """The rows of each source that `asked` lets through, whatever their day; in no order."""
    chosen = []
    for source in shown_to(sight):
        if (asked.kind and asked.kind not in source.kinds) or (asked.channel and asked.channel not in source.channels):
            continue
        rows = source.rows(customer, sight).filter(source.kinds.get(asked.kind, Q()))
        rows = rows.filter(source.channels.get(asked.channel, Q()))
        chosen.append((source, rows.filter(source.matches(asked.words)) if asked.words else rows))
    return chosen


def day_of(source: Source, row: Any) -> date:
    value = getattr(row, source.moment)
    return value if source.by_day else bank_day(value)


def entry(source: Source, rows: tuple[Any, ...]) -> Entry:
    value = getattr(rows[0], source.moment)
    at: datetime = start_of_day(value) if source.by_day else value
    return Entry(source.name, rows, at, source.by_day)


def _queries(customer: Customer, asked: Asked, sight: Sight) -> list[Any]:
    within = []
    for source, rows in queries(customer, asked, sight):
        if asked.until is not None:
            end = asked.until + ONE_DAY
            rows = rows.filter(**{f"{source.moment}__lt": end if source.by_day else start_of_day(end)})
        elif source.by_day:
            rows = rows.filter(**{f"{source.moment}__lte": bank_day()})
        if asked.since is not None:
            begin = asked.since if source.by_day else start_of_day(asked.since)
            rows = rows.filter(**{f"{source.moment}__gte": begin})
        within.append(_hiding((source, rows), sight))
    return within


def _hiding(query: "tuple[Source, QuerySet[Any]]", sight: Sight) -> Any:
    source, rows = query
    return source, rows, frozenset(source.money if sight.serves_only else ())


def _fetch(asked: Sequence[Any], most: int, ahead: bool) -> list[Row]:
    """At most `most` rows of each source, in one query; and the people they name in another.

    A row travels as JSON, so that tables of any shape go into one UNION; each part is a walk along an index that ends
    after `most` rows.
    """
    parts = []
    for source, rows, hidden in asked:
        ordered = rows.order_by(source.moment, "pk") if ahead else rows.order_by(f"-{source.moment}", "-pk")
        row = JSONObject(**{name: F(of) for name, of in _columns(source, rows.model, hidden).items()})
        named = ordered.annotate(of_source=Value(source.name, CharField()), row_data=row)
        parts.append(named.values_list("of_source", "row_data")[:most])
    if not parts:
        return []
    answered = list(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])
    models = {source.name: rows.model for source, rows, _hidden in asked}
    made = [(SOURCES[name], _made(SOURCES[name], models[name], values)) for name, values in answered]
    _name_people(made)
    return made


def _columns(source: Source, model: Any, hidden: frozenset[str]) -> dict[str, str]:
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, BinaryField) and f.name not in hidden]
    return {f.attname: f.attname for f in fields} | dict(source.also)


def _made(source: Source, model: Any, values: dict[str, Any]) -> Any:
    fields = {f.attname: f for f in model._meta.concrete_fields}
    row = model(**{name: fields[name].to_python(value) for name, value in values.items() if name in fields})
    row._state.adding = False
    for name in source.also:
        setattr(row, name, values[name])
    return row


def _name_people(rows: Sequence[Row]) -> None:
    ids = {getattr(row, f"{name}_id") for source, row in rows for name in source.people} - {None}
    people = User.objects.in_bulk(ids) if ids else {}
    for source, row in rows:
        for name in source.people:
            setattr(row, name, people.get(getattr(row, f"{name}_id")))


def _partial_day(found: Sequence[Row], ahead: bool, most: int = ROWS) -> date | None:
    """The first day, in the direction of reading, of which a source may hold more than was read; None: all was."""
    read_of: dict[str, list[date]] = {}
    for source, row in found:
        read_of.setdefault(source.name, []).append(day_of(source, row))
    ends = [(max if ahead else min)(days) for days in read_of.values() if len(days) > most]
    if not ends:
        return None
    return min(ends) if ahead else max(ends)


def _by_day(found: Sequence[Row]) -> dict[date, list[Row]]:
    days: dict[date, list[Row]] = {}
    for source, row in found:
        days.setdefault(day_of(source, row), []).append((source, row))
    return days


def _filled(days: dict[date, list[Row]], order: Sequence[date]) -> tuple[list[Entry], date | None]:
    """The entries of whole days until a page is full, newest first, and the last day taken."""
    entries: list[Entry] = []
    last = None
    for day in order:
        entries += _of_day(days[day])
        last = day
        if len(entries) >= PAGE_SIZE:
            break
    places = {name: place for place, name in enumerate(SOURCES)}
    entries.sort(key=lambda one: (one.at, places[one.source], one.row.pk), reverse=True)
    return entries, last


def _of_day(rows: Sequence[Row]) -> list[Entry]:
    events = sorted(
        (row for source, row in rows if source.name == EVENTS), key=lambda row: (row.at, row.pk), reverse=True
    )
    others = [entry(source, (row,)) for source, row in rows if source.name != EVENTS]
    return [*others, *(entry(SOURCES[EVENTS], session) for session in sessions(events))]


def sessions(events: Sequence[ChannelEvent]) -> list[tuple[ChannelEvent, ...]]:
    """`events`, newest first, by visit: same channel, gaps under SESSION_GAP. Other channels between do not part it."""
    found: list[list[ChannelEvent]] = []
    open_ones: dict[str, list[ChannelEvent]] = {}
    for event in events:
        session = open_ones.get(event.channel)
        if session is not None and session[-1].at - event.at < SESSION_GAP:
            session.append(event)
        else:
            open_ones[event.channel] = [event]
            found.append(open_ones[event.channel])
    return [tuple(session) for session in found]


def _page(entries: list[Entry], last: date | None, asked: Asked, crowded: date | None) -> Page:
    """last: the day at which this page ends, if there is more beyond it."""
    if asked.since is not None:
        return Page(entries, None, last + ONE_DAY if last else None, crowded)
    later = asked.until + ONE_DAY if asked.until is not None and asked.until < bank_day() else None
    return Page(entries, last - ONE_DAY if last else None, later, crowded)
