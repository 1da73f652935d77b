"""Story 16, complaints due: the worklist has them by their day, and a case is worked on until the customer agrees."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "row"), [(1280, 4), (390, 3)])  # each a case of its own
def test_a_case_is_found_handed_over_closed_and_opened_again(open_as, width, row):
    page = open_as("S2002", language="en", width=width)
    page.goto("/complaints/")
    rows = page.locator(".case-list tbody tr")
    expect(rows.first).to_be_visible()
    assert not Axe().run(page).response["violations"]
    before = rows.count()
    rows.nth(row).get_by_role("link").first.click()
    case, steps = page.locator(".case"), page.locator(".steps")
    case.get_by_role("button", name="More time").click()
    case.get_by_label("Why it takes longer").fill("The films are asked for")
    case.get_by_role("button", name="Move the day").click()
    expect(steps).to_contain_text("The films are asked for")
    expect(case).to_contain_text("30 calendar days")
    page.get_by_label("What was done or found out").fill("Called: she waits until Friday")
    page.get_by_role("button", name="Add the note").click()
    expect(steps).to_contain_text("Called: she waits until Friday")
    case.get_by_role("button", name="Hand over").click()
    case.get_by_label("Who handles it from now on").fill("S2001")
    case.get_by_label("Why", exact=True).fill("Knows the branch")
    case.get_by_role("button", name="Hand it over").click()
    expect(case).to_contain_text("顾明远")
    case.get_by_role("button", name="Close", exact=True).click()
    case.get_by_label("How it ended").fill("Apologised")
    case.get_by_label("The remedy").fill("A window by appointment")
    case.get_by_role("radio", name="could not be reached").check()
    expect(case.get_by_label("How they agreed", exact=True)).to_be_hidden()
    case.get_by_label("Tries, if not reached").fill("3")
    case.get_by_role("button", name="Close the complaint").click()
    expect(case.locator(".err")).to_contain_text("Say why.")
    assert not Axe().run(page).response["violations"]
    case.get_by_label("Why they could not be reached").fill("abroad")
    case.get_by_role("button", name="Close the complaint").click()
    expect(case).to_contain_text("not reached after 3 tries: abroad")
    assert not Axe().run(page).response["violations"]
    address = page.url
    page.goto("/complaints/")
    expect(rows).to_have_count(before - 1)
    page.goto(address)
    case.get_by_role("button", name="The customer came back").click()
    case.get_by_label("What the customer came back with").fill("Waited again")
    case.get_by_role("button", name="Open it again").click()
    expect(case).to_contain_text(re.compile("the customer came back on"))
    expect(steps).to_contain_text("Waited again")
    page.goto("/complaints/")
    expect(rows).to_have_count(before)
