"""The supervisors' board, put together from stored measures: tiles, whom to talk to, the table, the trend."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.dashboards import reading
from crm.dashboards.formulas import Figure, Score, Weights, score
from crm.dashboards.models import Measured
from crm.dashboards.reading import Row, Tree
from crm.dashboards.scorecard.weighing import MEASURES, in_force
from crm.dashboards.talk import Talk, of, whom
from crm.dashboards.tiles import Months, Piece, Tile, count, decimal, percent, tiles
from crm.dashboards.trend import Trend, trend
from crm.staff.models import Branch

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
    """What the page shows. by_branch: the table is of branches, since the managers are too many for one."""

    day: date
    compared: date | None
    tiles: list[Tile]
    talk: Talk | None
    lead: list[Piece]
    by_branch: bool
    lines: list[Line]
    foot: list[list[Piece]]
    trend: Trend
    months: list[tuple[date, list[str]]]
    weights: Weights
    GROUPS: ClassVar[tuple[int, ...]] = (1, 2, 4, 5, 6, 8)  # cells with which a group of columns begins


def read_board(tree: Tree, branch: Branch, back: str, today: date) -> Board | None:
    """The board of `branch` and all below it; None before the first night."""
    members = tree.under(branch)
    days = reading.last_days(today)
    day = next((day for day in reversed(days) if day), None)
    if day is None:
        return None
    days = days[: len(days) - days[::-1].index(day)]
    found = reading.by_day(days, members)
    compared = days[-1 - BACK[back]] if len(days) > BACK[back] else None
    months = Months(days, found, compared, lambda measured, part: link(branch.code, measured, part))
    rows, by_branch = _rows(tree, branch, members, day)
    total = found.get(day, {})
    talk, weights = whom(rows, total), in_force()
    return Board(
        day, compared, tiles(months), talk, _lead(talk, branch, by_branch), by_branch,
        _lines(rows, branch, by_branch, back, weights), _cells(Row("", "", total), branch.code, ""),
        trend(months), [(each, _month(months, each)) for each in reversed(days) if each], weights,
    )  # fmt: skip


def link(code: str, measured: str, part: str, manager: str = "") -> str:
    """The address of the customers behind a number; manager: an employee number, "pool", or "" for all."""
    asked = {"measure": measured, "of": part, "branch": code} | ({"manager": manager} if manager else {})
    return f"{reverse('dashboards:behind')}?{urlencode(asked)}"


def _rows(tree: Tree, branch: Branch, members: Collection[int], day: date) -> tuple[list[Row], bool]:
    rows = reading.by_manager(day, members)
    if rows is not None:
        return rows, False
    return reading.by_branch(day, tree.below(branch) or {branch: {branch.pk}}), True


def _score(row: Row, weights: Weights) -> Score | None:
    if row.number == "pool":
        return None
    return score({part: of(row, measured) for part, measured in MEASURES.items()}, weights)


def _lines(rows: Sequence[Row], branch: Branch, by_branch: bool, back: str, weights: Weights) -> list[Line]:
    """The ranked first, then those with small samples by name, the pool last."""
    scored = [(row, _score(row, weights)) for row in rows]
    scored.sort(key=lambda pair: (
        pair[0].number == "pool", pair[1] is None, -pair[1].total if pair[1] else 0, pair[0].name
    ))  # fmt: skip
    return [_line(row, points, branch, by_branch, back) for row, points in scored]


def _line(row: Row, points: Score | None, branch: Branch, by_branch: bool, back: str) -> Line:
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
    return Line(row.name or _("branch pool"), url, total, bars, words, _cells(row, code, manager))


def _cells(row: Row, code: str, manager: str) -> list[list[Piece]]:
    """The cells of the table in its order, each of one number or two, opening the customers behind them."""

    def to(measured: str, part: str) -> str:
        return link(code, measured, part, manager)

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


def _lead(talk: Talk | None, branch: Branch, by_branch: bool) -> list[Piece]:
    """What to look at first before the talk."""
    if talk is None:
        return []
    row = talk.row
    code, manager = (row.number, "") if by_branch else (branch.code, row.number)
    asked = [
        (of(row, Measured.LATE).part, _("late follow-ups"), link(code, Measured.LATE, "part", manager)),
        (of(row, Measured.REFUSED).part, _("unwanted suggestions"), link(code, Measured.REFUSED, "part", manager)),
    ]
    if talk.why == "satisfaction":
        asked = [(of(row, Measured.CSAT).whole, _("answers"), link(code, Measured.CSAT, "whole", manager))]
    return [Piece(count(number), url, label) for number, label, url in asked if number]


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
