"""Story 17, measures people by care: whom to praise and to help, who is about to leave, and the customers behind it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 390])
def test_the_board_begins_with_people_and_opens_the_customers_behind_a_number(open_as, width):
    page = open_as("S2001", language="en", width=width)
    page.goto("/dashboards/")
    page.get_by_label("Compared with").select_option(label="a year ago")
    expect(page).to_have_url(re.compile("back=12"))
    helped = page.locator("section[aria-labelledby=h-help]")
    # In a bank this small the differences may lie within chance: then it says so, and names nobody.
    expect(helped).to_contain_text(re.compile("satisfaction fell from|satisfied:|late|within what chance makes"))
    leaving = page.locator("#leaving")
    expect(leaving.get_by_role("heading", name="About to leave")).to_be_visible()
    expect(leaving.locator("li, p").first).to_be_visible()
    expect(page.get_by_role("heading", name="What customers say")).to_be_visible()
    assert not Axe().run(page).response["violations"]
    leaving.get_by_role("link", name="all").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    assert not Axe().run(page).response["violations"]
    page.go_back()
    page.get_by_label("Whose customers").select_option(index=1)
    expect(page).to_have_url(re.compile("whom=m"))
    expect(page.locator(".trio")).to_have_count(0)
    expect(page.locator("#voices .meas > div")).to_have_count(5)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
