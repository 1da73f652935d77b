"""The hand-over list: of each customer who changed hands what hurt, was promised or asked, what comes, what to leave.

In the same words as the brief of a customer's page, from facts read for a whole page at once. What they looked at and
warnings are not here: those are on the customer's own page.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from crm.workspace.brief_facts import AHEAD, MOST, Known, birthday_of
from crm.workspace.brief_parts import Line
from crm.workspace.brief_words import lines
from customers.models import Customer, Holding, Transferred
from interactions.models import (
    CONVERSATIONS,
    Complaint,
    ComplaintState,
    Interaction,
    Outcome,
    Pause,
    Refusal,
    Reminder,
    ReminderKind,
    ReminderState,
)
from interactions.reminders import EFFECTIVE_DUE

PAGE = 25
MOST_ROWS = 2000  # facts of one kind read for a page


@dataclass(frozen=True)
class Told:
    """One customer of the list, how they came, and what to know of them."""

    row: Transferred
    lines: list[Line]


def told(rows: Sequence[Transferred], day: date) -> list[Told]:
    """What to know on `day` of the customers of `rows`, each with `customer` fetched. Six queries."""
    facts = _facts([row.customer_id for row in rows], day)
    return [Told(row, lines(_known(row.customer, facts, day))) for row in rows]


def page_of(rows: QuerySet[Transferred], cursor: int) -> tuple[list[Transferred], int]:
    """PAGE rows after the id `cursor`, and the id after which the next begin (0: none)."""
    found = list(rows.filter(pk__gt=cursor).order_by("pk").select_related("customer", "before", "after")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else 0


Facts = dict[str, dict[int, list[Any]]]


def _facts(ids: Sequence[int], day: date) -> Facts:
    """Facts of all customers at once, by kind and customer, in the order of the brief."""
    waits = Q(state=ComplaintState.OPEN) | Q(acknowledged_at=None)
    promised = Q(promise_kept_at=None) & ~Q(promise="")
    asked = Q(question_answered_at=None) & ~Q(question="")
    lasting = Q(ended_on=None) | Q(ended_on__gt=day)
    found: dict[str, QuerySet[Any]] = {
        "hurts": Complaint.objects.filter(waits).select_related("acknowledged_by").order_by("-state", "-received_at"),
        "talks": Interaction.objects.filter(promised | asked).select_related("by").order_by("-at", "-pk"),
        "maturing": Holding.objects.filter(lasting, matures_on__range=(day, day + AHEAD)).order_by("matures_on", "pk"),
        "refusals": Refusal.objects.filter(undone_at=None).order_by("-at"),
        "pauses": Pause.objects.filter(since__lte=day, until__gt=day).order_by("-until"),
        "planned": Reminder.objects.filter(kind=ReminderKind.FOLLOW_UP, state=ReminderState.OPEN)
        .annotate(day=EFFECTIVE_DUE).select_related("assignee").order_by("day", "pk"),
        "last": Interaction.objects.filter(outcome=Outcome.TALKED, channel__in=CONVERSATIONS, customer__in=ids)
        .select_related("by").order_by("customer", "-at", "-pk").distinct("customer"),
    }  # fmt: skip
    return {kind: _by_customer(rows.filter(customer__in=ids)[:MOST_ROWS]) for kind, rows in found.items()}


def _by_customer(rows: Iterable[Any]) -> dict[int, list[Any]]:
    kept: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        kept[row.customer_id].append(row)
    return kept


def _known(customer: Customer, facts: Facts, day: date) -> Known:
    def of(kind: str) -> list[Any]:
        return facts[kind].get(customer.pk, [])

    refusals: list[Refusal] = of("refusals")
    pause: Pause | None = next(iter(of("pauses")), None)
    return Known(
        customer=customer, day=day, hurts=of("hurts")[:MOST], talks=of("talks"), last_talk=next(iter(of("last")), None),
        looked=[], maturing=of("maturing")[:MOST], birthday=birthday_of(customer, day), assessment=None,
        follow_up=next(iter(of("planned")), None), cares=[], warned=False, refusals=refusals,
        resting=frozenset(one.topic for one in refusals if one.until is None or one.until > day),
        paused=(pause.reason, pause.until) if pause else None, may_acknowledge=False, looks_read=False,
        serves_only=False,
    )  # fmt: skip
