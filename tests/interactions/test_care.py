"""Whom the night asks to congratulate or to stand by, with which words, and what it leaves alone."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from crm.lib.dates import bank_day
from customers import consent, life_events
from customers.life_events import HealthNotAgreedError, Told
from customers.models import Customer, Fact, LifeEvent, Membership, Segment
from customers.tags import tag
from interactions import complaints, refusals
from interactions.care import festivals
from interactions.care.greetings import FESTIVALS, greeting
from interactions.models import Festival, Pause, Reminder, ReminderKind
from interactions.reasons import why
from tests.customers.money import run_night
from tests.factories import make_customer

DAY = date(2026, 11, 23)
MORNING = date(2026, 11, 24)
SALES = re.compile(
    "产品|理财|基金|保险|存款|贷款|利率|收益|优惠|办理|购买|推荐|product|fund|insur|deposit|loan|rate|yield|offer|invest|buy",
    re.IGNORECASE,
)


@pytest.fixture
def at_night(time_machine):
    time_machine.move_to(timezone.make_aware(timezone.datetime(2026, 11, 24, 9, 0)), tick=False)


def made(customer, kind: str) -> Reminder | None:
    return Reminder.objects.filter(customer=customer, kind=kind, state="open").first()


def wed(customer, on: date, precision: str = "day") -> LifeEvent:
    return LifeEvent.objects.create(customer=customer, kind="marriage", on=on, precision=precision)


@pytest.mark.parametrize(
    ("name", "day"),
    [("spring", date(2026, 2, 17)), ("dragon_boat", date(2026, 6, 19)), ("mid_autumn", date(2026, 9, 25)),
     ("double_ninth", date(2026, 10, 18))],
)  # fmt: skip
def test_festivals_are_of_the_lunar_calendar(name, day):
    assert festivals.day_of(name, 2026) == day


def test_a_festival_in_a_break_is_due_on_the_working_day_before():
    (found,) = festivals.coming(date(2026, 2, 12))
    assert (found.name, found.on, found.due) == ("spring", date(2026, 2, 17), date(2026, 2, 14))  # a Saturday worked
    assert festivals.coming(date(2026, 3, 2)) == []


def test_no_greeting_has_a_sales_word_and_each_is_in_both_languages():
    values = {"age": 70, "years": 10, "reason": "bereavement"}
    said = [greeting(kind, values | {"name": name}) for kind in ReminderKind.values for name in FESTIVALS]
    said += [greeting("support", {"reason": "personal"}), greeting("birthday", {"age": 31})]
    words = [one for one in said if one is not None]
    assert {kind for kind in ReminderKind.values if greeting(kind, values | {"name": "spring"})} == {
        "birthday", "birth", "retirement", "anniversary", "wedding", "festival", "support", "keeping",
    }  # fmt: skip
    for one in words:
        assert one.zh
        assert one.en
        assert not SALES.search(one.zh), one.zh
        assert not SALES.search(one.en), one.en


def test_a_birth_is_congratulated_on_while_the_guardians_consent_stands(customer, bank, at_night):
    guardian = life_events.Guardian(name="张伟明", means="in_person")
    told = Told("birth", MORNING - timedelta(days=9), "day", planned=False)
    life_events.add(customer, told, by=bank.owner, guardian=guardian)
    run_night(DAY)
    reminder = made(customer, "birth")
    assert reminder.values == {}  # nothing of the child
    with translation.override("en"):
        found = why(reminder.kind, reminder.values)
    assert found.sentence == "A child was born: congratulate"
    assert "guardian's consent" in found.evidence
    consent.withdraw(customer, consent.CHILD, means="phone", by=bank.owner)
    run_night(DAY + timedelta(days=1))
    assert not Reminder.objects.filter(kind="birth").exists()


def test_round_years_with_the_bank(customer, bank, at_night):
    for years, on in ((10, MORNING), (11, MORNING), (5, date(2026, 11, 28)), (15, date(2026, 12, 3))):
        number = f"6204{years:08d}"
        make_customer(number, "魏紫薇", bank.branch, owner=bank.owner, since=on.replace(year=2026 - years))
    run_night(DAY)
    found = Reminder.objects.filter(kind="anniversary").order_by("due")
    assert [(one.values["years"], one.due) for one in found] == [(10, MORNING), (5, date(2026, 11, 27))]


def test_who_grieves_or_complains_is_not_congratulated_on_being_a_customer(customer, bank, at_night):
    Customer.objects.filter(pk=customer.pk).update(since=date(2016, 11, 24))
    refusals.pause(customer, "bereavement", MORNING + timedelta(days=30), by=bank.owner)
    other = make_customer("620400000001", "魏紫薇", bank.branch, owner=bank.owner, since=date(2016, 11, 24))
    complaints.receive(other, text="waited", by=bank.owner)
    run_night(DAY)
    assert not Reminder.objects.filter(kind="anniversary").exists()


def test_wedding_anniversaries_of_whom_the_day_is_known(customer, bank, at_night):
    wed(customer, date(2016, 11, 25))
    divorced = make_customer("620400000001", "魏紫薇", bank.branch, owner=bank.owner, marital_status="divorced")
    wed(divorced, date(2016, 11, 25))
    month = make_customer("620400000002", "魏紫薇", bank.branch, owner=bank.owner)
    wed(month, date(2016, 11, 25), "month")
    run_night(DAY)
    (found,) = Reminder.objects.filter(kind="wedding")
    assert (found.customer, found.values["years"]) == (customer, 10)


@pytest.fixture
def double_ninth(bank, time_machine):
    time_machine.move_to(timezone.make_aware(timezone.datetime(2026, 10, 14, 9, 0)), tick=False)
    return Festival.objects.get(name="double_ninth")


def elder(bank, number: int, born: date = date(1955, 1, 1)) -> Customer:
    return make_customer(f"6205{number:08d}", "何桂兰", bank.branch, owner=bank.owner, birth_date=born)


def test_nobody_is_greeted_until_the_admin_chose_whom(bank, double_ninth):
    elder(bank, 1)
    run_night(date(2026, 10, 13))
    assert not Reminder.objects.filter(kind="festival").exists()


def test_a_festival_greets_the_chosen_from_the_age_on_and_no_more_than_the_cap(bank, double_ninth):
    double_ninth.tags, double_ninth.most = ["老客户"], 2
    double_ninth.save()
    old = [elder(bank, number) for number in range(4)]
    young, other = elder(bank, 8, date(1980, 1, 1)), elder(bank, 9)
    tag([*old, young], "老客户", by=bank.owner)
    run_night(date(2026, 10, 13))
    greeted = Reminder.objects.filter(kind="festival", state="open")
    assert len(greeted) == 2
    assert {one.customer for one in greeted} <= set(old)
    assert {one.due for one in greeted} == {date(2026, 10, 16)}  # the 18th is a Sunday
    assert other not in {one.customer for one in greeted}
    run_night(date(2026, 10, 14))  # the same two, not two more
    assert Reminder.objects.filter(kind="festival").count() == 2


def test_a_festival_greets_chosen_segments(bank, double_ninth):
    member = elder(bank, 1)
    run_night(date(2026, 10, 13))
    double_ninth.segments.set(Segment.objects.filter(pk=Membership.objects.get(customer=member).segment_id))
    run_night(date(2026, 10, 14), full=True)
    assert made(member, "festival") is not None


def test_of_an_illness_nothing_is_kept_without_its_own_consent_but_that_sales_wait(customer, bank, sign_in):
    with pytest.raises(HealthNotAgreedError):
        life_events.add(customer, Told("illness", bank_day(), "day", planned=False), by=bank.owner)
    browser = sign_in(bank.owner)
    today = bank_day()
    said = {
        "kind": "illness",
        "year": today.year,
        "month": today.month,
        "day": today.day,
        "note": "手术",
        "confidence": "sure",
    }
    answer = browser.post(reverse("customers:life-add", args=[customer.number]), said)
    assert answer.status_code == 422
    assert "Pause sales without a reason that is kept" in answer.content.decode()
    assert not LifeEvent.objects.exists()
    assert not Fact.objects.exists()
    assert not Pause.objects.exists()


def test_an_illness_told_with_consent_pauses_sales_the_same_minute_and_the_pause_says_nothing_of_it(customer, bank):
    consent.give(customer, life_events.SENSITIVE, means="in_person", by=bank.owner)
    life_events.add(customer, Told("illness", bank_day(), "day", planned=False, note="手术"), by=bank.owner)
    pause = Pause.objects.get(customer=customer)
    assert (pause.reason, pause.until) == ("personal", bank_day() + timedelta(days=60))
    consent.withdraw(customer, life_events.SENSITIVE, means="phone", by=bank.owner)
    assert not LifeEvent.objects.exists()
    assert Pause.objects.get().reason == "personal"


def test_a_longer_pause_stays_and_a_loss_long_ago_pauses_nothing(customer, bank):
    until = bank_day() + timedelta(days=100)
    refusals.pause(customer, "wish", until, by=bank.owner)
    life_events.add(customer, Told("loss", bank_day(), "day", planned=False), by=bank.owner)
    assert [(one.reason, one.until) for one in Pause.objects.all()] == [("wish", until)]
    other = make_customer("620400000001", "魏紫薇", bank.branch, owner=bank.owner)
    life_events.add(other, Told("loss", bank_day() - timedelta(days=400), "day", planned=False), by=bank.owner)
    assert not Pause.objects.filter(customer=other).exists()


def test_who_has_it_hard_is_asked_once_whether_help_is_needed(customer, bank, at_night):
    refusals.pause(customer, "personal", MORNING + timedelta(days=30), by=bank.owner)
    wished = make_customer("620400000001", "魏紫薇", bank.branch, owner=bank.owner)
    refusals.pause(wished, "wish", MORNING + timedelta(days=30), by=bank.owner)
    run_night(DAY)
    reminder = made(customer, "support")
    with translation.override("en"):
        assert why(reminder.kind, reminder.values).sentence == (
            "Ask whether help is needed, for example with a claim; no sales"
        )
    assert made(wished, "support") is None
    refusals.end_pause(customer, by=bank.owner)
    run_night(DAY + timedelta(days=1))
    assert made(customer, "support") is None


def test_the_words_stand_under_the_row_and_on_the_brief(customer, bank, sign_in, at_night):
    Customer.objects.filter(pk=customer.pk).update(since=date(2016, 11, 24))
    run_night(DAY)
    reminder = made(customer, "anniversary")
    browser = sign_in(bank.owner)
    form = browser.get(reverse("interactions:reminder-done", args=[customer.number, reminder.pk])).content.decode()
    assert "您和我们相识已经10年了" in form
    assert "You have been with us for 10 years" in form
    brief = browser.get(reverse("brief", args=[customer.number])).content.decode()
    assert "With us for 10 years: say thank you" in brief
    assert "You have been with us for 10 years" in brief
