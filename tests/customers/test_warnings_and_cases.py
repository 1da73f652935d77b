"""Warnings as managers read them, and cases as only compliance does."""

import re
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.audit.models import Entry
from customers.models import CaseStep, ComplianceCase, Detector, Features, RiskWarning
from customers.warnings import WORDS, explain
from tests.factories import make_customer

DAY = date(2026, 11, 1)
MOVEMENT = {
    "on": "2026-11-01", "amount": -25_000_000, "currency": "CNY", "category": "transfer", "channel": "mobile",
    "counterparty": "某贸易公司", "tail": "8137",
}  # fmt: skip
# What would tell a customer's manager that there is a pattern, a threshold or a case. (Dormant is a segment's name.)
TIPPING_OFF = re.compile(r"structuring|dispers|threshold|compliance|suspic|launder|\bcases?\b|\breport", re.I)


def warn(customer, detector="large_move", day=DAY, cause="a", evidence=MOVEMENT):
    return RiskWarning.objects.create(
        customer=customer, detector=detector, cause=cause, day=day, evidence=[evidence]
    )  # fmt: skip


def open_case(customer, detector="structuring", day=DAY, cause="a"):
    return ComplianceCase.objects.create(
        customer=customer, detector=detector, cause=cause, day=day, evidence=[MOVEMENT]
    )  # fmt: skip


def text_of(answer) -> str:
    """What a person reads of a page: without tags and their attributes."""
    return re.sub(r"<[^>]*>", " ", answer.content.decode())


def read_through(browser, address: str, row: str) -> list[str]:
    """What `row`, a pattern with one group, finds on each page of the list at `address`, page by page."""
    found: list[str] = []
    following = address
    while following:
        page = browser.get(following, headers={"HX-Request": "true"}).content.decode()
        found += re.findall(row, page)
        more = re.search(r'hx-get="(\?[^"]*after=[^"]*)"', page)
        following = address.split("?")[0] + more.group(1).replace("&amp;", "&") if more else ""
    return found


def test_no_word_of_a_warning_tells_a_pattern_a_threshold_or_a_report(bank, customer, sign_in):
    Features.objects.create(customer=customer, loan_outstanding=1)
    for number, detector in enumerate(Detector.values):
        warn(customer, detector, cause=str(number))
        open_case(customer, detector, cause=str(number))
    browser = sign_in(bank.owner)
    for name, number in (
        ("customers:warnings", None), ("customers:customer-warnings", customer.number), ("customer", customer.number),
        ("customers:segment", customer.number), ("customers:looks", customer.number), ("customers:list", None),
    ):  # fmt: skip
        answer = browser.get(reverse(name, args=[number] if number else []))
        assert TIPPING_OFF.search(text_of(answer)) is None, name
    shown = text_of(browser.get(reverse("customers:customer-warnings", args=[customer.number])))
    assert shown.count("250,000.00") == len(WORDS)


@pytest.mark.parametrize("detector", ["structuring", "dispersed_in", "dispersed_out"])
def test_what_is_for_compliance_alone_has_no_page_for_managers(detector, bank, customer, sign_in):
    warning = warn(customer, detector)
    browser = sign_in(bank.owner)
    for address in (
        reverse("customers:customer-warnings", args=[customer.number]),
        reverse("customers:warnings"),
    ):
        assert "250,000.00" not in browser.get(address).content.decode()
    assert browser.get(reverse("customers:warning-note", args=[customer.number, warning.pk])).status_code == 404


def test_a_fallen_score_is_shown_while_there_is_a_loan(bank, customer, sign_in):
    warn(customer, "credit_fall", evidence={"on": "2026-11-01", "score": 580, "before": 640})
    panel = reverse("customers:customer-warnings", args=[customer.number])
    features = Features.objects.create(customer=customer, loan_outstanding=100)
    assert "640 → 580" in sign_in(bank.owner).get(panel).content.decode()
    features.loan_outstanding = 0
    features.save()
    assert "580" not in text_of(sign_in(bank.owner).get(panel))


def test_what_the_customer_said_is_kept_once(bank, customer, sign_in):
    warning = warn(customer)
    address = reverse("customers:warning-note", args=[customer.number, warning.pk])
    browser = sign_in(bank.owner)
    empty = browser.post(address, {"note": "   "})
    assert empty.status_code == 422
    assert "This field is required" in empty.content.decode()
    kept = browser.post(address, {"note": "Bought a flat"})
    assert "Bought a flat" in kept.content.decode()
    assert "林悦" in kept.content.decode()
    late = sign_in(bank.supervisor).post(address, {"note": "Never asked"})
    assert late.status_code == 422
    assert "Never asked" in late.content.decode()  # what was typed is not lost
    warning.refresh_from_db()
    assert (warning.note, warning.noted_by) == ("Bought a flat", bank.owner)
    assert Entry.objects.filter(object_type="warning", object_ids=[customer.pk], actor_id=bank.owner.pk).exists()


def test_a_row_among_those_of_many_customers_keeps_its_name(bank, customer, sign_in):
    warn(customer)
    browser = sign_in(bank.owner)
    page = browser.get(reverse("customers:warnings")).content.decode()
    form = re.search(r'hx-get="([^"]+/warnings/\d+/[^"]*)"', page).group(1)
    asked = browser.get(form).content.decode()
    assert customer.name in asked
    assert (
        customer.name
        in browser.post(re.search(r'hx-post="([^"]+)"', asked).group(1), {"note": "A flat"}).content.decode()
    )


def test_warnings_are_those_of_ones_customers_newest_first_each_once(bank, customer, sign_in, monkeypatch):
    monkeypatch.setattr("customers.warnings.PAGE_SIZE", 3)
    other = make_customer("620100000002", "李静", bank.other_branch, owner=bank.outsider)
    warn(other, cause="elsewhere", day=DAY + timedelta(days=9))
    for number, back in enumerate((5, 0, 2, 2, 2, 9, 1)):
        warn(customer, cause=str(number), day=DAY - timedelta(days=back))
    explain(warn(customer, cause="told"), note="A flat", by=bank.owner)
    row = r'<span class="x">(2026-\d\d-\d\d)</span></div>'
    days = read_through(sign_in(bank.owner), reverse("customers:warnings"), row)
    assert days == [(DAY - timedelta(days=back)).isoformat() for back in (0, 1, 2, 2, 2, 5, 9)]
    told = read_through(sign_in(bank.owner), reverse("customers:warnings") + "?state=explained", row)
    assert told == [DAY.isoformat()]
    assert "李静" in sign_in(bank.outsider).get(reverse("customers:warnings")).content.decode()


def test_cases_are_read_newest_first_each_once_and_narrowed(bank, customer, sign_in, monkeypatch):
    monkeypatch.setattr("customers.cases.PAGE_SIZE", 2)
    for number, back in enumerate((5, 0, 2, 2, 9)):
        open_case(customer, cause=str(number), day=DAY - timedelta(days=back))
    open_case(customer, "overdue", day=DAY)
    row = r'<td class="nw">(2026-\d\d-\d\d)</td>'
    browser, address = sign_in(bank.compliance), reverse("customers:cases")
    assert len(read_through(browser, address, row)) == 6
    days = read_through(browser, address + "?detector=structuring&since=2026-10-27", row)
    assert days == ["2026-11-01", "2026-10-30", "2026-10-30", "2026-10-27"]
    assert browser.get(address, {"since": "someday"}).status_code == 422


def test_a_step_changes_the_state_and_stays_as_it_was_written(bank, customer, sign_in):
    case = open_case(customer)
    browser, address = sign_in(bank.compliance), reverse("customers:case", args=[case.pk])
    page = browser.get(address).content.decode()
    assert customer.number in page
    assert customer.name in page
    assert "250,000.00" in page
    refused = browser.post(address, {"state": "reported", "note": ""})
    assert refused.status_code == 422
    assert 'value="reported" selected' in refused.content.decode()
    browser.post(address, {"state": "in_review", "note": "Asked the counter for its copies"})
    page = browser.get(address).content.decode()
    assert "Asked the counter for its copies" in page
    assert "方正" in page
    assert ComplianceCase.objects.get().state == "in_review"
    for change in (lambda: CaseStep.objects.update(note="Nothing was found"), lambda: CaseStep.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_who_administers_the_system_does_not_read_of_cases_in_the_audit(bank, customer, sign_in):
    case = open_case(customer)
    sign_in(bank.compliance).post(reverse("customers:case", args=[case.pk]), {"state": "reported", "note": "Sent"})
    entry = Entry.objects.filter(object_type="case").latest("id")
    log, one = reverse("admin:audit_entry_changelist"), reverse("admin:audit_entry_change", args=[entry.pk])
    assert ">case<" in sign_in(bank.compliance).get(log).content.decode()
    assert sign_in(bank.compliance).get(one).status_code == 200
    for person in (bank.admin, bank.superuser):
        assert ">case<" not in sign_in(person).get(log).content.decode()
        assert sign_in(person).get(one).status_code == 302  # as of an entry that is not there


def test_compliance_begins_the_day_with_cases_and_opens_no_customer(bank, customer, sign_in):
    browser = sign_in(bank.compliance)
    assert browser.get(reverse("home")).url == reverse("customers:cases")
    assert browser.get(reverse("customer", args=[customer.number])).status_code == 404


def test_queries_of_compliances_pages_do_not_grow_with_the_rows(bank, customer, sign_in):
    browser = sign_in(bank.compliance)
    case = open_case(customer, cause="first")
    addresses = (reverse("customers:cases"), reverse("customers:case", args=[case.pk]))
    browser.get(addresses[0])  # the first request of a session also notes when it was seen
    counts = []
    for cause in ("a", "b"):
        open_case(customer, cause=cause)
        CaseStep.objects.create(case=case, state="in_review", note=cause, by=bank.compliance)
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address).status_code == 200
            counts.append(len(queries))
    assert counts == [4, 5] * 2
