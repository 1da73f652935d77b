"""Who is about to leave: noticed, spoken with, kept or lost, and what people did is left as they did it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from crm.lib.dates import bank_day, start_of_day
from customers.access import visible_to
from customers.list_filter import ListFilter
from customers.models import Customer, Holding, Tier
from interactions import refusals
from interactions.keeping import episodes, maturities
from interactions.models import ChurnEpisode, Complaint, Interaction, LastContact, PauseReason, Reminder
from interactions.reasons import why
from tests.customers.money import hold, make_account, move, run_night
from tests.factories import make_customer

# A Monday night: October is the last whole month.
DAY = date(2026, 11, 23)
MORNING = date(2026, 11, 24)


def fallen(customer: Customer, *, severe: bool = False, now: int = 200_000):
    """Sunflower (from 500,000) in September; in October below it at the end, or all month."""
    account = make_account(customer)
    for day, yuan in (
        (date(2026, 9, 1), 600_000), (date(2026, 10, 1), 300_000 if severe else 600_000),
        (date(2026, 10, 31), 300_000), (date(2026, 11, 20), now),
    ):  # fmt: skip
        hold(account, day, yuan)
    LastContact.objects.update_or_create(customer=customer, defaults={"at": start_of_day(DAY), "channel": "phone"})
    return account


def only(customer: Customer) -> ChurnEpisode:
    return ChurnEpisode.objects.get(customer=customer)


def asked(customer: Customer, state: str = "open"):
    return Reminder.objects.filter(customer=customer, kind="keeping", state=state)


def test_a_fall_opens_one_episode_with_its_reasons_and_asks_the_manager_to_listen(customer, bank):
    account = fallen(customer)
    move(account, date(2026, 11, 10), -180_000, counterparty_bank="招商银行")
    move(account, date(2026, 11, 11), -20_000, counterparty_bank="工商银行", category="investment")
    Complaint.objects.create(
        customer=customer, number="T1", text="x", received_at=start_of_day(date(2026, 10, 3)), due=DAY, state="closed"
    )
    run_night(DAY)
    episode = only(customer)
    assert (episode.kind, episode.state, episode.day, episode.fell_from) == ("light", "open", DAY, "sunflower")
    assert episode.floor == Tier.objects.get(code="sunflower").from_aum
    reminder = asked(customer).get()
    assert (reminder.assignee, reminder.due) == (bank.owner, MORNING)
    with translation.override("en"):
        words = why(reminder.kind, reminder.values)
    assert "Assets fell below their tier" in words.sentence
    for said in (
        "Sep 600k",
        "Oct 590.3k",
        "then 200k",
        "200k to other banks",
        "招商银行 180k",
        "20k invested",
        "Oct 3",
    ):
        assert said in words.evidence, (said, words.evidence)


def test_a_second_night_writes_nothing_and_a_full_one_the_same(customer):
    fallen(customer)
    assert run_night(DAY)
    before = list(ChurnEpisode.objects.values()), list(Reminder.objects.order_by("pk").values())
    assert run_night(DAY) == 0
    run_night(DAY, full=True)
    assert (list(ChurnEpisode.objects.values()), list(Reminder.objects.order_by("pk").values())) == before


def test_a_light_fall_that_grows_severe_is_one_fall(customer):
    account = fallen(customer)
    run_night(DAY)
    hold(account, date(2026, 11, 30), 200_000)
    run_night(date(2026, 12, 2))
    episode = only(customer)
    assert (episode.kind, episode.state, episode.day) == ("severe", "open", DAY)
    assert asked(customer).count() == 1


def test_back_at_the_tier_they_stayed_with_what_was_done_in_between(customer, bank):
    account = fallen(customer, severe=True)
    run_night(DAY)
    talk = Interaction.objects.create(
        customer=customer, by=bank.colleague, at=start_of_day(DAY + timedelta(days=2)), channel="visit",
        outcome="talked", summary="在他行存了三年定期，觉得我们这边回复慢",
    )  # fmt: skip
    Interaction.objects.create(
        customer=customer, by=bank.owner, at=start_of_day(DAY + timedelta(days=3)), channel="sms", outcome="sent"
    )
    run_night(DAY + timedelta(days=4))
    assert only(customer).handled_by == bank.colleague
    hold(account, DAY + timedelta(days=5), 520_000)
    run_night(DAY + timedelta(days=5))
    episode = only(customer)
    assert (episode.state, episode.ended_on) == ("rescued", DAY + timedelta(days=5))
    assert episodes.of_customer(customer)[0].talks == [talk]
    assert not asked(customer)  # nothing is to be done any more


def test_after_ninety_days_they_are_lost_and_whoever_closes_the_accounts_at_once(customer, bank):
    fallen(customer)
    closing = make_customer("C2", "李四", bank.branch, owner=bank.owner)
    fallen(closing)
    run_night(DAY)
    Customer.objects.filter(pk=closing.pk).update(status="closed")
    run_night(DAY + timedelta(days=89))
    assert (only(customer).state, only(closing).state) == ("open", "lost")
    run_night(DAY + timedelta(days=90))
    assert (only(customer).state, only(customer).ended_on) == ("lost", DAY + timedelta(days=90))
    assert run_night(DAY + timedelta(days=90)) == 0
    assert ChurnEpisode.objects.count() == 2


def test_what_a_person_ended_no_night_opens_again(customer, bank):
    fallen(customer)
    run_night(DAY)
    assert episodes.withdraw(only(customer), "买房付了首付", by=bank.owner)
    assert not episodes.withdraw(only(customer), "又一次", by=bank.colleague)
    assert asked(customer, "done").get().outcome == "买房付了首付"
    for later in (DAY, DAY + timedelta(days=1), date(2026, 12, 3)):
        run_night(later)
    episode = only(customer)
    assert (episode.state, episode.note, episode.ended_by) == ("withdrawn", "买房付了首付", bank.owner)
    assert not asked(customer)


def test_whoever_fell_again_after_being_back_is_open_again(customer):
    account = fallen(customer)
    run_night(DAY)
    hold(account, DAY + timedelta(days=1), 520_000)
    run_night(DAY + timedelta(days=1))
    hold(account, DAY + timedelta(days=2), 90_000)
    run_night(DAY + timedelta(days=2))
    assert (only(customer).state, only(customer).ended_on) == ("open", None)
    assert asked(customer).count() == 1


def test_a_late_booking_that_shows_there_was_no_fall_takes_it_back(customer):
    account = fallen(customer)
    run_night(DAY)
    hold(account, date(2026, 10, 31), 600_000)
    run_night(DAY)
    assert only(customer).state == "withdrawn"
    assert not asked(customer)


def test_who_wished_to_be_left_alone_is(customer, bank):
    fallen(customer)
    refusals.pause(customer, PauseReason.BEREAVEMENT, MORNING + timedelta(days=20), by=bank.owner)
    Customer.objects.filter(pk=customer.pk).update(status="active")
    customer.pauses.update(since=DAY)
    run_night(DAY)
    assert only(customer).state == "open"
    assert not asked(customer)


def test_who_has_no_tier_to_lose_is_no_episode(customer):
    account = make_account(customer)
    for day, yuan in ((date(2026, 9, 1), 30_000), (date(2026, 10, 1), -90), (date(2026, 11, 20), -90)):
        hold(account, day, yuan)
    run_night(DAY)
    assert not ChurnEpisode.objects.exists()


@pytest.fixture
def open_episode(customer) -> ChurnEpisode:
    return ChurnEpisode.objects.create(
        customer=customer, day=bank_day() - timedelta(days=5), kind="light", reached=date(2026, 10, 1),
        fell_from="gold", floor=5_000_000, reasons={"elsewhere": 3_000_000},
    )  # fmt: skip


def test_one_tap_plans_and_takes_it_up_and_the_list_says_who(customer, bank, open_episode, sign_in):
    browser = sign_in(bank.owner)
    page = browser.get(reverse("keeping:index")).content.decode()
    assert "张伟明" in page
    assert "30k to other banks" in page
    assert "Nobody has spoken with them since" in page
    address = reverse("keeping:plan", args=[customer.number, open_episode.pk])
    assert browser.post(address, {"next": "never"}).status_code == 422
    answer = browser.post(address, {"next": "tomorrow"})
    assert "planned for" in answer.content.decode()
    planned = Reminder.objects.get(customer=customer, kind="follow_up")
    assert (planned.assignee, only(customer).handled_by) == (bank.owner, bank.owner)
    assert sign_in(bank.outsider).get(reverse("keeping:index")).content.decode().count("张伟明") == 0


def test_no_cause_for_worry_wants_its_reason(customer, bank, open_episode, sign_in):
    browser = sign_in(bank.owner)
    address = reverse("keeping:withdraw", args=[customer.number, open_episode.pk])
    refused = browser.post(address, {"note": " "})
    assert refused.status_code == 422
    assert "This field is required" in refused.content.decode()
    kept = browser.post(address, {"note": "孩子出国读书，一次交清学费"})
    assert "孩子出国读书" in kept.content.decode()
    assert only(customer).state == "withdrawn"


def test_a_head_of_branches_reads_how_many_each_manager_has(customer, bank, open_episode, sign_in):
    other = make_customer("C2", "李四", bank.branch, owner=bank.colleague)
    ChurnEpisode.objects.create(
        customer=other, day=bank_day() - timedelta(days=50), kind="severe", reached=date(2026, 9, 1), fell_from="gold",
        floor=1, state="lost", ended_on=bank_day() - timedelta(days=3),
    )  # fmt: skip
    found = {one.number: (one.open, one.rescued, one.lost) for one in episodes.by_manager(bank.supervisor, bank_day())}
    assert found == {bank.owner.employee_number: (1, 0, 0), bank.colleague.employee_number: (0, 0, 1)}
    browser = sign_in(bank.supervisor)
    one = {"state": "lost", "manager": bank.colleague.employee_number}
    page = browser.get(reverse("keeping:index"), one).content.decode()
    assert "李四" in page
    assert "张伟明" not in page
    assert "By manager" not in sign_in(bank.owner).get(reverse("keeping:index")).content.decode()


def test_the_list_is_narrowed_to_them(customer, bank, open_episode):
    make_customer("C2", "李四", bank.branch, owner=bank.owner)
    chosen = ListFilter({"keeping": "open"})
    assert list(visible_to(bank.owner).filter(chosen.condition())) == [customer]
    assert not visible_to(bank.owner).filter(ListFilter({"keeping": "lost"}).condition())


@pytest.mark.parametrize(
    ("after", "stayed"),
    [(0, 0), (40_000, 30_000), (110_000, 100_000), (500_000, 100_000)],
)
def test_what_matured_stays_in_any_own_account_and_never_counts_more_than_it_was(customer, after, stayed):
    """A deposit of 100,000 and 10,000 beside it; on the day it is paid out, 30 days later `after` is there in all."""
    matures = date(2026, 10, 20)
    deposit, current = make_account(customer, family="time"), make_account(customer)
    hold(deposit, date(2026, 1, 5), 100_000)
    hold(current, date(2026, 1, 5), 10_000)
    hold(deposit, matures, 0)
    hold(current, matures, 110_000)
    hold(current, matures + timedelta(days=30), after)
    hold(current, matures + timedelta(days=31), 0)  # too late to count
    Holding.objects.create(
        customer=customer,
        reference="D1",
        account=deposit,
        family="time",
        amount=0,
        matures_on=matures,
        ended_on=matures,
    )
    found = maturities.of_customer(customer, DAY)
    assert (found.maturing, found.stayed) == (10_000_000, stayed * 100)


def test_contracts_that_ended_before_their_day_and_cards_do_not_mature(customer):
    matures = date(2026, 10, 20)
    for reference, fields in (("D1", {"ended_on": matures - timedelta(days=1)}), ("K1", {"family": "card"})):
        Holding.objects.create(
            customer=customer, reference=reference, amount=100, matures_on=matures, **{"family": "time"} | fields
        )
    assert maturities.of_customer(customer, DAY) is None
