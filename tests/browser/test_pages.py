"""Every page, as a person sees it: both languages, both widths, light and dark; axe, console and policy clean."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

PAGES = {
    "R1001": [
        "/today/",
        "/today/?bucket=maturities",
        "/customers/",
        "/customers/?book=pool&sort=age",
        "/customers/?segment=core&aum_from=1000",
        "/customers/620100000001/",
        "/customers/620100000017/",
        "/customers/warnings/",
        "/customers/walk-in/",
        "/notices/",
        "/outreach/",
        "/outreach/new/",
        "/outreach/1/",
        "/outreach/2/",
        "/outreach/2/door/",
        "/settings/",
        "/keeping/",
        "/messages/",
        "/complaints/",
        "/my-score/",
        "/suggestions/",
        "/customers/620100000018/timeline/",
    ],
    "S2001": [
        "/dashboards/",
        "/dashboards/fairness/",
        "/dashboards/rules/",
        "/scores/",
        "/suggestions/funnel/",
        "/team/load/",
        "/team/split/",
        "/team/transfers/1/",
        "/team/managers/1/",
        "/coaching/",
        "/dashboards/file/",
        "/team/",
        "/interactions/reassign/",
        "/customers/upload/",
        "/customers/620100000001/",
    ],
    "A3001": ["/customers/walk-in/"],
    "M9001": [
        "/console/",
        "/console/audit/",
        "/start/",
        "/start/people/",
        "/admin/",
        "/admin/nightly/run/",
        "/admin/customers/segment/",
        "/admin/staff/user/",
        "/admin/staff/branch/",
    ],
    "C8001": ["/customers/cases/", "/customers/cases/1/", "/admin/audit/entry/"],
}
LOOKS = [("zh-hans", 1280, "light"), ("en", 390, "dark"), ("zh-hans", 390, "light"), ("en", 1280, "dark")]


def violations(page) -> list[str]:
    """What axe finds, a line a violation. The stock admin's own pages are Django's to answer for."""
    found = Axe().run(page).response["violations"]
    return [f"{page.url} {item['id']}: {item['nodes'][0]['html'][:160]}" for item in found]


@pytest.mark.parametrize(("language", "width", "scheme"), LOOKS)
@pytest.mark.parametrize("person", PAGES)
def test_each_page_fits_and_is_accessible(open_as, person, language, width, scheme):
    page = open_as(person, language=language, width=width, scheme=scheme)
    found = []
    for path in PAGES[person]:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.lang") == language
        assert page.locator(".loading").count() == 0, f"a panel of {path} stayed empty"
        if not path.startswith("/admin/"):
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, f"{path} is too wide"
            found += violations(page)
    assert found == []


def test_sign_in_is_accessible(browser, bank_site):
    page = browser.new_page(base_url=bank_site.url)
    page.goto("/sign-in/")
    assert violations(page) == []
    page.close()


def test_the_consent_and_profile_forms_are_accessible_while_open(open_as):
    page = open_as("R1001")
    page.goto("/customers/620100000002/")
    page.wait_for_load_state("networkidle")
    page.locator(".consents .b").first.click()
    page.wait_for_selector(".consents .answer")
    page.locator(".fact .b.sq").nth(4).click()
    page.wait_for_selector(".fact.edit")
    page.locator(".cust .eye").click()
    page.wait_for_selector(".cust .reasons")
    assert violations(page) == []
