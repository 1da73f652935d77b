"""What the board says, as tables of text in the language that is active. It names no customer."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.dashboards.board import Board, Line
from crm.dashboards.tiles import Piece, Tile
from crm.staff.models import Branch


@dataclass(frozen=True)
class Table:
    """rows: as many texts as headings; the first names the row. foot: sums, or nothing."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    foot: Sequence[str] = ()


@dataclass(frozen=True)
class Report:
    """title: what of whom; about: as of which day, against which."""

    title: str
    about: str
    tables: Sequence[Table]


def report(board: Board, branch: Branch) -> Report:
    """The tiles, the table of managers or branches, and the months."""
    about = _("As of the night of %(day)s") % {"day": date_format(board.day, "Y-m-d")}
    if board.compared:
        about += _("; changes since %(day)s") % {"day": date_format(board.compared, "Y-m-d")}
    title = f"{_('Service board')} · {branch.name}"
    return Report(title, about, [_measures(board), _people(board), _months(board)])


def _words(pieces: Sequence[Piece], between: str = " ") -> str:
    return between.join(f"{piece.label} {piece.text}".strip() for piece in pieces if piece.text or piece.label)


def _measures(board: Board) -> Table:
    headings = [_("Measure"), _("Value"), pgettext("column", "Change"), _("Of what"), _("Details")]
    return Table(_("Measures"), headings, [_tile(tile) for tile in board.tiles])


def _tile(tile: Tile) -> list[str]:
    about = _words([tile.about])
    return [str(tile.label), _words(tile.values, " / "), tile.change, about, _words(tile.notes, "; ")]


def _people(board: Board) -> Table:
    title = _("Branches") if board.by_branch else _("Relationship managers")
    headings = [
        _("Name"), _("Customers"), _("Score"), _("Satisfied"), pgettext("column", "Active"), _("Spoken to"),
        _("On time"), _("Complaints"), pgettext("column", "Welcome"), pgettext("column", "Unwanted"),
        pgettext("column", "Products"),
        pgettext("column", "Use"),
    ]  # fmt: skip
    rows = [_line(line) for line in board.lines]
    foot = [_words(cell) for cell in board.foot]
    return Table(title, headings, rows, [_("Total"), foot[0], "", *foot[1:]] if foot else [])


def _line(line: Line) -> list[str]:
    first, *others = [_words(cell) for cell in line.cells]
    return [line.name, first, line.total or "—", *others]


def _months(board: Board) -> Table:
    headings = [
        _("Day"), _("Satisfied"), pgettext("column", "Active"), _("Spoken to"), _("On time"), _("Complaints"),
        pgettext("column", "Welcome"), pgettext("column", "Unwanted"), pgettext("column", "Products"),
        pgettext("column", "Use"),
    ]  # fmt: skip
    return Table(_("By month"), headings, [[date_format(day, "Y-m-d"), *words] for day, words in board.months])
