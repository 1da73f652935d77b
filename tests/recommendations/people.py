"""A customer of whom the gate knows all it asks, and suggestions to them."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from crm.lib.dates import bank_day
from customers.models import Consent, Customer, Features, RiskAssessment
from recommendations.models import Product, Rule, Suggestion


def known(customer: Customer, *, level: int = 3, valid_until: date | None = None, **figures: Any) -> Features:
    """Agreed to personal suggestions, assessed at `level`, with 600,000 of assets; figures: columns of Features."""
    if customer.birth_date is None:
        customer.birth_date = date(1986, 5, 1)
        customer.save(update_fields=["birth_date"])
    Consent.objects.create(customer=customer, purpose="profiling", notice_version=1, given_at=timezone.now())
    RiskAssessment.objects.create(
        customer=customer,
        assessed_on=bank_day() - timedelta(days=30),
        level=level,
        valid_until=valid_until or bank_day() + timedelta(days=335),
    )
    return Features.objects.create(customer=customer, **{"aum": 60_000_000, **figures})


def suggest(customer: Customer, product: str, rule: str, **evidence: Any) -> Suggestion:
    """An open suggestion of the shipped product and rule with these codes."""
    ruled = Rule.objects.get(code=rule)
    return Suggestion.objects.create(
        customer=customer, need=ruled.need, rule=ruled, product=Product.objects.get(code=product), evidence=evidence,
        since=bank_day(),
    )  # fmt: skip
