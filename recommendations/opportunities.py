"""The suggestions of all customers whom a person looks after, newest first."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F

from crm.lib.keyset import newest_first
from crm.staff.models import User
from customers.access import books
from customers.models import Customer
from recommendations import words
from recommendations.facts import offer, people
from recommendations.gate import WAITS, decide
from recommendations.models import Regime, Suggestion
from recommendations.suggestions import live

PAGE_SIZE = 30


@dataclass(frozen=True)
class Opportunity:
    """One row. service: nothing for sale."""

    suggestion: Suggestion
    customer: Customer
    need: str
    why: str
    service: bool


@dataclass(frozen=True)
class Opportunities:
    """A page. waiting: how many of it wait for a complaint or a pause; following: the cursor of the next page."""

    rows: list[Opportunity]
    waiting: int
    following: str


def opportunities(user: User, day: date, *, need: str = "", cursor: str = "") -> Opportunities:
    """The live suggestions of `user`'s own book and of whom they cover, asked of the gate again on `day`.

    need: of that need alone. A page has as many fewer rows as the gate refuses.
    """
    own = books(user).get("own")
    if own is None:
        return Opportunities([], 0, "")
    found = live(day).filter(customer__in=own.in_service().values("pk")).select_related("customer", "rule", "product")
    if need:
        found = found.filter(need=need)
    page, following = newest_first(found.annotate(day=F("since")), cursor, PAGE_SIZE)
    known = people({suggestion.customer_id for suggestion in page}, day)
    rows, waiting = [], 0
    for suggestion in page:
        person = known.get(suggestion.customer_id)
        if person is None:
            continue
        verdict = decide([person], [offer(suggestion.product, suggestion.need)], day)[0][0]
        if verdict is None:
            rows.append(_row(suggestion, day))
        elif verdict.rule in WAITS:
            waiting += 1
    return Opportunities(rows, waiting, following)


def _row(suggestion: Any, day: date) -> Opportunity:
    return Opportunity(
        suggestion=suggestion,
        customer=suggestion.customer,
        need=words.need_label(suggestion.need),
        why=words.reason(suggestion, day),
        service=suggestion.product.regime == Regime.NONE,
    )
