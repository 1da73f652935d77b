"""Reading stored measures for a page: sums by month, by manager, by branch. No customer is read here."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum

from crm.dashboards.formulas import Figure
from crm.dashboards.models import BranchMeasure, Measure, Measured, Parted, PartedMeasure, SegmentMeasure
from crm.lib.dates import month_of, months_before
from crm.staff.models import Branch

MONTHS = 13  # this month and the twelve before it: a year ago is one of them
MOST_MANAGERS = 60  # of more, a table would be read by nobody: branches are shown instead

Figures = dict[str, Figure]  # Measured -> its sum

_LAST_DAYS = """
SELECT (SELECT max(m.day) FROM dashboards_branchmeasure AS m
        WHERE m.day >= month.first AND m.day < month.first + interval '1 month')
FROM unnest(%s::date[]) WITH ORDINALITY AS month (first, place) ORDER BY month.place
"""


def last_days(today: date) -> list[date | None]:
    """The last day with measures of each of MONTHS months up to the newest one; None for a month without."""
    months = [months_before(month_of(today), n) for n in range(MONTHS, -1, -1)]
    with connection.cursor() as cursor:
        cursor.execute(_LAST_DAYS, [months])
        days = [day for (day,) in cursor.fetchall()]
    return days[-MONTHS:] if days[-1] is not None else days[:-1]


def by_day(days: Iterable[date | None], branch_ids: Collection[int], whom: str = "") -> dict[date, Figures]:
    """The sums over `branch_ids` on each of `days`, of all customers or of those of `whom` (board.Asked)."""
    given: dict[str, Any] = {
        "day__in": [day for day in days if day], "measured__in": Measured.values, "branch_id__in": sorted(branch_ids),
    }  # fmt: skip
    asked: QuerySet[Any, Any]
    if whom.startswith("s:"):
        asked = SegmentMeasure.objects.filter(**given, segment__code=whom[2:])
    elif whom:
        asked = Measure.objects.filter(**given, manager__employee_number=whom[2:]).exclude(measured=Measured.USED_DAY)
    else:
        asked = BranchMeasure.objects.filter(**given)
    sums = asked.values_list("day", "measured").annotate(Sum("part"), Sum("whole")).order_by()
    found: dict[date, Figures] = defaultdict(dict)
    for day, measured, part, whole in sums:
        found[day][measured] = Figure(part, whole)
    return found


def parted(days: Iterable[date | None], branch_ids: Collection[int], whom: str = "") -> dict[tuple[date, str], Figures]:
    """The counts by key over `branch_ids` on each of `days`: (day, Parted) -> key -> its sum. None by segment."""
    if whom.startswith("s:"):
        return {}
    asked = PartedMeasure.objects.filter(
        day__in={day for day in days if day}, parted__in=Parted.values, branch_id__in=sorted(branch_ids)
    )
    if whom:
        asked = asked.filter(manager__employee_number=whom[2:])
    sums = asked.values_list("day", "parted", "key").annotate(Sum("part"), Sum("whole")).order_by()
    found: dict[tuple[date, str], Figures] = defaultdict(dict)
    for day, name, key, part, whole in sums:
        found[day, name][key] = Figure(part, whole)
    return found


@dataclass
class Row:
    """A line of the table: of a manager, of the pool (`number` "pool"), or of a branch below (`number` its code)."""

    name: str
    number: str
    figures: Figures = field(default_factory=dict)


def by_manager(day: date, branch_ids: Collection[int]) -> list[Row] | None:
    """The sums of each manager and of the pool on `day`; None where they are more than MOST_MANAGERS."""
    asked = Measure.objects.filter(
        day=day, measured__in=set(Measured.values) - {Measured.USED_DAY}, branch_id__in=sorted(branch_ids)
    )
    managers = asked.order_by("manager_id").values_list("manager_id", flat=True).distinct()[: MOST_MANAGERS + 2]
    if len([pk for pk in managers if pk]) > MOST_MANAGERS:
        return None
    sums = asked.values_list("manager__employee_number", "manager__display_name", "measured")
    rows: dict[str, Row] = {}
    for number, name, measured, part, whole in sums.annotate(Sum("part"), Sum("whole")).order_by():
        row = rows.setdefault(number or "", Row(name or "", number or "pool"))
        row.figures[measured] = Figure(part, whole)
    return list(rows.values())


def by_branch(day: date, below: Mapping[Branch, Collection[int]]) -> list[Row]:
    """The sums of each branch of `below` with all that are under it, on `day`."""
    of = {pk: branch for branch, members in below.items() for pk in members}
    rows = {branch.pk: Row(branch.name, branch.code) for branch in below}
    asked = BranchMeasure.objects.filter(day=day, measured__in=Measured.values, branch_id__in=sorted(of))
    for branch_id, measured, part, whole in asked.values_list("branch_id", "measured", "part", "whole"):
        figures = rows[of[branch_id].pk].figures
        figures[measured] = figures.get(measured, Figure()) + Figure(part, whole)
    return list(rows.values())


@dataclass(frozen=True)
class Tree:
    """The branches a person supervises, eldest first, each with its depth; all of one question."""

    branches: Sequence[Branch]
    depth: Mapping[int, int]

    def under(self, branch: Branch) -> set[int]:
        """Ids of `branch` and of all below it."""
        found = {branch.pk}
        for each in self.branches:  # parents come before their children
            if each.parent_id in found:
                found.add(each.pk)
        return found

    def below(self, branch: Branch) -> dict[Branch, set[int]]:
        """The branches directly below `branch`, each with all that are under it; and `branch` for what is its own."""
        children = {each: self.under(each) for each in self.branches if each.parent_id == branch.pk}
        return {**children, branch: {branch.pk}} if children else {}


def tree_of(branch_ids: Collection[int]) -> Tree:
    """The tree of `branch_ids`, a whole subtree of the bank."""
    children: dict[int | None, list[Branch]] = defaultdict(list)
    known = set(branch_ids)
    for branch in Branch.objects.without_tree_fields().filter(pk__in=sorted(known)).order_by("code"):
        children[branch.parent_id if branch.parent_id in known else None].append(branch)
    ordered: list[Branch] = []
    depth: dict[int, int] = {}
    waiting = [(branch, 0) for branch in reversed(children[None])]
    while waiting:
        branch, level = waiting.pop()
        ordered.append(branch)
        depth[branch.pk] = level
        waiting.extend((child, level + 1) for child in reversed(children[branch.pk]))
    return Tree(ordered, depth)
