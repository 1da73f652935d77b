"""Story 17, measures people by care: who fell in satisfaction is found, and the customers behind it are seen."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [1280, 390])
def test_who_is_to_be_helped_is_found_with_the_customers_behind_it(open_as, width):
    page = open_as("S2001", language="en", width=width)
    page.goto("/dashboards/")
    page.get_by_label("Compared with").select_option(label="a year ago")
    expect(page).to_have_url(re.compile("back=12"))
    helped = page.locator("section[aria-labelledby=h-help]")
    fell = helped.get_by_role("link", name=re.compile("satisfaction fell from|satisfied:"))
    expect(fell.first).to_be_visible()
    leaving = page.locator("#leaving")
    expect(leaving.get_by_role("heading", name="About to leave")).to_be_visible()
    expect(leaving.locator("li, p").first).to_be_visible()
    expect(page.get_by_role("heading", name="What customers say")).to_be_visible()
    assert not Axe().run(page).response["violations"]
    fell.first.click()
    expect(page.locator("tbody tr").first).to_be_visible()
    assert not Axe().run(page).response["violations"]
    page.go_back()
    page.get_by_label("Whose customers").select_option(index=1)
    expect(page).to_have_url(re.compile("whom=m"))
    expect(page.locator(".trio")).to_have_count(0)
    expect(page.locator("#voices .meas > div")).to_have_count(5)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
