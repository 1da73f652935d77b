"""What each manager carries: customers by segment, the contacts these ask for, what is open and late, who is away."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate

from crm.lib.dates import start_of_day
from crm.staff.cover import team_of
from crm.staff.models import Branch, Cover, User
from crm.staff.scope import scope
from customers.models import Customer, Segment, Status, Tier
from interactions.models import Complaint, ComplaintState, Interaction, Reminder, ReminderKind, ReminderState
from interactions.reminders import EFFECTIVE_DUE

PAGE = 40
MONTH = 30
SOON = timedelta(days=7)
MOST_BRANCHES = 300
TONES = 7  # shades of a bar; further segments share the last


@dataclass
class Carried:
    """What one manager carries. visits: contacts a month that the segments of the book ask for (30 / interval each).
    days: of the last 30 with a contact logged. covered: who stands in for them, now or soon."""

    manager: User
    segments: dict[int | None, int] = field(default_factory=lambda: defaultdict(int))
    visits: float = 0
    top: int = 0
    open: int = 0
    late: int = 0
    promises: int = 0
    complaints: int = 0
    days: int = 0
    covered: list[Cover] = field(default_factory=list)

    @property
    def customers(self) -> int:
        return sum(self.segments.values())


@dataclass(frozen=True)
class Page:
    """One page of a team. following: the employee number after which the next page begins, "" at the end."""

    rows: list[Carried]
    following: str


def branches_of(supervisor: User) -> list[Branch]:
    """The branches that `supervisor` heads and that have people, at most MOST_BRANCHES."""
    reach = scope(supervisor).branch_ids
    worked_in = User.objects.filter(branch_id__in=reach, is_active=True).values("branch_id")
    return list(Branch.objects.filter(pk__in=worked_in).order_by("code")[:MOST_BRANCHES])


def page_of(supervisor: User, day: date, *, branch: Branch | None, after: str = "") -> Page:
    """The managers of `branch` (None: of all that `supervisor` heads) after the employee number `after`."""
    team = team_of(supervisor).filter(employee_number__gt=after).order_by("employee_number")
    found = list((team.filter(branch=branch) if branch else team)[: PAGE + 1])
    following = found[PAGE - 1].employee_number if len(found) > PAGE else ""
    return Page(carried(found[:PAGE], day), following)


def carried(managers: Sequence[User], day: date) -> list[Carried]:
    """What `managers` carry on `day`, in their order. Six queries, however many they are."""
    rows = {row.manager.pk: row for row in booked(managers, day)}
    _reminders(rows, day)
    own = Complaint.objects.filter(state=ComplaintState.OPEN, customer__owner__in=rows)
    for owner, number in own.order_by().values_list("customer__owner").annotate(n=Count("pk")):
        rows[owner].complaints = number
    since = start_of_day(day - timedelta(days=MONTH))
    logged = Interaction.objects.filter(by__in=rows, at__gte=since).order_by().values_list("by")
    for manager, number in logged.annotate(n=Count(TruncDate("at"), distinct=True)):
        rows[manager].days = number
    return list(rows.values())


def booked(managers: Sequence[User], day: date) -> list[Carried]:
    """As `carried`, with books and covers alone: three queries."""
    rows = {manager.pk: Carried(manager) for manager in managers}
    _books(rows)
    covers = Cover.objects.filter(content_object__in=rows, expires_at__gt=start_of_day(day))
    for cover in covers.select_related("user").order_by("starts_at"):
        rows[cover.content_object_id].covered.append(cover)
    return list(rows.values())


def visits_of(interval: int | None, *, segment: bool = True) -> float:
    """Contacts a month of one customer whose segment has this `interval` in days; without a segment the usual one."""
    if interval is None and not segment:
        interval = settings.CONTACT_INTERVAL_DEFAULT
    return MONTH / interval if interval else 0


def top_tier() -> Subquery:
    """The code of the highest tier, within the statement that asks for it."""
    return Subquery(Tier.objects.order_by("-from_aum").values("code")[:1])


def in_service() -> QuerySet[Customer]:
    """Customers who are served: not those stored only, nor those who were merged into another."""
    return Customer.objects.filter(status=Status.ACTIVE, merged_into=None)


def _books(rows: dict[int, Carried]) -> None:
    books = in_service().filter(owner__in=rows).order_by()
    counted = books.values_list("owner", "membership__segment", "membership__segment__contact_interval")
    top = Count("pk", filter=Q(features__tier=top_tier()))
    for owner, segment, interval, number, best in counted.annotate(n=Count("pk"), best=top):
        row = rows[owner]
        row.segments[segment] += number
        row.visits += number * visits_of(interval, segment=segment is not None)
        row.top += best


def _reminders(rows: dict[int, Carried], day: date) -> None:
    live = Reminder.objects.filter(assignee__in=rows, state=ReminderState.OPEN).annotate(day=EFFECTIVE_DUE)
    found = (
        live.order_by()
        .values_list("assignee")
        .annotate(
            n=Count("pk"),
            late=Count("pk", filter=Q(day__lt=day)),
            promises=Count("pk", filter=Q(kind=ReminderKind.PROMISE, day__lte=day + SOON)),
        )
    )
    for manager, number, late, promises in found:
        rows[manager].open, rows[manager].late, rows[manager].promises = number, late, promises


@dataclass(frozen=True)
class Part:
    """A piece of a bar. tone: 1 to TONES, 0 for who is in no segment; x, width: in percent of the longest bar."""

    tone: int
    x: float
    width: float
    label: str
    number: int


def bars(rows: Sequence[Carried], none: str) -> tuple[list[tuple[int, str]], dict[int, list[Part]]]:
    """The legend (tone, segment), and the bar of each manager by id; the longest book is the full width.

    none: the words for no segment.
    """
    segments = list(Segment.objects.order_by("order"))
    tones = {segment.pk: min(place, TONES) for place, segment in enumerate(segments, 1)}
    longest = max((row.customers for row in rows), default=0) or 1
    held = {pk for row in rows for pk in row.segments}
    legend = [(tones[segment.pk], segment.name) for segment in segments if segment.pk in held]
    legend += [(0, none)] if None in held else []
    drawn: dict[int, list[Part]] = {}
    for row in rows:
        x, parts = 0.0, list[Part]()
        named: list[tuple[Any, str]] = [(one.pk, one.name) for one in segments]
        for pk, label in [*named, (None, none)]:
            if number := row.segments.get(pk, 0):
                width = 100 * number / longest
                parts.append(Part(tones.get(pk, 0), round(x, 2), round(width, 2), label, number))
                x += width
        drawn[row.manager.pk] = parts
    return legend, drawn
