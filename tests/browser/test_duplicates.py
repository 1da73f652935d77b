"""Somebody who is in the bank twice: compared, merged, found by the old number, and parted again, in the browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import LOOKS, violations

pytestmark = pytest.mark.browser
LIST = "/customers/duplicates/"


def test_two_become_one_and_two_again(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/")
    page.get_by_role("link", name="Possible duplicates").click()
    same_phone = page.locator(".pairs > li", has_text="same phone and name")
    numbers = re.findall(r"\d{12}", same_phone.inner_text())
    same_phone.get_by_role("link", name="Compare").click()
    page.locator("input[name=survivor][value=a]").check()
    page.get_by_role("button", name="Merge them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Merged")
    assert violations(page) == []
    merged = page.url
    page.goto(f"/customers/{numbers[1]}/")
    assert page.url.endswith(f"/customers/{numbers[0]}/")
    page.goto(merged)
    page.get_by_role("button", name="Take the merge back").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One person or two?")
    page.goto(f"/customers/{numbers[1]}/")
    assert page.url.endswith(f"/customers/{numbers[1]}/")


def test_two_persons_leave_the_list_and_can_come_back(open_as):
    page = open_as("R1001", language="zh-hans", width=390)
    page.goto(LIST)
    same_birth = page.locator(".pairs > li").last
    numbers = same_birth.inner_text()
    same_birth.get_by_role("link").last.click()
    page.locator("button[value=dismissed]").click()
    page.wait_for_url(f"**{LIST}")
    expect(page.locator(".pairs > li", has_text=numbers[:20])).to_have_count(0)
    page.goto(f"{LIST}?state=dismissed")
    page.locator("button[value=open]").click()
    page.wait_for_url(f"**{LIST}")
    expect(page.locator(".pairs > li")).to_have_count(3)


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
def test_the_pages_fit_and_are_accessible(open_as, language, width, scheme):
    page = open_as("R1001", language=language, width=width, scheme=scheme)
    page.goto(LIST)
    address = page.locator(".pairs .acts a").first.get_attribute("href")
    for path in (LIST, address):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert violations(page) == []
