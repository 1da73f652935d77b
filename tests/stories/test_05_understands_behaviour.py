"""Story 5. Ms Li bought currency several times and raised her limit abroad: a card for business travel, with why."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_travel_card_comes_with_what_it_rests_on(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000002/")
    card = page.locator("#suggestions-panel .sug", has_text="Business travel card")
    expect(card).to_contain_text("business travel")
    expect(card).to_contain_text(
        re.compile(r"Bought foreign currency \d+ times and paid abroad \d+ times within a year")
    )
    expect(page.locator("#timeline-panel")).to_contain_text("境外消费限额")
    expect(page.locator("#brief-panel")).to_contain_text("商旅信用卡")
