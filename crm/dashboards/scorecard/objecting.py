"""A manager objects to a figure of their score; a supervisor answers. Both stay as they were said."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from crm.audit.log import record
from crm.audit.models import Action
from crm.dashboards.formulas import Figure
from crm.dashboards.models import Objection, ObjectionState, ScorePart
from crm.staff.models import User
from crm.staff.notices import tell
from interactions import working_days
from interactions.complaints.people import supervisor_above

DAYS = 10  # working days in which an objection is answered
MOST = 50  # objections that a page shows


class AlreadyObjectedError(Exception):
    """An objection to this part still waits for its answer."""


class AlreadyAnsweredError(Exception):
    """Somebody else has answered meanwhile."""


@transaction.atomic
def object_to(part: ScorePart, figure: Figure, day: date, text: str, *, by: User, today: date) -> Objection:
    """Keep what `by` says against their `part`; the supervisor above them is told. Raises AlreadyObjectedError."""
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if Objection.objects.filter(manager=by, scored=part, state=ObjectionState.OPEN).exists():
        raise AlreadyObjectedError
    made = Objection.objects.create(
        manager=by, scored=part, day=day, part=figure.part, whole=figure.whole, text=text,
        due=working_days.add(today, DAYS),
    )  # fmt: skip
    record(
        Action.CREATE, by=by, object_type="objection", object_ids=[made.pk], label=str(by), detail={"part": part.value}
    )
    message = gettext_noop("%(name)s objects to a figure of their score; an answer is due by %(day)s")
    tell_supervisor(made, message)
    return made


def tell_supervisor(objection: Objection, message: str) -> None:
    """Tell the supervisor nearest above, if there is one; `message` has places for name and day."""
    manager = objection.manager
    above = supervisor_above(manager.branch, {manager.pk}) if manager.branch else None
    if above is not None:
        values = {"name": manager.display_name, "day": objection.due.isoformat()}
        tell(above, message, values, url=f"/scores/{manager.employee_number}/")


@transaction.atomic
def answer(objection_id: int, *, accepted: bool, text: str, by: User) -> Objection:
    """Answer for good; the manager is told. Raises AlreadyAnsweredError."""
    found = Objection.objects.select_for_update(of=("self",)).select_related("manager").get(pk=objection_id)
    if found.state != ObjectionState.OPEN:
        raise AlreadyAnsweredError
    found.state = ObjectionState.ACCEPTED if accepted else ObjectionState.REJECTED
    found.answer, found.answered_by, found.answered_at = text, by, timezone.now()
    found.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    record(
        Action.CHANGE, by=by, object_type="objection", object_ids=[found.pk], label=str(found.manager),
        detail={"state": found.state},
    )  # fmt: skip
    message = gettext_noop("%(name)s has answered what you objected to in your score")
    tell(found.manager, message, {"name": by.display_name}, url="/my-score/")
    return found


def of_manager(manager_id: int) -> QuerySet[Objection]:
    """The newest objections of a manager."""
    return Objection.objects.filter(manager_id=manager_id).select_related("answered_by").order_by("-at")[:MOST]


def waiting(branch_ids: frozenset[int], reader_id: int) -> QuerySet[Objection]:
    """Objections that wait in the branches, the nearest day first; not the reader's own."""
    asked = Objection.objects.filter(state=ObjectionState.OPEN, manager__branch_id__in=branch_ids)
    return asked.exclude(manager_id=reader_id).select_related("manager").order_by("due", "pk")[:MOST]
