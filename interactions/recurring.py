"""Follow-ups that come back: their days, the next one when the last is done, skipping one, and stopping."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from customers.models import Customer
from interactions import working_days
from interactions.models import OffDays, Reminder, ReminderKind, ReminderState, Series, Unit

_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}


@dataclass(frozen=True)
class Rhythm:
    """Every `every` units from `first` on; off_days: an OffDays."""

    first: date
    every: int
    unit: str
    off_days: str = OffDays.AFTER

    def day(self, number: int) -> date:
        """The day of the one numbered `number` (0: the first). The 31st is the last day of a shorter month."""
        if self.unit in _DAYS:
            day = self.first + timedelta(days=number * self.every * _DAYS[Unit(self.unit)])
        else:
            day = _months_after(self.first, number * self.every * _MONTHS[Unit(self.unit)])
        if self.off_days == OffDays.KEEP:
            return day
        return working_days.on_or_before(day) if self.off_days == OffDays.BEFORE else working_days.on_or_after(day)

    def next_number(self, number: int, today: date) -> int:
        """The number of the next one after `number` that is not past on `today`: what was missed is not made up."""
        following = number + 1
        while self.day(following) < today:
            following += 1
        return following


def _months_after(day: date, count: int) -> date:
    years, index = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(years, index + 1, min(day.day, calendar.monthrange(years, index + 1)[1]))


def rhythm_of(series: Series) -> Rhythm:
    return Rhythm(series.first, series.every, series.unit, series.off_days)


@transaction.atomic
def begin(customer: Customer, rhythm: Rhythm, reminder: Reminder, *, by: User) -> Reminder:
    """Save the new `reminder` of `customer` as the first of a series of `rhythm`."""
    series = Series.objects.create(
        customer=customer,
        first=rhythm.first,
        every=rhythm.every,
        unit=rhythm.unit,
        off_days=rhythm.off_days,
        made_by=by,
    )
    reminder.series, reminder.due, reminder.cause = series, rhythm.day(0), cause(series, 0)
    reminder.save()
    return reminder


def cause(series: Series, number: int) -> str:
    """By the cause one number of a series is there once, however many windows end the one before it."""
    return f"series:{series.pk}:{number}"


def follow(ended: Sequence[Reminder], today: date) -> None:
    """Make the next one of each of the reminders that has just `ended` and is of a series that goes on."""
    for reminder in ended:
        if reminder.series_id is None:
            continue
        series = Series.objects.select_for_update().get(pk=reminder.series_id)
        if series.stopped_at is None:
            _make_next(reminder, series, today)


def _make_next(ended: Reminder, series: Series, today: date) -> None:
    number = rhythm_of(series).next_number(int(ended.cause.rsplit(":", 1)[-1]), today)
    Reminder.objects.get_or_create(
        customer_id=ended.customer_id,
        kind=ReminderKind.FOLLOW_UP,
        cause=cause(series, number),
        defaults={
            "due": rhythm_of(series).day(number), "priority": ended.priority, "values": ended.values, "series": series,
            "team_id": ended.team_id, "assignee_id": None if ended.team_id else ended.assignee_id,
            "made_by_id": ended.made_by_id, "at_time": ended.at_time, "text": ended.text, "touched_at": timezone.now(),
        },
    )  # fmt: skip


@transaction.atomic
def stop(series: Series, *, by: User) -> None:
    """None comes any more, and the one that is open goes. A second stop changes nothing."""
    locked = Series.objects.select_for_update().get(pk=series.pk)
    if locked.stopped_at is not None:
        return
    locked.stopped_at, locked.stopped_by = timezone.now(), by
    locked.save(update_fields=["stopped_at", "stopped_by"])
    locked.reminders.filter(state=ReminderState.OPEN).update(
        state=ReminderState.DISMISSED, ended_at=timezone.now(), ended_by=by, touched_at=timezone.now()
    )
    record(
        Action.CHANGE, by=by, object_type="reminder", object_ids=[locked.customer_id], label=str(locked.pk),
        detail={"series": "stopped"},
    )  # fmt: skip
