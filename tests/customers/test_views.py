"""Saved views, columns, and what the list is narrowed to and ordered by beside figures."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import Action, Entry
from crm.lib.dates import bank_day
from customers.models import CustomerTag, Features, SavedView, Tag
from interactions.models import LastContact, Reminder
from interactions.reminders import set_next, snooze
from tests.factories import make_customer

LIST = reverse("customers:list")
SAVE = reverse("customers:view-save")


@pytest.fixture
def book(bank):
    """Five customers of the owner, n-th of them n * 10 years old, last spoken to n * 30 days ago; the fifth never."""
    made = []
    for number in range(1, 6):
        one = make_customer(
            f"62020000000{number}", f"魏紫{'一二三四五'[number - 1]}", bank.branch, owner=bank.owner,
            gender="female" if number % 2 else "male", birth_date=bank_day() - timedelta(days=number * 3653),
            district="天心区" if number < 3 else "岳麓区", occupation="教师" if number == 2 else "",
            employer="第一中学 教师" if number == 3 else "",
        )  # fmt: skip
        Features.objects.create(customer=one, aum=number * 1_000_000, tier="gold" if number > 3 else "mass")
        if number < 5:
            LastContact.objects.create(customer=one, at=timezone.now() - timedelta(days=number * 30), channel="phone")
        made.append(one)
    return made


def numbers(answer) -> list[int]:
    return [int(digit) for digit in re.findall(r'<td class="nw">62020000000(\d)</td>', answer.content.decode())]


def links(answer, kind: str) -> list[str]:
    return [unescape(link) for link in re.findall(kind, answer.content.decode())]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"gender": "male"}, {2, 4}),
        ({"age_from": "30"}, {3, 4, 5}),
        ({"age_to": "20"}, {1, 2}),
        ({"district": "天心"}, {1, 2}),
        ({"work": "教师"}, {2, 3}),
        ({"unspoken_for": "80"}, {3, 4, 5}),
        ({"tag": "讲座"}, {4}),
        ({"next_up": "none"}, {1, 4, 5}),
        ({"next_up": "some"}, {2, 3}),
        ({"next_up": "late"}, {3}),
        ({"next_before": "tomorrow"}, {3}),
        ({"rule": 'tier = "gold" and aum > 40000'}, {5}),
        ({"rule": "aum <= 20000 or aum >= 50000", "gender": "female"}, {1, 5}),
    ],
)
def test_who_is_left_in_the_list(asked, found, bank, book, sign_in):
    CustomerTag.objects.create(customer=book[3], tag=Tag.objects.create(name="讲座", by=bank.owner), by=bank.owner)
    set_next(book[1], bank_day() + timedelta(days=9), by=bank.owner)
    set_next(book[2], bank_day() - timedelta(days=2), by=bank.owner)
    if "next_before" in asked:
        asked = {"next_before": (bank_day() + timedelta(days=1)).isoformat()}
    assert set(numbers(sign_in(bank.owner).get(LIST, asked))) == found


def test_a_reminder_of_the_night_is_no_planned_follow_up(bank, book, sign_in):
    Reminder.objects.create(
        customer=book[0], assignee=bank.owner, kind="birthday", cause="birthday:2026", due=bank_day(), priority=5
    )
    browser = sign_in(bank.owner)
    assert 1 in numbers(browser.get(LIST, {"next_up": "none"}))
    assert numbers(browser.get(LIST, {"sort": "next"})) == []


def test_by_next_follow_up_each_once_and_by_the_day_it_was_put_off_to(bank, book, sign_in, monkeypatch):
    monkeypatch.setattr("customers.lists.PAGE_SIZE", 2)
    for place, days in ((0, 30), (1, 3), (2, 10), (4, 10)):
        set_next(book[place], bank_day() + timedelta(days=days), by=bank.owner)
    set_next(book[0], bank_day() + timedelta(days=1), by=bank.colleague)  # a second one, and the sooner
    snooze(Reminder.objects.get(customer=book[1]), bank_day() + timedelta(days=20), by=bank.owner)
    browser = sign_in(bank.owner)
    page = browser.get(LIST, {"sort": "next"})
    seen = numbers(page)
    while following := links(page, r'<a class="b" href="([^"]*after=[^"]*)"'):
        page = browser.get(LIST + following[0])
        seen += numbers(page)
    assert seen == [1, 3, 5, 2]


def test_not_spoken_to_for_longest_comes_first(bank, book, sign_in):
    page = sign_in(bank.owner).get(LIST, {"sort": "silent"})
    assert numbers(page) == [4, 3, 2, 1]


def test_last_contact_and_next_follow_up_stand_in_the_row(bank, book, sign_in):
    day = bank_day() + timedelta(days=9)
    set_next(book[0], day, by=bank.owner)
    page = sign_in(bank.owner).get(LIST).content.decode()
    row = page.split('<td class="nw">620200000001')[1].split("</tr>")[0]
    assert (bank_day() - timedelta(days=30)).isoformat() in row
    assert day.isoformat() in row
    cell = sign_in(bank.owner).get(reverse("next-cell", args=["620200000001"])).content.decode()
    assert day.isoformat() in cell


def test_a_condition_that_cannot_be_read_says_where_and_stays_as_typed(bank, book, sign_in):
    browser = sign_in(bank.owner)
    page = browser.get(LIST, {"rule": "aum > > 5", "gender": "male"})
    assert page.status_code == 422
    text = unescape(page.content.decode())
    assert "line 1, character 7" in text
    assert "aum > > 5</textarea>" in text
    assert '<option value="male" selected' in text


def test_the_condition_is_completed_and_checked_as_it_is_typed(bank, sign_in):
    browser, address = sign_in(bank.owner), reverse("customers:list-rule")
    assert "aum_average_1" in browser.get(address, {"rule": "aum_av"}).content.decode()
    assert (
        "aum_average_1 </textarea>"
        in browser.get(address, {"rule": "aum_av", "pick": "aum_average_1"}).content.decode()
    )
    assert "There is no feature" in browser.get(address, {"rule": "phone = 1"}).content.decode()
    assert "Can be read" in browser.get(address, {"rule": "aum > 5"}).content.decode()


def test_columns_are_the_ones_chosen(bank, book, sign_in):
    browser = sign_in(bank.owner)
    page = browser.get(LIST, {"col": ["number", "branch"]}).content.decode()
    assert re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', page) == ["Name", "Customer no.", "Branch"]
    assert "城南支行" in page.split("<tbody>")[1]
    page = browser.get(LIST, {"col": "nonsense"}).content.decode()
    assert "Last contact" in re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', page)


def test_a_view_keeps_filters_order_and_columns(bank, book, sign_in):
    browser = sign_in(bank.owner)
    answer = browser.post(
        SAVE, {"name": "金卡", "asked": "book=own&sort=number&tier=gold&col=number&col=branch&view=9&after=x&evil=1"}
    )
    assert answer.status_code == 302
    page = browser.get(answer["Location"])
    assert numbers(page) == [4, 5]
    assert re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', page.content.decode()) == ["Name", "Customer no.", "Branch"]
    view = SavedView.objects.get()
    assert view.filters == {"tier": "gold"}
    tab = re.search(r'<a class="kept" href="([^"]*)" aria-current="page">', page.content.decode())
    assert tab
    assert numbers(browser.get(LIST + unescape(tab.group(1)))) == [4, 5]


def test_what_was_typed_stays_when_one_goes_to_another_view(bank, book, sign_in):
    browser = sign_in(bank.owner)
    for name, query in (("gold", "sort=number&tier=gold"), ("mass", "sort=number&tier=mass")):
        browser.post(SAVE, {"name": name, "asked": query})
    gold, mass = SavedView.objects.order_by("pk")
    page = browser.get(LIST, {"view": gold.pk, "sort": "number", "tier": "gold", "gender": "female"})
    assert numbers(page) == [5]
    to_mass = next(link for link in links(page, r'<a class="kept" href="([^"]*)"') if f"view={mass.pk}" in link)
    page = browser.get(LIST + to_mass)
    assert numbers(page) == [1, 3]
    everybody = next(link for link in links(page, r'<a href="(\?book=own[^"]*)"'))
    assert numbers(browser.get(LIST + everybody)) == [1, 3, 5]


def test_saving_under_the_same_name_replaces_the_view(bank, sign_in):
    browser = sign_in(bank.owner)
    browser.post(SAVE, {"name": "gold", "asked": "tier=gold"})
    browser.post(SAVE, {"name": "gold", "asked": "tier=diamond"})
    assert SavedView.objects.get().filters == {"tier": "diamond"}
    assert Entry.objects.filter(object_type="view", action=Action.CHANGE).count() == 1


def test_a_view_needs_a_name_and_there_are_not_too_many(bank, sign_in, monkeypatch):
    browser = sign_in(bank.owner)
    assert browser.post(SAVE, {"name": " ", "asked": "tier=gold"}).status_code == 422
    monkeypatch.setattr("customers.saved_views.MOST", 1)
    browser.post(SAVE, {"name": "a", "asked": ""})
    refused = browser.post(SAVE, {"name": "b", "asked": "tier=gold"})
    assert refused.status_code == 422
    assert "Delete one first" in refused.content.decode()
    assert 'value="b"' in refused.content.decode()


def test_a_supervisors_view_is_seen_in_the_branch_and_only_there(bank, book, sign_in):
    sign_in(bank.supervisor).post(SAVE, {"name": "全行关注", "asked": "tier=gold", "share": "on"})
    assert "全行关注" in sign_in(bank.owner).get(LIST).content.decode()
    assert "全行关注" not in sign_in(bank.outsider).get(LIST).content.decode()
    pk = SavedView.objects.get().pk
    assert sign_in(bank.owner).post(reverse("customers:view-delete", args=[pk])).status_code == 404
    assert sign_in(bank.owner).post(reverse("customers:view-pin", args=[pk])).status_code == 404


def test_a_managers_view_is_their_own_even_if_they_ask_to_share_it(bank, sign_in):
    sign_in(bank.owner).post(SAVE, {"name": "我的", "asked": "tier=gold", "share": "on"})
    assert SavedView.objects.get().branch is None
    assert "我的" not in sign_in(bank.colleague).get(LIST).content.decode().split("<main")[1]


def test_a_view_without_a_tab_is_still_in_the_list_of_views_and_can_go(bank, sign_in):
    browser = sign_in(bank.owner)
    browser.post(SAVE, {"name": "gold", "asked": "tier=gold"})
    pk = SavedView.objects.get().pk
    browser.post(reverse("customers:view-pin", args=[pk]))
    page = browser.get(LIST).content.decode()
    assert 'class="kept"' not in page
    assert ">gold</a>" in page
    browser.post(reverse("customers:view-delete", args=[pk]))
    assert ">gold</a>" not in browser.get(LIST).content.decode()
