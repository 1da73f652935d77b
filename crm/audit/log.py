"""Writing the audit log.

`record` writes at once, inside the caller's transaction: a change and its row stand or fall together.
`look` waits for the end of the request and is written outside any transaction, before the response leaves: a look
stays on record even when the request rolls back, and costs one INSERT however many there were.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Protocol

from crm.audit.models import Action, Entry, Result


class Actor(Protocol):
    """Whoever acts: a signed-in user, or None for the system itself."""

    @property
    def pk(self) -> Any: ...


@dataclass
class RequestContext:
    """What every entry of one request shares, and the looks that wait to be written."""

    address: str | None
    request_id: uuid.UUID = field(default_factory=uuid.uuid4)
    pending: list[Entry] = field(default_factory=list)


_context: ContextVar[RequestContext | None] = ContextVar("audit_context", default=None)
_outsider: ContextVar[str] = ContextVar("audit_outsider", default="")


@contextmanager
def outsider(label: str) -> Iterator[None]:
    """What happens inside the block without a signed-in person was done by `label` ("customer 6201…")."""
    token = _outsider.set(label)
    try:
        yield
    finally:
        _outsider.reset(token)


@contextmanager
def request_context(address: str | None) -> Iterator[RequestContext]:
    """Collect the looks made inside the block and write them when it ends, also when it ends by an exception."""
    context = RequestContext(address)
    token = _context.set(context)
    try:
        yield context
    finally:
        _context.reset(token)
        if context.pending:
            Entry.objects.bulk_create(context.pending)


def _entry(
    action: Action,
    *,
    by: Actor | None,
    object_type: str = "",
    object_ids: Sequence[int] = (),
    label: str = "",
    reason: str = "",
    result: Result = Result.OK,
    detail: dict[str, Any] | None = None,
) -> Entry:
    context = _context.get()
    known = by is not None and by.pk is not None
    return Entry(
        action=action,
        result=result,
        actor_id=by.pk if by is not None and known else None,
        actor_label=str(by)[:120] if known else _outsider.get()[:120],
        object_type=object_type,
        object_ids=list(object_ids),
        object_label=label[:120],
        reason=reason[:300],
        detail=detail or {},
        address=context.address if context else None,
        request_id=context.request_id if context else None,
    )


def record(action: Action, *, by: Actor | None, **facts: Any) -> None:
    """Write one entry now, in the current transaction.

    facts: object_type, object_ids, label, reason, result, detail.
    """
    _entry(action, by=by, **facts).save(force_insert=True)


def look(action: Action, *, by: Actor | None, **facts: Any) -> None:
    """Note a look. Inside a request it is written as the request ends, whatever happens to it; elsewhere at once."""
    entry = _entry(action, by=by, **facts)
    context = _context.get()
    if context is None:
        entry.save(force_insert=True)
    else:
        context.pending.append(entry)
