"""Story 10. Counter, ATM, mobile, web, phone, WeChat: the same person is recognised, one line of time, a hand-off card."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
NUMBER = "620100000018"


def line_of(page: Page, **asked: str) -> None:
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    page.goto(f"/customers/{NUMBER}/timeline/" + (f"?{query}" if query else ""))
    expect(page.locator("#timeline-panel .tl:not(.pins)")).to_be_visible()


def tell(page: Page) -> None:
    """The manager speaks with her on the phone: a promise, a question, and she is impatient."""
    page.goto(f"/customers/{NUMBER}/")
    page.get_by_role("button", name="more").click()
    page.locator("#log-bar").get_by_text("impatient", exact=True).click()
    page.locator("#log-bar").get_by_text("phone", exact=True).first.click()
    page.locator("[name=promise]").fill("把两张卡合并的材料准备好")
    page.locator("[name=question]").fill("旧卡上的自动扣费怎么转？")
    page.locator("#log-bar textarea").first.fill("来电说等了两次都没办成，有点急")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#log-bar .state")).to_contain_text("saved")


def recognise(page: Page) -> None:
    """A WeChat name that nobody knew is hers: she showed the app."""
    page.goto("/interactions/unresolved/")
    row = page.locator(".unresolved li", has_text="2071")
    row.get_by_role("button", name="It is a customer").click()
    row.locator("[name=number]").fill(NUMBER)
    row.locator("[name=reason]").fill("本人在网点出示了微信")
    row.get_by_role("button", name="Known from now on").click()
    expect(page.locator(".unresolved")).not_to_contain_text("2071")


def hand_over(page: Page) -> None:
    """She comes to the counter: a sentence goes ahead of her."""
    page.goto(f"/customers/{NUMBER}/")
    panel = page.locator("#handoff-panel")
    panel.get_by_role("button", name="Hand over now").click()
    panel.locator("[name=to]").fill("A3001")
    panel.locator("[name=text]").fill("袁女士半小时后到，材料在我抽屉里，请先给她办")
    panel.get_by_role("button", name="Hand over now").first.click()
    expect(panel.locator(".handed")).to_contain_text("材料在我抽屉里")


def test_one_person_on_all_channels_is_one_conversation(open_as):
    manager = open_as("R1001", language="en")
    tell(manager)
    recognise(open_as("S2001", language="en"))

    line_of(manager)
    timeline = manager.locator("#timeline-panel")
    expect(timeline).to_contain_text("来电说等了两次都没办成")
    for channel in ("counter", "atm", "app", "phone", "wechat"):
        timeline.get_by_label("Channel").select_option(channel)
        expect(timeline.locator(".ev").first).to_be_visible()
    expect(timeline).to_contain_text("周末能不能办卡")  # what the unknown name asked

    hand_over(manager)
    agent = open_as("A3001", language="en")
    agent.fill("#id_identifier", NUMBER)
    agent.check("input[value=counter]")
    agent.click("form.form .b.go")
    agent.wait_for_url(f"**/customers/{NUMBER}/")
    card = agent.locator("#handoff-panel")
    for said in (
        "材料在我抽屉里", "把两张卡合并的材料准备好", "旧卡上的自动扣费怎么转", "Impatient", "等了两次都没办成", "Ms 袁",
        "林悦", "…2071",
    ):  # fmt: skip
        expect(card).to_contain_text(said)
    expect(agent.locator("#suggestions-panel")).to_have_count(0)
    expect(agent.locator("#timeline-panel .ev").first).to_be_visible()
    expect(agent.locator("#timeline-panel")).not_to_contain_text("Looked at")
    agent.goto("/notices/")
    agent.get_by_role("link", name="材料在我抽屉里").click()
    agent.get_by_role("button", name="Take over").click()
    agent.wait_for_url(f"**/customers/{NUMBER}/")
    expect(agent.locator("#handoff-panel .handed")).to_contain_text("taken over")


def test_three_thousand_entries_are_one_tap_away(open_as):
    page = open_as("R1001", language="en")
    line_of(page)
    timeline = page.locator("#timeline-panel")
    newest = timeline.locator(".ev").count()
    timeline.get_by_role("button", name="Earlier").click()
    expect(timeline.locator(".ev").nth(newest)).to_be_visible()
    timeline.locator(".mo:not([disabled])").nth(20).click()
    expect(timeline.locator(".mo[aria-current]")).to_have_count(1)
    jumped = timeline.locator(".ev").count()
    timeline.get_by_role("button", name="Later").click()
    expect(timeline.locator(".ev").nth(jumped)).to_be_attached()
    timeline.get_by_label("Search in it").fill("稳健固收理财")
    timeline.get_by_label("Search in it").press("Enter")
    expect(timeline.locator(".ev .tt b").first).to_contain_text("稳健固收理财")
    timeline.locator("summary").first.click()
    expect(timeline.locator(".steps li").first).to_be_visible()


def test_an_entry_is_pinned_for_everybody_and_unpinned(open_as):
    page = open_as("R1001", language="en")
    line_of(page, kind="talks", until="2025-12-31")
    title = page.locator("#timeline-panel .ev p:not(.before)").last.inner_text()
    page.locator("#timeline-panel .ev .pin").last.click()
    expect(page.locator(".pins")).to_contain_text(title.split("\n")[0])
    expect(page.locator(".pins")).to_contain_text("pinned by 林悦")
    line_of(page)
    page.locator(".pins .pin").first.click()
    expect(page.locator(".pins")).to_have_count(0)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(width, scheme, open_as):
    page = open_as("R1001", width=width, scheme=scheme)
    line_of(page, until="2026-06-30")
    page.locator("#timeline-panel .steps summary").first.click()
    checks = [Axe().run(page, context="#work")]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(f"/customers/{NUMBER}/")
    page.locator("#handoff-panel .acts .q").click()
    page.locator("#handoff-panel .of-known").wait_for()
    page.locator("#handoff-panel .acts .b").first.click()
    page.locator("#handoff-panel form").wait_for()
    page.wait_for_load_state("networkidle")
    checks.append(Axe().run(page, context="#work"))
    for found in checks:
        assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
