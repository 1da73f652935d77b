"""What the night asks managers to do, when, and what it leaves alone."""

from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone, translation

from crm.celery import app as celery
from crm.lib.dates import start_of_day
from crm.lib.night import Night
from customers.models import Customer, Holding, Membership, RiskAssessment, RiskWarning, Segment
from interactions import reminders, retirement, working_days
from interactions.models import Complaint, LastContact, Reminder
from interactions.night import statements
from interactions.night.cadence import make_cadence_reminders
from interactions.night.publication import PUBLISH_REMINDERS
from interactions.night.staging import leave_aside
from interactions.night.step import REMINDERS
from interactions.reasons import why
from tests.customers.importing import write_csv
from tests.customers.money import hold, make_account, move, run_night
from tests.factories import make_customer

# A Monday night: the list is for Tuesday, 24 November 2026.
DAY = date(2026, 11, 23)
MORNING = date(2026, 11, 24)


def spoke(customer, day: date, *, by=None) -> None:
    at = start_of_day(day) + timedelta(hours=15)
    LastContact.objects.update_or_create(customer=customer, defaults={"at": at, "channel": "phone", "by": by})


def held(customer, reference: str, matures_on: date, **fields) -> Holding:
    values = {"family": "time", "product": "三年定期", "amount": 120_000_00, "started_on": date(2023, 1, 1)} | fields
    return Holding.objects.create(customer=customer, reference=reference, matures_on=matures_on, **values)


def made(customer, kind: str) -> Reminder:
    return Reminder.objects.get(customer=customer, kind=kind)


def kinds(customer, state: str = "open") -> list[str]:
    return sorted(Reminder.objects.filter(customer=customer, state=state).values_list("kind", flat=True))


@pytest.fixture
def eager_tasks():
    """Tasks are done where they are sent from, in the test's own transaction."""
    celery.conf.task_always_eager = True
    yield
    celery.conf.task_always_eager = False


@pytest.fixture
def met(customer) -> Customer:
    """The customer, to whom somebody spoke yesterday: cadence asks for nothing."""
    spoke(customer, DAY)
    return customer


def test_a_deposit_that_matures_within_thirty_days(met, bank):
    held(met, "D1", MORNING + timedelta(days=16))
    held(met, "D2", MORNING + timedelta(days=31))
    held(met, "D3", MORNING + timedelta(days=5), ended_on=DAY)
    held(met, "L1", MORNING + timedelta(days=5), family="loan")
    run_night(DAY)
    reminder = made(met, "maturity")
    assert (reminder.cause, reminder.due, reminder.assignee) == ("D1:2026-12-10", date(2026, 12, 10), bank.owner)
    with translation.override("en"):
        found = why(reminder.kind, reminder.values, reminder.text)
    assert found.sentence == "三年定期 of 120k matures"
    assert "Dec 10" in found.evidence


def test_due_days_without_work_move_to_the_working_day_before_for_a_maturity_and_a_birthday(met):
    held(met, "D1", date(2026, 12, 6))  # a Sunday
    Customer.objects.filter(pk=met.pk).update(birth_date=date(1980, 11, 28))  # a Saturday
    run_night(DAY)
    run_night(DAY + timedelta(days=1))
    assert made(met, "maturity").due == date(2026, 12, 4)
    assert made(met, "birthday").due == date(2026, 11, 27)


def test_a_birthday_in_a_long_holiday_is_thought_of_before_it(met):
    Customer.objects.filter(pk=met.pk).update(birth_date=date(1980, 10, 6))
    spoke(met, date(2026, 9, 20))
    run_night(date(2026, 9, 25))
    assert kinds(met) == []
    run_night(date(2026, 9, 26))  # for the 27th: the last working day before is the 30th
    assert made(met, "birthday").due == date(2026, 9, 30)
    assert made(met, "birthday").values == {"on": "2026-10-06", "age": 46}


@pytest.mark.parametrize(("night", "kept"), [(date(2027, 2, 26), "2027-03-01"), (date(2028, 2, 27), "2028-02-29")])
def test_who_was_born_on_the_29th_of_february_has_a_birthday_every_year(met, night, kept):
    Customer.objects.filter(pk=met.pk).update(birth_date=date(1980, 2, 29))
    spoke(met, night)
    run_night(night)
    assert made(met, "birthday").values["on"] == kept
    assert made(met, "birthday").cause == kept[:4]


def test_years_nobody_announced_yet_have_weekends_alone():
    assert not working_days.is_working_day(date(2026, 10, 1))
    assert working_days.is_working_day(date(2026, 10, 10))  # a Saturday worked for the holiday
    assert working_days.is_working_day(date(2031, 10, 1))
    assert working_days.on_or_before(date(2031, 10, 5)) == date(2031, 10, 3)
    assert working_days.on_or_after(date(2031, 10, 5)) == date(2031, 10, 6)


@pytest.mark.parametrize(
    ("gender", "occupation", "born", "years", "months", "on"),
    [
        ("male", "", date(1964, 12, 31), 60, 0, date(2024, 12, 31)),
        ("male", "", date(1965, 1, 1), 60, 1, date(2025, 2, 1)),
        ("male", "", date(1965, 5, 1), 60, 2, date(2025, 7, 1)),
        ("male", "", date(1976, 9, 1), 63, 0, date(2039, 9, 1)),
        ("female", "教师", date(1970, 1, 31), 55, 1, date(2025, 2, 28)),
        ("female", "", date(1981, 9, 1), 58, 0, date(2039, 9, 1)),
        ("female", "纺织工人", date(1975, 2, 1), 50, 1, date(2025, 3, 1)),
        ("female", "factory worker", date(1984, 11, 1), 55, 0, date(2039, 11, 1)),
    ],
)
def test_the_statutory_retirement_age_by_the_table_of_2024(gender, occupation, born, years, months, on):
    line = retirement.line_of(gender, occupation)
    assert divmod(retirement.age_in_months(line, born), 12) == (years, months)
    assert retirement.retires_on(line, born) == on


def test_retirement_is_asked_for_once_a_year_ahead_and_as_the_functions_say(bank, met):
    people = []
    for number in range(1, 40):
        gender, occupation, first = [
            ("male", "", 1964), ("female", "教师", 1969), ("female", "工人", 1975)
        ][number % 3]  # fmt: skip
        born = date(first + number // 20, number % 12 + 1, 28)
        person = make_customer(
            f"C{number}", "王五", bank.branch, owner=bank.owner, gender=gender, occupation=occupation, birth_date=born
        )
        spoke(person, DAY)
        people.append(person)
    run_night(DAY)
    for person in people:
        line = retirement.line_of(person.gender, person.occupation)
        on = retirement.retires_on(line, person.birth_date)
        found = Reminder.objects.filter(customer=person, kind="retirement").first()
        assert bool(found) == (MORNING < on <= date(2027, 11, 24)), person
        if found:
            assert found.values["on"] == on.isoformat()
            assert found.due == MORNING
    assert Reminder.objects.filter(kind="retirement").count() == 5


def test_losing_touch_begins_after_the_segments_interval_and_a_new_contact_ends_it(customer, bank):
    account = make_account(customer)
    hold(account, date(2026, 1, 5), 20_000_000)
    move(account, date(2026, 11, 2), -100)
    spoke(customer, MORNING - timedelta(days=29))
    run_night(DAY)
    assert Membership.objects.get(customer=customer).segment.contact_interval == 30
    assert kinds(customer) == ["unplanned"]
    run_night(DAY + timedelta(days=1))
    assert kinds(customer) == ["losing"]
    assert kinds(customer, "done") == ["unplanned"]
    assert made(customer, "losing").cause == "2026-10-26"
    spoke(customer, DAY + timedelta(days=2))
    run_night(DAY + timedelta(days=2))
    assert kinds(customer) == []
    assert made(customer, "losing").outcome == reminders.NO_LONGER_DUE
    run_night(DAY + timedelta(days=40))  # a later silence is another cause
    assert kinds(customer) == ["losing"]


def test_customers_in_a_segment_without_interval_are_left_alone_but_a_bare_list_is_not(bank, customer):
    account = make_account(customer)
    hold(account, date(2026, 1, 5), 12_000)
    move(account, date(2026, 11, 2), -100)
    bare = make_customer("C2", "李四", bank.branch, owner=bank.owner, since=date(2019, 3, 1))
    run_night(DAY)
    assert Segment.objects.get(code="ordinary").contact_interval is None
    assert (kinds(customer), kinds(bare)) == ([], ["losing"])


def test_who_has_no_owner_or_is_out_of_service_is_nobodys_work(bank, customer):
    pooled = make_customer("C2", "李四", bank.branch, since=date(2019, 3, 1))
    Customer.objects.filter(pk=customer.pk).update(status="restricted", since=date(2019, 3, 1))
    run_night(DAY)
    assert (kinds(pooled), kinds(customer)) == ([], [])


def test_warnings_managers_may_read_become_reminders_in_the_same_night(met):
    account = make_account(met)
    for month in range(1, 7):
        move(account, date(2026, 11, 1) - timedelta(days=31 * month), -2000)
    move(account, DAY, -800_000)
    RiskWarning.objects.create(customer=met, detector="structuring", cause="x", day=DAY, evidence=[])
    RiskWarning.objects.create(customer=met, detector="credit_fall", cause="y", day=DAY, evidence=[])
    run_night(DAY)
    found = Reminder.objects.filter(customer=met, kind="warning")
    assert {reminder.values["detector"] for reminder in found} == {"large_move"}
    with translation.override("en"):
        words = why("warning", found[0].values)
    assert "structuring" not in f"{words}"
    assert words.sentence == "A movement unusual for this customer"
    assert "800k CNY" in words.evidence
    RiskWarning.objects.update(state="explained")
    run_night(DAY)
    assert kinds(met) == []


def test_complaints_are_due_before_their_day_and_nobody_is_given_their_own(met, bank):
    at = start_of_day(date(2026, 11, 14)) + timedelta(hours=9)
    Complaint.objects.create(customer=met, number="T1", text="排队", received_at=at, due=date(2026, 11, 29))
    Complaint.objects.create(customer=met, number="T2", text="x", received_at=at, due=DAY, about=bank.owner)
    run_night(DAY)
    assert made(met, "complaint").due == date(2026, 11, 27)
    assert made(met, "complaint").values["number"] == "T1"


def test_an_assessment_that_ends_soon_and_a_welcome_on_the_seventh_day(met):
    RiskAssessment.objects.create(customer=met, assessed_on=date(2025, 12, 13), level=3, valid_until=date(2026, 12, 12))
    Customer.objects.filter(pk=met.pk).update(since=date(2026, 11, 21))
    run_night(DAY)
    assert made(met, "assessment").due == date(2026, 12, 11)  # the 12th is a Saturday
    assert made(met, "welcome").due == date(2026, 11, 30)  # the 28th is a Saturday: after it


def test_a_second_run_of_a_night_writes_nothing(bank, met):
    held(met, "D1", MORNING + timedelta(days=10))
    for number in range(5):
        make_customer(f"C{number}", "李四", bank.branch, owner=bank.owner, since=date(2019, 3, 1 + number))
    Complaint.objects.create(customer=met, number="T1", text="x", due=DAY + timedelta(days=4))
    assert run_night(DAY)
    before = list(Reminder.objects.order_by("pk").values())
    assert run_night(DAY) == 0
    assert list(Reminder.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("end", [reminders.finish, reminders.dismiss])
def test_what_a_person_ended_never_comes_back(end, met, bank):
    held(met, "D1", MORNING + timedelta(days=10))
    run_night(DAY)
    words = {"outcome": "续存"} if end is reminders.finish else {"reason": "不需要"}
    assert end(made(met, "maturity"), by=bank.owner, **words)
    for later in range(3):
        run_night(DAY + timedelta(days=later))
    assert kinds(met) == []
    assert Reminder.objects.filter(kind="maturity").count() == 1


def test_what_the_night_ended_comes_back_with_its_fact(met):
    deposit = held(met, "D1", MORNING + timedelta(days=10))
    run_night(DAY)
    Holding.objects.filter(pk=deposit.pk).update(ended_on=DAY)
    run_night(DAY)
    assert (kinds(met), kinds(met, "done")) == ([], ["maturity"])
    assert made(met, "maturity").ended_by is None
    Holding.objects.filter(pk=deposit.pk).update(ended_on=None)
    run_night(DAY)
    assert kinds(met) == ["maturity"]


def test_what_a_person_touched_stays_as_they_left_it(met, bank):
    deposit = held(met, "D1", MORNING + timedelta(days=10))
    run_night(DAY)
    reminders.snooze(made(met, "maturity"), MORNING + timedelta(days=8), by=bank.owner)
    Holding.objects.filter(pk=deposit.pk).update(amount=1, ended_on=DAY)
    Customer.objects.filter(pk=met.pk).update(owner=bank.colleague)
    run_night(DAY)
    reminder = made(met, "maturity")
    assert (reminder.state, reminder.assignee) == ("open", bank.owner)
    assert reminder.values["amount"] == 120_000_00


def test_what_nobody_touched_follows_the_facts_and_the_owner(met, bank):
    deposit = held(met, "D1", MORNING + timedelta(days=10))
    run_night(DAY)
    Holding.objects.filter(pk=deposit.pk).update(amount=5_000_00)
    Customer.objects.filter(pk=met.pk).update(owner=bank.colleague)
    run_night(DAY)
    reminder = made(met, "maturity")
    assert (reminder.assignee, reminder.values["amount"]) == (bank.colleague, 5_000_00)


def test_a_managers_day_is_capped_by_priority_and_the_rest_waits(settings, bank, customer):
    settings.REMINDERS_A_DAY = 3
    for number in range(4):
        make_customer(f"C{number}", "李四", bank.branch, owner=bank.owner, since=date(2019, 3, 1))
    held(customer, "D1", MORNING)
    spoke(customer, DAY)
    reminders.set_next(customer, MORNING, by=bank.owner)
    run_night(DAY)
    shown = Reminder.objects.filter(assignee=bank.owner, later=False).order_by("priority")
    assert list(shown.values_list("kind", flat=True)) == ["follow_up", "maturity", "losing"]
    assert Reminder.objects.filter(later=True).count() == 3
    for reminder in shown:
        reminders.finish(reminder, by=bank.owner, outcome="done")
    run_night(DAY + timedelta(days=1))
    assert Reminder.objects.filter(state="open", later=False).count() == 3


def test_nothing_planned_is_quiet_where_a_person_has_planned(customer, bank):
    spoke(customer, MORNING - timedelta(days=60))
    planned = reminders.set_next(customer, MORNING + timedelta(days=20), by=bank.owner)
    run_night(DAY)
    assert kinds(customer) == ["follow_up"]
    reminders.finish(planned, by=bank.owner, outcome="no answer")
    run_night(DAY)
    assert kinds(customer) == ["unplanned"]
    assert made(customer, "unplanned").priority == 9


def test_customers_set_aside_keep_their_reminders(met):
    held(met, "D1", MORNING + timedelta(days=10))
    run_night(DAY)
    night = Night(999_999, DAY, False, (met.pk,))
    with connection.cursor() as cursor:
        leave_aside(cursor, night)
        assert PUBLISH_REMINDERS.publish(cursor, night) == 0
    assert kinds(met) == ["maturity"]


def test_a_bank_that_lives_on_one_day_has_its_list_on_that_day(settings):
    settings.BANK_DAY = "1994-03-31"
    assert statements.morning_after(date(1994, 3, 31)) == date(1994, 3, 31)
    settings.BANK_DAY = ""
    assert statements.morning_after(date(1994, 3, 31)) == date(1994, 4, 1)
    assert REMINDERS.name == "reminders"


def test_a_customer_list_alone_has_return_visits_at_once(bank, customer, time_machine):
    time_machine.move_to(datetime(2026, 11, 24, 2, 0, tzinfo=timezone.get_current_timezone()))
    Customer.objects.filter(pk=customer.pk).update(since=None)
    known = make_customer("C2", "李四", bank.branch, owner=bank.owner, since=date(2019, 3, 1))
    new = make_customer("C3", "王五", bank.branch, owner=bank.owner, since=date(2026, 11, 20))
    assert make_cadence_reminders() == 2
    assert make_cadence_reminders() == 0
    assert (kinds(customer), kinds(known), kinds(new)) == (["unplanned"], ["losing"], [])
    run_night(DAY)
    assert (kinds(customer), kinds(known), kinds(new)) == (["unplanned"], ["losing"], ["welcome"])


def test_importing_customers_asks_for_the_reminders(bank, tmp_path, eager_tasks):
    path = write_csv(
        tmp_path / "c.csv",
        [
            ["number", "name", "branch", "owner", "since"],
            ["C1", "张三", bank.branch.code, bank.owner.employee_number, "2020-01-01"],
        ],
    )
    call_command("import", "customers", str(path))
    assert Reminder.objects.get().customer.number == "C1"
