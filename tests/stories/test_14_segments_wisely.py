"""Story 14. Not by balance alone: the young entrepreneur is potential, and every segment says why."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_young_entrepreneur_is_potential_with_his_reason_and_next_step(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000005/")
    panel = page.locator("#segment-panel")
    expect(panel).to_contain_text("potential")
    expect(panel).to_contain_text("Growth of business receipts: +")
    expect(page.locator("#suggestions-panel")).to_contain_text("Business receipts of the last three months grew by")
    expect(page.locator("#timeline-panel")).to_contain_text("十二个人都到账")


def test_much_money_alone_is_another_segment_with_another_reason(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000001/")
    panel = page.locator("#segment-panel")
    expect(panel).to_contain_text("Why")
    expect(panel).not_to_contain_text("potential")
