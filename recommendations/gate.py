"""The gate: whether a product may be suggested to a customer, and by which rule it may not.

One pure function over columns of people and offers, asked by the night, by the page that shows a suggestion, and again
when it is marked as offered. Nothing switches a rule off: no parameter, no role, no setting. A fact that is not known
fails the rule that needs it, and the facts of the answer say so (None).

Sources, in the order in which the rules are asked:

- In service: a restricted, deceased or closed customer takes part in nothing but storage (PIPL Art. 47).
- Consent: without consent to profiling nothing is worked out for the one person (PIPL Art. 13, 14, 24).
- Complaint, pause: sales wait until a complaint is closed and acknowledged, and in illness or bereavement; what helps
  and sells nothing goes on (contact policy).
- Refusal, need: what the customer does not want to hear of rests; a need that is not so, put off or met asks nothing.
- Sales window, private products: on sale on the day; a private one is for qualified investors, whose proof is recorded
  with an end, and never part of a broadcast (recommendations/mention.py).
- Civil capacity (民法典 Art. 18-24, 适当性管理办法): without it nothing is sold; with a limited one R1 and deposits,
  with the standing consent of a legal representative, and no credit.
- Investment products, funds and insurance: 金融机构产品适当性管理办法, in force 2026-02-01. Product risk R1 to R5 at
  most the tolerance C1 to C5 of an assessment of the last 12 months; without one, R1 alone ("reassess first").
  More than 8 assessments in 12 months are no assessment. A level that differs from the one before counts up to the
  lower of both until the customer confirms it again. No sale to minors; none above what the customer has;
  at 65 or older no R4 or R5.
- Insurance of more than a year: payers over 65, over 60 where premiums are regular, need manual underwriting (notice
  of 2014).
- Cards and loans: responsible lending. Age 18 to 65, income known, nothing overdue, monthly payments at most half of
  the income, and no consumer credit as a down payment on a house.
- Deposits are not rated; what is asked of them is only the minimum.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from customers.models import Status
from recommendations.models.investor import Civil
from recommendations.models.need import Need
from recommendations.models.product import Regime

UNASSESSED_RISK = 1  # R1 is the most that may be suggested without a valid assessment
SENIOR_AGE, SENIOR_RISK = 65, 4  # from this age on nothing from this risk on
ADULT_AGE = 18
OLDEST_PAYER, OLDEST_REGULAR_PAYER = 65, 60
OLDEST_BORROWER = 65
MOST_ASSESSMENTS = 8  # in 12 months
LONG_INSURANCE = 365  # days; what is longer asks for the payer's age, and has a cooling-off period
LIMITED_RISK = 1  # R1 is the most for who has limited capacity
MOST_BURDEN = 0.5  # of the monthly income, for payments on debts
# What helps and sells nothing: it goes on while sales wait.
HELPS = (Need.LIQUIDITY, Need.FRAUD)


class Rule(TextChoices):
    """The gate's rules in the order in which they are asked."""

    IN_SERVICE = "in_service", _("in service")
    CONSENT = "consent", _("consent to personal suggestions")
    COMPLAINT = "complaint", _("complaint")
    PAUSE = "pause", _("pause of sales")
    REFUSAL = "refusal", _("not interested")
    NEED = "need", _("need not so, put off or met")
    ON_SALE = "on_sale", _("on sale")
    PRIVATE = "private", _("for qualified investors alone")
    CIVIL = "civil", _("civil capacity")
    AGE_KNOWN = "age_known", _("age known")
    MINOR = "minor", _("of age")
    RATED = "rated", _("risk of the product known")
    ASSESSMENT = "assessment", _("valid risk assessment")
    TOO_MANY = "too_many", _("not assessed too often")
    RISK = "risk", _("risk within tolerance")
    RECONFIRM = "reconfirm", _("changed tolerance confirmed again")
    SENIOR = "senior", _("high risk in old age")
    PAYER_AGE = "payer_age", _("age of the payer")
    CAPACITY = "capacity", _("capacity to pay")
    BORROWER_AGE = "borrower_age", _("age of the borrower")
    DOWN_PAYMENT = "down_payment", _("no credit as a down payment")
    INCOME = "income", _("income known")
    OVERDUE = "overdue", _("nothing overdue")
    BURDEN = "burden", _("burden of debts")


# What passes by itself: meanwhile a suggestion waits, counted and not shown.
WAITS = frozenset({Rule.COMPLAINT, Rule.PAUSE})


@dataclass(frozen=True)
class Person:
    """What the gate asks about one customer. None is unknown; money in minor units of BASE_CURRENCY.

    hold: "" or why a complaint holds sales ("open", "unacknowledged"). paused_until, and the days of `resting` (need or
    topic -> day, None: until reopened): the first day on which it is over. liquid: assets less what is tied up.
    income_month, debt_payment: a month's income, and payments on all loans (0 without loans). overdue_days: of the loan
    that is longest overdue (0: none is). qualified: a qualified investor. closed_needs: needs that somebody said are
    not so or put off, or that are met -> the first day on which that is over (None: until somebody says otherwise).
    civil, represented: civil capacity, and whether a legal representative's consent stands. level_before: of the
    assessment before the last, None where there is none; reconfirmed: the customer confirmed that the last one differs.
    assessments: of the last 12 months.
    """

    customer_id: int
    status: str
    age: int | None
    profiling: bool
    hold: str
    paused_until: date | None
    resting: Mapping[str, date | None]
    risk_level: int | None
    risk_valid_until: date | None
    aum: int | None
    liquid: int | None
    income_month: int | None
    debt_payment: int | None
    overdue_days: int | None
    loan_outstanding: int | None
    qualified: bool = False
    closed_needs: Mapping[str, date | None] = field(default_factory=dict)
    civil: str = Civil.FULL.value
    represented: bool = False
    level_before: int | None = None
    reconfirmed: bool = False
    assessments: int = 0


@dataclass(frozen=True)
class Offer:
    """What the gate asks about one product, suggested for `need`. topic: what people call it; minimum: minor units.

    regular: insurance whose premiums are paid year by year. term_days: None: no term is known.
    """

    code: str
    family: str
    regime: str
    risk: int | None
    minimum: int
    private: bool
    sold_from: date | None
    sold_until: date | None
    active: bool
    topic: str
    need: str
    regular: bool = False
    term_days: int | None = None


@dataclass(frozen=True)
class Blocked:
    """The rule that failed, with the values it was decided on (name -> value; None: unknown)."""

    rule: Rule
    facts: dict[str, Any] = field(default_factory=dict)


# The facts by which a rule fails, None where it is kept.
Check = Callable[[Person, Offer, date], dict[str, Any] | None]


def decide(people: Sequence[Person], offers: Sequence[Offer], day: date) -> list[list[Blocked | None]]:
    """Of each person, of each offer: the first rule that failed on `day`, None where it may be suggested."""
    asked = [(offer, _asked_of(offer)) for offer in offers]
    return [[_first(person, offer, checks, day) for offer, checks in asked] for person in people]


def all_failed(person: Person, offer: Offer, day: date) -> list[Blocked]:
    """Every rule that failed on `day`, in the gate's order; empty where it may be suggested."""
    found = ((rule, check(person, offer, day)) for rule, check in _asked_of(offer))
    return [Blocked(rule, facts) for rule, facts in found if facts is not None]


def decide_one(person: Person, offer: Offer, day: date) -> Blocked | None:
    """The first rule that failed for one person and one offer, None where it may be suggested."""
    return _first(person, offer, _asked_of(offer), day)


def _first(person: Person, offer: Offer, checks: Sequence[tuple[Rule, Check]], day: date) -> Blocked | None:
    for rule, check in checks:
        facts = check(person, offer, day)
        if facts is not None:
            return Blocked(rule, facts)
    return None


def _in_service(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    return None if person.status == Status.ACTIVE else {"status": person.status}


def _consent(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    return None if person.profiling else {"profiling": False}


def _complaint(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    return {"hold": person.hold} if person.hold and not _helps(offer) else None


def _pause(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    paused = person.paused_until is not None and day < person.paused_until
    return {"paused_until": person.paused_until} if paused and not _helps(offer) else None


def _helps(offer: Offer) -> bool:
    return offer.regime == Regime.NONE and offer.need in HELPS


def _refusal(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    for topic in (offer.need, offer.topic):
        if topic in person.resting:
            until = person.resting[topic]
            if until is None or day < until:
                return {"topic": topic, "until": until}
    return None


def _need(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    if offer.need not in person.closed_needs:
        return None
    until = person.closed_needs[offer.need]
    return {"need": offer.need, "until": until} if until is None or day < until else None


def _on_sale(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    begun = offer.sold_from is None or offer.sold_from <= day
    over = offer.sold_until is not None and offer.sold_until < day
    if offer.active and begun and not over:
        return None
    return {"active": offer.active, "sold_from": offer.sold_from, "sold_until": offer.sold_until}


def _private(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    return {"qualified": False} if offer.private and not person.qualified else None


def _civil(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    if person.civil == Civil.FULL or offer.regime == Regime.NONE:
        return None
    harmless = offer.regime == Regime.DEPOSIT or (offer.risk is not None and offer.risk <= LIMITED_RISK)
    if person.civil == Civil.LIMITED and person.represented and harmless:
        return None
    return {"civil": person.civil, "represented": person.represented, "risk": offer.risk}


def _age_known(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    return {"age": None} if person.age is None else None


def _minor(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    return _age_outside(person, lowest=ADULT_AGE)


def _age_outside(person: Person, *, lowest: int = 0, highest: int = 999) -> dict[str, Any] | None:
    """The facts where the age is known and outside; an unknown age is the matter of AGE_KNOWN."""
    if person.age is None or lowest <= person.age <= highest:
        return None
    return {"age": person.age, "limit": lowest if person.age < lowest else highest}


def _rated(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    return {"risk": None} if offer.risk is None else None


def _assessment(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    if offer.risk is not None and offer.risk <= UNASSESSED_RISK:
        return None
    valid = person.risk_level is not None and person.risk_valid_until is not None and day <= person.risk_valid_until
    if valid:
        return None
    return {"risk": offer.risk, "risk_level": person.risk_level, "risk_valid_until": person.risk_valid_until}


def _risk(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    """Also of an assessment that has expired: above the last known tolerance nothing is suggested in any case."""
    if offer.risk is None or person.risk_level is None or offer.risk <= person.risk_level:
        return None
    return {"risk": offer.risk, "risk_level": person.risk_level}


def _too_many(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    if person.assessments <= MOST_ASSESSMENTS or (offer.risk is not None and offer.risk <= UNASSESSED_RISK):
        return None
    return {"assessments": person.assessments, "limit": MOST_ASSESSMENTS}


def _reconfirm(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    """What both levels allow needs no confirmation."""
    if person.reconfirmed or person.level_before is None or person.risk_level is None or offer.risk is None:
        return None
    if offer.risk <= min(person.level_before, person.risk_level):
        return None
    return {"risk": offer.risk, "risk_level": person.risk_level, "level_before": person.level_before}


def _senior(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    if person.age is None or offer.risk is None or person.age < SENIOR_AGE or offer.risk < SENIOR_RISK:
        return None
    return {"age": person.age, "risk": offer.risk, "limit": SENIOR_AGE}


def _payer_age(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    if offer.term_days is not None and offer.term_days <= LONG_INSURANCE:
        return None
    return _age_outside(person, highest=OLDEST_REGULAR_PAYER if offer.regular else OLDEST_PAYER)


def _capacity(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    has = _least_known(person.aum, person.liquid)
    if has is not None and offer.minimum <= has:
        return None
    return {"minimum": offer.minimum, "assets": has}


def _least_known(aum: int | None, liquid: int | None) -> int | None:
    known = [amount for amount in (aum, liquid) if amount is not None]
    return min(known) if aum is not None else None


def _minimum(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    return _capacity(person, offer, day) if offer.minimum > 0 else None


def _borrower_age(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    return _age_outside(person, lowest=ADULT_AGE, highest=OLDEST_BORROWER)


def _down_payment(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    return {"need": offer.need} if offer.regime == Regime.LOAN and offer.need == Need.HOUSE else None


def _income(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    return None if person.income_month is not None and person.income_month > 0 else {"income_month": None}


def _overdue(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    return None if person.overdue_days == 0 else {"overdue_days": person.overdue_days}


def _burden(person: Person, offer: Offer, day: date) -> dict[str, Any] | None:
    facts = {"debt_payment": person.debt_payment, "income_month": person.income_month, "limit": MOST_BURDEN}
    if person.debt_payment is None or not person.income_month:
        return facts
    return facts if person.debt_payment > MOST_BURDEN * person.income_month else None


_ALWAYS: tuple[tuple[Rule, Check], ...] = (
    (Rule.IN_SERVICE, _in_service),
    (Rule.CONSENT, _consent),
    (Rule.COMPLAINT, _complaint),
    (Rule.PAUSE, _pause),
    (Rule.REFUSAL, _refusal),
    (Rule.NEED, _need),
    (Rule.ON_SALE, _on_sale),
    (Rule.PRIVATE, _private),
    (Rule.CIVIL, _civil),
)
_SUITABILITY: tuple[tuple[Rule, Check], ...] = (
    (Rule.AGE_KNOWN, _age_known),
    (Rule.MINOR, _minor),
    (Rule.RATED, _rated),
    (Rule.ASSESSMENT, _assessment),
    (Rule.TOO_MANY, _too_many),
    (Rule.RISK, _risk),
    (Rule.RECONFIRM, _reconfirm),
    (Rule.SENIOR, _senior),
)
_INSURANCE: tuple[tuple[Rule, Check], ...] = ((Rule.PAYER_AGE, _payer_age),)
_CAPACITY: tuple[tuple[Rule, Check], ...] = ((Rule.CAPACITY, _capacity),)
_LENDING: tuple[tuple[Rule, Check], ...] = (
    (Rule.AGE_KNOWN, _age_known),
    (Rule.BORROWER_AGE, _borrower_age),
    (Rule.DOWN_PAYMENT, _down_payment),
    (Rule.INCOME, _income),
    (Rule.OVERDUE, _overdue),
    (Rule.BURDEN, _burden),
)
_BY_REGIME: dict[str, tuple[tuple[Rule, Check], ...]] = {
    Regime.INVESTMENT: _SUITABILITY + _CAPACITY,
    Regime.FUND: _SUITABILITY + _CAPACITY,
    Regime.INSURANCE: _SUITABILITY + _INSURANCE + _CAPACITY,
    Regime.DEPOSIT: ((Rule.CAPACITY, _minimum),),
    Regime.CARD: _LENDING,
    Regime.LOAN: _LENDING,
    Regime.NONE: (),
}


def _asked_of(offer: Offer) -> tuple[tuple[Rule, Check], ...]:
    """The rules for `offer` in their order. A regime nobody knows is asked everything."""
    strictest = _SUITABILITY + _INSURANCE + _CAPACITY + _LENDING
    return _ALWAYS + _BY_REGIME.get(offer.regime, strictest)
