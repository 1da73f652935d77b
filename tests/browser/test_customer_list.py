"""Working with the customer list: a follow-up in one tap, a view kept, many tagged, and the page for the customer."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_next_follow_up_is_set_in_one_tap_from_the_row(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/?next_up=none&sort=number")
    cell = page.locator("tbody tr").first.locator(".next-up")
    assert "nothing planned" in cell.inner_text()
    tap = cell.locator(".taps button").nth(1)
    day = tap.get_attribute("title")
    tap.click()
    page.wait_for_selector(f"tbody tr:first-child .next-up:has-text('{day}')")


def test_a_condition_is_completed_kept_as_a_view_and_opened_by_its_tab(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/")
    page.click("details.narrow summary")
    page.locator("#id_rule").press_sequentially("aum_month_t")
    page.click(".offered button:has-text('aum_month_to_date')")
    expect(page.locator("#id_rule")).to_have_value("aum_month_to_date ")
    expect(page.locator("#id_rule")).to_be_focused()
    page.locator("#id_rule").press_sequentially("> 100000")
    page.click("#narrow button.go")
    page.wait_for_url("**rule=aum_month_to_date**")
    page.reload()
    assert page.input_value("#id_rule") == "aum_month_to_date > 100000"
    page.click("details.keep summary")
    page.fill("#view-name", "Large")
    page.click(".view-form button")
    page.wait_for_url("**view=**")
    page.click(".tabs .kept:has-text('Large')")
    assert page.input_value("#id_rule") == "aum_month_to_date > 100000"


def test_many_are_tagged_after_a_look_at_what_would_happen(open_as):
    page = open_as("R1001", language="en", width=390)
    page.goto("/customers/?sort=number")
    for place in (0, 1):
        page.locator("input[name=id]").nth(place).check()
    page.click("#bulk button[value=tag]")
    page.fill(".bulk-panel #id_value", "讲座")
    page.click(".go-line button")
    page.wait_for_selector(".bulk-panel:has-text('It will be done for 2 customers')")
    page.click(".go-line .go")
    page.wait_for_selector(".bulk-panel:has-text('Done for 2 customers')")


def test_how_do_you_know_that_is_answered_on_a_page_to_print_and_ended_in_one_step(open_as):
    page = open_as("R1001", language="en", width=390)
    page.goto("/customers/620100000008/")
    page.click("#consents-panel a:has-text('How do you know that?')")
    page.wait_for_selector(".known h1")
    if page.locator(".known form button").count():
        page.click(".known form button")
    page.wait_for_selector(".known .off")
    page.emulate_media(media="print")
    assert not page.locator(".rail").is_visible()
    assert not page.locator(".known .back").is_visible()
