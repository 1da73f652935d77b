"""What a customer agreed to today, from everything they ever answered."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from customers import consent
from customers.consent import Answer
from customers.models import Consent, PrivacyNotice
from tests.factories import make_customer

START = datetime(2026, 1, 1, tzinfo=UTC)
PROFILING = ("profiling", "", "")
SMS = ("marketing", "sms", "")


@st.composite
def histories(draw):
    """Answers of one customer to one topic in time order: (day, given?, notice version)."""
    days = sorted(draw(st.sets(st.integers(0, 400), min_size=1, max_size=12)))
    return [(day, draw(st.booleans()), draw(st.integers(1, 3))) for day in days]


def as_rows(history):
    """The rows that giving and withdrawing leave behind, the way the module writes them."""
    rows = []
    for day, given_now, version in history:
        at = START + timedelta(days=day)
        if given_now:
            rows.append(Consent(purpose="profiling", notice_version=version, given_at=at))
        elif rows and rows[-1].given_at and not rows[-1].withdrawn_at:
            rows[-1].withdrawn_at = at
        else:
            rows.append(Consent(purpose="profiling", notice_version=version, withdrawn_at=at))
    return rows


@given(history=histories(), valid_from=st.integers(1, 3), shuffle=st.randoms())
def test_only_the_latest_answer_counts_in_whatever_order_rows_come(history, valid_from, shuffle):
    rows = as_rows(history)
    shuffle.shuffle(rows)
    standing = consent.standings(rows, {"profiling": valid_from})[PROFILING]
    _day, agreed, version = history[-1]
    assert standing.allows == (agreed and version >= valid_from)
    assert (standing.answer in {Answer.GIVEN, Answer.OUTDATED}) == agreed


def test_who_was_never_asked_has_agreed_to_nothing(customer):
    standings = consent.standings_of(customer, consent.notices())
    assert {standing.answer for standing in standings} == {Answer.NEVER_ASKED}
    assert not any(standing.allows for standing in standings)


def test_a_new_notice_asks_again_and_history_stays(bank, customer):
    consent.give(customer, PROFILING, means="in_person", by=bank.owner)
    PrivacyNotice.objects.create(
        purpose="profiling", version=2, data_kinds=["transactions"], text_zh="新", text_en="new"
    )
    standing = next(s for s in consent.standings_of(customer, consent.notices()) if s.purpose == "profiling")
    assert standing.answer is Answer.OUTDATED
    assert Consent.objects.get(customer=customer).given_at is not None
    consent.give(customer, PROFILING, means="in_person", by=bank.owner)
    assert next(s for s in consent.standings_of(customer, consent.notices()) if s.purpose == "profiling").allows


def test_withdrawal_ends_it_and_a_refusal_without_consent_is_kept_once(bank, customer):
    consent.give(customer, SMS, means="phone", by=bank.owner)
    consent.withdraw(customer, SMS, means="phone", by=bank.owner)
    consent.withdraw(customer, ("marketing", "phone", ""), means="written", by=bank.owner)
    consent.withdraw(customer, ("marketing", "phone", ""), means="phone", by=bank.owner)
    answers = {s.channel: s.answer for s in consent.standings_of(customer, consent.notices()) if s.channel}
    assert (answers["sms"], answers["phone"]) == (Answer.WITHDRAWN, Answer.REFUSED)
    assert Consent.objects.filter(customer=customer).count() == 2


def test_a_child_answers_through_its_guardian(bank, sign_in):
    child = make_customer(
        "620100000009", "张可", bank.branch, owner=bank.owner, birth_date=date(timezone.localdate().year - 10, 1, 1)
    )
    address = reverse("customers:consent-answer", args=[child.number])
    data = {"purpose": "profiling", "answer": "give", "means": "in_person"}
    refused = sign_in(bank.owner).post(address, data)
    assert refused.status_code == 422
    assert "its guardian answers" in refused.content.decode()
    assert sign_in(bank.owner).post(address, data | {"guardian": "刘芳"}).status_code == 200
    assert Consent.objects.get(customer=child).guardian_name == "刘芳"


def test_a_birth_date_of_a_child_waits_for_the_guardians_consent(bank, sign_in):
    unknown = make_customer("620100000010", "张可", bank.branch, owner=bank.owner)
    browser = sign_in(bank.owner)
    field = reverse("customers:profile-field", args=[unknown.number, "birth_date"])
    born = {"value": f"{timezone.localdate().year - 10}-01-01"}
    refused = browser.post(field, born)
    assert refused.status_code == 422
    assert "guardian&#x27;s consent first" in refused.content.decode()
    panel = browser.get(reverse("customers:consents", args=[unknown.number])).content.decode()
    assert "Data of a child under 14" in panel
    answer = reverse("customers:consent-answer", args=[unknown.number])
    given = {"purpose": "child", "answer": "give", "means": "in_person"}
    assert browser.post(answer, given).status_code == 422
    assert browser.post(answer, given | {"guardian": "刘芳"}).status_code == 200
    assert browser.post(field, born).status_code == 200


def test_sharing_names_the_company_and_each_company_stands_for_itself(bank, customer, sign_in):
    browser, address = sign_in(bank.owner), reverse("customers:consent-answer", args=[customer.number])
    given = {"purpose": "sharing", "answer": "give", "means": "written"}
    refused = browser.post(address, given)
    assert refused.status_code == 422
    assert "names its recipient" in refused.content.decode()
    for company in ("平安保险", "太平保险"):
        assert browser.post(address, given | {"recipient": company}).status_code == 200
    browser.post(address, given | {"recipient": "平安保险", "answer": "withdraw"})
    allowed = {s.recipient: s.allows for s in consent.standings_of(customer, consent.notices()) if s.recipient}
    assert allowed == {"平安保险": False, "太平保险": True}


def test_a_restricted_customer_is_shown_and_takes_part_in_nothing(bank, customer, sign_in):
    customer.status = "restricted"
    customer.save()
    browser = sign_in(bank.owner)
    page = browser.get(reverse("customer", args=[customer.number]))
    assert "These data are only stored" in page.content.decode()
    panel = browser.get(reverse("customers:consents", args=[customer.number])).content.decode()
    assert "Agrees" not in panel
    data = {"purpose": "profiling", "answer": "give", "means": "phone"}
    assert browser.post(reverse("customers:consent-answer", args=[customer.number]), data).status_code == 403
    field = reverse("customers:profile-field", args=[customer.number, "employer"])
    assert browser.post(field, {"value": "x"}).status_code == 403
    assert not type(customer).objects.in_service().filter(pk=customer.pk).exists()


@pytest.mark.parametrize(
    "topic", [{"purpose": "marketing"}, {"purpose": "marketing", "channel": "pigeon"}, {"purpose": "sharing"}]
)
def test_a_consent_that_does_not_exist_is_refused(bank, customer, sign_in, topic):
    address = reverse("customers:consent-answer", args=[customer.number])
    answer = sign_in(bank.owner).post(address, {"answer": "give", "means": "phone", **topic})
    assert answer.status_code == 422
    assert not Consent.objects.exists()
