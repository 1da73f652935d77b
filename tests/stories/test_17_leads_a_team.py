"""Story 17. A supervisor sees who carries what, covers for a sick colleague, divides a book, and praises good work."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_sick_colleague_is_covered_in_three_clicks_from_the_team(open_as):
    page = open_as("S2001", language="en")
    page.goto("/team/load/")
    row = page.locator(".team-table tbody tr", has_text="R1007")
    row.get_by_role("link", name="Cover").click()
    expect(page.locator("#id_absent option:checked")).to_contain_text("吴可欣")
    page.select_option("#id_to", label="R1004 何志远")
    page.fill("#id_reason", "发烧")
    page.get_by_role("button", name="Give cover").click()
    page.goto("/team/load/")
    expect(page.locator(".team-table tbody tr", has_text="R1007")).to_contain_text("何志远")


def test_a_book_is_divided_after_a_look_and_taken_back(open_as):
    page = open_as("S2001", language="en")
    page.goto("/team/load/?branch=0102")
    row = page.locator(".team-table tbody tr", has_text="R1004")
    before = row.locator("td").first.inner_text()
    row.get_by_role("link", name="Divide").click()
    page.locator(".team-tick", has_text="R1007").locator("input").check()
    page.get_by_role("button", name="What would happen?").click()
    expect(page.locator("#preview")).to_contain_text("吴可欣")
    page.get_by_role("button", name=re.compile(r"Give \d+ customers")).click()
    expect(page.get_by_role("heading", name="Hand-over list")).to_be_visible()
    expect(page.locator(".team-list article").first).to_be_visible()
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator(".note")).to_contain_text("Taken back")
    page.goto("/team/load/?branch=0102")
    expect(page.locator(".team-table tbody tr", has_text="R1004").locator("td").first).to_have_text(before)


def test_praise_stands_on_today_until_it_is_read(open_as):
    page = open_as("R1001", language="en")
    page.goto("/today/")
    word = page.locator("#team-today .team-word")
    expect(word).to_contain_text("就这样做")
    word.get_by_role("button", name="Read").click()
    expect(word).to_have_count(0)
    page.goto("/coaching/")
    expect(page.locator(".team-said")).to_contain_text("就这样做")


def test_who_got_customers_finds_what_to_know_of_each(open_as):
    page = open_as("R1002", language="en")
    page.goto("/today/")
    page.locator("#team-today").get_by_role("link", name="Hand-over list").click()
    expect(page.locator(".team-list article")).to_have_count(6)
