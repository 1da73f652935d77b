"""Whom a supervisor should talk to first, and why: one sentence, said only where chance does not explain it."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm.dashboards.formulas import Figure, surely_above, surely_below
from crm.dashboards.models import Measured
from crm.dashboards.reading import Figures, Row

NONE = Figure()


@dataclass(frozen=True)
class Talk:
    """row: whom; why: "tired" (most accepted, yet late or refused more than elsewhere), "late", "satisfaction",
    "refused"."""

    row: Row
    why: str


def whom(rows: Sequence[Row], total: Figures) -> Talk | None:
    """The one of `rows` to talk to first; None where none differs from `total` beyond chance."""
    people = [row for row in rows if row.number != "pool"]
    if len(people) < 2:
        return None
    late = [row for row in people if surely_below(of(row, Measured.ON_TIME), _rate(total, Measured.ON_TIME))]
    refused = [row for row in people if surely_above(of(row, Measured.REFUSED), _rate(total, Measured.REFUSED))]
    sour = [row for row in people if surely_below(of(row, Measured.CSAT), _rate(total, Measured.CSAT))]
    selling = max(people, key=lambda row: of(row, Measured.WELCOMED).fair or 0)
    if of(selling, Measured.WELCOMED).fair and (selling in late or selling in refused):
        return Talk(selling, "tired")
    if sour:
        return Talk(min(sour, key=lambda row: of(row, Measured.CSAT).rate or 0), "satisfaction")
    if late:
        return Talk(min(late, key=lambda row: of(row, Measured.ON_TIME).rate or 0), "late")
    if refused:
        return Talk(max(refused, key=lambda row: of(row, Measured.REFUSED).rate or 0), "refused")
    return None


def of(row: Row, measured: str) -> Figure:
    """The figure of `row`, empty where nothing was measured."""
    return row.figures.get(measured, NONE)


def _rate(total: Figures, measured: str) -> float | None:
    return total.get(measured, NONE).rate
