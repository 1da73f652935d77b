"""Story 18. People use it because it helps from the first day: shown around, helped where they stand, scored openly."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def accessible(page) -> None:
    found = Axe().run(page).response["violations"]
    assert not found, [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found]


def test_help_opens_where_one_stands_and_starts_the_tour_which_can_be_left_and_resumed(open_as):
    page = open_as("R1004", language="en")
    page.click("#help-open")
    expect(page.locator("#help h2")).to_have_text("Today: whom to contact and why")
    accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    page.click("#help-open")
    page.click("#help >> text=Show me around")
    tour = page.locator("#tour")
    expect(tour.locator("h2")).to_have_text("Your day")
    expect(tour).to_be_focused()
    expect(page.locator("#today-list")).to_have_class(re.compile("tour-here"))
    accessible(page)
    tour.get_by_role("button", name="Next").click()
    expect(tour.locator("h2")).to_have_text("Find anybody")
    tour.get_by_role("button", name="Next").click()
    expect(page).to_have_url(re.compile("/customers/"))
    page.goto("/notices/")
    expect(tour).to_contain_text("The next step is on another page")
    page.keyboard.press("Escape")  # the focus is on the tour
    expect(tour).to_have_count(0)
    page.click("#help-open")
    page.click("#help >> text=Go on with the tour")
    expect(tour.locator("h2")).to_have_text("Your customers")
    for title in ("Before you meet", "Log as you talk", "Your score"):
        tour.get_by_role("button", name="Next").click()
        expect(tour.locator("h2")).to_have_text(title)
    tour.get_by_role("button", name="Finish").click()
    expect(tour).to_have_count(0)
    page.goto("/today/")
    expect(tour).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_manager_sees_how_the_score_is_made_objects_and_is_answered(open_as, width):
    number, name = ("R1004", "何志远") if width == 1280 else ("R1003", "苏曼")
    page = open_as(number, language="en", width=width)
    page.goto("/my-score/")
    card = page.locator(".score-card")
    expect(card).to_contain_text(re.compile("of 100 points|Not enough to say"))
    # The second manager's book is small: what cannot be said is said so, and nothing is ranked.
    expect(card).to_contain_text("95 per cent interval" if width == 1280 else "Not enough to say")
    expect(card).to_contain_text("Follow-ups done on their day among those due in 30 days")
    accessible(page)
    page.select_option("#id_scored", "follow_up")
    page.fill("#id_text", "Three were due while I was on leave.")
    page.get_by_role("button", name="Object").click()
    expect(page.locator(".objections")).to_contain_text("Three were due while I was on leave.")
    boss = open_as("S2002", language="en", width=width)
    boss.goto("/scores/")
    expect(boss.locator(".objections")).to_contain_text("Three were due while I was on leave.")
    accessible(boss)
    boss.locator("table.score").get_by_role("link", name=name).click()
    boss.get_by_label("accept: say what is put right").check()
    boss.get_by_label("What is put right, or why not").fill("Taken over by your cover; told to the team.")
    boss.get_by_role("button", name="Answer").click()
    expect(boss.locator(".objections")).to_contain_text("accepted")
    accessible(boss)
    page.reload()
    expect(page.locator(".objections")).to_contain_text("Taken over by your cover; told to the team.")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
