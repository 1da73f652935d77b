"""Searching the audit log: a period always, so that only its months' partitions are read, newest first by keyset.

A question without a person or an object reads the whole period row by row until enough are found; it ends after
PATIENCE instead of keeping the database busy, and whoever asked is told to narrow it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet

from crm.audit.admin import FOR_COMPLIANCE_ALONE
from crm.audit.models import Entry
from crm.lib import keyset
from crm.lib.dates import start_of_day

PAGE_SIZE = 50
MOST = 10_000  # rows of one export
PATIENCE = 8_000  # milliseconds
LONGEST = 366  # days of one search
FIELDS = (
    "at", "actor_label", "action", "result", "object_type", "object_label", "object_ids", "reason", "address",
)  # fmt: skip
NEWEST = keyset.Sort("newest", "", F("at"), descending=True)
_AT_ONCE = 1000


class TooMuchError(Exception):
    """The search would read more rows than anybody should wait for."""


@dataclass(frozen=True)
class Asked:
    """What is looked for; "" and None: no matter. first, last: bank days, both included.

    actor_id: of the person who acted, or else `who` as the beginning of their label; `whom` is the label of the object,
    object_ids: the customers meant by it, so that lists in which they stood are found too.
    """

    first: date
    last: date
    who: str = ""
    actor_id: int | None = None
    whom: str = ""
    object_ids: tuple[int, ...] = ()
    action: str = ""
    result: str = ""
    reason: str = ""
    reads_cases: bool = False


def found(asked: Asked) -> QuerySet[Entry]:
    """The entries of `asked`, in no order."""
    entries = Entry.objects.filter(at__gte=start_of_day(asked.first), at__lt=start_of_day(asked.last + timedelta(1)))
    if not asked.reads_cases:
        entries = entries.exclude(object_type__in=FOR_COMPLIANCE_ALONE)
    if asked.actor_id is not None:
        entries = entries.filter(actor_id=asked.actor_id)
    elif asked.who:
        entries = entries.filter(actor_label__startswith=asked.who)
    if asked.whom:
        inside = Q(object_type="customer", object_ids__overlap=list(asked.object_ids)) if asked.object_ids else Q()
        entries = entries.filter(Q(object_label=asked.whom) | inside if inside else Q(object_label=asked.whom))
    exact = {name: value for name in ("action", "result") if (value := getattr(asked, name))}
    entries = entries.filter(**exact)
    return entries.filter(reason__icontains=asked.reason) if asked.reason else entries


def page(asked: Asked, cursor: str, size: int = PAGE_SIZE) -> keyset.Page:
    """One page of `asked`, newest first. Raises TooMuchError."""
    try:
        with transaction.atomic():
            with connection.cursor() as sql:
                sql.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE)])
            return keyset.page(found(asked), FIELDS, NEWEST, cursor, size)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == "57014":  # query_canceled
            raise TooMuchError from error
        raise


def all_rows(asked: Asked, most: int = MOST) -> Iterator[dict[str, Any]]:
    """The first `most` rows of `asked`, newest first. Raises TooMuchError."""
    cursor, left = "", most
    while left > 0:
        part = page(asked, cursor, min(_AT_ONCE, left))
        yield from part.rows
        cursor, left = part.next_cursor, left - len(part.rows)
        if not cursor:
            return
