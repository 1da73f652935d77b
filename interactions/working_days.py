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


def _nearest(day: date, step: int) -> date:
    for distance in range(LONGEST_BREAK):
        candidate = day + timedelta(days=step * distance)
        if is_working_day(candidate):
            return candidate
    return day
