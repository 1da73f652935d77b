"""Reading a customer's record of repaying, their assessments, and their authorisations of credit enquiries."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, Q

from customers.models import CreditScore, Customer, Loan, LoanState, Repayment, RiskAssessment

REMEMBERED = timedelta(days=730)
MOST = 12


@dataclass(frozen=True)
class Repaid:
    """How a loan was repaid within REMEMBERED. times: how often it was reported overdue; worst: days, at most.

    last_on: the last day it was reported so. overdue_days, overdue_amount (minor units): as it stands now.
    """

    loan: Loan
    state: str
    overdue_days: int
    overdue_amount: int
    times: int
    worst: int
    last_on: date | None


@dataclass(frozen=True)
class Assessed:
    """One risk assessment. state: valid, ended or replaced (by a later one); before: the level before it, None for the
    first."""

    on: date
    level: int
    until: date
    state: str
    before: int | None


@dataclass(frozen=True)
class Authorised:
    """An authorisation to ask the credit bureau. valid: still."""

    purpose: str
    on: date
    until: date
    valid: bool


@dataclass(frozen=True)
class Records:
    repaid: list[Repaid]
    assessed: list[Assessed]
    authorised: list[Authorised]


def records(customer: Customer, day: date) -> Records:
    """All of it on `day`, newest first, MOST of each at most. Four queries."""
    return Records(_repaid(customer, day), _assessed(customer, day), _authorised(customer, day))


def _repaid(customer: Customer, day: date) -> list[Repaid]:
    within = Q(states__day__gt=day - REMEMBERED, states__day__lte=day, states__overdue_days__gt=0)
    loans = list(
        Loan.objects.filter(customer=customer, started_on__lte=day)
        .annotate(
            times=Count("states", filter=within),
            worst=Max("states__overdue_days", filter=within),
            last_on=Max("states__day", filter=within),
        )
        .order_by("-started_on", "-pk")[:MOST]
    )
    latest = LoanState.objects.filter(loan__in=[loan.pk for loan in loans], day__lte=day)
    now = {state.loan_id: state for state in latest.order_by("loan", "-day").distinct("loan")}
    return [
        Repaid(
            loan,
            str(Repayment(now[loan.pk].state).label) if loan.pk in now else "",
            now[loan.pk].overdue_days if loan.pk in now else 0,
            now[loan.pk].overdue_amount if loan.pk in now else 0,
            loan.times,
            loan.worst or 0,
            loan.last_on,
        )
        for loan in loans
    ]


def _assessed(customer: Customer, day: date) -> list[Assessed]:
    rows = list(
        RiskAssessment.objects.filter(customer=customer, assessed_on__lte=day).order_by("-assessed_on")[: MOST + 1]
    )
    found = []
    for place, row in enumerate(rows[:MOST]):
        state = "replaced" if place else "valid" if row.valid_until >= day else "ended"
        before = rows[place + 1].level if place + 1 < len(rows) else None
        found.append(Assessed(row.assessed_on, row.level, row.valid_until, state, before))
    return found


def _authorised(customer: Customer, day: date) -> list[Authorised]:
    """What was authorised; the scores themselves are shown only to who needs them, with a live loan."""
    rows = CreditScore.objects.filter(customer=customer, authorised_on__lte=day).order_by(
        "-authorised_on", "-authorised_until"
    )
    asked = rows.values_list("authorised_for", "authorised_on", "authorised_until").distinct()[:MOST]
    return [Authorised(purpose, on, until, until >= day) for purpose, on, until in asked]
