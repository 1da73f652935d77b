"""Story 15. Sudden large transfers, a falling score: the manager reads what to ask, compliance the case."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
NEVER_SAID = ("threshold", "structuring", "report", "suspicious", "laundering")


def test_large_transfers_are_asked_about_in_neutral_words(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000007/")
    panel = page.locator("#warnings-panel")
    expect(panel).to_contain_text("160,000.00")
    expect(panel).to_contain_text("verify")
    expect(page.locator("#brief-panel")).to_contain_text("Please verify the purpose with the customer")
    page.wait_for_load_state("networkidle")
    said = page.locator("main").inner_text().casefold()
    assert not [word for word in NEVER_SAID if word in said]


def test_a_score_that_fell_is_said_where_a_loan_runs(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000009/")
    panel = page.locator("#warnings-panel")
    expect(panel).to_contain_text("712")
    expect(panel).to_contain_text("641")


def test_compliance_sees_the_case(open_as):
    page = open_as("C8001", language="en")
    page.goto("/customers/cases/")
    expect(page.locator("main")).to_contain_text("曹志远")
