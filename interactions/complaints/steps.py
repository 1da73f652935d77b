"""What every change of a case goes through: the row locked, a step written, an entry in the audit."""

from datetime import date

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from interactions.models import Complaint, ComplaintState, ComplaintStep, StepKind


class OwnComplaintError(ValueError):
    """Who is complained about may neither handle the complaint nor end it."""


class AlreadyClosedError(ValueError):
    """The complaint has been closed meanwhile."""


class NotClosedError(ValueError):
    """The complaint is open already."""


def locked(complaint: Complaint) -> Complaint:
    """`complaint` as it is now; nobody else changes it before the transaction ends."""
    return Complaint.objects.select_for_update().get(pk=complaint.pk)


def open_for(complaint: Complaint, by: User) -> Complaint:
    """As `locked`, for work on an open case. Raises OwnComplaintError, AlreadyClosedError."""
    found = locked(complaint)
    if found.about_id == by.pk:
        raise OwnComplaintError
    if found.state == ComplaintState.CLOSED:
        raise AlreadyClosedError
    return found


def step(
    complaint: Complaint,
    kind: StepKind,
    *,
    by: User | None,
    text: str = "",
    person: User | None = None,
    due: date | None = None,
    action: Action = Action.CHANGE,
    **detail: object,
) -> ComplaintStep:
    """Note what was done, on the case and in the audit. Call inside the transaction of the change."""
    record(
        action, by=by, object_type="complaint", object_ids=[complaint.customer_id], label=complaint.number,
        reason=text if kind in (StepKind.EXTENDED, StepKind.ASSIGNED, StepKind.REOPENED) else "",
        detail={"step": str(kind), **detail},
    )  # fmt: skip
    return ComplaintStep.objects.create(complaint=complaint, kind=kind, text=text, person=person, due=due, by=by)
