"""A manager's card: each part with its figure, its interval, its points, and how it moved since last month."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from crm.dashboards.formulas import FULL_PRODUCTS, SMALL, Figure, Weights, attained, score, wilson
from crm.dashboards.models import Measure, ScorePart
from crm.dashboards.reading import last_days
from crm.dashboards.scorecard.weighing import MEASURES, in_force
from crm.dashboards.tiles import decimal, percent

Figures = Mapping[str, Figure]  # ScorePart -> its figure


@dataclass(frozen=True)
class Line:
    """A part as the card shows it. points, moved: None where there is not enough to say. moved: points since then."""

    part: ScorePart
    how: StrOrPromise
    figure: Figure
    value: str
    interval: str
    weight: int
    points: float | None
    moved: float | None


@dataclass(frozen=True)
class Card:
    """day: of the figures; compared: the end of the month before. total, moved: None with a small sample in it."""

    day: date
    compared: date | None
    lines: Sequence[Line]
    weights: Weights
    total: float | None
    moved: float | None


def read_card(manager_id: int, today: date) -> Card | None:
    """The card of a manager; None before the first night."""
    days = [day for day in last_days(today) if day]
    if not days:
        return None
    compared = days[-2] if len(days) > 1 else None
    found = _figures(manager_id, [days[-1], *([compared] if compared else [])])
    return card_of(days[-1], compared, found[days[-1]], found[compared] if compared else None, in_force())


def card_of(day: date, compared: date | None, now: Figures, then: Figures | None, weights: Weights) -> Card:
    """The card from the figures of `day` and of the day compared. Both are weighed alike: only figures move it."""
    total, before = score(now, weights), score(then, weights) if then else None
    moved = total.total - before.total if total and before else None
    lines = [_line(part, now, then, getattr(weights, part.value)) for part in ScorePart]
    return Card(day, compared, lines, weights, total.total if total else None, moved)


def _figures(manager_id: int, days: Sequence[date]) -> Mapping[date, dict[str, Figure]]:
    parts = {measured.value: part for part, measured in MEASURES.items()}
    found: dict[date, dict[str, Figure]] = defaultdict(lambda: {part: Figure() for part in MEASURES})
    asked = Measure.objects.filter(day__in=days, measured__in=list(parts), manager_id=manager_id)
    sums = asked.values_list("day", "measured").annotate(Sum("part"), Sum("whole")).order_by()
    for day, measured, part, whole in sums:
        found[day][parts[measured]] = Figure(part, whole)
    return found


def _line(part: ScorePart, now: Figures, then: Figures | None, weight: int) -> Line:
    figure, share = now[part], attained(part, now[part])
    before = attained(part, then[part]) if then else None
    moved = weight * (share - before) if share is not None and before is not None else None
    points = weight * share if share is not None else None
    return Line(part, how(part), figure, _value(part, figure), _interval(part, figure), weight, points, moved)


def _value(part: ScorePart, figure: Figure) -> str:
    return decimal(figure.fair) if part == ScorePart.BUSINESS else percent(figure.fair)


def _interval(part: ScorePart, figure: Figure) -> str:
    found = wilson(figure) if part != ScorePart.BUSINESS and not figure.small else None
    return f"{found[0]:.1%} – {found[1]:.1%}" if found else ""


def how(part: ScorePart) -> str:
    """How the figure and the points of a part come about, in words."""
    return {
        ScorePart.SATISFACTION: _("Answers of 4 or 5 of 5 among all your customers gave in 90 days; points by share."),
        ScorePart.FOLLOW_UP: _("Follow-ups done on their day among those due in 30 days; points by share."),
        ScorePart.ACTIVITY: _("Customers who moved money or used a channel by themselves in 90 days; points by share."),
        ScorePart.CARE: _("Customers you spoke with yourself in 90 days, whatever came of it; points by share."),
        ScorePart.BUSINESS: _(
            "Product families per customer who has one, full at %(full)d: more sold to one gives nothing."
        )
        % {"full": FULL_PRODUCTS},
    }[part]


def enough() -> int:
    """From how many on a figure is said."""
    return SMALL
