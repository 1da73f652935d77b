"""Keyset paging: any depth costs one index descent, where OFFSET would read all rows before."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Expression, F, Model, Q, QuerySet
from django.db.models.functions import Coalesce
from django_stubs_ext import StrOrPromise

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Sort:
    """An order that an index serves: `key`, then id upwards. The key is never NULL.

    known: the field that only some rows have, for an order of those alone. moves: working on a row gives it another
    place, so that a way along the order has to remember where it was.
    """

    name: str
    label: StrOrPromise
    key: F | Expression | Coalesce
    descending: bool = False
    known: str = ""
    moves: bool = False

    def among(self, queryset: QuerySet[Row]) -> QuerySet[Row]:
        """The rows that have a place in this order."""
        return queryset.filter(**{f"{self.known}__isnull": False}) if self.known else queryset


@dataclass(frozen=True)
class Page:
    """Rows of one page, field name -> value, and the cursor of the next one ("" at the end)."""

    rows: list[dict[str, Any]]
    next_cursor: str


def _encode(key: object, pk: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([str(key), pk]).encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[str, int] | None:
    try:
        key, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return storable(str(key)), int(pk)
    except (ValueError, TypeError, OverflowError):
        return None


def storable(text: str) -> str:
    """`text` as it is. Raises ValueError for what Postgres has no room for: NUL, and half a pair of surrogates."""
    if "\x00" in text:
        raise ValueError("NUL")
    text.encode()
    return text


def page(queryset: QuerySet[Row], fields: Sequence[str], sort: Sort, cursor: str, size: int) -> Page:
    """`size` rows of `queryset` with `fields`, in the order of `sort`, after `cursor` ("" or a broken one: the start).

    Plain rows, since fifty models with their relations cost more time than the query. The condition is
    `key >= k AND (key > k OR id > i)`: its first half positions the index; written as `key > k OR (key = k AND id > i)`
    Postgres scans from the beginning (0.1 ms against 534 ms at 1M rows).
    """
    ordered = queryset.annotate(sort_key=sort.key).order_by("-sort_key" if sort.descending else "sort_key", "pk")
    position = _decode(cursor)
    if position is not None:
        key, pk = position
        ahead, past = ("sort_key__lte", "sort_key__lt") if sort.descending else ("sort_key__gte", "sort_key__gt")
        try:
            ordered = ordered.filter(Q(**{ahead: key}), Q(**{past: key}) | Q(pk__gt=pk))
        except (ValidationError, ValueError):  # a key of another order: neither a day nor a number
            return page(queryset, fields, sort, "", size)
    rows = list(ordered.values("pk", "sort_key", *fields)[: size + 1])
    if len(rows) <= size:
        return Page(rows, "")
    return Page(rows[:size], _encode(rows[size - 1]["sort_key"], rows[size - 1]["pk"]))


def cursor_of(row: dict[str, Any]) -> str:
    """Where `row` stands, as `page` gave it with its key."""
    return _encode(row["sort_key"], row["pk"])


def beside(
    queryset: QuerySet[Row], fields: Sequence[str], sort: Sort, cursor: str, *, back: bool
) -> dict[str, Any] | None:
    """The row next to `cursor` in the order of `sort`, or with `back` the one before it; None at an end of the rows.

    As in `page`, whose order read backwards is the same index read backwards.
    """
    position = _decode(cursor)
    if position is None:
        return None
    key, pk = position
    rising = sort.descending == back
    way = "gt" if rising else "lt"
    ordered = queryset.annotate(sort_key=sort.key).order_by(
        "sort_key" if rising else "-sort_key", "-pk" if back else "pk"
    )
    try:
        found = ordered.filter(
            Q(**{f"sort_key__{way}e": key}),
            Q(**{f"sort_key__{way}": key}) | Q(**{"pk__lt" if back else "pk__gt": pk}),
        )
        return found.values("pk", "sort_key", *fields).first()
    except (ValidationError, ValueError):
        return None


def newest_first(queryset: QuerySet[Row], cursor: str, size: int) -> tuple[list[Row], str]:
    """`size` rows by their `day` and id downwards, after `cursor` as in `page`; and the cursor of the next ones."""
    ordered = queryset.order_by("-day", "-pk")
    position = _decode(cursor)
    if position is not None:
        day, pk = position
        try:
            ordered = ordered.filter(Q(day__lte=day), Q(day__lt=day) | Q(pk__lt=pk))
        except ValidationError:
            return newest_first(queryset, "", size)
    rows = list(ordered[: size + 1])
    if len(rows) <= size:
        return rows, ""
    last: Any = rows[size - 1]
    return rows[:size], _encode(last.day, last.pk)


def capped_count(queryset: QuerySet[Row], cap: int) -> int:
    """How many rows, counting no further than `cap` + 1: a page shows that as "1000+"."""
    return queryset.order_by()[: cap + 1].count()
