"""Follow-ups that come back, that belong to a team, that are given, covered and handed over; and working days."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.staff.cover import end_cover, give_cover
from crm.staff.models import Notice
from crm.workspace.bulk import ACTS, do
from crm.workspace.today import today_of
from interactions import recurring, reminders, teams, working_days
from interactions.models import OffDays, Reminder, Series
from interactions.recurring import Rhythm
from interactions.teams import Plan
from tests.factories import make_customer


@pytest.fixture
def monday(time_machine):
    """Monday, 16 November 2026."""
    time_machine.move_to(timezone.make_aware(timezone.datetime(2026, 11, 16, 9, 0)), tick=False)
    return date(2026, 11, 16)


@pytest.fixture
def pooled(bank):
    return make_customer("620100000077", "高玉兰", bank.branch)


def open_of(customer):
    return list(Reminder.objects.filter(customer=customer, state="open").order_by("due"))


def test_working_days_know_holidays_and_the_weekends_worked_for_them():
    friday, saturday, monday = date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)
    assert working_days.add(friday, 1) == working_days.add(saturday, 1) == monday
    assert working_days.add(saturday, 0) == monday
    assert working_days.add(monday, -1) == friday
    assert working_days.add(date(2026, 9, 30), 1) == date(2026, 10, 8)  # over the National Day
    assert working_days.add(date(2026, 10, 9), 1) == date(2026, 10, 10)  # a Saturday that is worked
    assert working_days.last_before(date(2026, 10, 8)) == date(2026, 9, 30)
    assert working_days.between(date(2026, 9, 30), date(2026, 10, 12)) == 4
    assert working_days.between(monday, friday) == 0


def test_years_nobody_announced_yet_have_weekends_alone():
    assert working_days.add(date(2031, 9, 30), 1) == date(2031, 10, 1)
    assert working_days.add(date(2031, 10, 3), 1) == date(2031, 10, 6)


def test_the_31st_is_the_last_day_of_a_shorter_month_and_does_not_drift():
    rhythm = Rhythm(date(2026, 1, 31), 1, "month", OffDays.KEEP)
    days = [rhythm.day(number) for number in range(4)]
    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    assert Rhythm(date(2024, 2, 29), 1, "year", OffDays.KEEP).day(1) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("off_days", "day"),
    [(OffDays.AFTER, date(2026, 11, 23)), (OffDays.BEFORE, date(2026, 11, 20)), (OffDays.KEEP, date(2026, 11, 21))],
)
def test_one_on_a_saturday_is_moved_as_asked(off_days, day):
    assert Rhythm(date(2026, 11, 14), 1, "week", off_days).day(1) == day


def test_the_next_one_is_made_when_the_last_is_done_and_what_was_missed_is_not_made_up(
    customer, bank, time_machine, monday
):
    plan = Plan(monday, "看看存款到期", rhythm=Rhythm(monday, 1, "week"))
    first = teams.plan(customer, plan, to=bank.owner, by=bank.owner)
    time_machine.move_to(timezone.make_aware(timezone.datetime(2026, 12, 2, 9, 0)), tick=False)
    assert reminders.finish(first, by=bank.owner, outcome="done")
    (following,) = open_of(customer)
    assert (following.due, following.text, following.assignee) == (date(2026, 12, 7), "看看存款到期", bank.owner)
    assert not reminders.finish(first, by=bank.owner, outcome="again")
    assert len(open_of(customer)) == 1


def test_one_is_skipped_and_a_stopped_series_makes_none(customer, bank, sign_in, monday):
    plan = Plan(monday, "回访", rhythm=Rhythm(monday, 3, "month"))
    first = teams.plan(customer, plan, to=bank.owner, by=bank.owner)
    browser = sign_in(bank.owner)
    browser.post(reverse("interactions:reminder-dismiss", args=[customer.number, first.pk]))
    (following,) = open_of(customer)
    assert following.due == date(2027, 2, 16)
    series = Series.objects.get()
    assert browser.post(reverse("interactions:series-stop", args=[customer.number, series.pk])).status_code == 204
    assert open_of(customer) == []
    recurring.stop(series, by=bank.owner)
    assert Series.objects.get().stopped_by == bank.owner


def test_planning_the_next_contact_leaves_a_series_alone(customer, bank, monday):
    teams.plan(customer, Plan(monday, "每周", rhythm=Rhythm(monday, 1, "week")), to=bank.owner, by=bank.owner)
    reminders.set_next(customer, monday + timedelta(days=4), by=bank.owner)
    assert [one.due for one in open_of(customer)] == [monday, monday + timedelta(days=4)]


def test_the_form_plans_and_keeps_what_was_typed(customer, bank, sign_in, monday):
    browser, url = sign_in(bank.owner), reverse("interactions:reminder-add", args=[customer.number])
    wrong = {"text": "季度回访", "on": "2026-11-01", "to": str(bank.owner.pk), "unit": "month", "every": "3"}
    answer = browser.post(url, wrong)
    assert answer.status_code == 422
    assert 'value="季度回访"' in answer.content.decode()
    assert browser.post(url, wrong | {"on": "2026-11-21", "off_days": "before"}).status_code == 200
    (reminder,) = open_of(customer)
    assert reminder.due == date(2026, 11, 20)
    panel = browser.get(reverse("interactions:reminders", args=[customer.number])).content.decode()
    assert "季度回访" in panel
    assert "every 3 months" in panel


def test_a_team_reminder_is_with_every_manager_of_the_branch_until_one_takes_it(pooled, bank, monday):
    reminder = teams.plan(pooled, Plan(monday, "上门送材料"), to=None, by=bank.supervisor)
    for manager in (bank.owner, bank.colleague):
        (row,) = today_of(manager, monday).shown
        assert (row.first.bucket, row.first.team, row.first.given_by) == ("team", True, "王海")
    assert today_of(bank.outsider, monday).total == 0
    assert teams.take(reminder, by=bank.colleague)
    assert today_of(bank.owner, monday).total == 0
    (row,) = today_of(bank.colleague, monday).shown
    assert (row.first.bucket, row.first.team) == ("today", False)


def test_who_comes_second_is_told_who_was_first(pooled, bank, sign_in, monday):
    reminder = teams.plan(pooled, Plan(monday, "上门送材料"), to=None, by=bank.supervisor)
    url = reverse("interactions:reminder-take", args=[pooled.number, reminder.pk])
    assert sign_in(bank.colleague).post(url).status_code == 204
    late = sign_in(bank.owner).post(url)
    assert "罗倩 was first" in late.content.decode()
    panel = sign_in(bank.owner).get(reverse("interactions:reminders", args=[pooled.number])).content.decode()
    assert "罗倩" in panel
    assert "took it" in panel
    assert sign_in(bank.outsider).post(url).status_code == 404
    back = reverse("interactions:reminder-give-back", args=[pooled.number, reminder.pk])
    sign_in(bank.owner).post(back)  # not theirs to give
    assert Reminder.objects.get(pk=reminder.pk).assignee == bank.colleague
    sign_in(bank.colleague).post(back)
    assert Reminder.objects.get(pk=reminder.pk).assignee is None


def test_of_two_who_saw_it_free_one_has_it(pooled, bank, monday):
    reminder = teams.plan(pooled, Plan(monday, "上门"), to=None, by=bank.supervisor)
    seen = [Reminder.objects.get(pk=reminder.pk) for _window in range(2)]
    assert teams.take(seen[0], by=bank.owner)
    assert not teams.take(seen[1], by=bank.colleague)
    assert Reminder.objects.get(pk=reminder.pk).assignee == bank.owner


def test_a_supervisor_gives_a_reminder_and_the_manager_sees_from_whom(customer, bank, sign_in, monday):
    url = reverse("interactions:reminder-add", args=[customer.number])
    said = {"text": "问问近况", "on": "2026-11-16", "to": str(bank.owner.pk)}
    assert sign_in(bank.supervisor).post(url, said).status_code == 200
    (row,) = today_of(bank.owner, monday).shown
    assert (row.first.why.sentence, row.first.given_by) == ("问问近况", "王海")
    assert "given by 王海" in sign_in(bank.owner).get(reverse("today")).content.decode()
    assert Notice.objects.get(user=bank.owner).values["who"] == "王海"
    # A manager gives none to colleagues.
    assert sign_in(bank.owner).post(url, said | {"to": str(bank.colleague.pk)}).status_code == 422


def test_a_cover_has_the_reminders_marked_keeps_who_did_them_and_ends(customer, pooled, bank, monday, time_machine):
    own = reminders.set_next(customer, monday, by=bank.owner)
    taken = teams.plan(pooled, Plan(monday, "上门"), to=None, by=bank.supervisor)
    teams.take(taken, by=bank.owner)
    until = timezone.now() + timedelta(days=2)
    cover = give_cover(
        absent=bank.owner, to=bank.colleague, starts_at=timezone.now(), until=until, reason="休假", by=bank.supervisor
    )
    colleague = type(bank.colleague).objects.get(pk=bank.colleague.pk)
    rows = {row.customer["number"]: row for row in today_of(colleague, monday).shown}
    assert set(rows) == {customer.number, pooled.number}
    assert rows[customer.number].for_whom == "林悦"
    assert rows[pooled.number].first.of == "林悦"
    reminders.finish(own, by=colleague, outcome="代为联系")
    assert Reminder.objects.get(pk=own.pk).ended_by == colleague
    end_cover(cover, by=bank.supervisor)
    assert today_of(type(colleague).objects.get(pk=colleague.pk), monday).total == 0
    assert today_of(type(colleague).objects.get(pk=bank.owner.pk), monday).total == 1


def test_reminders_are_handed_over_for_good_with_what_stays_said(customer, pooled, bank, sign_in, monday):
    reminders.set_next(customer, monday, by=bank.owner)
    taken = teams.plan(pooled, Plan(monday, "上门"), to=None, by=bank.supervisor)
    teams.take(taken, by=bank.owner)
    browser, url = sign_in(bank.supervisor), reverse("interactions:reminders-hand-over")
    pair = {"away": bank.owner.pk, "to": bank.colleague.pk}
    preview = browser.post(url, pair).content.decode()
    assert "1 reminder of 林悦 would go to 罗倩" in preview
    assert "1 would stay" in preview
    assert Reminder.objects.get(pk=taken.pk).assignee == bank.owner
    assert "1 reminder is with 罗倩 now" in browser.post(url, pair | {"sure": "1"}).content.decode()
    assert Reminder.objects.get(pk=taken.pk).assignee == bank.colleague
    assert browser.post(url, pair | {"away": bank.outsider.pk}).status_code == 422


def test_customers_who_change_hands_take_their_reminders_along(customer, bank, sign_in, monday):
    planned = reminders.set_next(customer, monday, by=bank.owner)
    do(bank.supervisor, ACTS["assign"], [customer.pk], {"value": bank.colleague})
    assert Reminder.objects.get(pk=planned.pk).assignee == bank.colleague
