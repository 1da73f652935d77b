"""Notes half written: kept as typed, parked, opened again, and never in the way of who may see whom."""

import uuid

import pytest
from django.urls import reverse

from crm.audit.models import Entry
from interactions.log import Said, log_contact
from interactions.models import Draft, Interaction
from tests.factories import make_customer


@pytest.fixture
def desk(bank, sign_in):
    """`desk(customer, ask="…", **typed)` posts to that customer's draft as the owner."""
    browser = sign_in(bank.owner)

    def post(customer, ask: str = "", **typed):
        return browser.post(reverse("interactions:draft", args=[customer.number]) + ask, typed)

    return post


@pytest.fixture
def shown(bank, sign_in):
    """`shown(customer)` is the owner's bar for that customer."""

    def read(customer) -> str:
        return sign_in(bank.owner).get(reverse("interactions:log", args=[customer.number])).content.decode()

    return read


def parked_list(browser) -> str:
    return browser.get(reverse("interactions:parked")).content.decode()


def test_what_is_typed_is_there_again(customer, desk, shown):
    answer = desk(
        customer, summary="问组合<贷", promise_due="2026-02-31", topics=["house", "loan"], mood="upset", next="day"
    )
    assert answer.status_code == 204
    bar = shown(customer)
    assert "问组合&lt;贷" in bar
    assert 'value="2026-02-31"' in bar  # as typed, wrong or right
    assert bar.count("checked") == 8  # channel, three usual answers, mood, next, two topics
    assert "log open" in bar  # what was told aside is not folded away


def test_one_note_a_customer_and_a_person(bank, customer, desk, shown, sign_in):
    desk(customer, summary="one")
    desk(customer, summary="second")
    assert Draft.objects.get().data["summary"] == "second"
    other = sign_in(bank.supervisor).get(reverse("interactions:log", args=[customer.number])).content.decode()
    assert "second" not in other
    # Begun once in the audit, however often it was kept.
    assert Entry.objects.filter(object_type="note").count() == 1


def test_an_emptied_note_is_gone(customer, desk):
    desk(customer, summary="x", channel="phone")
    desk(customer, summary="", channel="phone")
    assert not Draft.objects.exists()


def test_what_the_database_cannot_hold_is_left_out_and_the_rest_kept(customer, desk):
    desk(customer, summary="a\x00b" + "长" * 5000, nonsense="x", topics=["x" * 500])
    data = Draft.objects.get().data
    assert data["summary"].startswith("ab长")
    assert len(data["summary"]) == 4000
    assert "nonsense" not in data
    assert data["topics"] == ["x" * 12]


def test_a_logged_note_is_gone_and_a_late_autosave_does_not_bring_it_back(bank, customer, desk, sign_in):
    key = uuid.uuid4().hex
    desk(customer, summary="half", key=key)
    log = reverse("interactions:log", args=[customer.number])
    assert sign_in(bank.owner).post(log, {"channel": "phone", "summary": "whole", "key": key}).status_code == 200
    assert not Draft.objects.exists()
    assert desk(customer, summary="hal", key=key).status_code == 204
    assert not Draft.objects.exists()


def test_a_contact_logged_elsewhere_leaves_the_half_written_note(bank, customer, desk):
    desk(customer, summary="half", key=uuid.uuid4().hex)
    log_contact(customer, by=bank.owner, said=Said("phone", outcome="no_answer"))
    assert Interaction.objects.exists()
    assert Draft.objects.get().data["summary"] == "half"


def test_several_are_parked_and_opened_with_one_tap(bank, customer, desk, shown, sign_in):
    other = make_customer("620100000002", "李静", bank.branch, owner=bank.owner)
    assert "1 parked" in desk(customer, "?park", summary="问组合贷", key="a").content.decode()
    assert "2 parked" in desk(other, "?park", promise="发方案", key="b").content.decode()
    listed = parked_list(sign_in(bank.owner))
    assert listed.index("李静") < listed.index("张伟明")  # the newest first
    assert "发方案" in listed
    assert "Write on" in shown(customer)
    assert "<textarea" not in shown(customer)
    answer = desk(customer, "?reopen")
    assert answer.headers["HX-Redirect"] == reverse("customer", args=[customer.number])
    assert "问组合贷" in shown(customer)
    assert "<textarea" in shown(customer)
    assert "张伟明" not in parked_list(sign_in(bank.owner))
    assert "发方案" in desk(other, "?reopen=here").content.decode()


def test_a_parked_note_is_never_written_over(customer, desk, shown):
    desk(customer, "?park", summary="first", key="a")
    answer = desk(customer, summary="second", key="b")  # typed in a window that was open before
    assert answer.status_code == 409
    assert Draft.objects.get().data["summary"] == "first"


def test_who_is_not_visible_any_more_is_not_named(bank, customer, desk, sign_in):
    desk(customer, "?park", summary="问组合贷")
    customer.owner = bank.colleague
    customer.save()
    listed = parked_list(sign_in(bank.owner))
    assert "张伟明" not in listed
    assert "问组合贷" not in listed
    assert "1 note about a customer whom you no longer look after" in listed


def test_nothing_is_drafted_about_a_restricted_customer(customer, desk):
    customer.status = "restricted"
    customer.save()
    assert desk(customer, summary="x").status_code == 403
    assert not Draft.objects.exists()
