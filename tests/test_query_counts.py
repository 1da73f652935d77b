"""How many queries each page makes: committed, at most twelve, and the same with twice the rows."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import Entry
from crm.lib.dates import bank_day
from customers import consent, households, life_events, relations
from customers.models import RiskWarning
from interactions import complaints, refusals, reminders
from interactions.models import ChannelEvent, ChurnEpisode, Draft, Interaction
from tests.customers.money import hold, make_account, move
from tests.factories import make_customer
from tests.interactions.messages import make_template, queued

MOST = 12
# page -> queries as the owner, the sign-in session and the audit row included
COUNTS = {
    "list": 11,
    "known": 12,
    "next-cell": 5,
    "page": 10,  # one more where a night has put the customer into a tier; so has the head alone
    "customer-header": 9,
    "brief": 11,  # one more with the consent to read what the customer looked at
    "profile": 4,
    "consents": 6,
    "portrait": 6,
    "records": 7,
    "since": 10,
    "walk": 11,
    "household": 8,
    "life": 7,
    "learning": 10,
    "looks": 5,
    "holdings": 7,
    "movements": 7,
    "segment": 7,
    "customer-warnings": 5,
    "warnings": 5,
    "keeping:panel": 8,
    "keeping": 9,
    "suggestions": 10,
    "opportunities": 5,
    "interactions:complaints": 5,
    "interactions:policy": 7,
    "complaints:list": 4,
    "complaints:case": 9,
    "interactions:surveys": 7,
    "today": 12,
    "today-row": 8,
    "today-figures": 7,
    "today-news": 6,
    "today-count": 4,
    "interactions:next": 6,
    "interactions:reminders": 5,
    "my-settings": 3,
    "outreach": 6,
    "search": 8,
    "notices": 4,
    "interactions:log": 6,
    "interactions:parked": 6,
    "interactions:timeline": 9,
    "handoff": 9,
    "messages:panel": 6,
    "messages:write": 6,
    "messages:outbox": 11,
    "teams:coaching": 5,
    "teams:today": 4,
    "teams:transfers": 3,
}
# Names of the URLs that are about no customer, and of those that are named otherwise than their count.
WITHOUT_CUSTOMER = {
    "list": "customers:list", "notices": "notices", "warnings": "customers:warnings",
    "opportunities": "recommendations:list", "interactions:parked": "interactions:parked",
    "complaints:list": "complaints:list", "messages:outbox": "messages:outbox", "my-settings": "my-settings",
    "outreach": "outreach:index", "keeping": "keeping:index", "today": "today", "today-figures": "today-figures", "today-news": "today-news",
    "today-count": "today-count", "teams:coaching": "teams:coaching", "teams:today": "teams:today",
    "teams:transfers": "teams:transfers",
}  # fmt: skip
WITH_CUSTOMER = {
    "page": "customer", "suggestions": "recommendations:panel",
    **{name: name for name in ("brief", "customer-header", "known", "next-cell", "since", "walk", "handoff", "today-row")},
}  # fmt: skip
GIVEN = {"walk": {"in": "book=own&sort=next", "n": 1, "of": 4}, "handoff": {"card": ""}}


def visited_before(customer) -> None:
    Entry.objects.create(
        action="view", object_type="customer", object_label=customer.number, object_ids=[customer.pk],
        actor_id=customer.owner_id, at=timezone.now() - timedelta(days=1),
    )  # fmt: skip


def ask(browser, page, customer):
    if page == "search":
        return browser.post(reverse("search"), {"q": "wei"})
    if page == "complaints:case":
        return browser.get(reverse(page, args=[customer.complaints.first().number]))
    if page in WITHOUT_CUSTOMER:
        return browser.get(reverse(WITHOUT_CUSTOMER[page]))
    name = WITH_CUSTOMER.get(page) or (page if ":" in page else f"customers:{page}")
    return browser.get(reverse(name, args=[customer.number]), GIVEN.get(page))


def populate(bank, customer, first: int, count: int) -> None:
    version = make_template(bank.admin, bank.compliance, f"t{first}").versions.get()
    for number in range(first, first + count):
        made = make_customer(f"6202{number:08d}", "魏紫薇", bank.branch, owner=bank.owner, phone=f"+86139{number:08d}")
        consent.give(made, ("profiling", "", ""), means="phone", by=bank.owner)
        account = make_account(customer)
        move(account, date(2026, 11, 1), -50)
        hold(account, date(2026, 11, 1), 100)
        warning = {"on": "2026-11-01", "amount": -5000, "currency": "CNY", "category": "cash", "channel": "atm"}
        for warned in (made, customer):
            RiskWarning.objects.create(
                customer=warned, detector="large_move", cause=str(number), day=date(2026, 11, 1), evidence=[warning]
            )
        reminders.set_next(made, bank_day(), by=bank.owner)
        for leaving in (made, customer):
            ChurnEpisode.objects.get_or_create(
                customer=leaving, day=bank_day(), kind="light", reached=date(2026, 10, 1), fell_from="gold", floor=1
            )
        ChannelEvent.objects.create(customer=made, channel="mobile", kind="viewed", topic="fund", reference=str(number))
        Draft.objects.create(user=bank.owner, customer=made, parked=True, data={"summary": "x"})
        Interaction.objects.create(customer=customer, channel="phone", by=bank.owner, promise="x")
        for reached in (made, customer):
            queued(reached, version, by=bank.owner, state="unknown", due_at=None)
        complaints.receive(customer, text="waited", about=bank.colleague, by=bank.owner)
        refusals.refuse(customer, f"topic{number}", by=bank.owner)
        relations.add(customer, "partner", other=made, by=bank.owner)
        households.live_together(customer, made, by=bank.owner)
        life_events.add(customer, life_events.Told("move", date(2020, 1, 1), "year", False), by=bank.owner)
    for channel in ("sms", "phone"):
        consent.give(customer, ("marketing", channel, ""), means="phone", by=bank.owner)


@pytest.mark.parametrize("page", COUNTS)
def test_queries_of_a_page_are_as_committed_and_do_not_grow_with_the_rows(page, bank, customer, sign_in):
    browser = sign_in(bank.owner)
    browser.get(reverse("notices"))  # the first request of a session also notes when it was seen
    visited_before(customer)
    counts = []
    for first in (1, 5):
        populate(bank, customer, first, 4)
        with CaptureQueriesContext(connection) as queries:
            assert ask(browser, page, customer).status_code == 200
        counts.append(len(queries))
    assert counts == [COUNTS[page]] * 2
    assert COUNTS[page] <= MOST
