"""Dates of the bank: its local day, and ages."""

from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone


def bank_day(at: datetime | None = None) -> date:
    """The bank's local day at `at` (aware; default now), in BANK_TIME_ZONE.

    A bank of the past lives on one day: where the setting BANK_DAY names it, that day is today.
    """
    if at is None and settings.BANK_DAY:
        return date.fromisoformat(settings.BANK_DAY)
    return timezone.localdate(at)


def month_of(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def months_before(month: date, count: int) -> date:
    """The first day of the month `count` months before that of `month` (negative: after)."""
    years, index = divmod(month.year * 12 + month.month - 1 - count, 12)
    return date(years, index + 1, 1)


def start_of_day(day: date) -> datetime:
    """The aware moment at which the bank's local `day` begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


def age_on(born: date, day: date) -> int:
    """Completed years of age on `day`; a birthday of 29 February counts from 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
