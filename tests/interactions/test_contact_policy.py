"""The contact policy against a slow and obvious model of it, and where it is kept for a customer."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.lib.dates import bank_day
from customers import consent
from interactions import complaints, refusals
from interactions.contact_policy import (
    Code,
    Complained,
    Contact,
    Known,
    Limits,
    Paused,
    QuietHours,
    Refused,
    Rules,
    budget_on,
    decide,
    quiet_until,
    rest_until,
)
from interactions.models import Interaction, Refusal
from interactions.standing import night_columns, reasons_against, standing_of, standings
from tests.factories import make_customer

DAY = date(2026, 11, 12)
DAYS = st.integers(-70, 70).map(lambda offset: DAY + timedelta(days=offset))
LIMITS = st.builds(Limits, cap=st.one_of(st.none(), st.integers(0, 4)), days=st.integers(1, 40))


RULES = Rules(Limits(3, 30), QuietHours(time(21), time(9)))


def one(**known):
    """The standing of a customer of whom nothing is known but `known`."""
    rules = replace(RULES, total=known.pop("limits", RULES.total))
    known["marketing"] = [Contact(day, "phone") for day in known.pop("marketing", [])]
    return decide([Known(1, **known)], rules, DAY)[0]


def fits(contacts, day, limits) -> bool:
    """Whether one more contact on `day` leaves no stretch of so many days with more than the cap: all are counted."""
    if limits.cap is None:
        return True
    return all(
        sum(first <= contact < first + timedelta(days=limits.days) for contact in [*contacts, day]) <= limits.cap
        for first in (day - timedelta(days=back) for back in range(limits.days))
    )


@given(st.lists(DAYS, max_size=12), LIMITS)
@settings(max_examples=300, deadline=None)
def test_the_budget_is_that_of_counting_every_stretch_of_days(contacts, limits):
    budget = budget_on(contacts, DAY, limits)
    horizon = [DAY + timedelta(days=ahead) for ahead in range(160)]
    assert budget.next_free == next((day for day in horizon if fits(contacts, day, limits)), None)
    assert budget.spent is not fits(contacts, DAY, limits)
    if budget.next_free is not None and limits.cap is not None:
        # Whoever keeps to it never has more than the cap in any stretch that holds the new contact.
        assert fits(contacts, budget.next_free, limits)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.one_of(st.none(), DAYS)), max_size=10))
def test_a_topic_rests_as_long_as_any_refusal_of_it_says(refused):
    standing = one(refusals=[Refused(topic, until) for topic, until in refused])
    for topic in "abc":
        untils = [until for name, until in refused if name == topic]
        rests = any(until is None or until > DAY for until in untils)
        assert standing.rests(topic) is rests
        if rests:
            expected = None if None in untils else max(until for until in untils if until > DAY)
            assert standing.resting[topic] == expected
    assert {reason.facts["topic"] for reason in standing.reasons} == set(standing.resting)


@given(st.integers(0, 40))
def test_a_rest_doubles_and_never_exceeds_two_years(refused_before):
    length = (rest_until(refused_before, DAY) - DAY).days
    assert length == min(45 * 2**refused_before, 720)


def test_two_of_three_used_and_all_of_them():
    contacts = [date(2026, 10, 15), date(2026, 10, 20)]
    budget = one(marketing=contacts).budget
    assert (budget.used, budget.cap, budget.next_free, budget.frees_on) == (2, 3, DAY, date(2026, 11, 14))
    full = one(marketing=[*contacts, DAY])
    assert (full.budget.used, full.budget.next_free) == (3, date(2026, 11, 14))
    assert [reason.code for reason in full.reasons] == [Code.BUDGET_SPENT]
    assert full.reasons[0].facts == {"used": 3, "cap": 3, "days": 30, "next_free": date(2026, 11, 14)}


def test_no_budget_is_never_and_an_unlimited_one_always():
    assert one(limits=Limits(0, 30)).budget.next_free is None
    unlimited = one(limits=Limits(None, 30), marketing=[DAY] * 20)
    assert (unlimited.budget.used, unlimited.budget.next_free, unlimited.reasons) == (20, DAY, ())


def test_an_open_complaint_holds_before_one_that_was_not_acknowledged():
    assert one(complaints=[Complained("TS-1", False)]).hold == "unacknowledged"
    both = one(complaints=[Complained("TS-1", False), Complained("TS-2", True)])
    assert both.hold == "open"
    assert [(reason.code, reason.facts["number"]) for reason in both.reasons] == [
        (Code.COMPLAINT_OPEN, "TS-2"),
        (Code.COMPLAINT_UNACKNOWLEDGED, "TS-1"),
    ]
    assert both.sales_wait


def test_a_pause_ends_on_its_day():
    yesterday, tomorrow = DAY - timedelta(days=1), DAY + timedelta(days=1)
    assert one(pauses=[Paused(yesterday, tomorrow, "wish")]).paused_until == tomorrow
    assert one(pauses=[Paused(yesterday, DAY, "wish")]).paused_until is None
    assert one(pauses=[Paused(tomorrow, DAY + timedelta(days=9), "wish")]).paused_until is None


def test_never_asked_is_neither_a_yes_nor_a_no():
    standing = one(channels={"sms": "refused", "phone": "withdrawn", "app": "never_asked", "wechat": "given"})
    assert standing.refused_channels == {"sms", "phone"}
    assert standing.unasked_channels == {"app"}


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-12T20:59", None),
        ("2026-11-12T21:00", "2026-11-13T09:00"),
        ("2026-11-13T00:00", "2026-11-13T09:00"),
        ("2026-11-13T08:59", "2026-11-13T09:00"),
        ("2026-11-13T09:00", None),
    ],
)
def test_quiet_hours_go_over_midnight(at, until):
    expected = datetime.fromisoformat(until) if until else None
    assert quiet_until(datetime.fromisoformat(at), QuietHours(time(21), time(9))) == expected


def test_quiet_hours_within_a_day_and_none():
    noon = datetime.fromisoformat("2026-11-12T12:30")
    assert quiet_until(noon, QuietHours(time(12), time(14))) == datetime.fromisoformat("2026-11-12T14:00")
    assert quiet_until(noon, QuietHours(time(12), time(12))) is None


# Kept for customers


def contact(customer, **fields):
    return Interaction.objects.create(**{"customer": customer, "channel": "phone", "kind": "marketing"} | fields)


def test_one_budget_over_all_channels_and_people_for_offers_of_the_bank_alone(bank, customer):
    contact(customer, channel="sms", by=None)
    contact(customer, channel="visit", by=bank.colleague, outcome="no_answer")
    contact(customer, kind="service")
    contact(customer, direction="in")
    contact(customer, at=timezone.now() - timedelta(days=30))
    budget = standing_of(customer, bank_day()).budget
    assert (budget.used, budget.cap) == (2, 3)
    contact(customer, channel="wechat", by=bank.owner)
    assert standing_of(customer, bank_day()).budget.next_free == bank_day() + timedelta(days=30)


def test_settings_change_the_budget(bank, customer, settings):
    settings.CONTACT_BUDGET = 0
    assert standing_of(customer, bank_day()).budget.spent
    settings.CONTACT_BUDGET = None
    contact(customer)
    assert standing_of(customer, bank_day()).budget.cap is None


def test_refused_again_it_rests_twice_as_long_and_the_same_day_counts_once(bank, customer, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    first = refusals.refuse(customer, "fund", by=bank.owner, reason="too risky")
    assert first.until == bank_day() + timedelta(days=45)
    assert refusals.refuse(customer, "fund", by=bank.colleague) == first
    time_machine.shift(timedelta(days=50))
    assert not standing_of(customer, bank_day()).rests("fund")
    second = refusals.refuse(customer, "fund", by=bank.owner)
    assert second.until == bank_day() + timedelta(days=90)
    assert refusals.refuse(customer, "insurance", by=bank.owner).until == bank_day() + timedelta(days=45)


def test_taken_back_a_refusal_counts_no_more_and_reopened_it_does(bank, customer):
    refusals.undo(refusals.refuse(customer, "fund", by=bank.owner), by=bank.owner)
    assert not standing_of(customer, bank_day()).resting
    assert refusals.refuse(customer, "fund", by=bank.owner).until == bank_day() + timedelta(days=45)
    assert refusals.reopen(customer, "fund", by=bank.owner) == 1
    assert not standing_of(customer, bank_day()).resting
    assert refusals.refuse(customer, "fund", by=bank.owner).until == bank_day() + timedelta(days=90)


def test_an_open_ended_refusal_holds_until_the_customer_reopens_it(bank, customer):
    refusals.refuse(customer, "pension", by=bank.owner, open_ended=True)
    years_on = bank_day() + timedelta(days=3000)
    assert standing_of(customer, years_on).resting == {"pension": None}
    refusals.reopen(customer, "pension", by=bank.owner)
    assert not standing_of(customer, bank_day()).resting


def test_a_moved_pause_is_one_pause(bank, customer):
    day = bank_day()
    refusals.pause(customer, "personal", day + timedelta(days=30), by=bank.owner)
    refusals.pause(customer, "personal", day + timedelta(days=10), by=bank.owner)
    assert standing_of(customer, day).paused_until == day + timedelta(days=10)
    assert refusals.end_pause(customer, by=bank.owner) == 1
    assert standing_of(customer, day).paused_until is None
    with pytest.raises(ValueError, match="after today"):
        refusals.pause(customer, "personal", day, by=bank.owner)


def test_what_stands_against_a_contact(bank, customer):
    at = timezone.make_aware(datetime.combine(bank_day(), time(10)))
    consent.give(customer, ("marketing", "phone", ""), means="phone", by=bank.owner)
    assert reasons_against(customer, channel="phone", moment=at, topic="fund") == []
    assert [r.code for r in reasons_against(customer, channel="sms", moment=at)] == [Code.CHANNEL_UNASKED]
    consent.withdraw(customer, ("marketing", "sms", ""), means="phone", by=bank.owner)
    refusals.refuse(customer, "fund", by=bank.owner)
    complaints.receive(customer, text="queued for an hour", by=bank.agent)
    found = reasons_against(customer, channel="sms", moment=at.replace(hour=22), topic="fund")
    assert [r.code for r in found] == [
        Code.COMPLAINT_OPEN,
        Code.TOPIC_RESTS,
        Code.CHANNEL_REFUSED,
        Code.QUIET_HOURS,
    ]
    assert [r.code for r in reasons_against(customer, channel="phone", moment=at, topic="card")] == [
        Code.COMPLAINT_OPEN
    ]


def test_many_cost_as_many_queries_as_one(bank, customer):
    made = [make_customer(f"6202{n:08d}", "魏紫薇", bank.branch, owner=bank.owner) for n in range(5)]
    for one_of_them in made:
        refusals.refuse(one_of_them, "fund", by=bank.owner)
        contact(one_of_them)
    with CaptureQueriesContext(connection) as queries:
        found = standings([customer.pk, *(c.pk for c in made)], bank_day())
    assert len(queries) == 3
    assert [found[c.pk].budget.used for c in made] == [1] * 5
    assert found[customer.pk].reasons == ()
    assert found[customer.pk].unasked_channels == {"phone", "sms", "wechat", "email", "app", "visit"}


def test_the_night_reads_a_range_of_customers_its_ends_included(bank, customer):
    made = [make_customer(f"6202{n:08d}", "魏紫薇", bank.branch, owner=bank.owner) for n in range(4)]
    day = bank_day()
    refusals.refuse(made[0], "fund", by=bank.owner)
    refusals.pause(made[1], "wish", day + timedelta(days=7), by=bank.owner)
    complaint = complaints.receive(made[3], text="queued", by=bank.agent)
    complaints.close(complaint, ending="apologised", by=bank.owner)
    Refusal.objects.create(customer=made[2], topic="fund", until=day)  # over
    with connection.cursor() as cursor:
        rows = night_columns(cursor, made[0].pk, made[3].pk, day)
        fewer = night_columns(cursor, made[1].pk, made[2].pk, day)
    assert rows == [
        (made[0].pk, "", None, {"fund": day + timedelta(days=45)}),
        (made[1].pk, "", day + timedelta(days=7), {}),
        (made[3].pk, "unacknowledged", None, {}),
    ]
    assert [row.customer_id for row in fewer] == [made[1].pk]
