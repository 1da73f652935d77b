"""Festivals of the lunar calendar as days, and which of them come up."""

from dataclasses import dataclass
from datetime import date, timedelta

from lunardate import LunarDate

from interactions import working_days
from interactions.models import FestivalName

# Lunar month and day. The Double Ninth is by law the day of the elderly (老年人权益保障法 Art. 12).
LUNAR: dict[str, tuple[int, int]] = {
    FestivalName.SPRING: (1, 1),
    FestivalName.DRAGON_BOAT: (5, 5),
    FestivalName.MID_AUTUMN: (8, 15),
    FestivalName.DOUBLE_NINTH: (9, 9),
}
AHEAD = 4  # days before the greeting is due that the list has it


@dataclass(frozen=True)
class Coming:
    """A festival that comes up. due: the day to greet, itself or the working day before."""

    name: str
    on: date
    due: date


def day_of(name: str, year: int) -> date | None:
    """The day of the festival in the lunar year that begins in `year`; None beyond the calendar's tables (2099)."""
    month, day = LUNAR[name]
    try:
        found: date = LunarDate(year, month, day).to_solar_date()
    except ValueError:
        return None
    return found


def coming(day: date) -> list[Coming]:
    """The festivals to greet on within AHEAD days of `day`, or that `day` is in the break before."""
    found = []
    for name in LUNAR:
        for year in (day.year, day.year + 1):
            on = day_of(name, year)
            if on is None or on < day:
                continue
            due = working_days.on_or_before(on)
            if due <= day + timedelta(days=AHEAD):
                found.append(Coming(str(name), on, due))
    return found
