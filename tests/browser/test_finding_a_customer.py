"""What a manager does all day: find, open, reveal, correct, record a consent."""

import pytest

pytestmark = pytest.mark.browser


def test_two_letters_and_enter_open_the_customer(open_as):
    page = open_as("R1001")
    page.keyboard.press("Control+k")
    page.keyboard.type("zw")
    page.wait_for_selector("#found a:has-text('张伟明')")
    while "张伟明" not in page.locator("#found a[aria-selected=true]").all_inner_texts().__str__():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/620100000001/")
    assert page.locator("h1").inner_text() == "张伟明"


@pytest.mark.parametrize("typed", ["单晓", "shanxiao", "danxiao", "sxm", "dxm"])
def test_both_readings_of_a_surname_find_the_person(open_as, typed):
    page = open_as("R1001")
    page.goto("/customers/")
    page.fill(".find input[type=search]", typed)
    page.wait_for_selector("#results td.who:has-text('单晓明')")


def test_somebody_elses_customer_is_not_found_but_opens_as_a_walk_in(open_as):
    page = open_as("R1001")
    page.goto("/customers/")
    page.fill(".find input[type=search]", "zgq")
    page.wait_for_load_state("networkidle")
    assert page.locator("#results td.who:has-text('赵国强')").count() == 0
    owner = open_as("R1005")
    owner.goto("/customers/")
    owner.fill(".find input[type=search]", "赵国")
    number = owner.locator("#results tr:has-text('赵国强') td").nth(1).inner_text()
    agent = open_as("A3001")
    agent.fill("#id_identifier", number)
    agent.check("input[value=call]")
    agent.click("form.form .b.go")
    agent.wait_for_url(f"**/customers/{number}/")
    owner.goto("/notices/")
    assert "赵国强" in owner.locator(".notices").inner_text()


def test_a_phone_shows_whole_after_a_reason_in_one_tap(open_as):
    page = open_as("R1001", width=390)
    page.goto("/customers/620100000001/")
    ident = page.locator(".cust .ident")
    assert "****" in ident.inner_text()
    ident.locator(".eye").click()
    page.locator(".cust .reasons .b").first.click()
    page.wait_for_selector(".cust .ident b")
    assert "****" not in page.locator(".cust .ident b").inner_text()


def test_a_mistake_is_said_at_the_field_and_the_typed_value_stays(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000002/")
    page.click("button[aria-label='Edit e-mail']")
    page.fill(".fact.edit input:not([type=hidden])", "li.jing at example.com")
    page.click(".fact.edit .b.go")
    page.wait_for_selector(".fact.edit .err")
    assert page.input_value(".fact.edit input:not([type=hidden])") == "li.jing at example.com"
    page.fill(".fact.edit input:not([type=hidden])", "li.jing@example.com")
    page.click(".fact.edit .b.go")
    page.wait_for_selector(".fact:has-text('l****@example.com')")


def test_declined_is_noted_and_not_asked_again(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000004/")
    page.click("button[aria-label='Edit education']")
    page.click(".fact.edit >> text=Declined to say")
    page.wait_for_selector(".fact:has-text('education'):has-text('not asked again')")


def test_a_consent_is_withdrawn_as_easily_as_given(open_as):
    page = open_as("R1001", language="en")
    page.goto("/customers/620100000005/")
    visit = page.locator(".consents li", has_text="visit")
    visit.wait_for()
    for answer, state in (("Agrees", "agreed"), ("Withdraws", "withdrawn"), ("Agrees", "agreed")):
        if visit.locator("button", has_text=answer).count() == 0:
            continue
        visit.locator("button", has_text=answer).click()
        visit.locator(".means button", has_text="in person").click()
        page.wait_for_selector(f".consents li:has-text('visit') .state:has-text('{state}')")
