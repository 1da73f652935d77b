"""The customer list: its orders and one page of it."""

from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib import keyset
from crm.staff.models import User
from customers.access import books, visible_to
from customers.models import Customer
from customers.models.customer import BIRTH_KEY, SINCE_KEY
from customers.search import MOST_FOUND, find, masked_query

PAGE_SIZE = 50
COUNT_CAP = 1000

SORTS = {
    sort.name: sort
    for sort in (
        keyset.Sort("name", _("Name"), F("sort_name")),
        keyset.Sort("number", _("Customer number"), F("number")),
        keyset.Sort("since", _("Newest customers"), SINCE_KEY, descending=True),
        keyset.Sort("age", _("Eldest first"), BIRTH_KEY),
        keyset.Sort("updated", _("Last changed"), F("updated_at"), descending=True),
    )
}
BOOK_LABELS = {
    "own": _("My customers"),
    "pool": _("Branch pool"),
    "branch": _("My branches"),
    "shared": _("Shared and walk-in"),
}


@dataclass(frozen=True)
class Asked:
    """What the list was asked for; unknown words fall back to the first choice."""

    book: str = ""
    sort: str = ""
    query: str = ""
    cursor: str = ""


@dataclass(frozen=True)
class CustomerList:
    """One page of the list and what the page says about it. `total` counts to COUNT_CAP + 1 at most."""

    asked: Asked
    book_names: list[str]
    rows: list[Customer]
    next_cursor: str
    total: int | None


def read_list(user: User, asked: Asked) -> CustomerList:
    """The page of customers that `user` asked for; the ids shown go to the audit."""
    lists = books(user)
    book = asked.book if asked.book in lists else next(iter(lists), "")
    sort = SORTS.get(asked.sort, SORTS["name"])
    known = Asked(book, sort.name, asked.query.strip(), asked.cursor)
    if known.query:
        rows, cursor, total = list(find(visible_to(user), known.query, MOST_FOUND)), "", None
    elif book:
        page = keyset.page(lists[book].for_list(), sort, known.cursor, PAGE_SIZE)
        rows, cursor = list(page.rows), page.next_cursor
        total = None if known.cursor else keyset.capped_count(lists[book], COUNT_CAP)
    else:
        rows, cursor, total = [], "", 0
    look(
        Action.SEARCH if known.query else Action.LIST,
        by=user,
        object_type="customer",
        object_ids=[customer.pk for customer in rows],
        detail={"book": book, "sort": sort.name, "query": masked_query(known.query)},
    )
    return CustomerList(known, list(lists), rows, cursor, total)
