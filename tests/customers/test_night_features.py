"""Features against an obvious model, and incremental nights against full ones."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.models import (
    Balance,
    ChangedDay,
    CustomerMonth,
    Features,
    Loan,
    LoanState,
    RiskAssessment,
    Transaction,
)
from tests.customers.money import create_months, hold, make_account, minor, move, run_night
from tests.factories import make_customer

DAY = date(2026, 11, 22)


def features(customer) -> Features:
    return Features.objects.get(customer=customer)


def average(balances: dict[date, int], first: date, last: date) -> int:
    """The mean of the days from `first` to `last`, each with the balance last known: the definition, day by day."""
    total, day = 0, first
    while day <= last:
        known = [when for when in balances if when <= day]
        total += balances[max(known)] if known else 0
        day += timedelta(days=1)
    return total // ((last - first).days + 1)


@pytest.mark.parametrize("day", [date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1), date(2023, 3, 1)])
def test_the_average_of_a_month_is_the_mean_of_its_days(customer, day):
    """Day 1 and February, in a leap year and in another: the sum of daily balances / days elapsed."""
    account = make_account(customer)
    kept = {
        day - timedelta(days=70): 100_000, day - timedelta(days=40): 310_000, day - timedelta(days=12): 28_000,
        day: 900_000,
    }  # fmt: skip
    for when, yuan in kept.items():
        hold(account, when, yuan)
    run_night(day)
    balances = {when: minor(yuan) for when, yuan in kept.items()}
    last = day.replace(day=1) - timedelta(days=1)
    assert features(customer).aum == minor(900_000)
    assert features(customer).aum_month_to_date == average(balances, day.replace(day=1), day)
    assert features(customer).aum_average_1 == average(balances, last.replace(day=1), last)


@given(
    kept=st.dictionaries(st.integers(0, 200), st.integers(0, 10**6), min_size=1, max_size=12),
    accounts=st.integers(1, 3),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_averages_of_several_accounts_add_up(customer, kept, accounts):
    Balance.objects.all().delete()
    CustomerMonth.objects.all().delete()
    customer.accounts.all().delete()
    owned = [make_account(customer) for _ in range(accounts)]
    sums: list[dict[date, int]] = [{} for _ in owned]
    for index, (back, yuan) in enumerate(kept.items()):
        when = DAY - timedelta(days=back)
        hold(owned[index % accounts], when, yuan)
        sums[index % accounts][when] = minor(yuan)
    run_night(DAY)
    this_month = DAY.replace(day=1)
    # Each account's own average is rounded down in the model, so sums may differ by less than one fen each.
    expected = sum(average(one, this_month, DAY) for one in sums)
    assert 0 <= features(customer).aum_month_to_date - expected < accounts
    assert features(customer).aum == sum(one[max(one)] for one in sums if one)


def test_a_customer_without_an_account_is_unknown_not_zero(customer):
    run_night(DAY)
    found = features(customer)
    assert found.aum is None
    assert found.inflow_12 is None
    assert found.tier is None
    assert found.overdue_days is None


def test_cards_and_loans_are_no_assets(customer):
    hold(make_account(customer), DAY, 1000)
    hold(make_account(customer, family="card"), DAY, 5000)
    run_night(DAY)
    assert features(customer).aum == minor(1000)
    assert features(customer).families == "current,card"


def test_moves_between_own_accounts_are_neither_inflow_nor_outflow(customer):
    account = make_account(customer)
    move(account, date(2026, 10, 5), 8000, category="salary", channel="bank")
    move(account, date(2026, 10, 6), -3000, category="saving", own=True)
    move(account, date(2026, 10, 7), -500, counterparty_bank="ICBC")
    run_night(DAY)
    found = features(customer)
    assert (found.inflow_1, found.outflow_1, found.to_other_banks_3) == (minor(8000), minor(500), minor(500))
    assert found.last_active_on == date(2026, 10, 7)


def test_saving_every_month_and_taking_it_back_is_seen_once_not_on_both_legs(customer):
    daily, savings = make_account(customer), make_account(customer, family="time")
    for month in range(1, 11):
        move(daily, date(2026, month, 5), -2000, category="saving", own=True)
        move(savings, date(2026, month, 5), 2000, category="saving", own=True)
    run_night(DAY)
    assert features(customer).saving_months_12 == 10
    assert features(customer).saving_broken is False
    move(savings, date(2026, 11, 10), -20_000, category="saving", own=True)
    move(daily, date(2026, 11, 10), 20_000, category="saving", own=True)
    run_night(DAY)
    assert features(customer).saving_broken is True
    assert features(customer).saving_average_12 == minor(2000)


def test_what_is_dated_after_the_day_is_not_there_yet(customer):
    account = make_account(customer)
    hold(account, DAY, 1000)
    hold(account, DAY + timedelta(days=1), 9000)
    RiskAssessment.objects.create(
        customer=customer, assessed_on=DAY + timedelta(days=1), level=5, valid_until=DAY + timedelta(days=366)
    )
    run_night(DAY)
    assert (features(customer).aum, features(customer).risk_level) == (minor(1000), None)
    run_night(DAY + timedelta(days=1))
    assert (features(customer).aum, features(customer).risk_level) == (minor(9000), 5)


@pytest.mark.parametrize(
    ("averages", "tier"),
    [
        # Oldest first, the last whole month last; yuan.
        ([600_000], "sunflower"),
        ([40_000, 600_000], "sunflower"),  # up at once
        ([600_000, 40_000, 40_000, 40_000, 40_000, 40_000], "sunflower"),  # watched
        ([600_000, 40_000, 40_000, 40_000, 40_000, 40_000, 40_000], "mass"),  # six months below
        ([600_000, 60_000, 40_000, 40_000, 40_000, 40_000, 40_000], "gold"),  # the highest met in the last six
        ([600_000, 40_000, 40_000, 510_000, 40_000, 40_000, 40_000], "sunflower"),  # one month at tier clears it
    ],
)
def test_a_tier_rises_at_once_and_falls_after_half_a_year(customer, averages, tier):
    account = make_account(customer)
    month = date(2026, 11, 1)
    for yuan in reversed(averages):
        month = (month - timedelta(days=1)).replace(day=1)
        hold(account, month, yuan)
    run_night(DAY)
    assert features(customer).tier == tier


@pytest.mark.parametrize(
    ("september", "october_1", "october_31", "today", "churn"),
    [
        (600_000, 600_000, 600_000, 600_000, None),
        (600_000, 600_000, 400_000, 400_000, "light"),
        (600_000, 300_000, 300_000, 300_000, "severe"),
        (600_000, 300_000, 300_000, 700_000, "rescued"),
    ],
)
def test_signs_of_leaving(customer, september, october_1, october_31, today, churn):
    account = make_account(customer)
    for when, yuan in (
        (date(2026, 9, 1), september), (date(2026, 10, 1), october_1), (date(2026, 10, 31), october_31), (DAY, today),
    ):  # fmt: skip
        hold(account, when, yuan)
    run_night(DAY)
    assert features(customer).churn == churn


def test_nine_tenths_of_the_next_tier_is_close(customer):
    account = make_account(customer)
    hold(account, date(2026, 9, 1), 460_000)
    run_night(DAY)
    assert features(customer).near_upgrade is True


def _live() -> dict[str, set[str]]:
    with connection.cursor() as cursor:
        rows = {}
        for table in ("customers_customermonth", "customers_features"):
            cursor.execute(f"SELECT t::text FROM {table} AS t")
            rows[table] = {row for (row,) in cursor.fetchall()}
    return rows


@pytest.mark.parametrize("first", [date(2024, 2, 26), date(2023, 12, 28), date(2026, 3, 29)])
def test_incremental_nights_give_what_a_full_one_gives(bank, first):
    """Across a leap day, the end of a year and of a month, with late bookings, corrections and rows that come early."""
    chance = random.Random(first.toordinal())
    accounts = [make_account(make_customer(f"C{n}", "王一", bank.branch)) for n in range(4)]
    create_months(first - timedelta(days=400), first + timedelta(days=40))
    booked: list[Transaction] = []
    for offset in range(8):
        day = first + timedelta(days=offset)
        for account in chance.sample(accounts, 3):
            when = day - timedelta(days=chance.choice([0, 0, 0, 1, 35, 390, -2]))
            yuan = chance.randint(-9000, 9000)
            category = chance.choice(["salary", "fx", "transfer", "saving"])
            booked.append(move(account, when, yuan, category=category, country=chance.choice(["", "US"])))
            hold(account, when, chance.randint(0, 900_000))
        corrected = booked.pop(chance.randrange(len(booked)))
        ChangedDay.objects.create(customer_id=corrected.customer_id, day=corrected.booked_on)
        corrected.delete()
        run_night(day)
    incremental = _live()
    run_night(day, full=True)
    assert _live() == incremental
    assert run_night(day) == 0


def test_a_restricted_customer_has_no_features(customer):
    hold(make_account(customer), DAY, 1000)
    run_night(DAY)
    customer.status = "restricted"
    customer.save()
    run_night(DAY)
    assert not Features.objects.filter(customer=customer).exists()


def test_the_newest_live_loan_of_ten_years_or_more_is_the_mortgage(customer):
    def borrow(begun: date, ends: date, state: str = "") -> None:
        loan = Loan.objects.create(
            reference=f"L{begun}", customer=customer, amount=100, started_on=begun, matures_on=ends
        )
        if state:
            LoanState.objects.create(loan=loan, day=begun, state=state, outstanding=100)

    customer.birth_date = date(1994, 11, 23)
    customer.save()
    borrow(date(2016, 5, 1), date(2046, 5, 1), "current")
    borrow(date(2020, 1, 1), date(2040, 1, 1), "paid")
    borrow(date(2025, 3, 1), date(2028, 3, 1), "current")  # a car
    run_night(DAY)
    assert features(customer).mortgage_since == date(2016, 5, 1)
    assert features(customer).birth_date == date(1994, 11, 23)
    borrow(date(2026, 10, 1), date(2056, 10, 1))  # its state has not come in yet
    borrow(DAY + timedelta(days=1), date(2056, 10, 1), "current")
    run_night(DAY)
    assert features(customer).mortgage_since == date(2026, 10, 1)
    assert features(customer).loan_outstanding == 200
