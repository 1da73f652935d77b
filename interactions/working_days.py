"""The days on which the bank's branches work: China's holidays, and the weekends worked in their stead."""

from datetime import date, timedelta

import chinese_calendar

# No holiday is longer than this with the days around it; a search that found nothing would go on for ever.
LONGEST_BREAK = 20


def is_working_day(day: date) -> bool:
    """Whether branches are open on `day`. Years whose holidays are not announced yet know weekends alone."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def on_or_before(day: date) -> date:
    """`day`, or the working day before it where it is none."""
    return _nearest(day, -1)


def on_or_after(day: date) -> date:
    """`day`, or the working day after it where it is none."""
    return _nearest(day, 1)


def next_after(day: date) -> date:
    """The first working day after `day`."""
    return on_or_after(day + timedelta(days=1))


def last_before(day: date) -> date:
    """The last working day before `day`."""
    return on_or_before(day - timedelta(days=1))


def add(day: date, count: int) -> date:
    """The working day `count` working days after `day` (negative: before); 0: `day`, or the working day after it.

    `day` itself never counts: one working day after a Friday and after the Saturday after it are the same Monday.
    """
    if count == 0:
        return on_or_after(day)
    found = day
    for _step in range(abs(count)):
        found = next_after(found) if count > 0 else last_before(found)
    return found


def between(first: date, last: date) -> int:
    """How many working days there are after `first` up to `last`; 0 where `last` is not after `first`."""
    days = (first + timedelta(days=distance) for distance in range(1, (last - first).days + 1))
    return sum(is_working_day(day) for day in days)


def _nearest(day: date, step: int) -> date:
    for distance in range(LONGEST_BREAK):
        candidate = day + timedelta(days=step * distance)
        if is_working_day(candidate):
            return candidate
    return day
