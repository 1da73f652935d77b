"""Previous and next customer along the list one came from, or Today."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlparse

import pytest
from django.urls import reverse

from crm.lib.dates import bank_day
from interactions import reminders
from tests.factories import make_customer


@pytest.fixture
def book(bank):
    """Five customers of the owner, by name, and one of a colleague between them."""
    names = ("安一", "白二", "曹三", "丁四", "方五")
    made = [make_customer(f"62011000000{n}", name, bank.branch, owner=bank.owner) for n, name in enumerate(names)]
    make_customer("620110000009", "常九", bank.branch, owner=bank.colleague)
    return made


def links(browser, address: str) -> list[str]:
    page = browser.get(address).content.decode().replace("&amp;", "&")
    return re.findall(r'href="(/customers/\d+/\?[^"]*)"', page)


def walk(browser, address: str) -> tuple[str, dict[str, str]]:
    """The words of the way, and where its arrows lead: rel -> address."""
    asked = urlparse(address)
    text = browser.get(f"{asked.path}walk/?{asked.query}").content.decode().replace("&amp;", "&")
    words = " ".join(re.sub(r"<[^>]*>", " ", text).split())
    return words, dict(re.findall(r'rel="(prev|next)" href="([^"]*)"', text))


def number(address: str) -> str:
    return urlparse(address).path.split("/")[2]


def test_the_arrows_go_down_the_list_and_back_up(bank, book, sign_in):
    browser = sign_in(bank.owner)
    at, seen = links(browser, reverse("customers:list") + "?book=own&sort=name")[0], []
    for place in range(1, 6):
        words, way = walk(browser, at)
        assert f"{place} of about 5 in My customers" in words
        seen.append(number(at))
        at = way.get("next", at)
    assert seen == [customer.number for customer in book]
    assert "next" not in way
    assert number(way["prev"]) == book[3].number


def test_filters_that_were_typed_go_along(bank, book, sign_in):
    for customer in (book[0], book[2], book[4]):
        customer.occupation = "教师"
        customer.save(update_fields=["occupation"])
    browser = sign_in(bank.owner)
    first = links(browser, reverse("customers:list") + "?book=own&work=教师&sort=number")[0]
    words, way = walk(browser, first)
    assert "1 of about 3" in words
    assert number(way["next"]) == book[2].number
    assert parse_qs(parse_qs(urlparse(way["next"]).query)["in"][0])["work"] == ["教师"]


def test_who_no_longer_fits_the_filter_is_left_from_where_they_stood(bank, book, sign_in):
    browser = sign_in(bank.owner)
    listed = links(browser, reverse("customers:list") + "?book=own&sort=name&next_up=none")
    reminders.set_next(book[1], bank_day() + timedelta(days=3), by=bank.owner)
    _words, way = walk(browser, listed[1])
    assert (number(way["prev"]), number(way["next"])) == (book[0].number, book[2].number)


def test_in_an_order_that_work_changes_the_way_goes_on_from_where_one_was(bank, book, sign_in):
    for days, customer in enumerate(book):
        reminders.set_next(customer, bank_day() + timedelta(days=days), by=bank.owner)
    browser = sign_in(bank.owner)
    listed = links(browser, reverse("customers:list") + "?book=own&sort=next")
    reminders.set_next(book[0], bank_day() + timedelta(days=90), by=bank.owner)
    _words, way = walk(browser, listed[0])
    assert number(way["next"]) == book[1].number


def test_rows_after_the_first_page_know_their_number(bank, sign_in):
    for n in range(60):
        make_customer(f"6201200000{n:02}", f"王{n:02}", bank.branch, owner=bank.owner)
    browser = sign_in(bank.owner)
    page = browser.get(reverse("customers:list") + "?book=own&sort=number").content.decode().replace("&amp;", "&")
    more = re.search(r'hx-get="(\?book=own[^"]*after=[^"]*)"', page)
    words, _way = walk(browser, links(browser, reverse("customers:list") + more.group(1))[0])
    assert "51 of about 60" in words


def test_nobody_is_reached_whom_one_may_not_list(bank, book, sign_in):
    within = {"in": "book=branch&sort=name", "n": 2}
    outsider, colleague = sign_in(bank.outsider), sign_in(bank.colleague)
    assert outsider.get(reverse("walk", args=[book[0].number]), within).status_code == 404
    mine = reverse("walk", args=["620110000009"])
    assert "/customers/62011000000" not in colleague.get(mine, within).content.decode().replace(mine, "")


def test_nonsense_in_the_address_is_no_error(bank, book, sign_in):
    browser = sign_in(bank.owner)
    address = reverse("walk", args=[book[0].number])
    for asked in (
        {"in": "book=own&sort=next", "at": "%%%", "n": "x"}, {"in": "rule=((", "n": "9" * 40}, {"today": "zz"},
        {"in": "book=own&sort=updated&aum_from=x", "at": "WyJ4IiwgMV0"},
    ):  # fmt: skip
        assert browser.get(address, asked).status_code == 200


def test_along_today_the_way_goes_on_after_who_is_done(bank, book, sign_in):
    for days, customer in enumerate(book[:3]):
        reminders.set_next(customer, bank_day() - timedelta(days=3 - days), by=bank.owner)
    browser = sign_in(bank.owner)
    listed = links(browser, reverse("today"))
    assert [number(to) for to in listed] == [customer.number for customer in book[:3]]
    words, way = walk(browser, listed[0])
    assert "1 of about 3 in Today" in words
    second = way["next"]
    reminders.set_next(book[1], bank_day() + timedelta(days=60), by=bank.owner)
    _words, way = walk(browser, second)
    assert (number(way["prev"]), number(way["next"])) == (book[0].number, book[2].number)
