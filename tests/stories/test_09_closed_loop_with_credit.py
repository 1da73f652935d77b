"""Story 9. The customer applies for a loan: record, assets and repayment ability stand together with their reasons."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_loan_applied_for_at_home_is_assessed_at_the_branch_in_a_minute_and_decided_by_a_person(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000005/")
    panel = page.locator("#credit-panel")
    expect(panel).to_contain_text("小微经营贷")  # applied for on the web, last night
    panel.get_by_role("button", name="Loan").click()
    panel.get_by_label("Loan", exact=True).select_option(label="Small business loan")
    panel.get_by_label("Amount").fill("300000")
    panel.get_by_label("Months").fill("36")
    panel.get_by_label("Rate a year, %").fill("4.35")
    panel.get_by_label("What for").fill("进货")
    panel.get_by_role("button", name="Assess now").click()
    expect(panel.get_by_role("alert")).to_have_text("Without the customer's authorisation nothing is looked at.")
    expect(panel.get_by_label("What for")).to_have_value("进货")
    panel.get_by_label("The customer authorises").check()
    panel.get_by_role("button", name="Assess now").click()

    assessed = panel.locator("article.credit")
    expect(assessed).to_contain_text("Small business loan 300k")
    expect(assessed.locator("dl")).to_contain_text("For it")
    expect(assessed.locator("dl")).to_contain_text("Not known")
    assessed.get_by_text("Points, and words for the customer").click()
    expect(assessed.locator("blockquote")).to_contain_text("A colleague decides")

    assessed.get_by_text("Decide", exact=True).click()
    assessed.get_by_label("Decision").select_option(label="ask for more papers")
    assessed.get_by_label("Why").fill("缺经营流水")
    assessed.get_by_role("button", name="Keep the decision").click()
    expect(panel.locator(".decided")).to_contain_text("缺经营流水")
