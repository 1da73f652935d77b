"""Notes still being written: kept as one types, parked, opened again, and gone once the contact is logged.

The audit tells that a note was begun, parked and opened again; not every keystroke of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import QueryDict

from crm.audit.log import look, record
from crm.audit.models import Action
from crm.staff.models import User
from customers.access import visible_to
from customers.models import Customer
from interactions.models import Draft, Interaction

# What of a note is kept, and how much of each: field -> characters.
TEXTS = {
    "key": 32, "rev": 9, "channel": 8, "direction": 4, "kind": 12, "summary": 4000, "outcome": 12, "promise": 200,
    "promise_due": 10, "question": 200, "mood": 8, "satisfaction": 1, "next": 10, "next_on": 10,
}  # fmt: skip
# A note with none of these says nothing yet.
TELLING = ("summary", "promise", "question", "mood", "satisfaction", "next", "topics")
MOST_TOPICS = 20
MOST_PARKED = 20
EXCERPT = 60  # characters


class ParkedAlreadyError(Exception):
    """Another note for this customer is parked: it is opened again before a new one begins."""


def as_typed(posted: QueryDict) -> dict[str, Any]:
    """The fields of a note out of `posted`, as they were typed, wrong or right; what Postgres cannot hold left out."""
    data: dict[str, Any] = {
        name: posted.get(name, "").replace("\x00", "")[:most] for name, most in TEXTS.items() if posted.get(name)
    }
    topics = [topic.replace("\x00", "")[:12] for topic in posted.getlist("topics")[:MOST_TOPICS]]
    return data | {"topics": topics} if topics else data


def of_customer(user: User, customer: Customer) -> Draft | None:
    """The note that `user` is writing about `customer`, parked or not."""
    return Draft.objects.filter(user=user, customer=customer).first()


@transaction.atomic
def keep(user: User, customer: Customer, data: Mapping[str, Any], *, parked: bool = False) -> Draft | None:
    """Keep a note as typed; None where there is nothing to keep: it says nothing yet, or is logged already.

    Raises ParkedAlreadyError rather than write over a parked note.
    """
    known = Draft.objects.select_for_update().filter(user=user, customer=customer).first()
    key = data.get("key")
    if known is not None and known.parked and known.data.get("key") != key:
        raise ParkedAlreadyError
    if key and Interaction.objects.filter(reference=reference(str(key))).exists():
        return None
    if not any(data.get(name) for name in TELLING):
        if known is not None:
            known.delete()
        return None
    draft, begun = Draft.objects.update_or_create(
        user=user, customer=customer, defaults={"data": dict(data), "parked": parked}
    )
    if begun or parked:
        _record(user, customer, "parked" if parked else "begun")
    return draft


def reopen(user: User, customer: Customer) -> None:
    """The parked note about `customer` is being written again."""
    if Draft.objects.filter(user=user, customer=customer, parked=True).update(parked=False):
        _record(user, customer, "opened again")


def forget(user: User, customer: Customer, told: str | None) -> None:
    """The note that became the contact with reference `told` is done with. None: it had no form that is kept."""
    drafts = Draft.objects.filter(user=user, customer=customer)
    if told:
        drafts.filter(data__key=told.removeprefix("note:")).delete()


def reference(key: str) -> str:
    """The reference of the contact that the note `key` becomes."""
    return f"note:{key}"


@dataclass(frozen=True)
class Parked:
    """A parked note: of whom, how it begins, since when."""

    customer: Customer
    begins: str
    since: datetime


@dataclass(frozen=True)
class ParkedNotes:
    """The parked notes of a person; `unnamed` of them concern customers whom the person no longer looks after."""

    notes: list[Parked]
    unnamed: int


def parked_of(user: User) -> ParkedNotes:
    """The parked notes of `user`, newest first, at most MOST_PARKED; who is not visible any more is not named."""
    drafts = list(Draft.objects.filter(user=user, parked=True).order_by("-updated_at")[:MOST_PARKED])
    visible = visible_to(user).in_service().in_bulk([draft.customer_id for draft in drafts])
    notes = [
        Parked(visible[draft.customer_id], beginning(draft), draft.updated_at)
        for draft in drafts
        if draft.customer_id in visible
    ]
    if notes:
        ids = [note.customer.pk for note in notes]
        look(Action.LIST, by=user, object_type="customer", object_ids=ids, detail={"parked": len(ids)})
    return ParkedNotes(notes, len(drafts) - len(notes))


def count_parked(user: User) -> int:
    """How many notes `user` has parked, counted up to MOST_PARKED."""
    return Draft.objects.filter(user=user, parked=True)[:MOST_PARKED].count()


def beginning(draft: Draft) -> str:
    """How the note begins, for where space is short."""
    text: str = draft.data.get("summary") or draft.data.get("promise") or draft.data.get("question") or ""
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT]}…"


def _record(user: User, customer: Customer, what: str) -> None:
    record(
        Action.CHANGE, by=user, object_type="note", object_ids=[customer.pk], label=customer.number,
        detail={"what": what},
    )  # fmt: skip
