"""Working on an open case: notes, more time, another handler, how severe it is, and saying sorry."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from crm.lib.dates import bank_day
from crm.staff.models import User
from interactions.complaints import escalation
from interactions.complaints.steps import OwnComplaintError, locked, open_for, step
from interactions.models import ANSWER_DAYS, EXTENDED_DAYS, Complaint, StepKind

_FOLLOWING = dict(zip((ANSWER_DAYS, *EXTENDED_DAYS), EXTENDED_DAYS, strict=False))


def following_days(complaint: Complaint) -> int | None:
    """To how many days the time to answer may be extended next: 15 to 30 to 60, None after that."""
    return _FOLLOWING.get(complaint.days)


@transaction.atomic
def note(complaint: Complaint, *, text: str, by: User) -> None:
    """Add a note to the case, open or closed; it stays as it is written. Raises OwnComplaintError."""
    found = locked(complaint)
    if found.about_id == by.pk:
        raise OwnComplaintError
    step(found, StepKind.NOTE, by=by, text=text)


@transaction.atomic
def extend(complaint: Complaint, days: int, *, reason: str, by: User) -> None:
    """Move the day an answer is due to `days` after receipt: from 15 to 30, from 30 to 60, each with its own reason.

    Raises OwnComplaintError, AlreadyClosedError; ValueError for another number of days and without a reason.
    """
    found = open_for(complaint, by)
    if days != following_days(found) or not reason.strip():
        raise ValueError("15 to 30 to 60 days from receipt, each with a reason")
    found.days = days
    found.due = bank_day(found.counted_from) + timedelta(days=days)
    found.save(update_fields=["days", "due"])
    step(found, StepKind.EXTENDED, by=by, text=reason, due=found.due, days=days, due_on=found.due.isoformat())


@transaction.atomic
def assign(complaint: Complaint, handler: User, *, reason: str, by: User) -> None:
    """Hand the case over to `handler`, who is told. Raises OwnComplaintError, AlreadyClosedError, ValueError."""
    found = open_for(complaint, by)
    if found.about_id == handler.pk:
        raise OwnComplaintError
    if not reason.strip():
        raise ValueError("a case is handed over for a reason")
    found.handler = handler
    found.save(update_fields=["handler"])
    step(found, StepKind.ASSIGNED, by=by, text=reason, person=handler, handler=handler.employee_number)
    escalation.handed_over(found, by=by)


@transaction.atomic
def classify(
    complaint: Complaint, *, severity: str, category: str, about: User | None, reason: str = "", by: User
) -> None:
    """Say anew how severe the case is, what it is of and whom it concerns; of a severe one the supervisor is told.

    Raises OwnComplaintError where it concerns its handler, or the person who says so is the one it concerned.
    """
    found = open_for(complaint, by)
    if about is not None and about.pk == found.handler_id:
        raise OwnComplaintError
    found.severity, found.category, found.about = severity, category, about
    found.save(update_fields=["severity", "category", "about"])
    concerned = about.employee_number if about else ""
    step(
        found, StepKind.CLASSIFIED, by=by, text=reason, person=about, severity=str(severity), category=str(category),
        about=concerned,
    )  # fmt: skip
    escalation.severe_at_once(found)


@transaction.atomic
def acknowledge(complaint: Complaint, *, by: User) -> None:
    """`by` said sorry to the customer in person. Sales may go on once the complaint is closed as well."""
    found = locked(complaint)
    if found.acknowledged_at is not None:
        return
    found.acknowledged_at, found.acknowledged_by = timezone.now(), by
    found.save(update_fields=["acknowledged_at", "acknowledged_by"])
    step(found, StepKind.ACKNOWLEDGED, by=by, acknowledged=True)
