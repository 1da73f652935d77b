"""A complaint from receipt to a hand held out, and what the customer does not want to hear of, in the browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
CUSTOMER = "/customers/6201{:08}/"


def open_content_customer(page, first: int = 21) -> None:
    """The page of a customer who has complained of nothing and refused nothing: the demo bank draws who has."""
    for n in range(first, first + 30):
        page.goto(CUSTOMER.format(n))
        page.wait_for_load_state("networkidle")
        panels = page.locator("#complaints-panel").inner_text() + page.locator("#policy-panel").inner_text()
        if "No complaints." in panels and "No topic rests." in panels:
            return
    raise AssertionError("everybody has complained")


def test_a_complaint_holds_sales_until_somebody_says_sorry(open_as):
    page = open_as("S2002", language="en")
    complaints, policy = page.locator("#complaints-panel"), page.locator("#policy-panel")
    open_content_customer(page)
    expect(policy).to_contain_text("No topic rests.")
    complaints.get_by_role("button", name="Complaint").click()
    complaints.get_by_role("button", name="Keep the complaint").click()
    expect(complaints.locator(".err")).to_contain_text("required")
    complaints.locator("#complaint-text").fill("Waited an hour, nobody explained")
    complaints.get_by_role("button", name="Keep the complaint").click()
    expect(complaints).to_contain_text("Waited an hour, nobody explained")
    expect(policy).to_contain_text("is open: sales wait")
    customer_page = page.url
    complaints.get_by_role("link", name="Handle it").click()
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_label("How it ended").fill("One more window")
    page.get_by_label("The remedy").fill("Priority window")
    page.get_by_label("How they agreed", exact=True).select_option("visit")
    assert not Axe().run(page).response["violations"]
    page.get_by_role("button", name="Close the complaint").click()
    expect(page.locator(".case")).to_contain_text("agreed on")
    assert not Axe().run(page).response["violations"]
    page.goto(customer_page)
    expect(complaints).to_contain_text("Priority window")
    expect(policy).to_contain_text("Nobody has said sorry in person")
    complaints.get_by_role("button", name="I said sorry in person").click()
    expect(policy).not_to_contain_text("sales wait")


def test_a_topic_rests_and_is_reopened_by_one_tap_and_sales_pause(open_as):
    page = open_as("S2002", language="en", width=390)
    open_content_customer(page, first=60)
    policy = page.locator("#policy-panel")
    policy.get_by_role("button", name="Does not want to hear of…").click()
    policy.get_by_label("Does not want to hear of", exact=True).select_option("insurance")
    policy.get_by_label("In the customer's words").fill("My cousin sells it")
    policy.get_by_role("button", name="Let it rest").click()
    expect(policy.locator(".resting")).to_contain_text("My cousin sells it")
    expect(policy.locator(".asked")).to_have_count(0)
    policy.get_by_role("button", name="asks for “insurance” again").click()
    expect(policy).to_contain_text("No topic rests.")
    policy.get_by_role("button", name="Pause sales").click()
    policy.locator("#pause-until").fill("2020-01-01")
    policy.locator(".asked").get_by_role("button", name="Pause sales").click()
    expect(policy.locator(".err")).to_contain_text("from tomorrow")
    policy.get_by_role("button", name="Cancel").click()
    expect(policy.locator(".asked")).to_have_count(0)
