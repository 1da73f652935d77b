"""The columns of the customer list. Rooms above add theirs: what they know of the customers of one page, in one go."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from customers.models import CustomerTag

# Ids of the customers of a page -> id -> name of the column -> value. One call a page, whatever its columns.
Source = Callable[[Sequence[int]], dict[int, dict[str, Any]]]


@dataclass(frozen=True)
class Column:
    """A column that can be chosen. css: of its cells ("wide": not on a phone).

    source: where its values come from, if not from the row itself. template: how a cell is drawn, if not as text.
    exported: it may leave the bank in a file; nothing that identifies a person, judges them or was written about them
    may.
    """

    name: str
    label: StrOrPromise
    css: str = "nw"
    source: Source | None = None
    template: str = ""
    exported: bool = False


@dataclass(frozen=True)
class Cell:
    column: Column
    value: Any


def _tags(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    rows = CustomerTag.objects.filter(customer__in=ids).order_by("at", "pk").values_list("customer_id", "tag__name")
    for pk, name in rows:
        found.setdefault(pk, {"tags": []})["tags"].append(name)
    return found


COLUMNS: dict[str, Column] = {
    column.name: column
    for column in (
        Column("number", _("Customer no.")),
        Column("phone", _("Phone")),
        Column("owner", _("Looked after by"), exported=True),
        Column("branch", _("Branch"), "wide", exported=True),
        Column("segment", _("Segment"), "nw wide"),  # some are named for what the bank watches
        Column("assets", _("Assets"), "nw r wide", exported=True),
        Column("work", _("Work"), "wide"),
        Column("since", _("Since"), "nw wide", exported=True),
        Column("tags", _("Tags"), "wide", source=_tags, template="customers/_tags_cell.html"),
    )
}
USUAL = ["number", "phone", "owner", "segment", "assets", "last_contact", "next_up", "tags"]


def register(column: Column) -> None:
    """Add a column; tags, of any width, stay the last."""
    COLUMNS[column.name] = column
    COLUMNS["tags"] = COLUMNS.pop("tags")


def chosen(names: Iterable[str]) -> list[Column]:
    """The columns of `names`, in the order of COLUMNS; the usual ones where none of them is known."""
    wanted = set(names) & set(COLUMNS) or set(USUAL)
    return [column for name, column in COLUMNS.items() if name in wanted]


def cells(rows: Sequence[Any], columns: Sequence[Column]) -> list[list[Cell]]:
    """The cells of each of `rows` (lists.Row); one question for each source that `columns` name."""
    sources = dict.fromkeys(column.source for column in columns if column.source)
    ids = [row.pk for row in rows]
    found = {source: source(ids) for source in sources} if ids else {}
    return [
        [
            Cell(column, found[column.source].get(row.pk, {}).get(column.name))
            if column.source
            else Cell(column, getattr(row, column.name))
            for column in columns
        ]
        for row in rows
    ]
