"""From customer to customer along a list: who stands before and after the one whose page is open.

A page carries the list's own query string and the customer's place in it. The place is what the customer's columns say,
but in orders in which a customer moves when one works on them: there it is carried along, so that the way goes on from
where one was. Nothing is counted: the number goes up and down with each step.
"""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from crm.lib import keyset
from crm.staff.models import User
from customers.list_filter import ListFilter
from customers.lists import Asked, Row, narrowed_book
from customers.models import Customer

LONGEST = 4000  # characters of a list's query string
MOST = 10**9


@dataclass(frozen=True)
class Place:
    """number: of the customer in the list from 1 on, of: of how many, both 0 where unknown; cursor: "" where the
    customer's own columns tell."""

    number: int = 0
    of: int = 0
    cursor: str = ""


@dataclass(frozen=True)
class Beside:
    """A neighbour: the customer's number, and the query string that goes along to their page."""

    number: str
    query: str


@dataclass(frozen=True)
class Way:
    before: Beside | None
    after: Beside | None


def number_in(text: str) -> int:
    """A number of a query string; 0 for anything else."""
    return min(int(text), MOST) if text.isascii() and text.isdecimal() and len(text) < 12 else 0


def place_in(query: QueryDict) -> Place:
    """The place that a page's query string carries."""
    return Place(number_in(query.get("n", "")), number_in(query.get("of", "")), query.get("at", "")[:400])


def query_of(within: str, place: Place) -> str:
    """What goes along to a customer's page. within: the query string of the list."""
    known = {"n": place.number, "of": place.of, "at": place.cursor}
    return urlencode({"in": within, **{name: value for name, value in known.items() if value}})


def linked(rows: list[Row], within: str, seen: int, total: int) -> list[Row]:
    """`rows` with addresses that know the list. seen: how many rows were shown before these."""
    return [
        replace(row, url=f"{row.url}?{query_of(within, Place(number, total, row.place))}")
        for number, row in enumerate(rows, start=seen + 1)
    ]


def asked_within(within: str) -> Asked:
    """The list that the query string `within` asks for."""
    query = QueryDict(within[:LONGEST])
    narrow = ListFilter(query or None)
    return Asked(query.get("book", ""), query.get("sort", ""), narrowed=narrow.condition())


def way(user: User, within: str, customer: Customer, place: Place) -> Way:
    """Who stands before and after `customer` in the list `within`, among those whom `user` may list."""
    asked = asked_within(within)
    found = narrowed_book(user, replace(asked, narrowed=Q()))
    if found is None:
        return Way(None, None)
    everybody, sort = found
    cursor = place.cursor if sort.moves and place.cursor else _cursor(everybody, sort, customer)
    others = everybody.filter(asked.narrowed).exclude(pk=customer.pk)

    def neighbour(step: int) -> Beside | None:
        row = keyset.beside(others, ("number",), sort, cursor, back=step < 0)
        return _beside(row, sort, within, place, step) if row else None

    return Way(neighbour(-1), neighbour(1))


def _cursor(everybody: QuerySet[Customer], sort: keyset.Sort, customer: Customer) -> str:
    """Where `customer` stands in the order, also when the filters no longer hold for them; "" for nowhere."""
    row: Any = everybody.filter(pk=customer.pk).annotate(sort_key=sort.key).values("pk", "sort_key").first()
    return keyset.cursor_of(row) if row else ""


def _beside(row: dict[str, Any], sort: keyset.Sort, within: str, place: Place, step: int) -> Beside:
    number = max(place.number + step, 1) if place.number else 0
    return Beside(row["number"], query_of(within, Place(number, place.of, keyset.cursor_of(row) if sort.moves else "")))
