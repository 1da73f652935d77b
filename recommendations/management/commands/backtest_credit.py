"""`manage.py backtest_credit`: how well the scorecard tells the bank's good loans from its bad ones."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import OuterRef, Q, Subquery

from customers.models import Loan, LoanState, Repayment
from recommendations.credit.facts import Asked, facts_of
from recommendations.credit.requests import card
from recommendations.credit.scorecard import Assessment, assess
from recommendations.learning.ranking import auc

BAD = (Repayment.DEFAULTED, Repayment.OVERDUE)


class Command(BaseCommand):
    help = "Assesses every loan by what was known before it began, and compares with how it went: AUC and grades."

    def handle(self, *args: Any, **options: Any) -> None:
        last = LoanState.objects.filter(loan=OuterRef("pk")).order_by("-day").values("state")[:1]
        loans = list(
            Loan.objects.annotate(state=Subquery(last)).filter(Q(payment__gt=0), state__isnull=False).order_by("pk")
        )
        if not loans:
            raise CommandError("there is no loan with a monthly payment and a known state")
        points = card()
        found = assess(
            facts_of(
                [Asked(loan.customer_id, loan.started_on, loan.amount, loan.payment or 0, loan.pk) for loan in loans]
            ),
            points,
        )
        judged = [(loan.state in BAD, one) for loan, one in zip(loans, found, strict=True)]
        known = [(bad, one) for bad, one in judged if one.share is not None and len(one.marks) >= points.fewest]
        self._line("all loans", judged)
        self._line("enough known before", known)
        grades = Counter((one.grade, bad) for bad, one in judged)
        for grade in dict.fromkeys(one.grade for _bad, one in judged):
            self.stdout.write(f"  {grade:5} good {grades[grade, False]:>6,}  bad {grades[grade, True]:>6,}")

    def _line(self, name: str, judged: list[tuple[bool, Assessment]]) -> None:
        good = [not bad for bad, _one in judged]
        area = auc([one.share if one.share is not None else 0.5 for _bad, one in judged], good)
        figure = "-" if area is None else f"{area:.3f}"
        self.stdout.write(f"{name}: {len(judged):,} loans, {len(good) - sum(good):,} bad, AUC {figure}")
