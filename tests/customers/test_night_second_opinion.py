"""Two engines read the definitions of features the same way."""

import random
from datetime import date, timedelta

import psycopg
import pytest
from django.db import connection

from benchmarks import second_opinion
from customers.models import Customer, Holding, LifeEvent, Loan, LoanState, Relation, RiskAssessment
from tests.customers.money import hold, make_account, move, run_night
from tests.factories import make_customer

DAY = date(2024, 3, 1)
CATEGORIES = ["salary", "transfer", "card", "saving", "cash", "fx", "business", "fee"]


def _live(customer: Customer, chance: random.Random) -> None:
    """Some two years of a customer, by chance."""
    accounts = [make_account(customer, family=chance.choice(["current", "time", "card"])) for _ in range(2)]
    for account in accounts:
        for _ in range(40):
            day = DAY - timedelta(days=chance.randint(-3, 700))
            move(
                account, day, chance.randint(-90_000, 90_000) / 100, category=chance.choice(CATEGORIES),
                channel=chance.choice(["pos", "mobile", "bank", "atm"]), country=chance.choice(["", "", "US"]),
                booked_at=chance.choice([None, "09:30", "23:59:59"]), own=chance.random() < 0.2,
                counterparty_bank=chance.choice(["", "ICBC"]),
            )  # fmt: skip
        for _ in range(15):
            hold(account, DAY - timedelta(days=chance.randint(-3, 700)), chance.randint(0, 9_000_000) / 100)
    for number in range(2):
        begun = date(2021 + number, 2, 28)
        ends = chance.choice([None, date(2031, 2, 27), date(2031, 2, 28), date(2040, 1, 1)])
        loan = Loan.objects.create(
            reference=f"L{customer.pk}-{number}", customer=customer, amount=1, started_on=begun, matures_on=ends
        )
    LoanState.objects.create(loan=loan, day=date(2022, 1, 1), state=chance.choice(["current", "overdue", "paid"]))
    Holding.objects.create(
        reference=f"H{customer.pk}", customer=customer, family="fund", matures_on=DAY + timedelta(days=5)
    )
    for number in range(chance.randint(0, 2)):
        Relation.objects.create(customer=customer, kind="child", name=f"孩子{number}", young=chance.random() < 0.3)
        LifeEvent.objects.create(customer=customer, kind="birth", on=date(2015 + number, 6, 1))
    RiskAssessment.objects.create(
        customer=customer, assessed_on=date(2023, 5, 1), level=3, valid_until=date(2024, 5, 1)
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_duckdb_agrees_on_every_feature_of_every_customer(bank, seed):
    chance = random.Random(seed)
    for number in range(12):
        customer = make_customer(
            f"C{number}", "王一", bank.branch, since=chance.choice([None, date(2023, 12, 1)]),
            birth_date=chance.choice([None, date(1990, 2, 28)]),
        )  # fmt: skip
        if number:
            _live(customer, chance)
    run_night(DAY)
    first, last = Customer.objects.earliest("pk").pk, Customer.objects.latest("pk").pk
    connection.ensure_connection()
    postgres: psycopg.Connection = connection.connection
    ours, theirs = (
        second_opinion.published(postgres, first, last), second_opinion.features(postgres, DAY, first, last)
    )  # fmt: skip
    assert len(ours) == 12
    differing = {
        (pk, name): (ours[pk][at], theirs[pk][at])
        for pk in ours
        for at, name in enumerate(second_opinion.columns(postgres))
        if ours[pk][at] != theirs[pk][at]
    }
    assert differing == {}
