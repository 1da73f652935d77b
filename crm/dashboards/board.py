"""The supervisors' board, put together from stored measures: tiles, whom to talk to, the table, the trend."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.dashboards import reading
from crm.dashboards.care.people import Lists, lists
from crm.dashboards.care.talk import of, whom
from crm.dashboards.flow import Flow, flow
from crm.dashboards.formulas import Figure, Score, Weights, score
from crm.dashboards.models import Measured, Parted
from crm.dashboards.reading import Figures, Row, Tree
from crm.dashboards.scorecard.weighing import MEASURES, in_force
from crm.dashboards.sections import Section, sections
from crm.dashboards.tiles import Months, Piece, Tile, count, decimal, percent
from crm.dashboards.trend import Trend, trend
from crm.staff.models import Branch
from customers.models import Segment

BACK = {"1": 1, "3": 3, "12": 12}  # months back that a period can be compared with
USUAL_BACK = "3"
PARTS = (("satisfaction", "c-a"), ("follow_up", "c-b"), ("activity", "c-c"), ("care", "c-e"), ("business", "c-d"))


@dataclass(frozen=True)
class Bar:
    """A part of a score: `x` and `width` of 100."""

    css: str
    x: float
    width: float


@dataclass(frozen=True)
class Line:
    """A line of the table. url: of the branch it stands for or of the manager's card; total: "" for no rank."""

    name: str
    url: str
    total: str
    bars: list[Bar]
    words: str
    cells: list[list[Piece]]


@dataclass(frozen=True)
class Board:
    """What the page shows. by_branch: the table is of branches, since the managers are too many for one.

    people, lines: nothing where one manager or segment was asked for. periods: the days one may look back to; managers:
    employee number and name. newest: whether it is of the newest day, whose numbers open what is behind them.
    """

    day: date
    compared: date | None
    sections: list[Section]
    people: Lists | None
    by_branch: bool
    lines: list[Line]
    foot: list[list[Piece]]
    trend: Trend
    months: list[tuple[date, list[str]]]
    flow: Flow | None
    periods: list[date]
    managers: list[tuple[str, str]]
    newest: bool
    weights: Weights
    segments: list[Segment]
    GROUPS: ClassVar[tuple[int, ...]] = (1, 2, 4, 5, 6, 8)  # cells with which a group of columns begins

    @property
    def tiles(self) -> list[Tile]:
        return [tile for section in self.sections for tile in section.tiles]


@dataclass(frozen=True)
class Asked:
    """What the board is asked for. back: a key of BACK. whom: "m:" with an employee number, "s:" with the code of a
    segment, "" for all. until: the last day of a month that is over (ISO), "" for the newest day."""

    branch: Branch
    back: str
    whom: str = ""
    until: str = ""


def read_board(tree: Tree, asked: Asked, today: date) -> Board | None:
    """The board of a branch and all below it; None before the first night. Raises KeyError for a day or a person that
    is not there.
    """
    branch, members = asked.branch, tree.under(asked.branch)
    days = reading.last_days(today)
    newest = next((day for day in reversed(days) if day), None)
    if newest is None:
        return None
    days = days[: len(days) - days[::-1].index(newest)]
    periods = [each for each in reversed(days) if each]
    days = _until(days, asked.until)
    day = days[-1] or newest
    found = reading.by_day(days, members, asked.whom)
    if asked.whom and not found.get(day):
        raise KeyError(asked.whom)
    compared = days[-1 - BACK[asked.back]] if len(days) > BACK[asked.back] else None
    opens = day == newest  # lists show what stands now: the numbers of the past open nothing
    months = Months(
        days, found, compared, lambda measured, part: link(branch.code, measured, part, asked.whom) if opens else "",
        reading.parted(days, members, asked.whom),
    )  # fmt: skip
    rows, by_branch = _rows(tree, branch, members, day)
    total = found.get(day, {})
    before = _before(tree, branch, members, compared, by_branch)

    def open_line(row: Row, measured: str, part: str) -> str:
        return _link(row, branch, by_branch, measured, part) if opens else ""

    weights, segments = in_force(), list(Segment.objects.order_by("order"))
    everybody = None if asked.whom else lists(rows, before, total, whom(rows, total), open_line)
    return Board(
        day, compared, sections(months), everybody, by_branch,
        [] if asked.whom else _lines(rows, branch, by_branch, asked.back, opens, weights),
        _cells(Row("", "", total), branch.code, asked.whom, opens),
        trend(months), [(each, _month(months, each)) for each in reversed(days) if each],
        flow(months.parted(day, Parted.MOVED), [(each.code, each.name) for each in segments]),
        periods, [] if by_branch else [(row.number, row.name) for row in rows if row.number != "pool"], opens,
        weights, segments,
    )  # fmt: skip


def _until(days: list[date | None], until: str) -> list[date | None]:
    """`days` up to the one asked for."""
    if not until:
        return days
    place = next((place for place, day in enumerate(days) if day and day.isoformat() == until), None)
    if place is None:
        raise KeyError(until)
    return days[: place + 1]


def link(code: str, measured: str, part: str, whom: str = "") -> str:
    """The address of the customers behind a number; whom: an employee number, "pool", as in Asked, or "" for all."""
    name, value = ("segment", whom[2:]) if whom.startswith("s:") else ("manager", whom.removeprefix("m:"))
    asked = {"measure": measured, "of": part, "branch": code} | ({name: value} if value else {})
    return f"{reverse('dashboards:behind')}?{urlencode(asked)}"


def _rows(tree: Tree, branch: Branch, members: Collection[int], day: date) -> tuple[list[Row], bool]:
    rows = reading.by_manager(day, members)
    if rows is not None:
        return rows, False
    return reading.by_branch(day, tree.below(branch) or {branch: {branch.pk}}), True


def _before(
    tree: Tree, branch: Branch, members: Collection[int], compared: date | None, by_branch: bool
) -> dict[str, Figures]:
    """The figures of the same lines on the day compared with, by their numbers."""
    if compared is None:
        return {}
    if by_branch:
        rows = reading.by_branch(compared, tree.below(branch) or {branch: {branch.pk}})
    else:
        rows = reading.by_manager(compared, members) or []
    return {row.number: row.figures for row in rows}


def _score(row: Row, weights: Weights) -> Score | None:
    if row.number == "pool":
        return None
    return score({part: of(row, measured) for part, measured in MEASURES.items()}, weights)


def _lines(
    rows: Sequence[Row], branch: Branch, by_branch: bool, back: str, opens: bool, weights: Weights
) -> list[Line]:
    """The ranked first, then those with small samples by name, the pool last."""
    scored = [(row, _score(row, weights)) for row in rows]
    scored.sort(key=lambda pair: (
        pair[0].number == "pool", pair[1] is None, -pair[1].total if pair[1] else 0, pair[0].name
    ))  # fmt: skip
    return [_line(row, points, branch, by_branch, back, opens) for row, points in scored]


def _line(row: Row, points: Score | None, branch: Branch, by_branch: bool, back: str, opens: bool) -> Line:
    url = ""
    if by_branch and row.number != branch.code:
        url = f"{reverse('dashboards:board')}?{urlencode({'branch': row.number, 'back': back})}"
    elif not by_branch and row.number != "pool":
        url = reverse("scorecard:of", args=[row.number])
    bars, at, words = [], 0.0, ""
    if points is not None:
        for name, css in PARTS:
            width = round(getattr(points, name), 1)
            bars.append(Bar(css, round(at, 1), width))
            at += width
        words = _("satisfaction %(a)d, follow-up %(b)d, activity %(c)d, care %(e)d, business %(d)d") % {
            "a": round(points.satisfaction), "b": round(points.follow_up),
            "c": round(points.activity), "d": round(points.business), "e": round(points.care),
        }  # fmt: skip
    code, manager = (row.number, "") if by_branch else (branch.code, row.number)
    total = "" if points is None else str(round(points.total))
    return Line(row.name or _("branch pool"), url, total, bars, words, _cells(row, code, manager, opens))


def _cells(row: Row, code: str, manager: str, opens: bool) -> list[list[Piece]]:
    """The cells of the table in its order, each of one number or two, opening the customers behind them."""

    def to(measured: str, part: str) -> str:
        return link(code, measured, part, manager) if opens else ""

    def share(measured: str, *, n: bool = False) -> list[Piece]:
        figure = of(row, measured)
        if figure.small:
            few = f"{_('small sample')} n={figure.whole}" if figure.whole else "—"
            return [Piece(few, to(measured, "whole") if figure.whole else "", tone="few")]
        found = [Piece(percent(figure.rate), to(measured, "part") if figure.part else "")]
        return [*found, Piece(f"n={figure.whole}", tone="x")] if n else found

    def number(measured: str, part: str, *, label: str = "", tone: str = "") -> Piece:
        figure = of(row, measured)
        amount = figure.part if part == "part" else figure.whole
        return Piece(count(amount), to(measured, part) if amount else "", label, tone if amount else "x")

    late, overdue = number(Measured.LATE, "part", label=_("late")), of(row, Measured.COMPLAINTS_OPEN).part
    complaints = [number(Measured.COMPLAINTS_OPEN, "whole")]
    if overdue:
        complaints.append(number(Measured.COMPLAINTS_OPEN, "part", label=_("late"), tone="late"))
    products = of(row, Measured.PRODUCTS)
    return [
        [number(Measured.ACTIVE, "whole")],
        share(Measured.CSAT, n=True),
        share(Measured.ACTIVE),
        share(Measured.CONTACTED),
        [*share(Measured.ON_TIME), *([late] if of(row, Measured.LATE).part else [])],
        complaints,
        share(Measured.WELCOMED),
        share(Measured.REFUSED),
        [Piece(decimal(products.rate), to(Measured.PRODUCTS, "whole") if products.whole else "")],
        [Piece(_use_words(of(row, Measured.USED)))],
    ]


def _use_words(used: Figure) -> str:
    return percent(used.rate) if used.whole else "—"


def _link(row: Row, branch: Branch, by_branch: bool, measured: str, part: str) -> str:
    """The customers of a line behind a number."""
    return link(row.number, measured, part) if by_branch else link(branch.code, measured, part, row.number)


COLUMNS: tuple[tuple[str, bool], ...] = (
    (Measured.CSAT, True), (Measured.ACTIVE, True), (Measured.CONTACTED, True), (Measured.ON_TIME, True),
    (Measured.COMPLAINTS_OPEN, False), (Measured.WELCOMED, True), (Measured.REFUSED, True), (Measured.PRODUCTS, False),
    (Measured.USED, True),
)  # fmt: skip


def _month(months: Months, day: date) -> list[str]:
    """The figures of the last day of a month, in the order of COLUMNS."""
    words = []
    for measured, is_share in COLUMNS:
        figure = months.at(day, measured)
        if measured == Measured.COMPLAINTS_OPEN:
            words.append(count(figure.whole))
        else:
            words.append(percent(figure.fair) if is_share else decimal(figure.fair))
    return words


def chosen(tree: Tree, code: str) -> Branch | None:
    """The branch of `code` within `tree`, its root for ""; None for another."""
    if not code:
        return tree.branches[0] if tree.branches else None
    return next((branch for branch in tree.branches if branch.code == code), None)


def choices(tree: Tree) -> list[tuple[str, str]]:
    """Code and name of the branches, indented by their depth, for a select."""
    return [(branch.code, "　" * tree.depth[branch.pk] + branch.name) for branch in tree.branches]
