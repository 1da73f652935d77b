"""Loans that customers ask for: assessed at once from what is known, decided by a person."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from django.db import transaction

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.staff.models import User
from customers.models import Customer
from recommendations.credit.facts import Asked, facts_of
from recommendations.credit.scorecard import Assessment, Band, Card, Grade, Mark, Trait, assess
from recommendations.facts import offer, people
from recommendations.gate import Blocked, Rule, all_failed
from recommendations.models import CreditDecision, CreditRequest, GradeLimit, Need, Product, ScorecardBand

AUTHORISED_DAYS = 30  # how long an authorisation to look at credit records holds (bank's custom, confidence L)
# A customer who asks is not talked into anything: what guards against selling is not asked.
_NOT_ASKED = frozenset({Rule.CONSENT, Rule.COMPLAINT, Rule.PAUSE, Rule.REFUSAL})


@dataclass(frozen=True)
class Wish:
    """What the customer asks for. amount: minor units of BASE_CURRENCY; rate: yearly, percent."""

    product: Product
    amount: int
    months: int
    rate: Decimal
    purpose: str
    authorised_by: str


def monthly_payment(amount: int, months: int, rate: Decimal) -> int:
    """The equal monthly payment (等额本息) of a loan, in minor units, rounded up."""
    month = rate / 1200
    exact = amount / Decimal(months) if not month else amount * month / (1 - (1 + month) ** -months)
    return int(exact.to_integral_value(ROUND_CEILING))


def card() -> Card:
    """The bank's scorecard as it stands."""
    bands: dict[str, list[Band]] = {}
    for band in ScorecardBand.objects.all():
        start = None if band.start is None else float(band.start)
        bands.setdefault(band.trait, []).append(Band(start, band.points))
    limits = [(Grade(limit.grade), limit.least / 100) for limit in GradeLimit.objects.all()]
    return Card(bands=bands, grades=limits)


@transaction.atomic
def ask(customer: Customer, wish: Wish, *, by: User) -> CreditRequest:
    """Keep `wish` with its assessment. The customer's authorisation has been asked for by who calls."""
    day = bank_day()
    payment = monthly_payment(wish.amount, wish.months, wish.rate)
    facts = facts_of([Asked(customer.pk, day, wish.amount, payment)])[0]
    found = assess([facts], card())[0]
    request = CreditRequest.objects.create(
        customer=customer, product=wish.product, amount=wish.amount, months=wish.months, rate=wish.rate,
        payment=payment, purpose=wish.purpose, day=day, authorised_by=wish.authorised_by,
        authorised_until=day + timedelta(days=AUTHORISED_DAYS), grade=found.grade, share=found.share,
        facts=asdict(facts), marks=[asdict(mark) for mark in found.marks], missing=list(found.missing), made_by=by,
    )  # fmt: skip
    _record(request, by, {"grade": str(found.grade), "authorised": wish.authorised_by})
    return request


def assessment(request: CreditRequest) -> Assessment:
    """How `request` was judged on its day."""
    marks = tuple(Mark(Trait(mark["trait"]), mark["value"], mark["points"], mark["most"]) for mark in request.marks)
    missing = tuple(Trait(name) for name in request.missing)
    return Assessment(Grade(request.grade), request.share, marks, missing)


def lending_rules_failed(customer: Customer, product: Product, day: date) -> list[Blocked]:
    """The rules of responsible lending that `product` fails for the customer, who asks for it on their own."""
    person = people([customer.pk], day).get(customer.pk)
    if person is None:
        return []
    failed = all_failed(person, offer(product, Need.LIQUIDITY), day)
    return [blocked for blocked in failed if blocked.rule not in _NOT_ASKED]


@transaction.atomic
def decide(request: CreditRequest, decided: str, *, reason: str, by: User) -> CreditDecision:
    """Keep what a person decided about `request`; the last decision stands."""
    decision = CreditDecision.objects.create(request=request, decided=decided, reason=reason, by=by)
    _record(request, by, {"decided": decided}, reason)
    return decision


def latest(customer: Customer, most: int) -> Sequence[CreditRequest]:
    """The customer's last requests, the newest first, with their decisions."""
    asked = (
        CreditRequest.objects.filter(customer=customer)
        .select_related("product", "made_by")
        .prefetch_related("decisions__by")
    )
    return list(asked.order_by("-made_at")[:most])


def _record(request: CreditRequest, by: User, detail: dict[str, str], reason: str = "") -> None:
    record(
        Action.CHANGE, by=by, object_type="credit_request", object_ids=[request.customer_id],
        label=request.customer.number, reason=reason[:300], detail={"request": request.pk, **detail},
    )  # fmt: skip
