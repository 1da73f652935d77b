"""Story 3. He put a fixed sum aside every month and then took it back: he saves for something."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_broken_saving_yields_a_need_with_months_and_amounts(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000003/")
    suggestion = page.locator("#suggestions-panel .sug", has_text="Instalment saving")
    expect(suggestion).to_contain_text("a savings goal")
    expect(suggestion).to_contain_text(re.compile(r"Put money aside in (9|10|11) of 12 months, about 3k"))
    expect(suggestion).to_contain_text("took most of it back")
