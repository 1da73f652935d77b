"""A loan a customer asks for: put together at once, with reasons, decided by a person."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import Entry
from crm.lib.dates import bank_day
from customers.models import CreditScore, Loan, LoanState
from customers.walk_in import open_walk_in
from recommendations.credit.facts import Asked, facts_of
from recommendations.credit.requests import monthly_payment
from recommendations.models import CreditRequest, Product, ScorecardBand
from tests.customers.money import hold, make_account, move

WISH = {
    "amount": "120000",
    "months": "24",
    "rate": "4.35",
    "purpose": "装修",
    "authorised_by": "in_person",
    "authorised": "on",
}


@pytest.fixture
def earner(customer):
    """Earns 20,000 a month for a year, spends 12,000, and saves the rest."""
    current = make_account(customer)
    today = bank_day()
    for back in range(12, 0, -1):
        day = today - timedelta(days=30 * back)
        move(current, day, 20_000, category="salary")
        move(current, day + timedelta(days=10), -12_000, category="household")
        hold(current, day, 8_000 * (13 - back))
    return customer


def url(name, customer, *more):
    return reverse(f"recommendations:{name}", args=[customer.number, *more])


def wish(**changed):
    return WISH | {"product": Product.objects.get(code="consumer-loan").pk} | changed


def test_asked_for_a_loan_the_assessment_stands_there_with_reasons(bank, earner, sign_in):
    browser = sign_in(bank.owner)
    page = browser.post(url("credit-ask", earner), wish()).content.decode()
    assert "Consumer loan 120k" in page
    assert "All payments together would take 26% of an income of 20k a month." in page
    assert 'months with income, of 6</td><td class="r">40 / 40' in page
    assert "credit score" in page.split("Not known")[1].split("</dd>")[0]
    assert "Age and sex are no part of it." in page


def test_without_the_customers_authorisation_nothing_is_looked_at_and_what_was_typed_stays(bank, earner, sign_in):
    answer = sign_in(bank.owner).post(url("credit-ask", earner), wish(authorised=""))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Without the customer&#x27;s authorisation nothing is looked at." in page
    assert "装修" in page
    assert not CreditRequest.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"amount": "-5"}, {"months": "0"}, {"months": "9999"}, {"rate": "300"}, {"purpose": ""}, {"product": "0"}]
)
def test_a_wish_that_cannot_be_is_told_at_its_field(bank, earner, sign_in, wrong):
    answer = sign_in(bank.owner).post(url("credit-ask", earner), wish(**wrong))
    assert answer.status_code == 422
    assert f'id="credit-{next(iter(wrong))}_error"' in answer.content.decode()


def test_a_person_decides_and_says_why(bank, earner, sign_in):
    browser = sign_in(bank.owner)
    browser.post(url("credit-ask", earner), wish())
    asked = CreditRequest.objects.get()
    assert browser.post(url("credit-decide", earner, asked.pk), {"decided": "go_on"}).status_code == 422
    page = browser.post(
        url("credit-decide", earner, asked.pk), {"decided": "go_on", "reason": "收入稳定"}
    ).content.decode()
    assert "收入稳定" in page
    assert "林悦" in page
    audited = Entry.objects.filter(object_type="credit_request", action="change")
    assert [entry.reason for entry in audited.order_by("pk")] == ["", "收入稳定"]


def test_what_was_judged_by_the_old_points_still_reads_by_them(bank, earner, sign_in):
    browser = sign_in(bank.owner)
    before = browser.post(url("credit-ask", earner), wish()).content.decode()
    ScorecardBand.objects.update(points=1)
    points = before.split("<tbody>")[1].split("</tbody>")[0]
    assert points in browser.get(url("credit", earner)).content.decode()


def test_who_opened_a_walk_in_sees_nothing_of_credit_needs_suggestions_and_warnings(bank, earner, sign_in):
    open_walk_in(bank.colleague, earner, "question")
    browser = sign_in(bank.colleague)
    assert browser.get(reverse("customer", args=[earner.number])).status_code == 200
    assert browser.get(url("credit", earner)).status_code == 404
    assert browser.post(url("credit-ask", earner), wish()).status_code == 404
    for name in ("recommendations:panel", "recommendations:needs", "customers:customer-warnings"):
        assert browser.get(reverse(name, args=[earner.number])).status_code == 404
    page = browser.get(reverse("customer", args=[earner.number])).content.decode()
    for panel in ("warnings-panel", "suggestions-panel", "needs-panel", "credit-panel"):
        assert panel not in page


def test_nothing_dated_on_the_day_or_later_is_known_before_it(earner):
    day = bank_day() - timedelta(days=100)
    early = facts_of([Asked(earner.pk, day, 12_000_000, 500_000)])[0]
    current = earner.accounts.get()
    move(current, day, 90_000, category="salary", reference="late")
    move(current, day + timedelta(days=3), -1, category="penalty", reference="late2")
    loan = Loan.objects.create(customer=earner, reference="L1", amount=1, payment=100, started_on=day)
    LoanState.objects.create(loan=loan, day=day + timedelta(days=40), state="overdue", overdue_days=40)
    CreditScore.objects.create(
        customer=earner, scored_on=day, score=500, authorised_for="loan", authorised_on=day,
        authorised_until=day + timedelta(days=90),
    )  # fmt: skip
    assert facts_of([Asked(earner.pk, day, 12_000_000, 500_000)])[0] == early
    later = facts_of([Asked(earner.pk, bank_day(), 12_000_000, 500_000)])[0]
    assert (later.penalties, later.overdue, later.owed) == (1, 40, 100)


def test_a_score_whose_authorisation_is_over_is_not_looked_at(earner):
    day = bank_day()
    CreditScore.objects.create(
        customer=earner, scored_on=day - timedelta(days=60), score=700, authorised_for="loan",
        authorised_on=day - timedelta(days=60), authorised_until=day - timedelta(days=1),
    )  # fmt: skip
    assert facts_of([Asked(earner.pk, day, 1, 1)])[0].bureau is None


def test_of_whom_nothing_is_known_no_grade_is_given(bank, customer, sign_in):
    page = sign_in(bank.owner).post(url("credit-ask", customer), wish()).content.decode()
    assert "too little is known" in page


@pytest.mark.parametrize(
    ("amount", "months", "rate", "payment"),
    [(12_000_000, 24, "0", 500_000), (12_000_000, 24, "4.35", 522_971), (100, 3, "0", 34)],
)
def test_the_monthly_payment_is_that_of_an_annuity(amount, months, rate, payment):
    assert monthly_payment(amount, months, Decimal(rate)) == payment


def test_many_are_assessed_by_one_query_and_each_as_alone(earner, customer, bank):
    asked = [Asked(earner.pk, bank_day() - timedelta(days=back), 10**7, 10**5) for back in range(0, 300, 20)]
    with CaptureQueriesContext(connection) as queries:
        together = facts_of(asked)
    assert len(queries) == 1
    assert together == [facts_of([one])[0] for one in asked]
    assert facts_of([Asked(earner.pk, date(2000, 1, 1), 1, 1)])[0].months is None


def test_a_loan_applied_for_in_the_app_stands_there_until_it_is_looked_at(bank, earner, sign_in):
    earner.channel_events.create(
        channel="mobile", kind="applied", topic="loan", subject="消费贷", at=timezone.now(), reference="e1"
    )
    browser = sign_in(bank.owner)
    assert "消费贷" in browser.get(url("credit", earner)).content.decode()
    browser.post(url("credit-ask", earner), wish())
    assert "credit-hint" not in browser.get(url("credit", earner)).content.decode()
