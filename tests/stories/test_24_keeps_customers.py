"""Story 24. Keeping one costs less than winning one: who may leave is noticed with reasons, and somebody listens."""

import re

import psycopg
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
NEVER_SAID = ("rate of return", "product", "offer you", "yield")


# Somebody whom no other test has spoken with since the night.
WAITS = """
SELECT c.number, u.employee_number FROM interactions_reminder AS r
JOIN customers_customer AS c ON c.id = r.customer_id JOIN staff_user AS u ON u.id = r.assignee_id
WHERE r.kind = 'keeping' AND r.state = 'open' ORDER BY c.number DESC LIMIT 1
"""


def test_who_may_leave_is_on_the_page_with_reasons_and_words_that_serve(open_as, bank_site):
    with psycopg.connect(bank_site.environment["DATABASE_URL"]) as connection:
        number, login = connection.execute(WAITS).fetchone()
    page = open_as(login, language="en")
    page.goto(f"/customers/{number}/")
    panel = page.locator("#keeping-panel")
    expect(panel).to_contain_text(re.compile("below the tier (since the end of a month|for a whole month)"))
    expect(panel.locator(".why-list li").first).to_contain_text(re.compile(r"average of \w+ .+, at its end .+, then"))
    panel.get_by_text("Words to begin with").click()
    words = panel.locator("blockquote[lang=en]")
    expect(words).to_be_visible()
    assert not [word for word in NEVER_SAID if word in words.inner_text().casefold()]
    expect(page.locator("#brief-panel")).to_contain_text(re.compile("below their tier.*: ask how things are"))


def test_it_stands_on_today_is_taken_up_in_one_tap_or_said_to_be_no_cause_for_worry(open_as):
    page = open_as("R1001", language="en")
    page.goto("/today/?bucket=keeping")
    expect(page.locator(".task", has_text="袁小梅")).to_contain_text("ask how things are")
    page.goto("/keeping/")
    row = page.locator(".keep", has_text="袁小梅")
    expect(row).to_contain_text("below the tier for a whole month")
    row.locator(".taps button").first.click()
    row = page.locator(".keep", has_text="袁小梅")
    expect(row).to_contain_text("planned for")
    expect(row).to_contain_text("林悦")
    row.get_by_role("button", name="No cause for worry").click()
    row = page.locator(".keep", has_text="袁小梅")
    row.get_by_role("button", name="Keep").click()
    expect(page.locator(".keep .err")).to_be_visible()
    page.locator(".keep .noted input").fill("买房付首付，房子是自住")
    page.locator(".keep .noted").get_by_role("button", name="Keep").click()
    expect(page.locator(".keep", has_text="袁小梅")).to_contain_text("no cause for worry")


def test_the_head_of_the_branch_sees_who_keeps_whom(open_as):
    page = open_as("S2001", language="en")
    page.goto("/keeping/")
    table = page.locator(".by-manager")
    expect(table.locator("tbody tr").first).to_contain_text(re.compile(r"\d"))
    page.goto("/keeping/?state=rescued")
    expect(page.locator(".keep").first).to_contain_text(re.compile(r"\d+ conversations? since"))
    page.goto("/keeping/?state=lost")
    expect(page.locator(".keep").first).to_contain_text("lost")
