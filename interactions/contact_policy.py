"""May the bank speak to a customer, of what, by which channel, and when: one decision, written once. Pure.

Rules, from the domain's contact policy (4) and its sources:

- complaint hold: while a complaint is open, or closed and not acknowledged in person, sales wait;
- pause: illness, bereavement, the customer's wish: sales wait until a day; service and claims help go on;
- rest: a topic that was refused is not spoken of for 45 days, doubled with each further refusal, 720 at most; an
  open-ended refusal holds until the customer reopens it;
- channels: marketing by a channel needs consent (PIPL Art. 13, 15, 24; advertising law Art. 43: none without consent);
  refused or withdrawn is a no to be kept, never asked is not yet a yes: one may ask;
- one contact budget over messages, calls and visits: so many marketing contacts in any so many days on end, and where
  the bank says so for a channel by itself;
- quiet hours: 21:00 to 09:00 of the customer's day (2021 measure on telesales of insurance, taken for all sales), or a
  channel's own; what the customer wishes wins;
- active hours: what is written goes out in the hours in which the customer uses channels, where those are known.

Service contacts are no marketing: nothing here stops them, but that the customer is no longer served. Care (a birthday)
uses up no budget and needs no consent to offers; it keeps quiet hours and refused channels, and silent in bereavement.
Reasons are codes with facts: words are made at the edge (policy_words).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from interactions.policy_facts import Code, Complained, Contact, Known, Paused, Reason, Refused, Rules
from interactions.policy_windows import Budget, Limits, QuietHours, budget_on, quiet_until

__all__ = [
    "Ask", "Budget", "Code", "Complained", "Contact", "Known", "Limits", "Paused", "QuietHours", "Reason", "Refused",
    "Rules", "Standing", "Verdict", "budget_on", "decide", "may_contact", "quiet_until", "rest_until",
    "usable_hours",
]  # fmt: skip

REST_MOST = 720  # days
MARKETING, SERVICE, CARE = "marketing", "service", "care"  # interactions.models.Kind
WRITTEN = frozenset({"sms", "wechat", "email", "app"})  # sent in the customer's active hours; a call is up to a person
OWN_WISH = "wish"  # interactions.models.PauseReason: of sales alone


@dataclass(frozen=True)
class Standing:
    """Where one customer stands on a day. Empty and free where nothing is known against it.

    hold: "", "open" or "unacknowledged". resting: topic -> until (None: until reopened). refused_channels: a no by the
    customer; unasked_channels: no yes yet (never asked, or the notice has changed since): ask before.
    channel_budgets: of the channels with a limit of their own. quiet: the customer's wish, or the bank's hours.
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
    channel_budgets: Mapping[str, Budget]
    quiet: QuietHours
    wishes: bool
    active: frozenset[int]
    preferred: str

    @property
    def sales_wait(self) -> bool:
        """Whether nothing may be offered at all, whatever the topic and the channel."""
        return bool(self.hold) or self.paused_until is not None

    def rests(self, topic: str) -> bool:
        return topic in self.resting


@dataclass(frozen=True)
class Ask:
    """One contact that is thought of. channel: customers.models.Channel. purpose: marketing, care or service.

    topic: what of ("" for none in particular). at: an aware moment.
    """

    customer_id: int
    channel: str
    purpose: str
    topic: str
    at: datetime


@dataclass(frozen=True)
class Verdict:
    """Whether a contact may be made, and everything against it.

    next_free: the first moment from the one asked about at which nothing that is known now stands against it (that
    moment itself where it is allowed); None: no day can be named. prefer: a channel that the customer likes better and
    did not refuse, "" for none: advice, not a bar.
    """

    allowed: bool
    reasons: tuple[Reason, ...]
    next_free: datetime | None
    prefer: str = ""


def decide(batch: Sequence[Known], rules: Rules, day: date) -> list[Standing]:
    """The standing of every customer of `batch` on `day`, in its order."""
    return [_standing(known, rules, day) for known in batch]


def may_contact(asks: Sequence[Ask], known: Mapping[int, Known], rules: Rules) -> list[Verdict]:
    """The verdict on each of `asks`, in their order. known: customer id -> what is known, of all who are asked about.

    Each ask by itself: two asks about one customer do not count one another.
    """
    return [_verdict(ask, known[ask.customer_id], rules) for ask in asks]


def rest_until(refused_before: int, day: date, first: int = 45) -> date:
    """Until when a topic refused on `day` rests that was refused `refused_before` times before: 45, 90, 180, … 720."""
    doubled = first * 2 ** min(refused_before, 20)
    return day + timedelta(days=min(doubled, max(REST_MOST, first)))


def usable_hours(active: frozenset[int], hours: QuietHours) -> frozenset[int]:
    """Those of the `active` hours that are not all quiet, for a customer in the bank's zone."""
    return _usable(active, hours, datetime(2000, 1, 1, tzinfo=UTC), UTC, UTC)


def _standing(known: Known, rules: Rules, day: date) -> Standing:
    held = _held(known.complaints)
    pause = _running(known.pauses, day)
    resting = _resting(known.refusals, day)
    budget = budget_on([contact.day for contact in known.marketing], day, rules.total)
    budgets = {channel: _channel_budget(known, channel, day, rules) for channel in rules.channels}
    refused = _answered(known, "withdrawn", "refused")
    reasons = [*_complaint_reasons(held), *([_pause_reason(pause)] if pause else [])]
    reasons += [_rest_reason(rest) for rest in resting.values()]
    reasons += [_refused_reason(known, channel) for channel in known.channels if channel in refused]
    if budget.spent:
        reasons.append(_budget_reason(budget, rules.total))
    reasons += [_budget_reason(one, rules.channels[name], name) for name, one in budgets.items() if one.spent]
    return Standing(
        customer_id=known.customer_id,
        hold="" if not held else "open" if held[0].open else "unacknowledged",
        paused_until=pause.until if pause else None,
        paused_reason=pause.reason if pause else "",
        resting={topic: rest.until for topic, rest in resting.items()},
        refused_channels=refused,
        unasked_channels=_answered(known, "never_asked", "outdated"),
        budget=budget,
        reasons=tuple(reasons),
        channel_budgets=budgets,
        quiet=known.wish or rules.quiet,
        wishes=known.wish is not None,
        active=known.active,
        preferred=known.preferred,
    )


class _Bar(NamedTuple):
    """One thing against a contact, and from when it is not any more; None: no day can be named."""

    reason: Reason
    until: datetime | None


_ROUNDS = 400  # so often a moment is moved on at most: refusals, pauses and full windows come one after the other


def _verdict(ask: Ask, known: Known, rules: Rules) -> Verdict:
    bars = list(_bars(ask, known, rules, ask.at))
    moment: datetime | None = ask.at
    ahead = bars
    for _round in range(_ROUNDS):
        if not ahead:
            break
        moment = _latest(ahead)
        if moment is None:
            break
        ahead = list(_bars(ask, known, rules, moment))
    prefer = known.preferred if known.preferred not in (ask.channel, *_answered(known, "withdrawn", "refused")) else ""
    return Verdict(not bars, tuple(bar.reason for bar in bars), None if ahead and moment else moment, prefer)


def _latest(bars: Sequence[_Bar]) -> datetime | None:
    moments = [bar.until for bar in bars]
    return None if None in moments else max(moment for moment in moments if moment is not None)


def _bars(ask: Ask, known: Known, rules: Rules, moment: datetime) -> Iterator[_Bar]:
    """Everything against the contact if it were made at `moment`."""
    if not known.served:
        yield _Bar(Reason(Code.NOT_SERVED), None)
    if ask.purpose == SERVICE:
        return
    day = moment.astimezone(rules.zone).date()
    if ask.purpose != CARE:
        yield from (_Bar(reason, None) for reason in _complaint_reasons(_held(known.complaints)))
    pauses = [pause for pause in known.pauses if ask.purpose != CARE or pause.reason != OWN_WISH]
    if pause := _running(pauses, day):
        yield _Bar(_pause_reason(pause), _start(pause.until, rules))
    if ask.purpose != CARE and (rest := _resting(known.refusals, day).get(ask.topic)) and ask.topic:
        yield _Bar(_rest_reason(rest), _start(rest.until, rules) if rest.until else None)
    if ask.channel in _answered(known, "withdrawn", "refused"):
        yield _Bar(_refused_reason(known, ask.channel), None)
    if ask.purpose != CARE:
        yield from _offer_bars(ask, known, rules, day)
    yield from _hour_bars(ask, known, rules, moment)


def _offer_bars(ask: Ask, known: Known, rules: Rules, day: date) -> Iterator[_Bar]:
    """What only offers ask: the budgets and a yes to the channel."""
    total = budget_on([contact.day for contact in known.marketing], day, rules.total)
    if total.spent:
        yield _Bar(_budget_reason(total, rules.total), _start(total.next_free, rules) if total.next_free else None)
    if ask.channel in rules.channels:
        own = _channel_budget(known, ask.channel, day, rules)
        if own.spent:
            reason = _budget_reason(own, rules.channels[ask.channel], ask.channel)
            yield _Bar(reason, _start(own.next_free, rules) if own.next_free else None)
    if ask.channel in _answered(known, "never_asked", "outdated"):
        yield _Bar(Reason(Code.CHANNEL_UNASKED, {"channel": ask.channel}), None)


def _hour_bars(ask: Ask, known: Known, rules: Rules, moment: datetime) -> Iterator[_Bar]:
    hours = known.wish or rules.quiet_of(ask.channel)
    zone = known.zone or rules.zone
    quiet_end = quiet_until(moment.astimezone(zone), hours)
    if quiet_end is not None:
        yield _Bar(Reason(Code.QUIET_HOURS, {"until": quiet_end}), quiet_end)
    if ask.channel in WRITTEN and known.active:
        if quiet_end is None and moment.astimezone(rules.zone).hour in known.active:
            return
        usable = _usable(known.active, hours, moment, rules.zone, zone)
        later = _next_hour(moment.astimezone(rules.zone), usable)
        if later is not None:
            yield _Bar(Reason(Code.INACTIVE_HOURS, {"until": later}), later)


def _usable(active: frozenset[int], hours: QuietHours, moment: datetime, bank: tzinfo, own: tzinfo) -> frozenset[int]:
    """Those of the `active` hours of the bank's day that are not all quiet; asked every quarter of an hour."""
    day = moment.astimezone(bank).date()
    return frozenset(
        hour
        for hour in active
        if any(
            quiet_until(datetime.combine(day, time(hour, minute), tzinfo=bank).astimezone(own), hours) is None
            for minute in (0, 15, 30, 45)
        )
    )


def _next_hour(moment: datetime, hours: frozenset[int]) -> datetime | None:
    """When the next of `hours` begins; None within one of them, and where there are none."""
    if not hours or moment.hour in hours:
        return None
    full = moment.replace(minute=0, second=0, microsecond=0)
    ahead = min((hour - moment.hour) % 24 for hour in hours)
    return full + timedelta(hours=ahead)


def _start(day: date, rules: Rules) -> datetime:
    return datetime.combine(day, time.min, tzinfo=rules.zone)


def _answered(known: Known, *answers: str) -> frozenset[str]:
    return frozenset(channel for channel, answer in known.channels.items() if answer in answers)


def _channel_budget(known: Known, channel: str, day: date, rules: Rules) -> Budget:
    return budget_on([one.day for one in known.marketing if one.channel == channel], day, rules.channels[channel])


def _held(complaints: Sequence[Complained]) -> list[Complained]:
    """The complaints that hold, open ones first."""
    return sorted(complaints, key=lambda complained: not complained.open)


def _running(pauses: Sequence[Paused], day: date) -> Paused | None:
    """The pause that runs on `day` and lasts longest."""
    return max((p for p in pauses if p.since <= day < p.until), key=lambda p: p.until, default=None)


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


def _complaint_reasons(held: Sequence[Complained]) -> list[Reason]:
    return [
        Reason(Code.COMPLAINT_OPEN if one.open else Code.COMPLAINT_UNACKNOWLEDGED, {"number": one.number})
        for one in held
    ]


def _pause_reason(pause: Paused) -> Reason:
    return Reason(Code.PAUSED, {"until": pause.until, "reason": pause.reason})


def _rest_reason(rest: Refused) -> Reason:
    return Reason(Code.TOPIC_RESTS, {"topic": rest.topic, "until": rest.until, "reason": rest.reason})


def _refused_reason(known: Known, channel: str) -> Reason:
    return Reason(Code.CHANNEL_REFUSED, {"channel": channel, "answer": known.channels[channel]})


def _budget_reason(budget: Budget, limits: Limits, channel: str = "") -> Reason:
    facts = {"used": budget.used, "cap": budget.cap, "days": limits.days, "next_free": budget.next_free}
    if channel:
        return Reason(Code.CHANNEL_BUDGET_SPENT, {"channel": channel, **facts})
    return Reason(Code.BUDGET_SPENT, facts)
