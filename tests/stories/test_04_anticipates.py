"""Story 4. Thirty years old, a stable income, a house just bought: education and pension come up, in words."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_education_and_pension_come_up_with_a_reason_a_customer_would_accept(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000004/")
    suggestions = page.locator("#suggestions-panel")
    education = suggestions.locator(".sug", has_text="Education saving")
    expect(education).to_contain_text(re.compile(r"30 years.*a regular salary, a mortgage since \d{4}-\d{2}"))
    expect(education.locator("blockquote")).to_contain_text("Congratulations on your home")
    pension = suggestions.locator(".sug", has_text="Personal pension saving")
    expect(pension).to_contain_text("no personal pension yet")
    expect(pension.locator("blockquote")).to_contain_text("There is no hurry")
