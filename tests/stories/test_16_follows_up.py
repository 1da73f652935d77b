"""Story 16. Every morning a list: late, today, on their mind, to verify, maturing, complaints, out of touch."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def today(open_as) -> Page:
    page = open_as("R1001", language="en")
    page.goto("/today/")
    expect(page.locator("#today-list .task").first).to_be_visible()
    return page


def row(page: Page, name: str):
    return page.locator("#today-list .task", has=page.locator("a.who", has_text=name))


def test_the_morning_begins_with_what_was_promised(today):
    late = today.locator("#b-late + ul")
    expect(late).to_contain_text("提前还贷试算发给您")
    expect(late).to_contain_text("把服务清单发给您")
    appointments = today.locator("#b-today + ul")
    expect(appointments).to_contain_text("11:00")
    expect(appointments).to_contain_text("面谈：出国用卡怎么更省")
    names = today.locator("#today-list a.who").all_inner_texts()
    assert len(names) == len(set(names))  # one row a customer, whatever there is to do


def test_the_night_adds_what_it_found(today):
    buckets = today.locator(".buckets")
    for bucket in ("On their mind", "To verify", "Maturing", "Birthdays", "Complaints", "Out of touch"):
        expect(buckets).to_contain_text(bucket)
    expect(today.locator("#b-warnings + ul .task").first).to_be_visible()
    expect(today.locator("#b-losing + ul .task").first).to_be_visible()


def test_one_tap_ends_a_follow_up_and_plans_the_next(today):
    task = row(today, "董立")
    task.get_by_role("button", name="Done").click()
    form = task.locator("form")
    form.locator("label[for$=-reached]").click()
    form.get_by_label("What was said").fill("他说他行给的利率高一点，年底再看")
    form.locator("label[for$=-week]").click()
    form.get_by_role("button", name="Save and next").click()
    expect(today.locator("#b-late + ul")).not_to_contain_text("听听他为什么转走")
    today.goto("/customers/620100000017/")
    expect(today.locator("#timeline-panel")).to_contain_text("年底再看")


def test_a_task_is_put_off_with_one_tap(today):
    task = row(today, "周明")
    task.get_by_role("button", name="Snooze").click()
    task.locator("form").get_by_role("button").first.click()
    expect(task.locator(".due", has_text="14:30")).to_have_count(0)
    today.reload()
    expect(today.locator("#b-today + ul")).to_contain_text("11:00")
    expect(today.locator("#b-today + ul")).not_to_contain_text("周明")
