"""Who is told of a case, and when: before its day, not after it."""

from collections import defaultdict
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_noop

from crm.staff.models import Branch, Notice, Role, User
from crm.staff.notices import tell
from interactions.complaints.people import supervisor_above
from interactions.models import Complaint, ComplaintState, ComplaintStep, Severity, StepKind

HANDLER_AHEAD = timedelta(days=5)
SUPERVISOR_AHEAD = timedelta(days=2)


class Level(StrEnum):
    """Of a reminder: a severe case at once; the handler soon, the supervisor nearer the day, and once it is late."""

    SEVERE = "severe"
    SOON = "soon"
    NEAR = "near"
    LATE = "late"


_HANDED = gettext_noop("Complaint %(number)s is yours to answer by %(due)s.")
_WORDS = {
    Level.SEVERE: gettext_noop("Severe complaint %(number)s: answer due %(due)s."),
    Level.SOON: gettext_noop("Complaint %(number)s is to be answered by %(due)s."),
    Level.NEAR: gettext_noop("Complaint %(number)s of your branch is still open: answer due %(due)s."),
    Level.LATE: gettext_noop("Complaint %(number)s is late: its answer was due %(due)s."),
}


def handed_over(complaint: Complaint, *, by: User | None) -> None:
    """Tell who handles `complaint` now, unless they did it themselves."""
    if complaint.handler is not None and complaint.handler != by:
        tell(complaint.handler, _HANDED, _values(complaint), url=_url(complaint))


def severe_at_once(complaint: Complaint) -> None:
    """Tell the supervisor of a severe case, once."""
    if complaint.severity != Severity.HIGH:
        return
    person = supervisor_above(complaint.customer.branch, _without(complaint))
    if person is not None:
        _remind(complaint, Level.SEVERE, person)


def remind(morning: date) -> int:
    """What the night does: for open cases near or past their day, those reminders that were not given. How many.

    Bounded by the cases that come near their day; four queries, and two for what is new.
    """
    open_ones = Complaint.objects.filter(state=ComplaintState.OPEN, due__lte=morning + HANDLER_AHEAD)
    near = list(open_ones.select_related("customer", "handler").order_by("due", "pk"))
    given = set(
        ComplaintStep.objects.filter(complaint__in=near, kind=StepKind.ESCALATED).values_list(
            "complaint_id", "level", "due"
        )
    )
    supervisors = _Supervisors() if near else None
    wanted = []
    for complaint in near:
        for level, person in _wanted(complaint, morning, supervisors):
            if (complaint.pk, str(level), complaint.due) not in given:
                wanted.append((complaint, level, person))
    ComplaintStep.objects.bulk_create([_step(*one) for one in wanted])
    Notice.objects.bulk_create([_notice(*one) for one in wanted])
    return len(wanted)


def _wanted(complaint: Complaint, morning: date, supervisors: Any) -> list[tuple[Level, User]]:
    """Which reminders `complaint` calls for, to whom."""
    found: list[tuple[Level, User]] = []
    head = supervisors.of(complaint.customer.branch_id, _without(complaint))
    handler = complaint.handler if complaint.handler and complaint.handler.is_active else head
    if handler is not None and morning <= complaint.due:
        found.append((Level.SOON, handler))
    if head is not None and complaint.due < morning:
        found.append((Level.LATE, head))
    elif head is not None and complaint.due <= morning + SUPERVISOR_AHEAD:
        found.append((Level.NEAR, head))
    return found


class _Supervisors:
    """The nearest supervisor above each branch, from two queries."""

    def __init__(self) -> None:
        self.above = dict(Branch.objects.values_list("pk", "parent_id"))
        self.heads: dict[int, list[User]] = defaultdict(list)
        people = User.objects.filter(is_active=True, groups__name=Role.SUPERVISOR, branch__isnull=False)
        for person in people.order_by("employee_number"):
            if person.branch_id is not None:
                self.heads[person.branch_id].append(person)

    def of(self, branch_id: int | None, without: set[int]) -> User | None:
        while branch_id is not None:
            for person in self.heads.get(branch_id, ()):
                if person.pk not in without:
                    return person
            branch_id = self.above.get(branch_id)
        return None


def _without(complaint: Complaint) -> set[int]:
    """Who is not told as supervisor: the person it is about, and who handles it already."""
    return {pk for pk in (complaint.about_id, complaint.handler_id) if pk is not None}


def _remind(complaint: Complaint, level: Level, person: User) -> None:
    if complaint.steps.filter(kind=StepKind.ESCALATED, level=level, due=complaint.due).exists():
        return
    _step(complaint, level, person).save()
    _notice(complaint, level, person).save()


def _step(complaint: Complaint, level: Level, person: User) -> ComplaintStep:
    return ComplaintStep(complaint=complaint, kind=StepKind.ESCALATED, level=level, person=person, due=complaint.due)


def _notice(complaint: Complaint, level: Level, person: User) -> Notice:
    return Notice(user=person, message=_WORDS[level], values=_values(complaint), url=_url(complaint))


def _values(complaint: Complaint) -> dict[str, Any]:
    return {"number": complaint.number, "due": complaint.due.isoformat()}


def _url(complaint: Complaint) -> str:
    # By hand: the public process, in which a low answer opens a case, knows no addresses of the CRM.
    return f"/complaints/{complaint.number}/"
