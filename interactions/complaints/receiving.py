"""Taking a complaint: its number, who handles it, and until when it is to be answered."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models.functions import Length
from django.utils import timezone

from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.staff.models import User
from customers.models import Customer
from interactions.complaints import escalation
from interactions.complaints.people import usual_handler
from interactions.complaints.steps import OwnComplaintError, step
from interactions.models import ANSWER_DAYS, Category, Complaint, Severity, StepKind, Via


@transaction.atomic
def receive(
    customer: Customer,
    *,
    text: str,
    about: User | None = None,
    handler: User | None = None,
    at: datetime | None = None,
    severity: str = Severity.MEDIUM,
    category: str = Category.OTHER,
    via: str = Via.VISIT,
    by: User | None,
) -> Complaint:
    """Take a complaint of `customer`, received at `at` (default now); an answer is due 15 calendar days later.

    about: the person it concerns. handler: default the owner, or a supervisor where it is about the owner; they are
    told, and of a severe one the supervisor at once. by: None where a customer wrote it themselves. Raises
    OwnComplaintError where handler and about are one.
    """
    if handler is not None and handler == about:
        raise OwnComplaintError
    received = at or timezone.now()
    complaint = Complaint.objects.create(
        customer=customer,
        number=_next_number(received),
        text=text,
        severity=severity,
        category=category,
        via=via,
        received_at=received,
        due=bank_day(received) + timedelta(days=ANSWER_DAYS),
        about=about,
        handler=handler or usual_handler(customer, about),
    )
    step(
        complaint, StepKind.RECEIVED, by=by, person=complaint.handler, due=complaint.due, action=Action.CREATE,
        due_on=complaint.due.isoformat(), severity=str(severity), category=str(category), via=str(via),
    )  # fmt: skip
    escalation.handed_over(complaint, by=by)
    escalation.severe_at_once(complaint)
    return complaint


def open_from_survey(
    customer: Customer,
    *,
    text: str,
    severity: str = Severity.MEDIUM,
    category: str = Category.OTHER,
    by: User | None = None,
) -> Complaint:
    """The case that a low answer to a survey opens the same minute; `text` in the customer's own words, if any."""
    return receive(customer, text=text, severity=severity, category=category, via=Via.SURVEY, by=by)


def _next_number(received: datetime) -> str:
    """TS-20261112-0007: 投诉 (tousu), the bank day of receipt, and the day's next number. One transaction at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('complaint_number'))")
    prefix = f"TS-{bank_day(received):%Y%m%d}-"
    known = Complaint.objects.filter(number__startswith=prefix).order_by(Length("number").desc(), "-number")
    last = known.values_list("number", flat=True).first()
    following = int(last[len(prefix) :]) + 1 if last else 1
    return f"{prefix}{following:04d}"
