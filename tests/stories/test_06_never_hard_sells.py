"""Story 6. The customer does not want to hear it: one tap, and the need rests; one budget over all contacts is kept."""

import re

import psycopg
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_one_tap_lets_the_need_rest(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000009/")
    suggestions, policy = page.locator("#suggestions-panel"), page.locator("#policy-panel")
    first = suggestions.locator(".sug h3").first
    expect(first).to_be_visible()
    offered = suggestions.locator(".sug", has_text=first.inner_text())
    offered.get_by_role("button", name="Not interested").click()
    expect(offered).to_have_count(0)
    expect(policy).to_contain_text(re.compile(r"rests until \d{4}-\d{2}-\d{2}"))
    page.reload()
    expect(policy).to_contain_text("rests until")
    expect(offered).to_have_count(0)


def test_a_second_refusal_rests_longer_and_the_budget_is_said(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000001/")
    policy = page.locator("#policy-panel")
    expect(policy.locator(".resting")).to_contain_text("funds")
    expect(policy.locator(".resting")).to_contain_text("基金别再跟我说了")
    expect(page.locator("#brief-panel")).to_contain_text(re.compile("refused .* 2 times so far"))
    expect(policy).to_contain_text(re.compile(r"1 of 3 used, next free \d+ \w+"))
    expect(policy).to_contain_text("SMS: 0 of 2 used")  # a limit of its own, besides the one over all
    expect(policy).to_contain_text(re.compile("Quiet hours.*21:00–09:00", re.DOTALL))
    expect(page.locator("#customer-header")).to_contain_text("21:00–09:00")


PAUSED = """
SELECT c.number, u.employee_number FROM interactions_pause AS p
JOIN customers_customer AS c ON c.id = p.customer_id JOIN staff_user AS u ON u.id = c.owner_id
WHERE p.until > now() + interval '3 days' AND c.number > '620100000019' AND c.status = 'active' ORDER BY c.number LIMIT 1
"""


def test_an_offer_outside_the_policy_is_said_while_it_is_logged_and_kept_all_the_same(open_as, bank_site):
    # A customer of whom no other story takes the reason away, at whatever hour this runs.
    with psycopg.connect(bank_site.environment["DATABASE_URL"]) as connection:
        number, login = connection.execute(PAUSED).fetchone()
    page = open_as(login, language="en")
    page.goto(f"/customers/{number}/")
    bar = page.locator("#log-bar")
    bar.get_by_role("button", name="more").click()
    bar.get_by_text("offer", exact=True).click()
    expect(bar).to_contain_text("Outside the contact policy:")
    expect(bar).to_contain_text("Sales are paused until")
    bar.get_by_text("service", exact=True).first.click()
    expect(bar).not_to_contain_text("Outside the contact policy:")
