"""The list narrowed by segment, tier, lifecycle and figures, and ordered by assets."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from crm.lib.dates import bank_day
from customers.models import Features, Membership, Segment
from tests.factories import make_customer

LIST = reverse("customers:list")


@pytest.fixture
def book(bank) -> list[str]:
    """Nine customers of the owner; the n-th has n * 10,000 and more of everything, the last is unknown to the night."""
    core = Segment.objects.get(code="core")
    vip = Segment.objects.get(code="vip")
    for number in range(1, 9):
        made = make_customer(
            f"62020000000{number}", f"魏紫{'一二三四五六七八'[number - 1]}", bank.branch, owner=bank.owner
        )
        Features.objects.create(
            customer=made,
            aum=number * 1_000_000,
            tier="gold" if number > 4 else "mass",
            lifecycle="mature" if number % 2 else "new",
            overdue_days=number if number == 3 else 0,
            next_maturity_on=bank_day() + timedelta(days=number * 10) if number < 4 else None,
            last_active_on=bank_day() - timedelta(days=number * 100),
        )
        segment = vip if number == 8 else core
        Membership.objects.create(customer=made, segment=segment, rule=segment.rule, since=bank_day())
    make_customer("620200000009", "魏紫九", bank.branch, owner=bank.owner)
    return [f"62020000000{number}" for number in range(1, 10)]


def numbers(answer) -> list[int]:
    """The last digits of the customers on a page, in its order."""
    return [int(digit) for digit in re.findall(r'<td class="nw">62020000000(\d)</td>', answer.content.decode())]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"segment": "vip"}, {8}),
        ({"tier": "gold"}, {5, 6, 7, 8}),
        ({"lifecycle": "new"}, {2, 4, 6, 8}),
        ({"aum_from": "60000"}, {6, 7, 8}),
        ({"aum_to": "20000"}, {1, 2}),
        ({"aum_from": "20000", "aum_to": "20000"}, {2}),
        ({"matures_within": "20"}, {1, 2}),
        ({"silent_for": "699"}, {7, 8}),
        ({"overdue": "yes"}, {3}),
        ({"tier": "gold", "lifecycle": "new"}, {6, 8}),
    ],
)
def test_who_is_left_in_the_list(asked, found, bank, book, sign_in):
    page = sign_in(bank.owner).get(LIST, asked)
    assert set(numbers(page)) == found
    assert f'id="count">{len(found)}<' in page.content.decode()


def links(answer, kind: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(kind, answer.content.decode())]


def test_filters_stay_in_tabs_and_pages_and_a_chip_takes_one_away(bank, book, sign_in, monkeypatch):
    monkeypatch.setattr("customers.lists.PAGE_SIZE", 2)
    browser = sign_in(bank.owner)
    page = browser.get(LIST, {"book": "own", "sort": "number", "tier": "gold", "lifecycle": "new"})
    tabs = links(page, r'<a href="(\?book=[^"]*)"')
    assert tabs
    assert all("tier=gold" in tab and "lifecycle=new" in tab for tab in tabs)
    page = browser.get(LIST, {"book": "own", "sort": "number", "tier": "gold"})
    seen, (following,) = numbers(page), links(page, r'<a class="b" href="([^"]*after=[^"]*)"')
    page = browser.get(LIST + following)
    assert seen + numbers(page) == [5, 6, 7, 8]
    (without,) = links(page, r'<a class="tag fill" href="([^"]*)"')
    assert "after" not in without  # from the first row of the wider list on
    assert numbers(browser.get(LIST + without)) == [1, 2]


def test_the_order_is_sent_with_the_filters_in_one_form(bank, book, sign_in):
    page = sign_in(bank.owner).get(LIST, {"tier": "gold", "sort": "age"}).content.decode()
    assert re.search(r'<select[^>]*name="sort"[^>]*form="narrow"[^>]*hx-include="#narrow"', page)
    assert '<option value="gold" selected' in page
    assert '<option value="age" selected' in page


def test_by_assets_shows_whose_assets_are_known_each_once(bank, book, sign_in, monkeypatch):
    monkeypatch.setattr("customers.lists.PAGE_SIZE", 3)
    Features.objects.filter(customer__number__in=["620200000004", "620200000005"]).update(aum=7_000_000)
    browser = sign_in(bank.owner)
    page = browser.get(LIST, {"sort": "assets"})
    seen = numbers(page)
    while following := links(page, r'<a class="b" href="([^"]*after=[^"]*)"'):
        page = browser.get(LIST + following[0])
        seen += numbers(page)
    assert seen == [8, 4, 5, 7, 6, 3, 2, 1]
    assert browser.get(LIST, {"sort": "assets", "after": "WyJhIiwgMV0"}).status_code == 200


def test_a_filter_that_makes_no_sense_is_refused_at_its_field(bank, book, sign_in):
    page = sign_in(bank.owner).get(LIST, {"aum_from": "lots", "tier": "gold"})
    assert page.status_code == 422
    assert 'value="lots"' in page.content.decode()
    assert '<option value="gold" selected' in page.content.decode()
    assert "Enter a whole number" in page.content.decode()


def test_nobody_like_this_says_so(bank, book, sign_in):
    page = sign_in(bank.owner).get(LIST, {"tier": "private"}).content.decode()
    assert "Widen the filter" in page
    assert "Nobody is like this" in page
