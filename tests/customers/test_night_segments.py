"""Which segment a customer is served in, why, and what had changed when it moves."""

from datetime import date, timedelta

import pytest
from django.utils import translation

from customers.models import Membership, Segment, SegmentMove, SegmentRule
from customers.night.reasons import changes, reasons
from tests.customers.money import hold, make_account, move, run_night
from tests.factories import make_customer

DAY = date(2026, 11, 22)


def segment(customer) -> str:
    return Membership.objects.select_related("segment").get(customer=customer).segment.code


def months(count: int) -> list[date]:
    """The 5th of the last `count` whole months, oldest first."""
    found, day = [], DAY.replace(day=1)
    for _ in range(count):
        day = (day - timedelta(days=1)).replace(day=1)
        found.append(day.replace(day=5))
    return found[::-1]


def steady(customer, yuan: int) -> None:
    """`yuan` kept for a year, with a little life on the account."""
    account = make_account(customer)
    for month in months(12):
        hold(account, month, yuan)
        for day in range(3):
            move(account, month + timedelta(days=day), -200, category="card", channel="pos")


def test_the_young_entrepreneur_is_potential_not_ordinary(customer):
    """Small deposits, fast-growing receipts."""
    account = make_account(customer)
    for step, month in enumerate(months(12)):
        move(account, month, 3000 * 1.25**step, category="business", channel="mobile")
        move(account, month + timedelta(days=2), -2500 * 1.25**step, category="transfer")
        hold(account, month, 8000)
    run_night(DAY)
    assert segment(customer) == "potential"
    found = Membership.objects.select_related("rule").get(customer=customer)
    with translation.override("en"):
        why = reasons(found.rule.text, found.values, DAY)
    assert why[0] == "Tier: mass"
    assert any(line.startswith("Growth of business receipts: +") and "(at least +30%)" in line for line in why)


@pytest.mark.parametrize(("yuan", "code"), [(20_000_000, "vip"), (600_000, "core"), (12_000, "ordinary")])
def test_steady_customers_are_served_by_what_they_have(customer, yuan, code):
    steady(customer, yuan)
    run_night(DAY)
    assert segment(customer) == code


def test_a_dormant_customer(customer):
    account = make_account(customer)
    move(account, DAY - timedelta(days=500), -50)
    hold(account, DAY - timedelta(days=500), 12)
    run_night(DAY)
    assert segment(customer) == "dormant"


def test_who_is_not_known_at_all_is_ordinary_and_the_reason_says_that_no_rule_holds(customer):
    run_night(DAY)
    found = Membership.objects.select_related("rule").get(customer=customer)
    with translation.override("en"):
        assert reasons(found.rule.text, found.values, DAY) == ["The rules of no other segment hold."]


def test_a_move_is_kept_with_what_had_changed(customer):
    steady(customer, 600_000)
    run_night(DAY)
    assert not SegmentMove.objects.exists()  # the first segment is no move
    account = customer.accounts.get()
    hold(account, date(2026, 12, 29), 100)
    run_night(date(2027, 2, 1))
    moved = SegmentMove.objects.get(customer=customer)
    assert (moved.from_segment.code, moved.to_segment.code) == ("core", "at_risk")
    with translation.override("en"):
        assert "Leaving: unknown → below the tier for a month" in changes(moved.changed, moved.day)
    assert Membership.objects.get(customer=customer).since == date(2027, 2, 1)
    assert run_night(date(2027, 2, 1)) == 0
    assert SegmentMove.objects.count() == 1


def test_a_second_run_of_a_day_takes_a_move_back(customer):
    steady(customer, 600_000)
    run_night(DAY)
    core = Segment.objects.get(code="core")
    was, core.rule = core.rule, SegmentRule.objects.create(segment=core, text='tier = "private"')
    core.save()
    run_night(DAY + timedelta(days=1))
    assert SegmentMove.objects.get().to_segment.code == "ordinary"
    core.rule = was
    core.save()
    run_night(DAY + timedelta(days=1))
    assert not SegmentMove.objects.exists()
    assert segment(customer) == "core"


def test_a_rule_nobody_can_read_any_more_is_left_out_and_stops_no_night(customer, caplog):
    steady(customer, 20_000_000)
    vip = Segment.objects.get(code="vip")
    vip.rule = SegmentRule.objects.create(segment=vip, text="forgotten_feature > 5")
    vip.save()
    run_night(DAY)
    assert segment(customer) == "ordinary"


def test_the_first_segment_by_order_counts(bank, customer):
    steady(customer, 20_000_000)
    Segment.objects.filter(code="vip").update(order=1000, active=True)
    Segment.objects.filter(code="ordinary").update(order=1)
    run_night(DAY)
    assert segment(customer) == "ordinary"


def test_only_customers_in_service_belong_to_a_segment(bank, customer):
    gone = make_customer("C9", "王九", bank.branch, status="closed")
    run_night(DAY)
    assert set(Membership.objects.values_list("customer__number", flat=True)) == {customer.number}
    assert gone.number == "C9"
