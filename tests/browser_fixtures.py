"""Fixtures of tests that look through a real browser at a real server."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.served import Served, served

WATCHED = ("error", "warning")


def _complains(message: ConsoleMessage) -> bool:
    """Errors and warnings, but for the browser's own line about a form that was answered 422, as it should be."""
    return message.type in WATCHED and "status of 422" not in message.text


@pytest.fixture(scope="session")
def bank_site(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Served]:
    """The demo bank, served; each story acts on customers of its own, so one bank does for all."""
    with served(tmp_path_factory.mktemp("served"), customers=600) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not os.environ.get("CHROMIUM"):
        pytest.skip("CHROMIUM names no browser: `make test` finds or installs one")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run"]
        chromium = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=arguments)
        yield chromium
        chromium.close()


@pytest.fixture
def open_as(browser, bank_site) -> Iterator[Callable[..., Page]]:
    """`open_as("R1001", language="en", width=390)` gives a page with that person signed in.

    The test fails if any of its pages wrote an error to the console, a refused script or style included.
    """
    contexts, complaints = [], []

    def sign_in(number: str, *, language: str = "zh-hans", width: int = 1280, scheme: str = "light") -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, base_url=bank_site.url
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if _complains(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/sign-in/")
        page.click(f".lang button[value={language}]")
        page.fill("#id_username", number)
        page.fill("#id_password", bank_site.passwords[number])
        page.click("form.form button")
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)
