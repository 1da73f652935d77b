"""Dates of the bank: its local day, and ages."""

from datetime import date, datetime, time

from django.utils import timezone


def bank_day(at: datetime | None = None) -> date:
    """The bank's local day at `at` (aware; default now), in BANK_TIME_ZONE."""
    return timezone.localdate(at)


def start_of_day(day: date) -> datetime:
    """The aware moment at which the bank's local `day` begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


def age_on(born: date, day: date) -> int:
    """Completed years of age on `day`; a birthday of 29 February counts from 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
