"""Story 25. “How do you know all that?”: a page in plain words of what is known, why, from where, and one step out."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import violations

pytestmark = pytest.mark.browser
NEVER_SAID = ("warning", "suspicious", "large movement", "verify", "compliance", "complaints open")


def somebody_with_a_portrait(page: Page) -> tuple[str, str]:
    """Opens the page of somebody of 62 or older outside the cast; their number, and a tag they carry."""
    page.goto("/customers/?book=own&sort=number&age_from=62&age_to=80")
    rows = page.locator("table.list tbody a").evaluate_all("links => links.map(one => one.getAttribute('href'))")
    for address in [row for row in rows if row.split("/")[2] > "620100000019"][:12]:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        if page.locator("#portrait .ptag").count():
            return address.split("/")[2], page.locator("#portrait .ptag summary").first.inner_text()
    raise AssertionError("nobody of the book has a portrait")


def test_the_older_customer_reads_what_is_known_and_ends_it_in_one_step(open_as):
    page = open_as("R1001", language="en")
    number, tag = somebody_with_a_portrait(page)
    page.get_by_role("link", name="How do you know").click()
    page.wait_for_url("**/known/")
    known = page.locator(".known")
    expect(known).to_contain_text(f"“{tag}”, since")
    expect(known).to_contain_text("You are served by")
    expect(known).to_contain_text("That follows from")
    for heading in ("Where from", "What for", "How long"):
        expect(known.get_by_text(heading).first).to_be_visible()
    expect(known).to_contain_text("a person looks at it again when you ask")
    text = known.inner_text().casefold()
    assert not [word for word in NEVER_SAID if word in text]
    assert violations(page) == []

    known.get_by_role("button", name="End personal suggestions now").click()
    expect(known).to_contain_text("Personal suggestions are off")
    expect(known).not_to_contain_text(tag)
    page.goto(f"/customers/{number}/")
    expect(page.locator("#suggestions-panel .sug")).to_have_count(0)
    expect(page.locator("#portrait .ptag")).to_have_count(0)


def test_it_prints_on_paper_and_reads_in_the_dark(open_as):
    page = open_as("R1001", scheme="dark", width=390)
    page.goto("/customers/620100000006/known/")
    expect(page.locator(".known")).to_contain_text("怎么")
    assert violations(page) == []
    page.emulate_media(media="print")
    expect(page.locator(".known .back")).to_be_hidden()
    expect(page.locator(".known form")).to_be_hidden()
    expect(page.locator(".known section").first).to_be_visible()
