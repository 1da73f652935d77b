"""What a customer sees on a phone: a survey, its thanks, the preference centre; and how a manager hands them over."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(browser, bank_site):
    """`phone(url)`: a customer's phone at `url`, without script unless asked: axe brings one of its own."""
    contexts = []

    def open_at(url, *, script=False, scheme="light"):
        context = browser.new_context(
            viewport={"width": 390, "height": 800}, java_script_enabled=script, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(url)
        return page

    yield open_at
    for context in contexts:
        context.close()


def violations(page) -> list[str]:
    return [f"{item['id']}: {item['nodes'][0]['html'][:160]}" for item in Axe().run(page).response["violations"]]


def link_of(page, panel: str, button: str | re.Pattern[str]) -> str:
    """The link that the button of the panel makes."""
    page.locator(panel).get_by_role("button", name=button).first.click()
    field = page.locator(f"{panel} .by-hand input")
    expect(field).to_be_visible()
    expect(page.locator(f"{panel} .qr-box svg")).to_be_visible()
    return field.input_value()


def open_drawn_customer(page) -> None:
    """The page of a customer whom sampling drew, and who has not been asked."""
    for n in range(30, 150):
        page.goto(f"/customers/6201{n:08d}/")
        panel = page.locator("#surveys-panel")
        expect(panel).to_contain_text("asked by sample")
        if panel.get_by_role("button", name=re.compile("Ask about")).count():
            return
    raise AssertionError("nobody was drawn")


def test_a_survey_from_the_desk_to_a_case(open_as, phone):
    page = open_as("S2002", language="en")
    open_drawn_customer(page)
    link = link_of(page, "#surveys-panel", re.compile("Ask about"))
    assert violations(page) == []
    for scheme in ("light", "dark"):
        seen = phone(link, script=True, scheme=scheme)
        assert seen.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert seen.evaluate("document.documentElement.lang") == "zh-hans"
        assert violations(seen) == []
        assert min(box["height"] for box in (one.bounding_box() for one in seen.locator(".scale label").all())) >= 48
    customer = phone(link)
    customer.get_by_role("link", name="English").click()
    customer.get_by_role("button", name="Send").click()
    expect(customer.get_by_role("alert")).to_contain_text("Please choose a number.")
    numbers = customer.locator(".scale label")
    low = numbers.last if "effort" in customer.locator("h1").inner_text() else numbers.first
    low.click()
    customer.locator("#text").fill("Nobody listened")
    customer.get_by_role("button", name="Send").click()
    expect(customer.locator("h1")).to_have_text("Thank you")
    expect(customer.locator("main")).to_contain_text("not be the person concerned")
    expect(phone(f"{link}?lang=en").locator("h1")).to_contain_text("opens nothing")
    page.reload()
    expect(page.locator("#surveys-panel")).to_contain_text("Nobody listened")
    expect(page.locator("#complaints-panel")).to_contain_text("Nobody listened")


def test_a_customer_decides_alone(open_as, phone):
    page = open_as("S2002", language="en", width=390)
    page.goto("/customers/620100000043/")
    policy = page.locator("#policy-panel")
    policy.get_by_role("button", name="Let the customer decide").click()
    link = link_of(page, "#policy-panel", "Make a link")
    assert violations(page) == []
    seen = phone(link, script=True, scheme="dark")
    assert seen.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert violations(seen) == []
    customer = phone(f"{link}?lang=en")
    insurance = customer.get_by_label("insurance")
    insurance.set_checked(False)
    customer.get_by_label("mornings, from 9 to 12").check()
    customer.get_by_role("button", name="Save").click()
    expect(customer.get_by_role("status")).to_contain_text("We reach you: mornings, from 9 to 12")
    customer.get_by_label("insurance").check()
    customer.get_by_role("button", name="Save").click()
    expect(customer.locator("h1")).to_have_text("Is it you?")
    assert violations(phone(link, script=True)) == []
    customer.get_by_label("The six digits").fill("000000")
    customer.get_by_role("button", name="Open it").click()
    expect(customer.get_by_role("alert")).to_be_visible()
    customer.get_by_role("link", name="Leave it closed").click()
    expect(customer.get_by_label("insurance")).not_to_be_checked()
    page.reload()
    expect(policy).to_contain_text("insurance")


def test_the_public_process_knows_no_page_of_the_crm(phone, bank_site):
    for path in ("/", "/customers/", "/today/", "/admin/", "/sign-in/", "/interactions/620100000001/surveys/"):
        page = phone(f"{bank_site.public}{path}?lang=en")
        expect(page.locator("h1")).to_contain_text("opens nothing")
        assert page.locator("a").count() == 1
