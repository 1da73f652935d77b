"""Story 7. A retired customer and a high-risk fund: never suggested, and shown as blocked with the rule that failed."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_high_risk_fund_is_never_suggested_and_says_why(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000006/")
    suggestions = page.locator("#suggestions-panel")
    expect(suggestions.locator(".blocked").first).to_be_visible()
    fund = suggestions.locator(".blocked", has_text="Equity fund")
    expect(fund).to_contain_text("R4")
    expect(fund).to_contain_text("C1")
    expect(fund).to_contain_text("71")
    expect(fund.get_by_role("button")).to_have_count(0)
    for risk in ("R2", "R3", "R4", "R5"):
        expect(suggestions.locator(".sug .tag", has_text=risk)).to_have_count(0)

    suggestions.get_by_text("Would another product suit?").click()
    suggestions.get_by_label("Name or code of a product").fill("equity-r4")
    looked = suggestions.locator("#looked-up .blocked")
    expect(looked).to_contain_text("There are no exceptions.")
    expect(looked.get_by_role("button")).to_have_count(0)
