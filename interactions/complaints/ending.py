"""The end of a case: with the customer, or after having tried; and when the customer comes back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from crm.lib.dates import bank_day
from crm.staff.models import User
from customers.models import Channel
from interactions.complaints import escalation
from interactions.complaints.steps import NotClosedError, locked, open_for, step
from interactions.models import ANSWER_DAYS, Complaint, ComplaintState, Confirmation, StepKind


@dataclass(frozen=True)
class Confirmed:
    """How the end was settled with the customer.

    via, at (None: now): by which channel and when they agreed. Where they could not be reached: tries, and the reason.
    """

    via: str = ""
    at: datetime | None = None
    tries: int = 0
    reason: str = ""

    def __post_init__(self) -> None:
        if not self.via and not (self.tries > 0 and self.reason.strip()):
            raise ValueError("confirmed with the customer, or not reached after so many tries and why")


IN_PERSON = Confirmed(via=Channel.VISIT)


@transaction.atomic
def close(
    complaint: Complaint,
    *,
    ending: str,
    offer: str = "",
    satisfaction: int | None = None,
    confirmed: Confirmed = IN_PERSON,
    by: User,
) -> None:
    """Close `complaint`: how it ended, the remedy, and how satisfied the customer is (1 to 5, if said).

    confirmed: how that was settled with the customer; default: with `by`, face to face. Raises OwnComplaintError,
    AlreadyClosedError, and ValueError without an ending.
    """
    found = open_for(complaint, by)
    if not ending.strip():
        raise ValueError("a case ends somehow")
    now = timezone.now()
    found.state, found.closed_at = ComplaintState.CLOSED, now
    found.ending, found.offer, found.satisfaction = ending, offer, satisfaction
    found.confirmation = Confirmation.CONFIRMED if confirmed.via else Confirmation.UNREACHABLE
    found.confirmed_via = confirmed.via
    found.confirmed_at = (confirmed.at or now) if confirmed.via else None
    found.tries = None if confirmed.via else confirmed.tries
    found.unreachable_reason = "" if confirmed.via else confirmed.reason
    found.save()
    step(found, StepKind.CLOSED, by=by, text=ending, satisfaction=satisfaction, confirmation=str(found.confirmation))


@transaction.atomic
def reopen(complaint: Complaint, *, reason: str, at: datetime | None = None, by: User | None) -> None:
    """The customer came back (at `at`, default now): open again, to be answered within 15 days, to be sorry for anew.

    How it had ended stays in the steps. Raises NotClosedError; ValueError without a reason.
    """
    found = locked(complaint)
    if found.state != ComplaintState.CLOSED:
        raise NotClosedError
    if not reason.strip():
        raise ValueError("what the customer came back with")
    found.state, found.reopened_at, found.days = ComplaintState.OPEN, at or timezone.now(), ANSWER_DAYS
    found.due = bank_day(found.reopened_at) + timedelta(days=ANSWER_DAYS)
    found.closed_at = found.confirmed_at = found.tries = found.satisfaction = None
    found.acknowledged_at = found.acknowledged_by = None
    found.ending = found.confirmation = found.confirmed_via = found.unreachable_reason = ""
    found.save()
    step(found, StepKind.REOPENED, by=by, text=reason, due=found.due, due_on=found.due.isoformat())
    escalation.handed_over(found, by=by)
