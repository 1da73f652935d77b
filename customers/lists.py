"""The customer list: its orders and one page of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib import keyset
from crm.lib.dates import age_on, bank_day
from crm.lib.money import short_amount
from crm.staff.models import User
from crm.staff.scope import scope
from customers.access import books, visible_to
from customers.identifiers import masked
from customers.list_columns import Cell, Column, cells, chosen
from customers.models import Customer, Gender, Status
from customers.models.customer import BIRTH_KEY, SINCE_KEY
from customers.search import MOST_FOUND, find, masked_query

PAGE_SIZE = 50
COUNT_CAP = 1000

ASSETS = keyset.Sort("assets", _("Most assets"), F("features__aum"), descending=True, known="features__aum")
# The same order by a key without an index. For the customers of one branch Postgres would else read the whole bank's
# assets from the top and look for theirs among them: of 1M customers in 200 branches 5 to 8 times as long as sorting
# them, while from four branches on reading from the top wins.
ASSETS_OF_FEW = replace(ASSETS, key=Coalesce("features__aum", 0, output_field=BigIntegerField()))
FOR_FEW = {"assets": ASSETS_OF_FEW}
FEW_BRANCHES = 2
SORTS = {
    sort.name: sort
    for sort in (
        keyset.Sort("name", _("Name"), F("sort_name")),
        keyset.Sort("number", _("Customer number"), F("number")),
        keyset.Sort("since", _("Newest customers"), SINCE_KEY, descending=True),
        keyset.Sort("age", _("Eldest first"), BIRTH_KEY),
        keyset.Sort("updated", _("Last changed"), F("updated_at"), descending=True, moves=True),
        ASSETS,
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
    narrowed: Q = field(default_factory=Q)
    columns: Sequence[str] = ()


@dataclass(frozen=True)
class Row:
    """One line of the list, every value as it stands on the page. cells: of the columns chosen."""

    pk: int
    url: str
    name: str
    who: str
    status: str
    number: str
    phone: str
    owner: str
    branch: str
    work: str
    since: str
    segment: str
    assets: str
    place: str = ""  # in an order in which customers move: where they stood
    cells: list[Cell] = field(default_factory=list)


FIELDS = ("number", "name", "gender", "birth_date", "status", "phone_sealed", "employer", "occupation", "since",
          "owner__display_name", "branch__name", "membership__segment__name_zh", "membership__segment__name_en",
          "features__aum")  # fmt: skip


def list_rows(values: Iterable[dict[str, Any]]) -> list[Row]:
    """Rows of FIELDS as the list shows them. Words are looked up once a page, not once a row."""
    today, genders, states = bank_day(), dict(Gender.choices), dict(Status.choices)
    aged, pooled = gettext("aged %(age)s"), gettext("branch pool")
    url = reverse("customer", args=["-"])
    segment = f"membership__segment__name_{'zh' if (get_language() or '').startswith('zh') else 'en'}"
    return [
        Row(
            pk=row["pk"],
            url=url.replace("/-/", f"/{row['number']}/"),
            name=row["name"],
            who=" ".join(
                part
                for part in (
                    str(genders.get(row["gender"], "")),
                    aged % {"age": age_on(row["birth_date"], today)} if row["birth_date"] else "",
                )
                if part
            ),
            status="" if row["status"] == Status.ACTIVE else str(states[row["status"]]),
            number=row["number"],
            phone=masked("phone", row["phone_sealed"], row["number"]),
            owner=row["owner__display_name"] or pooled,
            branch=row["branch__name"],
            work=f"{row['employer']} {row['occupation']}".strip(),
            since=row["since"].isoformat() if row["since"] else "",
            segment=row[segment] or "",
            assets="" if row["features__aum"] is None else short_amount(row["features__aum"], settings.BASE_CURRENCY),
        )
        for row in values
    ]


@dataclass(frozen=True)
class CustomerList:
    """One page of the list and what the page says about it. `total` counts to COUNT_CAP + 1 at most."""

    asked: Asked
    book_names: list[str]
    rows: list[Row]
    next_cursor: str
    total: int | None
    columns: list[Column] = field(default_factory=list)


def _sort(user: User, book: str, name: str) -> keyset.Sort:
    """The order asked for, by the key that suits the size of `book`."""
    sort = SORTS.get(name, SORTS["name"])
    limits = scope(user)
    many = book == "branch" and (limits.whole_bank or len(limits.branch_ids) > FEW_BRANCHES)
    return sort if many else FOR_FEW.get(sort.name, sort)


def with_cells(rows: list[Row], columns: Sequence[Column]) -> list[Row]:
    """`rows` with what they show in `columns`."""
    return [replace(row, cells=shown) for row, shown in zip(rows, cells(rows, columns), strict=True)]


def narrowed_book(user: User, asked: Asked) -> tuple[QuerySet[Customer], keyset.Sort] | None:
    """The customers of the list `user` asked for, with their order; None for who has no list at all."""
    lists = books(user)
    book = asked.book if asked.book in lists else next(iter(lists), "")
    if not book:
        return None
    sort = _sort(user, book, asked.sort)
    return sort.among(lists[book].filter(asked.narrowed)), sort


def read_list(user: User, asked: Asked) -> CustomerList:
    """The page of customers that `user` asked for; the ids shown go to the audit."""
    lists = books(user)
    book = asked.book if asked.book in lists else next(iter(lists), "")
    sort = _sort(user, book, asked.sort)
    known = replace(asked, book=book, sort=sort.name, query=asked.query.strip())
    columns = chosen(asked.columns)
    total: int | None = None
    page = keyset.Page([], "")
    if known.query:
        page = keyset.Page(list(find(visible_to(user), known.query, MOST_FOUND).values("pk", *FIELDS)), "")
    elif book:
        narrowed = sort.among(lists[book].filter(known.narrowed))
        page = keyset.page(narrowed, FIELDS, sort, known.cursor, PAGE_SIZE)
        total = None if known.cursor else keyset.capped_count(narrowed, COUNT_CAP)
    look(
        Action.SEARCH if known.query else Action.LIST,
        by=user,
        object_type="customer",
        object_ids=[row["pk"] for row in page.rows],
        detail={"book": book, "sort": sort.name, "query": masked_query(known.query)},
    )
    rows = with_cells(list_rows(page.rows), columns)
    if sort.moves and not known.query:
        rows = [replace(row, place=keyset.cursor_of(values)) for row, values in zip(rows, page.rows, strict=True)]
    return CustomerList(known, list(lists), rows, page.next_cursor, total, columns)
