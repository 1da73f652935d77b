"""May the bank speak to a customer of sales, of what, by which channel, and when: one decision, written once. Pure.

Rules, from the domain's contact policy (4) and its sources:

- complaint hold: while a complaint is open, or closed and not acknowledged in person, sales wait;
- pause: illness, bereavement, the customer's wish: sales wait until a day; service and claims help go on;
- rest: a topic that was refused is not spoken of for 45 days, doubled with each further refusal, 720 at most; an
  open-ended refusal holds until the customer reopens it;
- channels: marketing by a channel needs consent (PIPL Art. 13, 15, 24; advertising law Art. 43: none without consent);
  refused or withdrawn is a no to be kept, never asked is not yet a yes: one may ask;
- one contact budget over messages, calls and visits: so many marketing contacts in any so many days on end;
- quiet hours: 21:00 to 09:00 of the customer's day (2021 measure on telesales of insurance, taken for all sales).

Service contacts are no marketing: nothing here stops them. Columns of a batch of customers go in, one Standing each
comes out; one customer is a batch of one. Reasons are codes with facts: words are made at the edge (policy_words).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

REST_MOST = 720  # days


class Code(StrEnum):
    """Why sales wait. Facts of each: see `Reason`."""

    COMPLAINT_OPEN = "complaint_open"
    COMPLAINT_UNACKNOWLEDGED = "complaint_unacknowledged"
    PAUSED = "paused"
    TOPIC_RESTS = "topic_rests"
    CHANNEL_REFUSED = "channel_refused"
    CHANNEL_UNASKED = "channel_unasked"
    BUDGET_SPENT = "budget_spent"
    QUIET_HOURS = "quiet_hours"


@dataclass(frozen=True)
class Reason:
    """One reason and the facts it rests on.

    complaint_*: number. paused: until, reason. topic_rests: topic, until (None: until reopened), reason (free words).
    channel_*: channel, answer. budget_spent: used, cap, days, next_free. quiet_hours: until (a moment).
    """

    code: Code
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Complained:
    """A complaint that is open or not acknowledged."""

    number: str
    open: bool


@dataclass(frozen=True)
class Paused:
    """Sales wait from `since` up to, but not on, `until`."""

    since: date
    until: date
    reason: str


@dataclass(frozen=True)
class Refused:
    """`topic` rests up to, but not on, `until`; None: until it is reopened."""

    topic: str
    until: date | None
    reason: str = ""


@dataclass(frozen=True)
class Limits:
    """The budget's settings: at most `cap` contacts (None: unlimited, 0: none) in any `days` days on end."""

    cap: int | None
    days: int


@dataclass(frozen=True)
class Contacts:
    """What is known of a batch of customers, column by column, in one order.

    marketing: days of the bank's marketing contacts, in any order. complaints: those that hold. refusals: not undone
    ones. channels: channel -> the customer's answer to marketing by it (customers.consent.Answer); absent: never asked.
    """

    customer_ids: Sequence[int]
    complaints: Sequence[Sequence[Complained]]
    pauses: Sequence[Sequence[Paused]]
    refusals: Sequence[Sequence[Refused]]
    marketing: Sequence[Sequence[date]]
    channels: Sequence[Mapping[str, str]]
    limits: Limits


@dataclass(frozen=True)
class Budget:
    """used of cap (None: unlimited) contacts in the fullest window that holds the day asked about.

    next_free: the first day on which a marketing contact may be made: that day itself while one is left, None: never.
    frees_on: the day on which the oldest of the used ones no longer counts; None where none is used.
    """

    used: int
    cap: int | None
    next_free: date | None
    frees_on: date | None = None

    @property
    def spent(self) -> bool:
        return self.cap is not None and self.used >= self.cap


@dataclass(frozen=True)
class Standing:
    """Where one customer stands on a day. Empty and free where nothing is known against it.

    hold: "", "open" or "unacknowledged". resting: topic -> until (None: until reopened). refused_channels: a no by the
    customer; unasked_channels: no yes yet (never asked, or the notice has changed since): ask before.
    """

    customer_id: int
    hold: str
    paused_until: date | None
    paused_reason: str
    resting: Mapping[str, date | None]
    refused_channels: frozenset[str]
    unasked_channels: frozenset[str]
    budget: Budget
    reasons: tuple[Reason, ...]

    @property
    def sales_wait(self) -> bool:
        """Whether nothing may be offered at all, whatever the topic and the channel."""
        return bool(self.hold) or self.paused_until is not None

    def rests(self, topic: str) -> bool:
        return topic in self.resting


def decide(batch: Contacts, day: date) -> list[Standing]:
    """The standing of every customer of `batch` on `day`, in its order."""
    columns = zip(
        batch.customer_ids, batch.complaints, batch.pauses, batch.refusals, batch.marketing, batch.channels, strict=True
    )
    return [_one(*row, limits=batch.limits, day=day) for row in columns]


def _one(
    customer_id: int,
    complaints: Sequence[Complained],
    pauses: Sequence[Paused],
    refusals: Sequence[Refused],
    marketing: Sequence[date],
    channels: Mapping[str, str],
    *,
    limits: Limits,
    day: date,
) -> Standing:
    held = _held(complaints)
    pause = max((p for p in pauses if p.since <= day < p.until), key=lambda p: p.until, default=None)
    resting = _resting(refusals, day)
    budget = budget_on(marketing, day, limits)
    refused = frozenset(channel for channel, answer in channels.items() if answer in ("withdrawn", "refused"))
    unasked = frozenset(channel for channel, answer in channels.items() if answer in ("never_asked", "outdated"))
    reasons = [Reason(Code.COMPLAINT_OPEN if c.open else Code.COMPLAINT_UNACKNOWLEDGED, {"number": c.number})
               for c in held]  # fmt: skip
    if pause:
        reasons.append(Reason(Code.PAUSED, {"until": pause.until, "reason": pause.reason}))
    reasons += [
        Reason(Code.TOPIC_RESTS, {"topic": topic, "until": rest.until, "reason": rest.reason})
        for topic, rest in resting.items()
    ]
    reasons += [
        Reason(Code.CHANNEL_REFUSED, {"channel": name, "answer": channels[name]})
        for name in channels
        if name in refused
    ]
    if budget.spent:
        reasons.append(_budget_reason(budget, limits))
    return Standing(
        customer_id=customer_id,
        hold="" if not held else "open" if held[0].open else "unacknowledged",
        paused_until=pause.until if pause else None,
        paused_reason=pause.reason if pause else "",
        resting={topic: rest.until for topic, rest in resting.items()},
        refused_channels=refused,
        unasked_channels=unasked,
        budget=budget,
        reasons=tuple(reasons),
    )


def _held(complaints: Sequence[Complained]) -> list[Complained]:
    """The complaints that hold, open ones first."""
    return sorted(complaints, key=lambda complained: not complained.open)


def _resting(refusals: Sequence[Refused], day: date) -> dict[str, Refused]:
    """The refusal that lasts longest, for each topic that rests on `day`."""
    resting: dict[str, Refused] = {}
    for refusal in refusals:
        if refusal.until is not None and refusal.until <= day:
            continue
        known = resting.get(refusal.topic)
        if known is None or _end(refusal) > _end(known):
            resting[refusal.topic] = refusal
    return resting


def _end(refusal: Refused) -> date:
    return refusal.until or date.max


def rest_until(refused_before: int, day: date, first: int = 45) -> date:
    """Until when a topic refused on `day` rests that was refused `refused_before` times before: 45, 90, 180, … 720."""
    doubled = first * 2 ** min(refused_before, 20)
    return day + timedelta(days=min(doubled, max(REST_MOST, first)))


def budget_on(contacts: Sequence[date], day: date, limits: Limits) -> Budget:
    """The budget on `day`: no `limits.days` days on end, `day` among them, may hold more than `limits.cap` contacts.

    contacts: days in any order; one planned for later counts as well.
    """
    days = sorted(contacts)
    used = _fullest(days, day, limits.days)
    span = timedelta(days=limits.days)
    frees_on = _oldest(days, day, limits.days)
    if limits.cap is None:
        return Budget(used, None, day, frees_on)
    if limits.cap <= 0:
        return Budget(used, limits.cap, None, frees_on)
    # A contact stops counting `span` after its day: no other day begins a free stretch.
    candidates = [day, *(contact + span for contact in days if contact + span > day)]
    free = next(candidate for candidate in candidates if _fullest(days, candidate, limits.days) < limits.cap)
    return Budget(used, limits.cap, free, frees_on)


def _fullest(days: Sequence[date], day: date, length: int) -> int:
    """The most of the sorted `days` that lie in one window of `length` days which holds `day`.

    The fullest one begins with a contact or with `day`: sliding any other one on loses nothing.
    """
    most = 0
    first = day - timedelta(days=length - 1)
    starts = {day, *days[bisect_left(days, first) : bisect_right(days, day)]}
    for start in starts:
        end = start + timedelta(days=length - 1)
        most = max(most, bisect_right(days, end) - bisect_left(days, start))
    return most


def _oldest(days: Sequence[date], day: date, length: int) -> date | None:
    """When the oldest of the contacts that count on `day` no longer does."""
    place = bisect_left(days, day - timedelta(days=length - 1))
    if place >= len(days) or days[place] > day:
        return None
    return days[place] + timedelta(days=length)


def _budget_reason(budget: Budget, limits: Limits) -> Reason:
    facts = {"used": budget.used, "cap": budget.cap, "days": limits.days, "next_free": budget.next_free}
    return Reason(Code.BUDGET_SPENT, facts)


@dataclass(frozen=True)
class QuietHours:
    """From `start` to `end` of a day, over midnight where start is later; equal ends: never quiet."""

    start: time
    end: time


def quiet_until(moment: datetime, hours: QuietHours) -> datetime | None:
    """When the quiet hours that hold `moment` (in the customer's zone) end, None outside them. 09:00 itself is free."""
    now = moment.time()
    over_midnight = hours.start > hours.end
    quiet = (now >= hours.start or now < hours.end) if over_midnight else hours.start <= now < hours.end
    if not quiet:
        return None
    day = moment.date() + timedelta(days=1 if over_midnight and now >= hours.start else 0)
    return datetime.combine(day, hours.end, tzinfo=moment.tzinfo)


def against(
    standing: Standing,
    *,
    channel: str,
    moment: datetime,
    hours: QuietHours,
    own: QuietHours | None = None,
    topic: str = "",
) -> list[Reason]:
    """Everything against a marketing contact by `channel` about `topic` at `moment`; empty: it may be made.

    standing: of the day of `moment`. hours: the bank's; own: when the customer wishes to be left alone besides.
    """
    found = [reason for reason in standing.reasons if reason.code in _FOR_ALL or _concerns(reason, channel, topic)]
    if channel in standing.unasked_channels:
        found.append(Reason(Code.CHANNEL_UNASKED, {"channel": channel}))
    ends = [end for quiet in (hours, own) if quiet and (end := quiet_until(moment, quiet))]
    if ends:
        found.append(Reason(Code.QUIET_HOURS, {"until": max(ends)}))
    return found


_FOR_ALL = (Code.COMPLAINT_OPEN, Code.COMPLAINT_UNACKNOWLEDGED, Code.PAUSED, Code.BUDGET_SPENT)


def _concerns(reason: Reason, channel: str, topic: str) -> bool:
    if reason.code is Code.TOPIC_RESTS:
        return bool(topic) and reason.facts["topic"] == topic
    return reason.code is Code.CHANNEL_REFUSED and reason.facts["channel"] == channel
