"""Story 13. A child is born, a retirement comes near, ten years with the bank, an illness: words, help, and no sales."""

import re
from datetime import timedelta

import psycopg
import pytest
from playwright.sync_api import Page, expect

from crm.lib.dates import bank_day

pytestmark = pytest.mark.browser


@pytest.fixture
def birthdays(open_as) -> Page:
    page = open_as("R1001", language="en")
    page.goto("/today/?bucket=birthdays")
    expect(page.locator("#today-list .task").first).to_be_visible()
    return page


def test_a_birth_comes_with_words_to_say_and_no_product(birthdays):
    task = birthdays.locator("#today-list .task", has_text="A child was born: congratulate")
    expect(task).to_contain_text("an account for a child needs its guardian's consent")
    task.get_by_role("button", name="Done").click()
    expect(task.locator("form")).to_contain_text("听说家里添了新成员，恭喜恭喜")
    expect(task.locator("form")).to_contain_text("congratulations")
    task.locator("a.who").click()
    expect(birthdays.locator("#brief-panel")).to_contain_text("A child was born: congratulate")
    expect(birthdays.locator("#reminders-panel")).to_contain_text("Words to say")


def test_ten_years_with_the_bank_are_thanked_for(birthdays):
    task = birthdays.locator("#today-list .task", has_text="With us for 10 years: say thank you").first
    task.get_by_role("button", name="Done").click()
    expect(task.locator("form")).to_contain_text("您和我们相识已经10年了")


def one_with(bank_site, condition: str) -> tuple[str, str]:
    """The first customer with an open reminder for which `condition` holds: their number and their manager's."""
    asked = f"""
        SELECT c.number, u.employee_number FROM interactions_reminder r
        JOIN customers_customer c ON c.id = r.customer_id JOIN staff_user u ON u.id = c.owner_id
        WHERE {condition} AND r.state = 'open' ORDER BY c.number LIMIT 1"""
    with psycopg.connect(bank_site.environment["DATABASE_URL"]) as connection:
        number, login = connection.execute(asked).fetchone()
        return number, login


def test_who_retires_soon_is_invited_for_a_coffee(open_as, bank_site):
    number, manager = one_with(bank_site, "r.kind = 'retirement'")
    page = open_as(manager, language="en")
    page.goto(f"/customers/{number}/")
    expect(page.locator("#reminders-panel")).to_contain_text(
        "Retires soon: a coffee, and a talk about income in old age"
    )
    expect(page.locator("#brief-panel")).to_contain_text("May I invite you for a coffee")


def test_of_an_illness_only_that_sales_wait_is_kept(birthdays):
    page = birthdays
    page.locator("#today-list .task", has_text="A child was born").locator("a.who").click()
    life = page.locator("#life-panel")
    life.get_by_role("button", name=re.compile("Add")).click()
    form = page.locator("#life-slot form")
    form.locator("[name=kind]").select_option("illness")
    form.locator("[name=year]").fill(str(bank_day().year))
    form.get_by_role("button", name="It happened").click()
    expect(form).to_contain_text("Health is kept only with its own consent")
    expect(form).to_contain_text("Pause sales without a reason that is kept")
    expect(page.locator("#life-body")).not_to_contain_text("illness")
    policy = page.locator("#policy-panel")
    policy.get_by_role("button", name=re.compile("Pause")).click()
    policy.locator("form select").first.select_option("personal")
    policy.locator("form [name=until]").fill((bank_day() + timedelta(days=30)).isoformat())
    policy.locator("form .go").click()
    expect(policy.get_by_role("button", name="End the pause")).to_be_visible()
    expect(page.locator("#brief-panel")).not_to_contain_text("illness")


def test_a_reminder_of_the_team_is_taken_with_one_tap(open_as):
    page = open_as("R1003", language="en")
    page.goto("/today/")
    task = page.locator("#b-team + ul .task", has_text="上门送新存折")
    expect(task).to_contain_text("given by 顾明远")
    task.get_by_role("button", name="I take it").click()
    expect(page.locator(".buckets [data-counts=team]")).to_have_text("0")
    page.reload()
    expect(page.locator("#b-today + ul")).to_contain_text("上门送新存折")


def test_a_follow_up_comes_back_when_it_is_done(open_as, bank_site):
    number, manager = one_with(bank_site, "r.series_id IS NOT NULL")
    page = open_as(manager, language="en")
    page.goto(f"/customers/{number}/")
    panel = page.locator("#reminders-panel")
    expect(panel).to_contain_text("every month")
    panel.get_by_role("button", name="Skip this one").click()
    expect(panel.locator(".plans .day", has_text=bank_day().isoformat())).to_have_count(0)
    expect(panel).to_contain_text("每月问一次装修进度")
