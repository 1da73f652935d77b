"""Complaints: received, answered within 15 days, closed, and acknowledged in person; until both, sales wait.

Domain: contact policy (4). Days are calendar days from receipt; nobody handles a complaint about themselves.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.staff.models import Branch, Role, User
from crm.staff.scope import scope
from customers.models import Customer
from interactions.models import Complaint, ComplaintState

ANSWER_DAYS = 15
EXTENDED_DAYS = (30, 60)  # with a reason; 60 in special cases


class OwnComplaintError(ValueError):
    """Who is complained about may neither handle the complaint nor end it."""


class AlreadyClosedError(ValueError):
    """The complaint has been closed meanwhile."""


@transaction.atomic
def receive(
    customer: Customer,
    *,
    text: str,
    about: User | None = None,
    handler: User | None = None,
    at: datetime | None = None,
    by: User | None,
) -> Complaint:
    """Take a complaint of `customer`, received at `at` (default now); an answer is due 15 calendar days later.

    about: the person it concerns. handler: default the owner, or a supervisor where it is about the owner. Raises
    OwnComplaintError where handler and about are one.
    """
    if handler is not None and handler == about:
        raise OwnComplaintError
    received = at or timezone.now()
    complaint = Complaint.objects.create(
        customer=customer,
        number=_next_number(received),
        text=text,
        received_at=received,
        due=bank_day(received) + timedelta(days=ANSWER_DAYS),
        about=about,
        handler=handler or _usual_handler(customer, about),
    )
    _record(complaint, Action.CREATE, by, due=complaint.due.isoformat())
    return complaint


@transaction.atomic
def extend(complaint: Complaint, days: int, *, reason: str, by: User) -> None:
    """Move the day an answer is due to `days` (EXTENDED_DAYS) after receipt. Raises AlreadyClosedError, ValueError."""
    if days not in EXTENDED_DAYS or not reason:
        raise ValueError("30 or 60 days from receipt, with a reason")
    locked = _open(complaint, by)
    locked.due = bank_day(locked.received_at) + timedelta(days=days)
    locked.save(update_fields=["due"])
    _record(locked, Action.CHANGE, by, reason=reason, due=locked.due.isoformat())


@transaction.atomic
def close(complaint: Complaint, *, ending: str, offer: str = "", satisfaction: int | None = None, by: User) -> None:
    """Close `complaint`: how it ended, what to offer next time, and how satisfied the customer is (1 to 5, if said).

    Raises OwnComplaintError and AlreadyClosedError.
    """
    locked = _open(complaint, by)
    locked.state, locked.closed_at = ComplaintState.CLOSED, timezone.now()
    locked.ending, locked.offer, locked.satisfaction = ending, offer, satisfaction
    locked.save(update_fields=["state", "closed_at", "ending", "offer", "satisfaction"])
    _record(locked, Action.CHANGE, by, state=locked.state, satisfaction=satisfaction)


@transaction.atomic
def acknowledge(complaint: Complaint, *, by: User) -> None:
    """`by` said sorry to the customer in person. Sales may go on once the complaint is closed as well."""
    locked = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if locked.acknowledged_at is not None:
        return
    locked.acknowledged_at, locked.acknowledged_by = timezone.now(), by
    locked.save(update_fields=["acknowledged_at", "acknowledged_by"])
    _record(locked, Action.CHANGE, by, acknowledged=True)


def looks_after(user: User, customer: Customer) -> bool:
    """Whether `user` looks after `customer`: as owner or their cover, in the branch pool, or as head of the branch."""
    reach = scope(user)
    if customer.branch_id in reach.branch_ids:
        return True
    if customer.owner_id is None:
        return customer.branch_id in reach.pool_branch_ids
    return customer.owner_id in reach.owner_ids


def holding() -> QuerySet[Complaint]:
    """The complaints for which sales wait."""
    return Complaint.objects.filter(Q(state=ComplaintState.OPEN) | Q(acknowledged_at=None))


def on_hold(customer: Customer) -> Complaint | None:
    """The complaint for which sales to `customer` wait: an open one first, then the newest; None: none does."""
    return holding().filter(customer=customer).order_by("-state", "-received_at").first()


def _open(complaint: Complaint, by: User) -> Complaint:
    locked = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if locked.about_id == by.pk:
        raise OwnComplaintError
    if locked.state == ComplaintState.CLOSED:
        raise AlreadyClosedError
    return locked


def _next_number(received: datetime) -> str:
    """TS-20261112-0007: 投诉 (tousu), the bank day of receipt, and the day's next number. One transaction at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('complaint_number'))")
    prefix = f"TS-{bank_day(received):%Y%m%d}-"
    known = Complaint.objects.filter(number__startswith=prefix).order_by(Length("number").desc(), "-number")
    last = known.values_list("number", flat=True).first()
    following = int(last[len(prefix) :]) + 1 if last else 1
    return f"{prefix}{following:04d}"


def _usual_handler(customer: Customer, about: User | None) -> User | None:
    """The owner; where there is none, or it is about them, the nearest supervisor above; else nobody yet."""
    if customer.owner is not None and customer.owner.is_active and customer.owner != about:
        return customer.owner
    above = list(Branch.objects.ancestors(customer.branch, include_self=True))[::-1]
    supervisors = User.objects.filter(is_active=True, groups__name=Role.SUPERVISOR, branch__in=above)
    nearness = {branch.pk: index for index, branch in enumerate(above)}
    fit = [person for person in supervisors.order_by("employee_number") if person != about]
    return min(fit, key=lambda person: nearness[person.branch_id], default=None)


def _record(complaint: Complaint, action: Action, by: User | None, reason: str = "", **detail: object) -> None:
    record(
        action,
        by=by,
        object_type="complaint",
        object_ids=[complaint.customer_id],
        label=complaint.number,
        reason=reason,
        detail=detail,
    )
