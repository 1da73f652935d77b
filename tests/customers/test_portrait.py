"""Portrait tags: drawn from figures by the bank's rules, with their evidence, and gone when somebody says so."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from crm.audit.models import Entry
from customers import consent, relations
from customers.models import PortraitRule, PortraitState, PortraitTag, Status
from customers.portrait import tags
from tests.customers.money import make_account, move, run_night

DAY = date(2024, 3, 1)
pytestmark = pytest.mark.usefixtures("in_english")
AGREE = ("profiling", "", "")


@pytest.fixture
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def traveller(bank, customer):
    """Bought currency four times and paid abroad three times, and agreed to a portrait."""
    consent.give(customer, AGREE, means="in_person", by=bank.owner)
    account = make_account(customer)
    for back in (30, 60, 90, 120):
        move(account, DAY - timedelta(days=back), -900, category="fx", channel="web")
    for back in (20, 50, 80):
        move(account, DAY - timedelta(days=back), -100, category="card", channel="pos", country="SG")
    return customer, account


def live(customer) -> set[str]:
    found = PortraitTag.objects.filter(customer=customer, state=PortraitState.LIVE)
    return set(found.values_list("rule__code", flat=True))


def test_the_night_draws_a_tag_with_the_values_it_rests_on(traveller):
    customer, _account = traveller
    run_night(DAY)
    assert live(customer) == {"business_travel"}
    shown = tags.portrait(customer, DAY).live
    assert [one.name for one in shown] == ["travels for business"]
    assert "Bought foreign currency 4 times within a year and paid abroad 3 times, 300" in shown[0].reason
    assert any("4" in fact and "at least 3" in fact for fact in shown[0].facts)


def test_a_second_run_writes_nothing(traveller):
    run_night(DAY)
    assert run_night(DAY) == 0


def test_nobody_who_did_not_agree_carries_a_tag_and_a_withdrawal_hides_at_once(bank, traveller):
    customer, _account = traveller
    run_night(DAY)
    consent.withdraw(customer, AGREE, means="phone", by=bank.owner)
    assert tags.portrait(customer, DAY).live == []
    run_night(DAY)
    assert live(customer) == set()


def test_what_somebody_said_is_wrong_stays_off_until_the_evidence_is_new(bank, traveller):
    customer, account = traveller
    run_night(DAY)
    tags.say_wrong(customer, PortraitTag.objects.get().pk, by=bank.owner)
    run_night(DAY + timedelta(days=1))
    assert live(customer) == set()
    assert [one.disputed_by for one in tags.portrait(customer, DAY).wrong] == ["林悦"]

    move(account, DAY + timedelta(days=1), -50, category="card", channel="pos", country="JP")
    run_night(DAY + timedelta(days=2))  # once more of the same is not new
    assert live(customer) == set()

    move(account, DAY + timedelta(days=2), -50, category="card", channel="pos", country="JP")
    run_night(DAY + timedelta(days=3))  # five against three are
    assert live(customer) == {"business_travel"}
    assert PortraitTag.objects.get().wrong_by == bank.owner


def test_a_tag_goes_with_its_evidence(traveller):
    customer, _account = traveller
    run_night(DAY)
    run_night(date(2025, 6, 1))
    assert live(customer) == set()


def test_who_is_no_longer_in_service_has_none(traveller):
    customer, _account = traveller
    run_night(DAY)
    customer.status = Status.CLOSED
    customer.save(update_fields=["status"])
    run_night(DAY + timedelta(days=1))
    assert not PortraitTag.objects.exists()


def test_children_the_customer_told_of_make_a_parent(bank, customer):
    consent.give(customer, AGREE, means="in_person", by=bank.owner)
    relations.add(customer, "child", name="张可", by=bank.owner)
    run_night(DAY)
    assert "parent" in live(customer)
    assert "1" in next(one for one in tags.portrait(customer, DAY).live if one.name == "parent").reason


def test_a_child_under_14_counts_only_while_its_guardian_agrees(bank, customer):
    consent.give(customer, AGREE, means="in_person", by=bank.owner)
    given = relations.Guardian("张伟明", "in_person")
    relations.add(customer, "child", name="张小可", young=True, guardian=given, by=bank.owner)
    run_night(DAY)
    assert "parent" in live(customer)
    consent.withdraw(customer, consent.CHILD, means="in_person", by=bank.owner)
    run_night(DAY + timedelta(days=1))
    assert "parent" not in live(customer)


def test_a_rule_that_cannot_be_read_stops_neither_night_nor_page(traveller):
    customer, _account = traveller
    PortraitRule.objects.filter(code="saver").update(condition="no_such_feature = 1")
    run_night(DAY)
    assert live(customer) == {"business_travel"}


def test_wrong_is_one_tap_kept_with_who_said_so_and_taken_back(bank, traveller, sign_in):
    customer, _account = traveller
    run_night(DAY)
    tag, browser = PortraitTag.objects.get(), sign_in(bank.owner)
    address = reverse("customers:portrait-judge", args=[customer.number, tag.pk])
    answer = browser.post(address, {"said": "wrong"})
    assert "wrong, says 林悦" in answer.content.decode()
    assert Entry.objects.filter(detail__portrait="business_travel", detail__said="wrong").exists()
    answer = browser.post(address, {"said": "right"})
    assert "<details" in answer.content.decode()
    assert live(customer) == {"business_travel"}
    assert sign_in(bank.outsider).post(address, {"said": "wrong"}).status_code == 404


def test_the_admin_refuses_conditions_and_reasons_that_cannot_be_read(bank, sign_in):
    browser = sign_in(bank.admin)
    rule = PortraitRule.objects.get(code="saver")
    address = reverse("admin:customers_portraitrule_change", args=[rule.pk])
    typed = {
        "code": "saver", "name_zh": "储蓄", "name_en": "saver", "order": 20, "active": "on",
        "reason_zh": "{saving_months_12}", "reason_en": "{saved}", "proof": "", "condition": "",
    }  # fmt: skip
    page = browser.post(address, typed).content.decode()
    assert "There is no feature “saved”." in page
    assert "write a condition" in page
    browser.post(address, {**typed, "reason_en": "{saving_months_12}", "condition": "saving_months_12 >= 7"})
    rule.refresh_from_db()
    assert rule.condition == "saving_months_12 >= 7"
