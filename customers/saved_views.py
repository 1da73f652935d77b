"""Views of the customer list that people keep: their own, and those a supervisor shares with a branch."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import Role, User
from customers.list_columns import COLUMNS
from customers.list_filter import ListFilter
from customers.models import SavedView

MOST = 30
LONGEST = 2000  # characters of one filter, as of a rule

# One statement, the branches above the person's own included.
_SEEN = """
WITH RECURSIVE above AS (
    SELECT id, parent_id FROM staff_branch WHERE id = %(branch)s
    UNION ALL
    SELECT branch.id, branch.parent_id FROM staff_branch AS branch JOIN above ON branch.id = above.parent_id
)
SELECT * FROM customers_savedview
WHERE user_id = %(user)s OR branch_id IN (SELECT id FROM above)
ORDER BY user_id <> %(user)s, created_at, id LIMIT 60
"""


@dataclass(frozen=True)
class AskedList:
    """What a query string asks of the list, without what is no part of a view (the page, the view itself)."""

    book: str
    sort: str
    filters: dict[str, str]
    columns: list[str]


def asked_list(query: QueryDict) -> AskedList:
    """`query` as far as the list knows its words. Filters as typed: they are checked when they are used."""
    names = ListFilter.names()
    return AskedList(
        book=query.get("book", "")[:8],
        sort=query.get("sort", "")[:16],
        filters={name: str(query[name])[:LONGEST] for name in names if query.get(name, "").replace("\0", "").strip()},
        columns=[name for name in query.getlist("col") if name in COLUMNS],
    )


def seen_by(user: User) -> list[SavedView]:
    """The views `user` can open, their own first."""
    return list(SavedView.objects.raw(_SEEN, {"user": user.pk, "branch": user.branch_id}))


def query_of(view: SavedView, typed: dict[str, str]) -> str:
    """The query string that opens `view`. typed: filters that stay, where the view has none of its own."""
    query = QueryDict(mutable=True)
    query.update({"view": str(view.pk), "book": view.book, "sort": view.sort, **typed, **view.filters})
    query.setlist("col", view.columns)
    return query.urlencode()


def typed_beside(filters: dict[str, str], view: SavedView | None) -> dict[str, str]:
    """Of `filters`, those that the person typed and that do not come from `view`."""
    own: dict[str, Any] = view.filters if view else {}
    return {name: value for name, value in filters.items() if own.get(name) != value}


@transaction.atomic
def save(user: User, name: str, asked: AskedList, *, share: bool) -> SavedView:
    """Keep `asked` as the view `name`; under a name that is there already it replaces that one.

    share: with the supervisor's branch and those below. Raises ValidationError where there are MOST already.
    """
    branch = user.branch_id if share and Role.SUPERVISOR in user.roles else None
    held = SavedView.objects.filter(user=user)
    if held.exclude(name=name).count() >= MOST:
        raise ValidationError(_("You have %(most)d views. Delete one first.") % {"most": MOST})
    values = {"book": asked.book, "sort": asked.sort, "filters": asked.filters, "columns": asked.columns}
    view, created = SavedView.objects.update_or_create(
        user=user, name=name, defaults={**values, "branch_id": branch}, create_defaults={**values, "branch_id": branch}
    )
    _record(Action.CREATE if created else Action.CHANGE, view, user, shared=branch is not None)
    return view


@transaction.atomic
def pin(view: SavedView, *, by: User) -> None:
    """Turn the view's tab on or off."""
    view.pinned = not view.pinned
    view.save(update_fields=["pinned"])
    _record(Action.CHANGE, view, by, pinned=view.pinned)


@transaction.atomic
def delete(view: SavedView, *, by: User) -> None:
    _record(Action.DELETE, view, by)
    view.delete()


def _record(action: Action, view: SavedView, by: User, **detail: Any) -> None:
    record(action, by=by, object_type="view", object_ids=[view.pk], label=view.name, detail=detail)
