"""A supervisor divides a book: seen first, done at once, taken back within a day, told to whom it concerns."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import Action, Entry
from crm.lib.dates import bank_day
from crm.staff.models import Notice, Role
from crm.workspace.teams import load
from customers import households
from customers.models import Customer, Features, SavedView, Status, Transfer
from interactions import complaints, refusals, reminders
from interactions.log import Said, log_contact
from interactions.models import Interaction, Reminder
from tests.factories import make_customer, make_person

SPLIT = reverse("teams:split")


@pytest.fixture
def third(bank):
    return make_person("R1003", "苏曼", Role.MANAGER, bank.branch)


@pytest.fixture
def book(bank) -> list[Customer]:
    return [
        make_customer(f"62030000000{n}", f"魏紫{'一二三四五六'[n - 1]}", bank.branch, owner=bank.owner)
        for n in range(1, 7)
    ]


def form(source, *to, **more):
    return {
        "branch": "0101", "source": source, "how": "load", "together": "on", "note": "请先问候",
        **{f"to_{user.pk}": "on" for user in to}, **{f"share_{user.pk}": "1" for user in to}, **more,
    }  # fmt: skip


def confirm(browser, sent):
    shown = browser.post(SPLIT, sent)
    assert shown.status_code == 200
    sure = re.search(r'name="sure" value="(\w+)"', shown.content.decode())
    return browser.post(SPLIT, {**sent, "sure": sure.group(1)})


def owners(book):
    return dict(Customer.objects.filter(pk__in=[one.pk for one in book]).values_list("pk", "owner"))


def test_nothing_changes_until_the_preview_is_confirmed(bank, third, book, sign_in):
    browser = sign_in(bank.supervisor)
    before = owners(book)
    shown = browser.post(SPLIT, form(f"m{bank.owner.pk}", bank.colleague, third)).content.decode()
    assert "Give 6 customers" in shown
    assert owners(book) == before
    done = confirm(browser, form(f"m{bank.owner.pk}", bank.colleague, third))
    assert done.status_code == 302
    assert sorted(owners(book).values()) == [bank.colleague.pk] * 3 + [third.pk] * 3


def test_open_reminders_go_along_and_everybody_is_told(bank, third, book, sign_in):
    reminders.set_next(book[0], bank_day(), by=bank.owner, text="回电话")
    reminders.set_next(book[0], bank_day(), by=bank.supervisor, text="主管自己的")
    confirm(sign_in(bank.supervisor), form(f"m{bank.owner.pk}", third))
    assert Reminder.objects.get(text="回电话").assignee == third
    assert Reminder.objects.get(text="主管自己的").assignee == bank.supervisor
    assert "请先问候" in Notice.objects.get(user=third).text()
    assert Notice.objects.filter(user=bank.owner).count() == 1
    entry = Entry.objects.filter(action=Action.CHANGE, object_type="customer", actor_id=bank.supervisor.pk).get()
    assert entry.object_ids == sorted(one.pk for one in book)


def test_the_old_manager_sees_them_no_longer_and_the_new_one_does(bank, third, book, sign_in):
    page = reverse("customer", args=[book[0].number])
    confirm(sign_in(bank.supervisor), form(f"m{bank.owner.pk}", third))
    assert sign_in(bank.owner).get(page).status_code == 404
    assert sign_in(third).get(page).status_code == 200


def test_exceptions_are_named_with_their_reason(bank, third, book, sign_in):
    complaints.receive(book[0], text="态度不好", about=third, by=bank.supervisor)
    Customer.objects.filter(pk=book[1].pk).update(status=Status.RESTRICTED)
    shown = sign_in(bank.supervisor).post(SPLIT, form(f"m{bank.owner.pk}", third)).content.decode()
    assert "Give 4 customers" in shown
    assert "1 stays: complained about" in shown
    assert book[0].name in shown
    assert "1 stays: is only stored" in shown


def test_households_stay_together(bank, third, book, sign_in):
    households.live_together(book[0], book[1], by=bank.owner)
    confirm(sign_in(bank.supervisor), form(f"m{bank.owner.pk}", bank.colleague, third))
    now = owners(book)
    assert now[book[0].pk] == now[book[1].pk]


def test_a_plan_that_changed_since_it_was_seen_is_shown_again_and_not_done(bank, third, book, sign_in):
    browser = sign_in(bank.supervisor)
    sent = form(f"m{bank.owner.pk}", third)
    shown = browser.post(SPLIT, sent).content.decode()
    sure = re.search(r'name="sure" value="(\w+)"', shown).group(1)
    Customer.objects.filter(pk=book[0].pk).update(owner=None)
    again = browser.post(SPLIT, {**sent, "sure": sure})
    assert "Something changed since you looked" in again.content.decode()
    assert not Transfer.objects.exists()


def test_the_pool_is_divided_by_shares(bank, third, book, sign_in):
    Customer.objects.filter(pk__in=[one.pk for one in book]).update(owner=None)
    sent = form("pool", bank.colleague, third, how="shares")
    confirm(sign_in(bank.supervisor), {**sent, f"share_{third.pk}": "2"})
    assert sorted(owners(book).values()) == [bank.colleague.pk] * 2 + [third.pk] * 4


def test_errors_stand_at_their_fields_and_what_was_typed_is_kept(bank, third, book, sign_in):
    browser = sign_in(bank.supervisor)
    answer = browser.post(SPLIT, form(f"m{bank.owner.pk}"))
    assert answer.status_code == 422
    assert "Choose at least one manager" in answer.content.decode()
    wrong = browser.post(SPLIT, {**form(f"m{bank.owner.pk}", third), f"share_{third.pk}": "0", "note": "x" * 301})
    assert wrong.status_code == 422
    assert "x" * 301 in wrong.content.decode()
    own = browser.post(SPLIT, form(f"m{bank.owner.pk}", bank.owner))
    assert "Nobody can get their own customers" in own.content.decode()


def test_another_branch_cannot_be_divided(bank, book, sign_in):
    assert sign_in(bank.supervisor).get(SPLIT, {"branch": "0201"}).status_code == 404


def test_it_is_taken_back_but_for_whom_somebody_served_since(bank, third, book, sign_in):
    reminders.set_next(book[0], bank_day(), by=bank.owner, text="回电话")
    browser = sign_in(bank.supervisor)
    confirm(browser, form(f"m{bank.owner.pk}", third))
    made = Transfer.objects.get()
    log_contact(book[5], by=third, said=Said(channel="phone", summary="问候"))
    browser.post(reverse("teams:transfer-undo", args=[made.pk]))
    now = owners(book)
    assert now.pop(book[5].pk) == third.pk
    assert set(now.values()) == {bank.owner.pk}
    assert Reminder.objects.get(text="回电话").assignee == bank.owner
    page = browser.get(reverse("teams:transfer", args=[made.pk])).content.decode()
    assert "Taken back" in page
    assert "5 went back" in page
    assert browser.post(reverse("teams:transfer-undo", args=[made.pk])).status_code == 404


def test_after_a_day_it_stays(bank, third, book, sign_in):
    browser = sign_in(bank.supervisor)
    confirm(browser, form(f"m{bank.owner.pk}", third))
    Transfer.objects.update(at=timezone.now() - timedelta(hours=25))
    assert browser.post(reverse("teams:transfer-undo", args=[Transfer.objects.get().pk])).status_code == 404
    assert set(owners(book).values()) == {third.pk}


def test_a_reminder_of_the_team_goes_back_to_the_team(bank, third, book, sign_in):
    Customer.objects.filter(pk=book[0].pk).update(owner=None)
    waiting = Reminder.objects.create(customer=book[0], team=bank.branch, kind="follow_up", cause="t", due=bank_day())
    browser = sign_in(bank.supervisor)
    confirm(browser, form("pool", third))
    waiting.refresh_from_db()
    assert waiting.assignee == third
    browser.post(reverse("teams:transfer-undo", args=[Transfer.objects.get().pk]))
    waiting.refresh_from_db()
    assert waiting.assignee is None


def test_the_hand_over_list_says_what_to_know_of_each(bank, third, book, sign_in):
    Interaction.objects.create(customer=book[0], channel="phone", by=bank.owner, promise="周五前寄材料",
                               promise_due=bank_day())  # fmt: skip
    Interaction.objects.create(customer=book[1], channel="phone", by=bank.owner, question="提前还款怎么算")
    complaints.receive(book[2], text="排队太久", by=bank.owner)
    refusals.refuse(book[3], "fund", by=bank.owner)
    confirm(sign_in(bank.supervisor), form(f"m{bank.owner.pk}", third))
    page = reverse("teams:transfer", args=[Transfer.objects.get().pk])
    shown = sign_in(third).get(page).content.decode()
    for words in ("周五前寄材料", "提前还款怎么算", "排队太久", "Not today", "Nothing is open"):
        assert words in shown
    assert sign_in(bank.outsider).get(page).status_code == 404
    assert sign_in(bank.owner).get(page).status_code == 404


def test_the_list_costs_the_same_for_more_customers(bank, third, book, sign_in):
    browser = sign_in(bank.supervisor)
    counts = []
    for first in (0, 10):
        more = [make_customer(f"6204000000{first + n:02d}", "魏紫", bank.branch, owner=bank.owner) for n in range(8)]
        for one in more:
            Interaction.objects.create(
                customer=one, channel="phone", by=bank.owner, promise="x", promise_due=bank_day()
            )
        confirm(browser, form(f"m{bank.owner.pk}", third))
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("teams:transfer", args=[Transfer.objects.latest("pk").pk]))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_today_shows_who_is_new_until_they_were_spoken_with(bank, third, book, sign_in):
    confirm(sign_in(bank.supervisor), form(f"m{bank.owner.pk}", third))
    panel = reverse("teams:today")
    browser = sign_in(third)
    assert "6 customers, 0 spoken with since" in browser.get(panel).content.decode()
    for one in book:
        log_contact(one, by=third, said=Said(channel="phone", summary="问候"))
    assert "New to you" not in browser.get(panel).content.decode()


def test_the_load_of_each_manager_is_what_the_tables_say(bank, third, book, sign_in):
    day = bank_day()
    reminders.set_next(book[0], day - timedelta(days=3), by=bank.owner)
    reminders.set_next(book[1], day, by=bank.owner)
    complaints.receive(book[2], text="x", by=bank.owner)
    log_contact(book[3], by=bank.owner, said=Said(channel="phone", summary="x", promise="y", promise_due=day))
    row = next(row for row in load.carried([bank.owner, third], day) if row.manager == bank.owner)
    open_now = Reminder.objects.filter(assignee=bank.owner, state="open").count()
    assert (row.customers, row.open, row.late, row.promises, row.complaints, row.days) == (6, open_now, 1, 1, 1, 1)
    assert row.visits == pytest.approx(6 * 30 / 90)
    shown = sign_in(bank.supervisor).get(reverse("teams:load")).content.decode()
    assert "林悦" in shown
    assert "何川" not in shown


def test_a_colleague_is_covered_in_three_clicks_from_the_load(bank, third, sign_in):
    browser = sign_in(bank.supervisor)
    page = browser.get(reverse("team"), {"absent": bank.owner.pk}).content.decode()
    assert f'<option value="{bank.owner.pk}" selected>' in page


def test_the_customers_a_saved_view_finds_are_divided(bank, third, book, sign_in):
    browser = sign_in(bank.supervisor)
    Features.objects.create(customer=book[0], aum=100, tier="gold")
    browser.post(reverse("customers:view-save"), {"name": "金卡", "asked": "book=branch&tier=gold"})
    view = SavedView.objects.get()
    assert view.filters
    confirm(browser, form(f"v{view.pk}", third))
    assert owners(book) == {one.pk: third.pk if one == book[0] else bank.owner.pk for one in book}


def test_customers_given_from_the_list_come_with_their_hand_over_list_too(bank, third, book, sign_in):
    said = {"action": "assign", "id": [one.pk for one in book[:2]], "value": third.pk, "confirm": "1"}
    sign_in(bank.supervisor).post(reverse("bulk"), said)
    assert "2 customers, 0 spoken with since" in sign_in(third).get(reverse("teams:today")).content.decode()


@pytest.mark.parametrize("page", ["teams:load", "teams:split"])
def test_the_pages_of_the_team_cost_the_same_for_more_managers(page, bank, book, sign_in):
    browser = sign_in(bank.supervisor)
    browser.get(reverse(page))
    counts = []
    for first in (10, 20):
        for number in range(first, first + 4):
            manager = make_person(f"R20{number}", "新人", Role.MANAGER, bank.branch)
            make_customer(f"6205000000{number}", "魏紫", bank.branch, owner=manager)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse(page)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
