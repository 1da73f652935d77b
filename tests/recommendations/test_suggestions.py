"""What is shown of suggestions: the gate asked again, reasons in words, what waits, what does not suit."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from crm.lib.dates import bank_day
from customers.models import RiskAssessment, Status
from interactions.models import Complaint, Pause
from recommendations import words
from recommendations.blocked import look_up
from recommendations.gate import Blocked
from recommendations.gate import Rule as GateRule
from recommendations.models import Product
from recommendations.suggestions import shown
from tests.factories import make_customer
from tests.recommendations.people import known, suggest


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def idle(customer):
    """A customer of whom everything is known, with an open suggestion of the R1 product."""
    known(customer)
    return suggest(customer, "cash-r1", "idle-balance", families="current", aum=60_000_000, aum_average_1=12_340_000)


def panel(browser, customer) -> str:
    answer = browser.get(reverse("recommendations:panel", args=[customer.number]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_reason_and_words_say_the_customers_own_figures_in_the_language_of_the_page(bank, customer, idle, sign_in):
    page = panel(sign_in(bank.owner), customer)
    assert "average of 123.4k lay on the current account" in page
    assert "Cash management product" in page
    with translation.override("zh-hans"):
        assert "日均 12.3万元" in words.reason(idle)
        assert "{" not in words.talk(idle)


def test_days_and_ages_are_those_of_the_day_they_are_read(customer, time_machine):
    matures = suggest(customer, "time-deposit", "deposit-matures", next_maturity_on="2026-12-01", families="time")
    assert "in 6 days" in words.reason(matures, date(2026, 11, 25))
    assert "in 1 day" in words.reason(matures, date(2026, 11, 30))
    pension = suggest(customer, "pension-saving", "near-retirement-pension", birth_date="1970-05-17")
    assert words.reason(pension, date(2026, 5, 16)).startswith("55")
    assert words.reason(pension, date(2026, 5, 17)).startswith("56")


def test_every_rule_of_the_gate_has_its_sentence():
    facts = {
        "status": "closed", "hold": "open", "paused_until": date(2026, 1, 2), "topic": "fund", "until": None,
        "active": True, "sold_from": date(2999, 1, 1), "sold_until": None, "age": 70, "limit": 65, "risk": 4,
        "risk_level": 3, "risk_valid_until": date(2026, 1, 2), "minimum": 100, "assets": None, "income_month": 100,
        "overdue_days": 3, "debt_payment": 90, "need": "growth", "civil": "limited", "represented": False,
        "assessments": 9, "level_before": 2,
    }  # fmt: skip
    for rule in GateRule:
        sentence = words.blocked_words(Blocked(rule, facts))
        assert sentence.endswith(".")
        assert "override" not in sentence
    assert words.blocked_words(Blocked(GateRule.RISK, facts)) == "Product risk R4 is above the tolerance C3."
    expired = words.blocked_words(Blocked(GateRule.ASSESSMENT, facts))
    assert "(C3) expired on 2026-01-02: reassess first" in expired


def test_at_most_three_are_shown_service_first(customer):
    known(customer, birth_date=date(1980, 5, 17))
    suggest(customer, "instalment-saving", "saving-goal")
    suggest(customer, "pension-saving", "near-retirement-pension")
    suggest(customer, "cash-r1", "idle-balance")
    suggest(customer, "lecture", "only-deposits")
    found = shown(customer, bank_day())
    assert [item.title for item in found.suggestions] == [
        "Lecture on money matters", "Instalment saving", "Personal pension saving",
    ]  # fmt: skip
    assert (found.further, found.waiting) == (1, 0)


def test_an_expired_assessment_hides_what_it_was_asked_for_and_says_reassess_first(bank, customer, sign_in):
    known(customer, level=3)
    suggest(customer, "bond-r2", "growing-assets", aum=60_000_000)
    customer.risk_assessments.update(valid_until=bank_day() - timedelta(days=1))
    page = panel(sign_in(bank.owner), customer)
    assert "reassess first" in page
    assert "<s>Steady bond product</s>" in page
    assert "/answer/" not in page
    assert shown(customer, bank_day()).suggestions == []


def test_a_complaint_not_acknowledged_counts_and_hides_offers_and_keeps_help(bank, customer, idle, sign_in):
    complaint = Complaint.objects.create(
        customer=customer, number="TS-1", text="queue", due=bank_day(), state="closed", closed_at=timezone.now()
    )
    suggest(customer, "fraud-talk", "unusual-transfer", largest_recent=5_000_000)
    page = panel(sign_in(bank.owner), customer)
    assert "1 suggestion waits: The complaint is not acknowledged in person yet." in page
    assert "Cash management product" not in page
    assert "Talk on fraud protection" in page
    complaint.acknowledged_at = timezone.now()
    complaint.save()
    page = panel(sign_in(bank.owner), customer)
    assert "Cash management product" in page
    assert "waits" not in page


def test_a_pause_says_until_when(customer, idle):
    until = bank_day() + timedelta(days=20)
    Pause.objects.create(customer=customer, reason="bereavement", since=bank_day(), until=until)
    found = shown(customer, bank_day())
    assert (found.suggestions, found.waiting) == ([], 1)
    assert f"until {until.isoformat()}" in found.why_waiting
    assert "bereavement" not in found.why_waiting
    assert shown(customer, until).waiting == 0


def test_what_fails_otherwise_too_does_not_wait(customer, idle):
    Complaint.objects.create(customer=customer, number="TS-1", text="queue", due=bank_day())
    Product.objects.filter(code="cash-r1").update(active=False)
    assert shown(customer, bank_day()).waiting == 0


def test_put_off_it_comes_back_on_its_day(customer, idle):
    idle.state, idle.later_until = "later", bank_day() + timedelta(days=5)
    idle.save()
    assert shown(customer, bank_day()).suggestions == []
    assert len(shown(customer, idle.later_until).suggestions) == 1


def test_the_high_risk_fund_is_struck_through_with_both_values_and_no_button(bank, customer, sign_in):
    known(customer, level=2)
    page = panel(sign_in(bank.owner), customer)
    assert "<s>Equity fund</s>" in page
    assert "Product risk R4 is above the tolerance C2." in page
    assert "no exceptions" in page
    assert "hx-post" not in page.split("Not suitable")[1].split("</div>")[0]


def test_without_consent_nothing_is_told_of_the_person(bank, customer, sign_in):
    page = panel(sign_in(bank.owner), customer)
    assert "Not suitable" not in page
    assert "Nothing to offer just now" in page


def test_a_restricted_customer_has_no_suggestion(bank, customer, idle, sign_in):
    customer.status = Status.RESTRICTED
    customer.save()
    page = panel(sign_in(bank.owner), customer)
    assert "Cash management product" not in page
    assert "only stored" in page


def test_any_product_is_looked_up_by_name_or_code_with_every_rule_it_fails(bank, customer, sign_in):
    customer.birth_date = bank_day() - timedelta(days=67 * 366)
    customer.save()
    known(customer, level=2)
    browser = sign_in(bank.owner)
    address = reverse("recommendations:blocked", args=[customer.number])
    page = browser.get(address, {"q": "股票"}).content.decode()
    assert "Product risk R4 is above the tolerance C2." in page
    assert "at the age of 67" in page
    assert "no exceptions" in page
    assert "Suits this customer" in browser.get(address, {"q": "bond-r2"}).content.decode()
    assert "No product has this name" in browser.get(address, {"q": "nothing"}).content.decode()
    assert look_up(customer, "\x00", bank_day()) == []


def test_the_concern_stands_beside_the_reason(customer):
    known(customer, aum=15_000_00)
    suggest(customer, "bond-r2", "growing-assets", aum=15_000_00)
    concerns = shown(customer, bank_day()).suggestions[0].concerns
    assert concerns == [
        "The least amount of 10k is much of the 15k at hand.", "It is no deposit: it may lose value.",
    ]  # fmt: skip


def test_queries_of_the_panel_do_not_grow_with_the_suggestions(bank, customer, idle, sign_in):
    browser = sign_in(bank.owner)
    panel(browser, customer)  # the first request of a session also notes when it was seen
    counts: list[int] = []
    for product, rule in (("instalment-saving", "saving-goal"), ("pension-saving", "near-retirement-pension")):
        suggest(customer, product, rule)
        RiskAssessment.objects.create(
            customer=customer, assessed_on=bank_day() - timedelta(days=90 + len(counts)), level=3,
            valid_until=bank_day(),
        )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            panel(browser, customer)
        counts.append(len(queries))
    assert counts == [12, 12]


def test_opportunities_are_those_of_ones_own_book_each_once_and_past_the_gate(
    bank, customer, idle, sign_in, monkeypatch
):
    monkeypatch.setattr("recommendations.opportunities.PAGE_SIZE", 2)
    suggest(customer, "lecture", "only-deposits", customer_since="2014-03-01")
    suggest(customer, "bond-r2", "deposit-matures")
    other = make_customer("620200000001", "李静", bank.branch, owner=bank.colleague)
    known(other)
    suggest(other, "cash-r1", "idle-balance", aum_average_1=1)
    browser, address = sign_in(bank.owner), reverse("recommendations:list")
    page = browser.get(address).content.decode()
    assert page.count("张伟明") == 2
    assert "李静" not in page
    more = re.search(r'hx-get="([^"]*after=[^"]*)"', page).group(1).replace("&amp;", "&")
    rest = browser.get(address + more, headers={"HX-Request": "true"}).content.decode()
    assert rest.count("张伟明") == 1
    assert "average of 123.4k" in rest
    assert browser.get(address, {"need": "literacy"}).content.decode().count("张伟明") == 1
    assert browser.get(address, {"need": "nonsense"}).status_code == 404
    Complaint.objects.create(customer=customer, number="TS-1", text="queue", due=bank_day())
    held = browser.get(address).content.decode()
    assert "张伟明" not in held
    assert "2 wait for a complaint or a pause" in held


def test_queries_of_opportunities_do_not_grow_with_the_rows(bank, customer, idle, sign_in):
    browser, address = sign_in(bank.owner), reverse("recommendations:list")
    browser.get(address)
    counts = []
    for number in range(2):
        other = make_customer(f"62020000000{number}", "李静", bank.branch, owner=bank.owner)
        known(other)
        suggest(other, "cash-r1", "idle-balance", aum_average_1=1)
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        counts.append(len(queries))
    assert counts == [10, 10]
