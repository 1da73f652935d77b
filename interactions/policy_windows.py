"""Arithmetic of the contact policy: budgets in sliding windows of days, and quiet hours. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True)
class Limits:
    """The budget's settings: at most `cap` contacts (None: unlimited, 0: none) in any `days` days on end."""

    cap: int | None
    days: int


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
