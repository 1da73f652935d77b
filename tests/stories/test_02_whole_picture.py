"""Story 2. One page: who they are, what they hold, how they live, what they agreed to, and all that was said."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import violations

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


def test_the_portrait_shows_its_evidence_and_a_wrong_tag_is_taken_off(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000002/")
    portrait = page.locator("#portrait")
    tag = portrait.locator(".ptag", has_text="travels for business")
    tag.locator("summary").click()
    expect(tag.locator(".evidence")).to_contain_text(re.compile(r"Bought foreign currency \d+ times within a year"))
    expect(tag.locator(".evidence")).to_contain_text(re.compile(r"since \d{4}-\d{2}-\d{2}"))
    page.wait_for_load_state("networkidle")
    assert violations(page) == []
    tag.get_by_role("button", name="Wrong").click()
    expect(portrait.locator(".ptag", has_text="travels for business")).to_have_count(0)
    expect(portrait).to_contain_text("wrong, says 林悦")
    portrait.get_by_role("button", name="Put it back").click()
    expect(portrait.locator(".ptag", has_text="travels for business")).to_be_visible()


def test_what_changed_since_the_last_visit_stands_under_the_brief(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000002/")
    since = page.locator("#since")
    expect(since).to_contain_text("Since your last visit")
    expect(since).to_contain_text("来信问机场贵宾厅怎么约")


def test_life_records_and_assessments_are_there(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000009/")
    expect(page.locator("#timeline-panel")).to_contain_text("升副主任，夜班更多")
    records = page.locator("#records-panel")
    expect(records).to_contain_text("Record of repaying")
    expect(records.locator("li", has_text="before").first).to_be_visible()
    expect(records).to_contain_text("贷后管理")
    expect(records).to_contain_text(re.compile(r"个人消费贷款审批.*expired", re.DOTALL))


def test_from_customer_to_customer_along_the_list_by_key(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/?book=own&sort=number&aum_from=1")
    page.locator("table.list a").nth(1).click()
    page.wait_for_url("**/customers/*/?in=*")
    walk = page.locator("#walk")
    expect(walk).to_contain_text(re.compile(r"2 of (about|more than) \d+ in My customers"))
    first = page.url
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != first)
    expect(walk).to_contain_text("3 of")
    page.locator("#log-bar textarea").first.fill("jjj kkk")  # typing is no walking
    expect(walk).to_contain_text("3 of")
    page.reload()
    expect(walk).to_contain_text("3 of")
    page.locator("h1").click()
    page.keyboard.press("k")
    expect(walk).to_contain_text("2 of")
    walk.get_by_role("link", name="My customers").click()
    expect(page.locator(".chips")).to_contain_text("Assets from")
