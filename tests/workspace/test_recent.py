"""Whom one opened lately comes first in the search palette."""

import re

from django.urls import reverse

from tests.factories import make_customer


def found(browser, query: str) -> list[str]:
    page = browser.post(reverse("search"), {"q": query}).content.decode()
    return re.findall(r'href="/customers/(\d+)/"', page)


def test_who_was_opened_lately_is_found_first_also_beyond_the_first_eight(bank, sign_in):
    for n in range(12):
        make_customer(f"6203000000{n:02}", f"单晓{chr(0x4E01 + n)}", bank.branch, owner=bank.owner)
    browser = sign_in(bank.owner)
    before = found(browser, "shan")
    last = next(f"6203000000{n:02}" for n in range(12) if f"6203000000{n:02}" not in before)
    browser.get(reverse("customer", args=[last]))
    assert found(browser, "dan")[0] == last
    assert len(found(browser, "单晓")) == 8


def test_who_may_no_longer_be_seen_is_not_found_by_having_been_opened(bank, customer, sign_in):
    browser = sign_in(bank.owner)
    browser.get(reverse("customer", args=[customer.number]))
    customer.owner = bank.colleague
    customer.save(update_fields=["owner"])
    assert found(browser, "zwm") == []
