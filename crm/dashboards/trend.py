"""The lines of the shares over the months, each labelled at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from crm.dashboards.models import Measured
from crm.dashboards.tiles import Months, percent
from crm.lib import charts

LABEL_APART = 20  # units of the chart between two labels
WIDE = 800  # units of the lines; their names stand right of them
PER_MILLE = 1000  # shares as whole numbers, so that ticks are round


@dataclass(frozen=True)
class Series:
    """css: how the line is drawn; end: where its last point is, label_y: where its name stands."""

    label: str
    last: str
    css: str
    path: str
    end_x: float
    end_y: float
    label_y: float


@dataclass(frozen=True)
class Trend:
    """ticks: percentages with their heights; months: the days with their places."""

    ticks: list[tuple[float, int]]
    months: list[tuple[float, date]]
    series: list[Series]
    words: str


def trend(months: Months) -> Trend:
    """Satisfaction first; lines with fewer than two points are left out."""
    asked = (
        (Measured.CSAT, _("Satisfaction"), "s-a"),
        (Measured.ON_TIME, _("On time"), "s-b"),
        (Measured.CONTACTED, _("Spoken to"), "s-c"),
        (Measured.ACTIVE, _("Active customers"), "s-d"),
    )
    drawn = []
    for measured, label, css in asked:
        rates = months.rates(measured)
        values = [None if rate is None else round(rate * PER_MILLE) for rate in rates]
        if len([value for value in values if value is not None]) > 1:
            drawn.append((label, css, values))
    known = [value for _label, _css, values in drawn for value in values if value is not None]
    ticks = charts.ticks(min(known), max(known)) if known else []
    places = charts.positions(len(months.days), WIDE)
    return Trend(
        [(tick.at, round(tick.value * 100 / PER_MILLE)) for tick in ticks],
        [(x, day) for x, day in zip(places, months.days, strict=True) if day],
        _series(drawn, charts.Scale(ticks[0].value, ticks[-1].value), places) if ticks else [],
        _("Shares by month; the table below says the same."),
    )


def _series(
    drawn: Sequence[tuple[str, str, list[int | None]]], scale: charts.Scale, places: list[float]
) -> list[Series]:
    ends = []
    for _label, _css, values in drawn:
        index, value = next((i, v) for i, v in reversed(list(enumerate(values))) if v is not None)
        ends.append((places[index], scale.y(value), value))
    heights = charts.apart([y for _x, y, _value in ends], LABEL_APART)
    return [
        Series(label, percent(value / PER_MILLE), css, charts.line(values, scale, WIDE), x, y, height + 4)
        for (label, css, values), (x, y, value), height in zip(drawn, ends, heights, strict=True)
    ]
