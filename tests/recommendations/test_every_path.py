"""Customers and products by chance, through the night and the page's own question: never an unsuitable suggestion."""

import random
from datetime import date, timedelta

import pytest
from django.utils import timezone

from crm.lib.dates import age_on
from customers.models import Consent, Loan, LoanState, RiskAssessment
from interactions.models import Pause, Refusal
from recommendations.facts import offer, people
from recommendations.gate import Person, decide
from recommendations.models import LIVE, Product, Rule, Suggestion
from tests.customers.money import hold, make_account, minor, run_night
from tests.factories import make_customer
from tests.recommendations.test_gate import suitable

DAY = date(2026, 11, 23)
LOANS = {
    "none": (0, 0),
    "fine": (0, minor(1000)),
    "heavy": (0, minor(9000)),
    "late": (3, minor(1000)),
    "unknown": (0, None),
}
INCOMES = {"": None, "0-60k": None, "60-120k": minor(5000), "120-300k": minor(10_000)}


def _customer(number: int, bank, chance: random.Random) -> Person:
    """One customer in the database, and what was drawn of them: not as the app reads it back."""
    born = chance.choice([None, DAY - timedelta(days=chance.randint(10, 95) * 365)])
    band, debts = chance.choice(list(INCOMES)), chance.choice(list(LOANS))
    customer = make_customer(
        f"C{number}", "王一", bank.branch, birth_date=born, income_band=band,
        status=chance.choice(["active"] * 9 + ["restricted"]),
    )  # fmt: skip
    agreed = chance.random() < 0.85
    given = timezone.now() - timedelta(days=9)
    Consent.objects.create(
        customer=customer, purpose="profiling", notice_version=1, given_at=given,
        withdrawn_at=None if agreed else given + timedelta(days=1),
    )  # fmt: skip
    level, valid_until = chance.choice([None, 1, 2, 3, 4, 5]), DAY + timedelta(days=chance.randint(-100, 200))
    if level:
        RiskAssessment.objects.create(
            customer=customer, assessed_on=valid_until - timedelta(days=365), level=level, valid_until=valid_until
        )
    aum = chance.choice([None, 0, 900, 50_000, 3_000_000])
    if aum is not None:
        hold(make_account(customer), DAY - timedelta(days=40), aum)
    overdue, payment = LOANS[debts]
    if debts != "none":
        loan = Loan.objects.create(
            reference=f"L{number}", customer=customer, amount=1, payment=payment, started_on=date(2025, 1, 1)
        )
        LoanState.objects.create(
            loan=loan, day=date(2026, 11, 1), state="overdue" if overdue else "current", overdue_days=overdue
        )
    resting = chance.choice([{}, {}, {"growth": None}, {"fund": DAY + timedelta(days=5)}])
    for topic, until in resting.items():
        Refusal.objects.create(customer=customer, topic=topic, until=until)
    return Person(
        customer_id=customer.pk, status=customer.status, age=age_on(born, DAY) if born else None, profiling=agreed,
        hold="", paused_until=None, resting=resting, risk_level=level, risk_valid_until=valid_until if level else None,
        aum=None if aum is None else minor(aum), liquid=None, income_month=INCOMES[band], debt_payment=payment,
        overdue_days=overdue, loan_outstanding=0,
    )  # fmt: skip


def _products(chance: random.Random) -> None:
    """Twenty products, and a rule for everybody and each of four needs over each family."""
    Rule.objects.update(active=False)
    Product.objects.update(active=False)
    families = ["fund", "wealth", "insurance", "card", "loan", "time"]
    regimes = dict(zip(families, ["fund", "investment", "insurance", "card", "loan", "deposit"], strict=True))
    for number in range(20):
        family = chance.choice(families)
        Product.objects.create(
            code=f"p{number}", name_zh="品", name_en="product", family=family, regime=regimes[family],
            risk=chance.randint(1, 5) if family in ("fund", "wealth", "insurance") else None,
            minimum=minor(chance.choice([0, 1000, 100_000])), private=chance.random() < 0.1,
            active=chance.random() < 0.9, regular_premium=chance.random() < 0.5,
            sold_until=chance.choice([None, None, DAY, DAY - timedelta(days=1)]),
        )  # fmt: skip
    for order, family in enumerate(families):
        for need in ("growth", "house", "travel", "pension"):
            Rule.objects.create(code=f"r-{need}-{family}", need=need, family=family, order=(order * 7 + len(need)) % 11)


@pytest.mark.parametrize("seed", range(4))
def test_no_unsuitable_suggestion_by_the_night_nor_by_the_page(bank, seed):
    chance = random.Random(seed)
    drawn = {person.customer_id: person for person in (_customer(number, bank, chance) for number in range(40))}
    _products(chance)
    run_night(DAY)
    found = list(Suggestion.objects.filter(state__in=LIVE).select_related("product"))
    assert len(found) > 20  # something to prove it on
    for suggestion in found:
        assert suitable(drawn[suggestion.customer_id], offer(suggestion.product, suggestion.need)), suggestion.evidence
    everything = [offer(product, "growth") for product in Product.objects.all()]
    read = people(drawn, DAY)
    for pk, person in drawn.items():
        answers = decide([read[pk]], everything, DAY)[0]
        assert [blocked is None for blocked in answers] == [suitable(person, one) for one in everything]


def test_the_night_keeps_what_only_waits_and_the_page_does_not_show_it(bank):
    chance = random.Random(9)
    drawn = [_customer(number, bank, chance) for number in range(12)]
    _products(chance)
    run_night(DAY)
    before = set(Suggestion.objects.filter(state__in=LIVE).values_list("customer", "need"))
    for person in drawn:
        Pause.objects.create(customer_id=person.customer_id, reason="wish", since=DAY, until=DAY + timedelta(days=30))
    run_night(DAY)
    assert set(Suggestion.objects.filter(state__in=LIVE).values_list("customer", "need")) == before
    read = people([person.customer_id for person in drawn], DAY)
    offers = [offer(product, "growth") for product in Product.objects.all()]
    assert all(blocked for row in decide(list(read.values()), offers, DAY) for blocked in row)
