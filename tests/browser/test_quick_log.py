"""The quick log in the browser: nothing typed is lost, and nothing typed stays on the branch's PC after sign-out."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
FIRST, OTHER, THIRD = "620100000019", "620100000016", "620100000018"


def bar_of(page: Page, number: str) -> Page:
    page.goto(f"/customers/{number}/")
    expect(page.locator("#log-bar textarea, #log-bar .waits")).to_be_visible()
    return page


def kept_in_browser(page: Page) -> str:
    return page.evaluate("JSON.stringify([localStorage, sessionStorage])")


def test_what_was_typed_survives_a_closed_tab_is_parked_and_saved(open_as):
    page = bar_of(open_as("R1001", language="en"), FIRST)
    page.keyboard.press("l")
    expect(page.locator("#log-bar textarea")).to_be_focused()
    page.keyboard.type("asked about a mortgage")
    context = page.context
    page.close()  # at once: the server may have nothing of it yet

    page = bar_of(context.new_page(), FIRST)
    typed = page.locator("#log-bar textarea")
    expect(typed).to_have_value("asked about a mortgage")
    expect(page.locator("#log-bar .state")).to_have_text("kept")
    # What the server has is not kept in the browser as well.
    assert "mortgage" not in kept_in_browser(page)

    page.get_by_role("button", name="Park").click()
    expect(page.locator("#log-bar .waits")).to_contain_text("asked about a mortgage")
    bar_of(page, OTHER)
    page.locator("#log-bar textarea").fill("wants her card raised")
    page.get_by_role("button", name="Park").click()
    page.locator("#log-bar summary", has_text="2 parked").click()
    page.get_by_role("button", name="asked about a mortgage").click()
    page.wait_for_url(f"**/{FIRST}/")

    expect(page.locator("#log-bar textarea")).to_have_value("asked about a mortgage")
    page.get_by_role("form", name="Quick log").get_by_text("in a week", exact=True).click()
    page.locator("#log-bar textarea").press("Control+Enter")
    expect(page.locator("#log-bar .state")).to_contain_text("saved, next")
    expect(page.locator("#log-bar textarea")).to_have_value("")
    expect(page.locator("#timeline-panel .ev").first).to_contain_text("asked about a mortgage")

    bar_of(page, THIRD)
    page.locator("#log-bar textarea").fill("half a sentence")
    assert "half a sentence" in kept_in_browser(page)
    page.locator(".me-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")
    for trace in ("half a sentence", "zhike", THIRD):
        assert trace not in kept_in_browser(page)


def test_a_refused_note_keeps_every_word_and_a_second_tap_takes_an_answer_back(open_as):
    page = bar_of(open_as("R1002", language="en"), "620100000014")
    page.get_by_role("button", name="more").click()
    page.locator("#log-bar").get_by_text("impatient", exact=True).click()
    page.locator("[name=promise_due]").fill("2020-01-01")
    page.locator("#log-bar textarea").fill("called about the queue")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#log-bar .err").first).to_contain_text("Choose a day from today")
    expect(page.locator("#log-bar textarea")).to_have_value("called about the queue")
    expect(page.locator("[name=promise_due]")).to_have_value("2020-01-01")
    expect(page.locator("[name=mood][value=hurried]")).to_be_checked()
    page.locator("#log-bar").get_by_text("impatient", exact=True).click()
    expect(page.locator("[name=mood]:checked")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out_of_bar_and_timeline(width, scheme, open_as):
    page = bar_of(open_as("R1001", width=width, scheme=scheme), THIRD)
    page.locator("[data-unfolds]").click()
    page.wait_for_load_state("networkidle")
    found = Axe().run(page, context="#work")
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
