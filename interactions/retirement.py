"""When a customer reaches the statutory retirement age.

Source: 全国人民代表大会常务委员会关于实施渐进式延迟法定退休年龄的决定 of 2024-09-13, in force 2025-01-01, with its
tables: men 60 -> 63 and women 55 -> 58 by one month for every four months of birth, women 50 -> 55 by one month for
every two. Special work, and the choice to go up to three years earlier or later, are the customer's to tell.
"""

import calendar
from dataclasses import dataclass
from datetime import date

from customers.models import Gender

WORKER_WORDS = ("工人", "worker")  # an occupation that has one of them puts a woman on the line of 50


@dataclass(frozen=True)
class Line:
    """One table: before `first_birth` (a month) retirement is at `years`; from it on it comes `most` months later at
    the most, one month for every `step` months of birth."""

    gender: str
    worker: bool | None
    years: int
    first_birth: date
    step: int
    most: int


MEN = Line(Gender.MALE, None, 60, date(1965, 1, 1), 4, 36)
WOMEN = Line(Gender.FEMALE, False, 55, date(1970, 1, 1), 4, 36)
WOMEN_WORKERS = Line(Gender.FEMALE, True, 50, date(1975, 1, 1), 2, 60)
LINES = (MEN, WOMEN, WOMEN_WORKERS)


def line_of(gender: str, occupation: str) -> Line | None:
    """The table for a person; None where the gender is unknown. Women are on the line of 55 unless they are workers."""
    if gender == Gender.MALE:
        return MEN
    if gender == Gender.FEMALE:
        worker = any(word in occupation.casefold() for word in WORKER_WORDS)
        return WOMEN_WORKERS if worker else WOMEN
    return None


def age_in_months(line: Line, born: date) -> int:
    """The statutory retirement age in months of who was born on `born`."""
    since = (born.year - line.first_birth.year) * 12 + born.month - line.first_birth.month
    later = 0 if since < 0 else min(since // line.step + 1, line.most)
    return line.years * 12 + later


def retires_on(line: Line, born: date) -> date:
    """The day on which that age is reached; the last of its month where the month is shorter than the birth's."""
    years, index = divmod(born.year * 12 + born.month - 1 + age_in_months(line, born), 12)
    return date(years, index + 1, min(born.day, calendar.monthrange(years, index + 1)[1]))


def table() -> list[tuple[str, bool | None, date, date, int]]:
    """The three tables as rows (gender, worker, first birth, birth before, age in months), for a statement to join."""
    rows = []
    for line in LINES:
        first = date(1900, 1, 1)
        for number in range(line.most + 1):
            following = _months_after(line.first_birth, number * line.step) if number < line.most else date(2200, 1, 1)
            rows.append((line.gender, line.worker, first, following, line.years * 12 + number))
            first = following
    return rows


def _months_after(month: date, count: int) -> date:
    years, index = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(years, index + 1, 1)
