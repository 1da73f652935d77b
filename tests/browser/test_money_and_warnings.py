"""What a manager does with movements and warnings, and compliance with cases, in the browser."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_movements_are_filtered_and_paged_without_leaving_the_page(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000002/")
    rows = page.locator("#movements-found tbody tr:not(.more-row)")
    expect(rows).to_have_count(20)
    page.get_by_role("button", name="Show the next 20").click()
    expect(rows).to_have_count(40)
    page.locator("#id_category").select_option("fx")
    expect(page.locator("#movements-found")).to_contain_text("购汇")
    expect(page.locator("#movements-found")).not_to_contain_text("salary")
    page.locator("#id_since").fill("2026-05-01")
    page.locator("#id_until").fill("2026-04-01")
    page.locator("#id_until").press("Tab")
    expect(page.locator("#movement-filter .errorlist")).to_contain_text("before the first day")
    expect(page.locator("#id_category")).to_have_value("fx")


def test_what_the_customer_said_is_kept_at_the_warning(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/warnings/")
    row = page.locator(".warned > li", has_text="何桂兰")
    expect(row).to_contain_text("Active again after a long time")
    expect(row).to_contain_text("6,500.00")
    row.get_by_role("button", name="Talked about it").click()
    row.locator("textarea").fill("给孙子交学费")
    row.get_by_role("button", name="Keep").click()
    expect(page.locator(".warned > li .said")).to_contain_text("给孙子交学费")
    page.goto("/customers/620100000012/")
    expect(page.locator("#warnings-panel .said")).to_contain_text("给孙子交学费")


def test_the_segment_says_why_and_the_entrepreneur_is_potential(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000005/")
    panel = page.locator("#segment-panel")
    expect(panel).to_contain_text("potential")
    expect(panel).to_contain_text("Growth of business receipts: +")


def test_a_manager_reads_nothing_of_patterns_that_compliance_works_on(open_as):
    manager = open_as("R1002", language="en")
    manager.goto("/customers/620100000014/")
    manager.wait_for_load_state("networkidle")
    expect(manager.locator("#warnings-panel")).to_contain_text("Nothing stands out")
    for word in ("threshold", "structuring", "report", "case"):
        assert word not in manager.locator("main").inner_text().casefold()
    compliance = open_as("C8001", language="en")
    compliance.goto("/customers/cases/?detector=structuring")
    compliance.get_by_role("link", name="repeatedly just below a threshold").click()
    expect(compliance.locator(".evid")).to_contain_text("49,000.00")
    compliance.locator("#id_state").select_option("in_review")
    compliance.locator("#id_note").fill("柜面录像已调取")
    compliance.get_by_role("button", name="Keep").click()
    expect(compliance.locator(".history")).to_contain_text("柜面录像已调取")
