"""The brief in the browser: what hurts stands first until somebody said sorry, and it follows what happens on the page."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
CUSTOMER = "/customers/620100000013/"


def test_the_brief_follows_a_complaint_to_its_end_and_a_topic_to_rest(open_as):
    page = open_as("S2002", language="en")
    page.goto(CUSTOMER)
    brief, complaints, policy = (page.locator(f"#{name}-panel") for name in ("brief", "complaints", "policy"))
    expect(brief).to_contain_text("as of")
    expect(brief.locator(".held-back")).to_have_count(0)
    complaints.get_by_role("button", name="Complaint").click()
    complaints.locator("#complaint-text").fill("Waited an hour, nobody explained")
    complaints.get_by_role("button", name="Keep the complaint").click()
    expect(brief.locator("dl > div").first).to_contain_text("Waited an hour, nobody explained")
    expect(brief.locator(".held-back")).to_contain_text("Still open, answer due")
    customer_page = page.url
    complaints.get_by_role("link", name="Handle it").click()
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_label("How it ended").fill("One more window")
    page.get_by_label("The remedy").fill("Priority window")
    page.get_by_label("How they agreed", exact=True).select_option("visit")
    page.get_by_role("button", name="Close the complaint").click()
    expect(page.locator(".case")).to_contain_text("agreed on")
    page.goto(customer_page)
    expect(brief.locator(".held-back")).to_contain_text("Offer first: Priority window")
    assert not Axe().run(page).response["violations"]
    brief.get_by_role("button", name="Acknowledged in person").click()
    expect(brief).to_contain_text("sales prompts are back")
    expect(brief.locator(".held-back")).to_have_count(0)
    expect(complaints).to_contain_text("said sorry in person on")
    policy.get_by_role("button", name="Does not want to hear of…").click()
    policy.get_by_label("Does not want to hear of", exact=True).select_option("insurance")
    policy.get_by_role("button", name="Let it rest").click()
    expect(brief.locator(".of-avoid")).to_contain_text("insurance refused")


def test_a_line_leads_to_the_panel_it_is_from_and_the_phone_begins_with_the_brief(open_as):
    page = open_as("R1001", language="en", width=390)
    page.goto("/customers/620100000001/")
    brief = page.locator("#brief-panel")
    brief.get_by_role("link", name="funds").first.click()
    assert page.url.endswith("#policy-panel")
    page.wait_for_load_state("networkidle")
    tops = [
        page.locator(f"#{name}-panel").evaluate("panel => panel.getBoundingClientRect().top")
        for name in ("brief", "suggestions", "holdings", "timeline", "movements")
    ]
    assert tops == sorted(tops)
