"""What is new beside the list: what the night brought, what was done today, and the colleagues one stands in for."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet

from crm.lib.dates import start_of_day
from crm.nightly.models import Run, RunState
from crm.staff.models import Cover, User
from crm.staff.scope import scope
from customers.models import SegmentMove, WarningState
from customers.warnings import for_managers
from interactions import reminders
from interactions.models import Reminder, ReminderKind, ReminderState

SHOWN = 5


@dataclass(frozen=True)
class Covered:
    """An absent colleague: until when, and how many of their customers have something for today."""

    name: str
    until: datetime
    to_do: int


@dataclass(frozen=True)
class News:
    """run: the last night that is live (None: none has run). kinds: (label, count) of the reminders it brought."""

    run: Run | None
    kinds: list[tuple[str, int]]
    moves: list[SegmentMove]
    moves_more: int
    warnings: int
    done: list[Reminder]
    covers: list[Covered]

    @property
    def brought(self) -> int:
        return sum(number for _label, number in self.kinds)


def news(user: User, day: date) -> News:
    """What is new for `user` on `day`; seven queries at the most."""
    owners = sorted(scope(user).owner_ids)
    of_book: dict[str, Any] = {"customer__owner_id__in": owners, "customer__status": "active"}
    run = Run.objects.filter(state=RunState.DONE).order_by("-started_at").first()
    moves = list(_moves(run, of_book)[: SHOWN + 20]) if run else []
    done = Reminder.objects.filter(
        ended_by=user, ended_at__gte=start_of_day(day), state=ReminderState.DONE, assignee_id__in=owners, **of_book
    )
    return News(
        run=run,
        kinds=_brought(run, of_book, owners) if run else [],
        moves=moves[:SHOWN],
        moves_more=len(moves[SHOWN:]),
        warnings=for_managers().filter(state=WarningState.OPEN, day__gte=run.day, **of_book).count() if run else 0,
        done=list(done.select_related("customer").order_by("-ended_at")[:SHOWN]),
        covers=_covers(user, day),
    )


def _moves(run: Run, of_book: dict[str, Any]) -> QuerySet[SegmentMove]:
    moves = SegmentMove.objects.filter(day__gte=run.day, **of_book)
    return moves.select_related("customer", "from_segment", "to_segment").order_by("-day", "pk")


def _brought(run: Run, of_book: dict[str, Any], owners: list[int]) -> list[tuple[str, int]]:
    made = Reminder.objects.filter(
        assignee_id__in=owners, state=ReminderState.OPEN, made_by=None, created_at__gte=run.started_at, later=False,
        **of_book,
    )  # fmt: skip
    counted = made.order_by().values_list("kind").annotate(number=Count("pk"))
    return [(str(ReminderKind(kind).label), number) for kind, number in sorted(counted, key=lambda row: -row[1])]


def _covers(user: User, day: date) -> list[Covered]:
    live = list(Cover.objects.live().filter(user=user).select_related("content_object").order_by("expires_at"))
    if not live:
        return []
    due = reminders.of(user).filter(day__lte=day, later=False)
    rows = due.order_by().values_list("customer__owner_id").annotate(number=Count("customer_id", distinct=True))
    to_do = dict(rows)
    return [
        Covered(cover.content_object.display_name, cover.expires_at, to_do.get(cover.content_object_id, 0))
        for cover in live
    ]
