"""Story 1. Mr Zhang complained last time about a long queue. He walks in; the manager types two letters of his name."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_page_opens_with_what_hurt_what_was_promised_and_what_he_looked_at(open_as):
    page = open_as("R1001", language="en")
    page.keyboard.press("Control+k")
    page.keyboard.type("zw")
    page.locator("#found").get_by_text("张伟明").click()
    page.wait_for_url("**/customers/620100000001/")
    brief = page.locator("#brief-panel")

    expect(brief).to_contain_text("排队 52 分钟")
    expect(brief).to_contain_text("别再让我等就行")
    expect(brief).to_contain_text("satisfaction 3 of 5")
    expect(brief).to_contain_text("优先窗口 3 号窗 10:00")
    expect(brief).to_contain_text("到期前把三种续存方案发给您看")
    expect(brief).to_contain_text("公积金能不能和商贷组合？")
    expect(brief).to_contain_text(re.compile("个人住房贷款利率.*4 times"))
    expect(brief).to_contain_text("房贷月供试算")
    expect(brief).to_contain_text(re.compile("in 6 days.*整存整取定期"))

    suggestions = page.locator("#suggestions-panel")
    expect(suggestions).to_contain_text(re.compile(r"wait", re.IGNORECASE))
    expect(suggestions.locator(".sug")).to_have_count(0)
    expect(brief).to_contain_text("No sales prompts until somebody has said sorry")
    brief.get_by_role("button", name="Acknowledged in person").click()
    expect(suggestions.locator(".sug").first).to_be_visible()
    expect(suggestions).to_contain_text("Mortgage consultation")
    expect(suggestions.locator(".sug", has_text="fund")).to_have_count(0)
