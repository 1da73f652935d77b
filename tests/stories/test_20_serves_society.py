"""Story 20. Who might be served is found; a lecture is planned, people are invited, it is held and looked back on."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from crm.lib.dates import bank_day

pytestmark = pytest.mark.browser


def test_the_bank_finds_where_a_lecture_would_help(open_as):
    page = open_as("S2001", language="en")
    page.goto("/outreach/")
    districts = page.locator("section", has=page.locator("#elders-head"))
    expect(districts.locator("li").first).to_contain_text(
        re.compile(r"\d+ of \d+; 65 and more: \d+%|n=\d+, too few to say")
    )
    savers = page.locator("section", has=page.locator("#savers-head"))
    expect(savers.locator("li").first).to_contain_text(re.compile(r"\d+ of \d+"))
    savers.get_by_role("link", name=re.compile("Plan for")).first.click()
    expect(page.locator("[name=found]")).to_have_value("depositors")


def test_a_lecture_is_planned_and_people_are_invited_within_the_policy(open_as):
    page = open_as("S2001", language="en")
    page.goto("/outreach/new/?found=elders&occasion=fraud")
    page.locator("[name=title]").fill("社区反诈讲座")
    page.locator("[name=branch]").select_option(label="0101 城南支行")
    page.locator("[name=place]").fill("徐家汇街道活动中心")
    page.locator("[name=day]").fill((bank_day() + timedelta(days=14)).isoformat())
    page.get_by_role("button", name="Plan, then invite").click()
    expect(page.locator("h1")).to_have_text("社区反诈讲座")
    found = page.locator("#candidates")
    expect(found.locator("li").first).to_contain_text("aged")
    boxes = found.locator("input.pick:checked")
    for _box in range(boxes.count() - 3):
        boxes.last.uncheck()
    found.get_by_role("button", name="Invite: a call for each manager").click()
    expect(found).to_contain_text("3 invited.")
    guests = page.locator("#guests")
    expect(guests.locator("li")).to_have_count(3)
    guests.get_by_role("button", name="is coming").first.click()
    expect(guests.get_by_role("button", name="is coming").first).to_have_attribute("aria-pressed", "true")


def test_attendance_is_ticked_on_a_phone(open_as):
    page = open_as("R1001", language="en", width=390)
    page.goto("/outreach/")
    page.get_by_role("link", name=re.compile("看懂自己的账户")).click()
    page.get_by_role("link", name="List at the door").click()
    expect(page.locator(".door li")).not_to_have_count(0)
    first = page.locator(".door .came").first
    with page.expect_response(lambda answer: "/door/" in answer.url and answer.status == 204):
        first.check()
    with page.expect_response(lambda answer: "/nameless/" in answer.url):
        page.get_by_role("button", name="one more").click()
    expect(page.locator("#pending")).to_have_text("")
    page.reload()
    expect(page.locator("#came")).to_have_text("1")
    expect(page.locator(".door .came").first).to_be_checked()
    expect(page.locator("#nameless")).to_have_value("1")


def test_what_became_of_it_is_said_with_its_numbers(open_as):
    page = open_as("R1001", language="en")
    page.goto("/outreach/")
    page.get_by_role("link", name=re.compile("防骗课堂")).click()
    effect = page.locator("#effect")
    expect(effect).to_contain_text(re.compile(r"Came\s*12"))
    expect(effect).to_contain_text("n=13")
    expect(effect).to_contain_text("no proof that the lecture made it")
    feedback = page.locator("#feedback")
    silent = feedback.locator(".said li").filter(has_not=page.locator("input.tap:checked")).first
    with page.expect_response(lambda answer: "/feedback/" in answer.url and answer.status == 204):
        silent.locator("label.b", has_text="5").click()
    expect(effect).to_contain_text("n=14")
