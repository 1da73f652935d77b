"""“How do you know that?”: the page for the customer."""

import re

import pytest
from django.urls import reverse

from crm.audit.models import Action, Entry
from crm.lib.dates import bank_day
from customers import consent
from customers.models import ComplianceCase, CreditScore, RiskWarning, Status
from interactions.models import Interaction

PROFILING = ("profiling", "", "")


@pytest.fixture
def page(customer) -> str:
    return reverse("known", args=[customer.number])


def words(answer) -> str:
    """The text of the page's own part."""
    text = answer.content.decode().split("<article")[1].split("</article>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_it_says_what_from_where_why_and_how_long(bank, customer, page, sign_in):
    Interaction.objects.create(customer=customer, channel="phone", by=bank.owner, summary="grumbled about the queue")
    text = words(sign_in(bank.owner).get(page))
    assert "张伟明" in text
    assert "138****8000" in text
    assert "13800138000" not in text
    assert text.count("Where from") == text.count("What for") == text.count("How long") >= 5
    assert "10 years after that" in text
    assert "Talks and messages between you and us: 1" in text
    assert "grumbled" not in text
    assert "林悦" in text


def test_nothing_of_warnings_cases_or_groups_is_on_it(bank, customer, page, sign_in):
    RiskWarning.objects.create(customer=customer, detector="large_move", cause="1", day=bank_day(), evidence=[])
    ComplianceCase.objects.create(customer=customer, detector="structuring", cause="1", day=bank_day(), evidence=[])
    consent.give(customer, PROFILING, means="phone", by=bank.owner)
    text = words(sign_in(bank.owner).get(page)).lower()
    for word in ("warning", "case", "suspic", "report", "structuring", "threshold", "at risk", "dormant", "tier"):
        assert word not in text


def test_who_looked_is_counted_and_not_named(bank, customer, page, sign_in):
    for person in (bank.owner, bank.owner, bank.supervisor):
        sign_in(person).get(reverse("customer", args=[customer.number]))
    text = words(sign_in(bank.owner).get(page))
    assert "2 of our people opened your data, 3 times" in text
    assert "王海" not in text


def test_opening_it_is_a_look(bank, customer, page, sign_in):
    sign_in(bank.owner).get(page)
    assert Entry.objects.filter(action=Action.VIEW, object_ids=[customer.pk]).count() == 1


def test_personal_suggestions_end_in_one_step(bank, customer, page, sign_in):
    consent.give(customer, PROFILING, means="phone", by=bank.owner)
    browser = sign_in(bank.owner)
    assert "End personal suggestions now" in words(browser.get(page))
    assert browser.post(page).status_code == 302
    text = words(browser.get(page))
    assert "Personal suggestions are off" in text
    assert "End personal suggestions now" not in text
    assert "we make none" in text
    row = customer.consents.get()
    assert row.withdrawn_at is not None
    assert row.withdrawn_by_means == "in_person"


def test_what_the_bureau_said_is_named_only_where_it_was_asked(bank, customer, page, sign_in):
    browser = sign_in(bank.owner)
    assert "credit bureau" not in words(browser.get(page))
    CreditScore.objects.create(
        customer=customer, score=600, scored_on=bank_day(), authorised_on=bank_day(), authorised_until=bank_day()
    )
    assert "credit bureau" in words(browser.get(page))


def test_of_a_restricted_customer_nothing_can_be_changed(bank, customer, page, sign_in):
    consent.give(customer, PROFILING, means="phone", by=bank.owner)
    customer.status = Status.RESTRICTED
    customer.save()
    browser = sign_in(bank.owner)
    assert "End personal suggestions now" not in words(browser.get(page))
    assert browser.post(page).status_code == 403


def test_it_is_reached_from_the_consents(bank, customer, page, sign_in):
    assert page in sign_in(bank.owner).get(reverse("customers:consents", args=[customer.number])).content.decode()
