"""Story 26. Activities, coupons and learning are on the timeline and count as activity."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_what_has_nothing_to_do_with_money_is_seen_and_counted(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000002/")
    expect(page.locator(".cust .meta")).to_contain_text(re.compile(r"last active \d{4}-\d{2}-\d{2}"))
    expect(page.locator(".cust .meta")).to_contain_text(re.compile(r"took part [3-9] times in a year"))
    timeline = page.locator("#timeline-panel")
    expect(timeline).to_contain_text("Learnt in “境外用卡小课堂”")
    expect(timeline).to_contain_text("Used a coupon: 机场贵宾厅体验券")


def test_somebody_of_whom_nothing_is_known_is_not_called_inactive(open_as):
    page = open_as("S2001", language="en")
    page.goto("/customers/?book=branch&sort=since")
    expect(page.locator("table.list")).to_be_visible()
    page.goto("/customers/620100000019/")
    expect(page.locator(".cust .meta")).not_to_contain_text("took part 0")
