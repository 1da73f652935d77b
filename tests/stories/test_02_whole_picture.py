"""Story 2. One page: who they are, what they hold, how they live, what they agreed to, and all that was said."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_one_page_tells_the_whole_customer(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000002/")
    expect(page.locator("h1")).to_have_text("李静")
    expect(page.locator(".cust")).to_contain_text("联创贸易")
    expect(page.locator("#holdings-panel")).to_contain_text("current account")
    expect(page.locator("#movements-panel")).to_contain_text("购汇")
    expect(page.locator("#profile-panel")).to_contain_text("长宁区")
    expect(page.locator("#consents-panel")).to_contain_text("agreed")
    expect(page.locator("#segment-panel")).to_contain_text("Why")
    timeline = page.locator("#timeline-panel")
    expect(timeline).to_contain_text("每月都要去新加坡")
    expect(timeline).to_contain_text("境外消费限额")
    expect(timeline).to_contain_text("第一次出差新加坡")
    timeline.get_by_label("Channel").select_option("wechat")
    expect(timeline).to_contain_text("第一次出差新加坡")
    expect(timeline).not_to_contain_text("境外消费限额")


def test_a_loan_overdue_is_said_at_the_top(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000011/")
    expect(page.locator(".cust")).to_contain_text("18 days overdue")
