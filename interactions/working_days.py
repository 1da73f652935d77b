"""Working days at home: Chinese public holidays with the weekends that are worked in exchange."""

from datetime import date, timedelta

import chinese_calendar


def is_working_day(day: date) -> bool:
    """Whether the bank works on `day`.

    The State Council announces holidays year by year: of years the calendar does not know, only weekends are.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def on_or_after(day: date) -> date:
    """The first working day from `day` on."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def on_or_before(day: date) -> date:
    """The last working day up to `day`."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def holidays(first: date, last: date) -> list[date]:
    """The days from `first` to `last` on which the bank does not work, for statements that move days off them."""
    span = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in span if not is_working_day(day)]
