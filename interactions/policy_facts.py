"""What the contact policy decides on, and the reasons it gives: plain values, no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from enum import StrEnum
from typing import Any, NamedTuple

from interactions.policy_windows import Limits, QuietHours


class Code(StrEnum):
    """Why sales wait. Facts of each: see `Reason`."""

    NOT_SERVED = "not_served"
    COMPLAINT_OPEN = "complaint_open"
    COMPLAINT_UNACKNOWLEDGED = "complaint_unacknowledged"
    PAUSED = "paused"
    TOPIC_RESTS = "topic_rests"
    CHANNEL_REFUSED = "channel_refused"
    BUDGET_SPENT = "budget_spent"
    CHANNEL_BUDGET_SPENT = "channel_budget_spent"
    CHANNEL_UNASKED = "channel_unasked"
    QUIET_HOURS = "quiet_hours"
    INACTIVE_HOURS = "inactive_hours"


@dataclass(frozen=True)
class Reason:
    """One reason and the facts it rests on.

    complaint_*: number. paused: until, reason. topic_rests: topic, until (None: until reopened), reason (free words).
    channel_refused, channel_unasked: channel, answer. budget_spent: used, cap, days, next_free; channel_budget_spent:
    channel besides. quiet_hours, inactive_hours: until (a moment).
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


class Contact(NamedTuple):
    """A marketing contact that the bank made."""

    day: date
    channel: str


@dataclass(frozen=True)
class Rules:
    """What the bank sets. channels, channel_quiet: of the channels that have limits and quiet hours of their own.

    zone: the bank's; days are those of the bank. rest_days: how long a refused topic rests at first.
    """

    total: Limits
    quiet: QuietHours
    channels: Mapping[str, Limits] = field(default_factory=dict)
    channel_quiet: Mapping[str, QuietHours] = field(default_factory=dict)
    rest_days: int = 45
    zone: tzinfo = UTC

    def quiet_of(self, channel: str) -> QuietHours:
        return self.channel_quiet.get(channel, self.quiet)


@dataclass(frozen=True)
class Known:
    """What is known of one customer of a batch.

    served: whether they are in service. complaints: those that hold. refusals: not undone ones. marketing: the bank's
    marketing contacts, in any order. channels: channel -> the customer's answer to marketing by it
    (customers.consent.Answer); absent: not loaded, nothing against it. preferred: a channel or "". wish: the customer's
    own quiet hours. zone: None for the bank's. active: hours (0 to 23, of the bank's day); empty: unknown.
    """

    customer_id: int
    served: bool = True
    complaints: Sequence[Complained] = ()
    pauses: Sequence[Paused] = ()
    refusals: Sequence[Refused] = ()
    marketing: Sequence[Contact] = ()
    channels: Mapping[str, str] = field(default_factory=dict)
    preferred: str = ""
    wish: QuietHours | None = None
    zone: tzinfo | None = None
    active: frozenset[int] = frozenset()
