"""What is found, what is not, and who is told."""

from datetime import date, timedelta

import pytest

from customers.models import (
    ComplianceCase,
    CreditScore,
    DetectorSetting,
    Loan,
    LoanState,
    RiskWarning,
)
from tests.customers.money import make_account, minor, move, run_night

DAY = date(2026, 11, 20)


def warned(customer) -> list[str]:
    return sorted(RiskWarning.objects.filter(customer=customer).values_list("detector", flat=True))


def cases(customer) -> list[str]:
    return sorted(ComplianceCase.objects.filter(customer=customer).values_list("detector", flat=True))


@pytest.fixture
def account(customer):
    """An account with a year of small movements: what is usual for this customer."""
    account = make_account(customer)
    for back in range(1, 13):
        day = DAY - timedelta(days=30 * back)
        move(account, day, 9000, category="salary", channel="bank", counterparty_key=1)
        move(account, day + timedelta(days=3), -4000, category="rent", channel="mobile", counterparty_key=2)
    return account


@pytest.mark.parametrize(
    ("yuan", "fields", "found"),
    [
        ([50_000], {"category": "cash"}, True),
        ([-49_999.99], {"category": "cash"}, False),
        ([30_000, 20_000], {"category": "cash"}, True),  # cumulative
        ([30_000, -20_000], {"category": "cash"}, False),  # each direction separately
        ([-500_000], {}, True),
        ([-499_999], {}, False),
        ([-200_000], {"country": "US"}, True),
        ([-199_999], {"country": "US"}, False),
        ([-900_000], {"own": True}, False),  # between own accounts
    ],
)
def test_large_value_on_one_day(customer, account, yuan, fields, found):
    for amount in yuan:
        move(account, DAY, amount, **fields)
    run_night(DAY)
    assert ("large_value" in cases(customer)) is found


def test_a_foreign_amount_is_measured_in_dollars(customer, account):
    from customers.models import ExchangeRate

    ExchangeRate.objects.create(currency="USD", day=DAY - timedelta(days=9), rate="7.10")
    move(account, DAY, 10_000, category="cash", currency="USD", base_amount=minor(71_000))
    run_night(DAY)
    assert "large_value" in cases(customer)


def test_a_movement_far_above_the_customers_own_history(customer, account):
    move(account, DAY, -60_000)
    run_night(DAY)
    found = RiskWarning.objects.get(customer=customer)
    assert found.detector == "large_move"
    assert found.evidence[0]["amount"] == minor(-60_000)
    assert found.day == DAY


def test_the_same_amount_is_nothing_where_it_is_usual(customer, account):
    for back in range(1, 8):
        move(account, DAY - timedelta(days=30 * back), -50_000)
    move(account, DAY, -60_000)
    run_night(DAY)
    assert "large_move" not in warned(customer)


def test_suddenly_frequent_large_movements_are_one_matter(customer, account):
    for offset in range(5):
        move(account, DAY + timedelta(days=offset), -55_000, counterparty_key=10)
        run_night(DAY + timedelta(days=offset))
    assert warned(customer).count("frequent_large") == 1


def test_a_dormant_customer_suddenly_active(customer):
    account = make_account(customer)
    move(account, DAY - timedelta(days=400), -100)
    move(account, DAY, -6000)
    run_night(DAY)
    assert "dormant_active" in warned(customer)


def test_an_active_customer_is_not_dormant(customer, account):
    move(account, DAY, -6000)
    run_night(DAY)
    assert "dormant_active" not in warned(customer)


def test_money_in_and_out_again(customer, account):
    move(account, DAY - timedelta(days=1), 300_000, counterparty_key=5)
    move(account, DAY, -290_000, counterparty_key=6)
    run_night(DAY)
    assert "rapid_in_out" in warned(customer)


def test_overdue_is_one_warning_however_long_it_lasts(customer, account):
    loan = Loan.objects.create(reference="L1", customer=customer, amount=minor(90_000), started_on=date(2025, 1, 1))
    for offset in range(3):
        LoanState.objects.create(
            loan=loan, day=DAY + timedelta(days=offset), state="overdue", overdue_days=5 + offset, overdue_amount=100
        )
        run_night(DAY + timedelta(days=offset))
    assert warned(customer) == ["overdue"]


@pytest.mark.parametrize(("has_loan", "until", "found"), [(True, 30, True), (False, 30, False), (True, -1, False)])
def test_a_falling_score_matters_with_a_live_loan_and_while_authorised(customer, account, has_loan, until, found):
    if has_loan:
        loan = Loan.objects.create(reference="L1", customer=customer, amount=minor(90_000), started_on=date(2025, 1, 1))
        LoanState.objects.create(loan=loan, day=date(2025, 1, 1), state="current", outstanding=minor(50_000))
    for back, score in ((60, 720), (2, 640)):
        CreditScore.objects.create(
            customer=customer, scored_on=DAY - timedelta(days=back), score=score, authorised_for="loan",
            authorised_on=date(2025, 1, 1), authorised_until=DAY + timedelta(days=until),
        )  # fmt: skip
    run_night(DAY)
    assert ("credit_fall" in warned(customer)) is found


def test_an_early_repayment(customer, account):
    Loan.objects.create(
        reference="L1", customer=customer, amount=minor(90_000), payment=minor(3000), started_on=date(2025, 1, 1),
        matures_on=date(2028, 1, 1),
    )  # fmt: skip
    move(account, DAY - timedelta(days=1), -3000, category="loan")
    move(account, DAY, -40_000, category="loan")
    run_night(DAY)
    assert RiskWarning.objects.get(customer=customer, detector="early_repayment").day == DAY


def _structuring(account):
    for back in (6, 3, 0):
        move(account, DAY - timedelta(days=back), 48_000, category="cash", channel="counter")


def _dispersed_in(account):
    for party in range(6):
        move(account, DAY - timedelta(days=party), 30_000, counterparty_key=100 + party)
    move(account, DAY, -175_000, counterparty_key=7)


def _dispersed_out(account):
    move(account, DAY - timedelta(days=3), 200_000, counterparty_key=7)
    for party in range(6):
        move(account, DAY - timedelta(days=party % 3), -30_000, counterparty_key=100 + party)


@pytest.mark.parametrize(
    ("pattern", "detector"),
    [(_structuring, "structuring"), (_dispersed_in, "dispersed_in"), (_dispersed_out, "dispersed_out")],
)
def test_patterns_are_for_compliance_alone(customer, account, pattern, detector):
    pattern(account)
    run_night(DAY)
    assert detector in cases(customer)
    assert detector not in warned(customer)


def test_cash_in_and_out_just_below_is_no_structuring_of_one_direction(customer, account):
    for back, yuan in ((6, 48_000), (3, -48_000), (0, 48_000)):
        move(account, DAY - timedelta(days=back), yuan, category="cash", channel="counter")
    run_night(DAY)
    assert "structuring" not in cases(customer)


def test_a_second_run_and_a_full_one_find_nothing_new(customer, account):
    _dispersed_in(account)
    _structuring(account)
    run_night(DAY)
    before = (warned(customer), cases(customer))
    assert run_night(DAY) == 0
    assert run_night(DAY, full=True) == 0
    assert (warned(customer), cases(customer)) == before


def test_what_the_manager_noted_stays_when_the_night_comes_by_again(customer, account):
    move(account, DAY, -60_000)
    run_night(DAY)
    RiskWarning.objects.filter(customer=customer).update(state="explained", note="买车首付")
    move(account, DAY, -10)
    run_night(DAY)
    assert RiskWarning.objects.get(customer=customer).note == "买车首付"


def test_a_detector_can_be_switched_off_and_its_parameters_changed(customer, account):
    DetectorSetting.objects.filter(detector="large_move").update(active=False)
    cash = DetectorSetting.objects.get(detector="large_value")
    cash.parameters["cash"] = 20_000
    cash.save()
    move(account, DAY, 20_000, category="cash")
    move(account, DAY, -60_000)
    run_night(DAY)
    assert cases(customer) == ["large_value"]


def test_incremental_nights_find_what_a_full_one_finds(customer, account):
    for offset, pattern in enumerate((_structuring, _dispersed_out)):
        pattern(account)
        run_night(DAY + timedelta(days=offset))
    move(account, DAY - timedelta(days=8), 47_000, category="cash", channel="counter")  # a late booking
    run_night(DAY + timedelta(days=2))
    incremental = (warned(customer), cases(customer))
    RiskWarning.objects.all().delete()
    ComplianceCase.objects.all().delete()
    run_night(DAY + timedelta(days=2), full=True)
    assert set(cases(customer)) == set(incremental[1])
    assert set(warned(customer)) == set(incremental[0])
