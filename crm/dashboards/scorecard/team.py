"""The scores of a team, by name: a rank is drawn of nobody here, and of a small sample nothing is said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.dashboards import reading
from crm.dashboards.care.talk import of
from crm.dashboards.formulas import Weights
from crm.dashboards.reading import Figures, Row
from crm.dashboards.scorecard.card import Card, card_of
from crm.dashboards.scorecard.weighing import MEASURES, in_force


@dataclass(frozen=True)
class Member:
    """A manager and their card."""

    name: str
    number: str
    card: Card


def read_team(branch_ids: frozenset[int], today: date) -> Sequence[Member] | None:
    """The managers with customers in the branches, by name; None where they are too many for one page."""
    days = [day for day in reading.last_days(today) if day]
    if not days:
        return []
    rows = reading.by_manager(days[-1], branch_ids)
    if rows is None:
        return None
    weights = in_force()
    people = sorted((row for row in rows if row.number != "pool"), key=lambda row: (row.name, row.number))
    return [_member(row, days[-1], weights) for row in people]


def _member(row: Row, day: date, weights: Weights) -> Member:
    figures: Figures = {part: of(row, measured) for part, measured in MEASURES.items()}
    return Member(row.name, row.number, card_of(day, None, figures, None, weights))
