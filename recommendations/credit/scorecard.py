"""A preliminary look at a loan asked for: a scorecard over what the bank knows, with its reasons. Pure.

It advises and never decides: there is no outcome "refused". A person decides (PIPL Art. 24: the reasons of a
significant automated decision can be explained and reviewed by a person). Age and sex are no part of it.
What is not known neither helps nor harms: it leaves the scale and is named among what is missing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Trait(TextChoices):
    """What is looked at, in the order in which a person would ask."""

    PENALTY = "penalty", _("penalty interest in 12 months")
    LOWEST = "lowest", _("lowest balance of 6 months")
    BURDEN = "burden", _("monthly payments to income")
    RESERVE = "reserve", _("savings in monthly payments")
    STEADY = "steady", _("months with income, of 6")
    TURNOVER = "turnover", _("money in to monthly payments")
    OVERDUE = "overdue", _("days overdue at worst in 24 months")
    BUREAU = "bureau", _("credit score")
    ASSETS = "assets", _("assets to the amount asked for")
    HISTORY = "history", _("months with the bank")


class Grade(TextChoices):
    A = "a", _("A: strong")
    B = "b", _("B: sound")
    C = "c", _("C: look closely")
    D = "d", _("D: weak")
    OPEN = "open", _("too little is known")


@dataclass(frozen=True)
class Facts:
    """What was known before the day of the question. Amounts: minor units a month or as they stood; None: unknown.

    asked: the amount asked for. payment: its monthly payment. owed: the payments of loans that run already.
    income: mean of the months with income. income_months: of the last 6. inflow: mean of all money in, own transfers
    left out. lowest: the lowest balance of any everyday account in 6 months. savings: the mean of all savings over the
    last 6 month-ends. months: since the first movement. penalties: bookings of penalty interest in 12 months.
    overdue: the worst in 24 months, days; None for who had no loan. bureau: a score whose authorisation still holds.
    """

    asked: int
    payment: int
    owed: int | None = None
    income: int | None = None
    income_months: int | None = None
    inflow: int | None = None
    lowest: int | None = None
    savings: int | None = None
    assets: int | None = None
    months: int | None = None
    penalties: int | None = None
    overdue: int | None = None
    bureau: int | None = None


@dataclass(frozen=True)
class Band:
    """`points` for a trait's value from `start` on, up to the next band's start; None: however low."""

    start: float | None
    points: int


@dataclass(frozen=True)
class Card:
    """The bank's points. bands: of each trait, the lowest first. grades: the least share of points, highest first.

    fewest: traits that have to be known for a grade.
    """

    bands: Mapping[str, Sequence[Band]]
    grades: Sequence[tuple[Grade, float]]
    fewest: int = 4


@dataclass(frozen=True)
class Mark:
    """One trait's part: its value, the points it brought, and the most it could have brought."""

    trait: Trait
    value: float
    points: int
    most: int

    @property
    def lost(self) -> int:
        return self.most - self.points


@dataclass(frozen=True)
class Assessment:
    """share: points reached of those that could be, 0 to 1; None where nothing is known. marks: in order of Trait."""

    grade: Grade
    share: float | None
    marks: tuple[Mark, ...]
    missing: tuple[Trait, ...]

    @property
    def speaks_for(self) -> tuple[Mark, ...]:
        """The three traits that helped most."""
        good = [mark for mark in self.marks if mark.points * 2 >= mark.most]
        return tuple(sorted(good, key=lambda mark: -mark.points)[:3])

    @property
    def speaks_against(self) -> tuple[Mark, ...]:
        """The three traits that cost most."""
        return tuple(sorted((mark for mark in self.marks if mark.lost), key=lambda mark: -mark.lost)[:3])


def assess(batch: Sequence[Facts], card: Card) -> list[Assessment]:
    """The assessment of each of `batch`, by the points of `card`."""
    return [_assess(facts, card) for facts in batch]


def _assess(facts: Facts, card: Card) -> Assessment:
    marks, missing = [], []
    for trait in Trait:
        bands = card.bands.get(trait)
        if not bands:
            continue
        value = VALUES[trait](facts)
        if value is None:
            missing.append(trait)
        else:
            marks.append(Mark(trait, value, _points(bands, value), max(band.points for band in bands)))
    most = sum(mark.most for mark in marks)
    share = sum(mark.points for mark in marks) / most if most else None
    known = share is not None and len(marks) >= card.fewest
    return Assessment(
        grade=_grade(share, card) if known and share is not None else Grade.OPEN,
        share=share, marks=tuple(marks), missing=tuple(missing),
    )  # fmt: skip


def _points(bands: Sequence[Band], value: float) -> int:
    reached = [band for band in bands if band.start is None or value >= band.start]
    return reached[-1].points if reached else 0


def _grade(share: float, card: Card) -> Grade:
    return next((grade for grade, least in card.grades if share >= least), Grade.D)


def _burden(facts: Facts) -> float | None:
    """Debt to income, with the loan asked for."""
    if facts.income is None or facts.owed is None or facts.income <= 0:
        return None
    return (facts.owed + facts.payment) / facts.income


def _by_payment(amount: int | None, facts: Facts) -> float | None:
    return None if amount is None or facts.payment <= 0 else amount / facts.payment


def _by_amount(amount: int | None, facts: Facts) -> float | None:
    return None if amount is None or facts.asked <= 0 else amount / facts.asked


VALUES: Mapping[Trait, Callable[[Facts], float | None]] = {
    Trait.PENALTY: lambda facts: facts.penalties,
    Trait.LOWEST: lambda facts: _by_payment(facts.lowest, facts),
    Trait.BURDEN: _burden,
    Trait.RESERVE: lambda facts: _by_payment(facts.savings, facts),
    Trait.STEADY: lambda facts: facts.income_months,
    Trait.TURNOVER: lambda facts: _by_payment(facts.inflow, facts),
    Trait.OVERDUE: lambda facts: facts.overdue,
    Trait.BUREAU: lambda facts: facts.bureau,
    Trait.ASSETS: lambda facts: _by_amount(facts.assets, facts),
    Trait.HISTORY: lambda facts: facts.months,
}
