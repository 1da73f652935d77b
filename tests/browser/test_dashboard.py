"""A supervisor's morning at the board, in the browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import violations

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("language", "title", "label"), [("zh-hans", "服务看板", "活跃客户"), ("en", "Service board", "Active customers")]
)
def test_a_number_opens_the_customers_behind_it(open_as, language, title, label):
    page = open_as("S2001", language=language)
    page.wait_for_url("**/dashboards/")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    tile = page.locator(".meas > div", has_text=label)
    figure = tile.locator(".bits a").last
    count = figure.inner_text().replace(",", "")
    figure.click()
    page.wait_for_url("**/dashboards/behind/**")
    shown = page.locator("#count").inner_text()
    assert shown == count or (shown.endswith("+") and int(count) > int(shown[:-1]))
    expect(page.locator("table.list tbody tr")).to_have_count(min(50, int(count)) + (int(count) > 50))
    assert violations(page) == []


def test_another_branch_is_chosen_without_leaving_the_page(open_as):
    page = open_as("S2001", language="en")
    page.wait_for_url("**/dashboards/")
    before = page.locator(".score tfoot th").inner_text()
    page.locator("select[name=branch]").select_option(index=1)
    expect(page.locator(".score tfoot th")).not_to_have_text(before)
    assert "branch=" in page.url
    page.get_by_text("The figures by month").click()
    expect(page.locator(".figures tbody tr")).not_to_have_count(0)


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("zh-hans", 1280, "light"), ("en", 390, "dark"), ("zh-hans", 390, "light"), ("en", 1280, "dark")],
)
def test_the_board_fits_and_is_accessible(open_as, language, width, scheme):
    page = open_as("S2001", language=language, width=width, scheme=scheme)
    page.wait_for_url("**/dashboards/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert violations(page) == []
