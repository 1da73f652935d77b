"""A manager's morning in the browser: from the first line to the saved note with its next day, counted in clicks."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import violations

pytestmark = pytest.mark.browser
MOST_CLICKS = 5


class Clicks:
    """Clicks on a page, counted as the person makes them."""

    def __init__(self) -> None:
        self.number = 0

    def on(self, locator) -> None:
        locator.click()
        self.number += 1


def test_from_the_first_line_to_the_saved_note_with_its_next_day_in_five_clicks(open_as):
    page = open_as("R1001", language="en")
    page.wait_for_url("**/today/")
    clicks = Clicks()
    first = page.locator("#today-list .task").first
    number = first.get_attribute("data-number")
    clicks.on(first.get_by_role("button", name="Done"))
    expect(page.locator("form.inrow [name=summary]")).to_be_focused()
    page.keyboard.type("wants to see the numbers first")
    clicks.on(page.locator("form.inrow label[for$=-three]"))
    clicks.on(page.locator("form.inrow").get_by_role("button", name="Save and next"))
    row = page.locator(f"#today-list .task[data-number='{number}']")
    expect(row).to_contain_text("next contact")
    expect(page.locator("#done-today")).to_contain_text("wants to see the numbers first")
    expect(page.locator("form.inrow [name=summary]")).to_be_focused()  # the next row is open already
    assert clicks.number <= MOST_CLICKS
    page.goto(f"/customers/{number}/")
    expect(page.locator("#timeline-panel")).to_contain_text("wants to see the numbers first")


def test_a_row_without_an_answer_keeps_what_was_typed_and_snooze_takes_it_off_the_day(open_as):
    page = open_as("R1002", language="en")
    row = page.locator("#today-list .task").first
    number = row.get_attribute("data-number")
    row.get_by_role("button", name="Done").click()
    form = page.locator("form.inrow")
    form.locator("[name=summary]").fill("will think about it")
    page.keyboard.press("Control+Enter")
    expect(form.locator(".err")).to_contain_text("What comes next?")
    expect(form.locator("[name=summary]")).to_have_value("will think about it")
    assert violations(page) == []
    row.get_by_role("button", name="Snooze").click()
    form.locator("button[value=week]").click()
    gone = page.locator(f"#today-list .task.gone[data-number='{number}']")
    expect(gone).to_be_visible()


def test_several_rows_are_put_off_together_and_keys_move(open_as):
    page = open_as("R1003", language="en")
    # What waits for anybody of the team is taken first, and not chosen with others.
    rows = page.locator("#today-list .task", has=page.locator("input.pick-row"))
    names = [rows.nth(place).locator(".who").inner_text() for place in (0, 1)]
    for place in (0, 1):
        rows.nth(place).locator("input.pick-row").check()
    many = page.locator("#many")
    expect(many).to_contain_text("Chosen: 2")
    many.locator("[name=next]").select_option("week")
    many.get_by_role("button", name="Snooze").click()
    expect(many).to_be_hidden()
    coming = page.locator("#b-coming + .rows")
    expect(coming).to_contain_text(names[0].split(" ")[0][:2])
    page.locator("h1").click()
    page.keyboard.press("j")
    if page.locator("#today-list .task").first.locator("input.pick-row").count() == 0:
        page.keyboard.press("j")
    page.keyboard.press("s")
    expect(page.locator("form.inrow")).to_contain_text("Put off to")
    page.keyboard.press("Escape")
    expect(page.locator("form.inrow")).to_have_count(0)
