"""Retention at maturity (到期承接): of what matured, what was still with the bank 30 days later."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max

from customers.models import Customer, Family

AFTER = timedelta(days=30)  # after the day of maturity that one looks again
WINDOW = timedelta(days=30)  # of maturities, both ends included
REMEMBERED = timedelta(days=365)
_SQL = Path(__file__).parent / "sql" / "maturities.sql"


@dataclass(frozen=True)
class Matured:
    """What matured by `until` and what stayed, minor units of BASE_CURRENCY."""

    until: date
    maturing: int
    stayed: int

    @property
    def share(self) -> int:
        return round(100 * self.stayed / self.maturing)


@cache
def statement() -> str:
    """The SELECT of customer_id, maturing and stayed; its values: `given`."""
    lines = _SQL.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("--")).strip()


def given(until: date, customer: int | None = None) -> dict[str, Any]:
    """The values of `statement` for what matured in the WINDOW that ends with `until`; of one customer if named."""
    return {
        "matured_since": until - WINDOW + timedelta(days=1),
        "matured_until": until,
        "base_currency": settings.BASE_CURRENCY,
        "customer": customer,
    }


def of_customer(customer: Customer, day: date) -> Matured | None:
    """What became of the customer's last maturities that are AFTER days ago by `day`; None for none within a year."""
    assets = customer.holdings.exclude(family__in=[Family.CARD, Family.LOAN])
    over = assets.filter(matures_on__range=(day - REMEMBERED, day - AFTER))
    until = over.aggregate(last=Max("matures_on"))["last"]
    if until is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute(statement(), given(until, customer.pk))
        found = cursor.fetchone()
    return Matured(until, int(found[1]), int(found[2])) if found else None
