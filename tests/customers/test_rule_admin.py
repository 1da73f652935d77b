"""Segments and detectors in the admin site."""

import pytest
from django.urls import reverse

from crm.audit.models import Entry
from customers.models import DetectorSetting, Features, Segment


@pytest.fixture
def vip(db) -> Segment:
    return Segment.objects.get(code="vip")


def _form(segment: Segment, **changed: object) -> dict[str, object]:
    return {
        "code": segment.code, "name_zh": segment.name_zh, "name_en": segment.name_en, "order": segment.order,
        "active": "on", "service_model": segment.service_model, "contact_interval": segment.contact_interval or "",
        "rule_text": segment.rule.text, "rules-TOTAL_FORMS": 0, "rules-INITIAL_FORMS": 0,
    } | changed  # fmt: skip


def test_a_changed_rule_is_a_new_version_and_the_old_one_stays(bank, sign_in, vip):
    was = vip.rule
    address = reverse("admin:customers_segment_change", args=[vip.pk])
    answer = sign_in(bank.admin).post(address, _form(vip, rule_text='tier = "private"'))
    assert answer.status_code == 302
    vip.refresh_from_db()
    assert vip.rule.text == 'tier = "private"'
    assert vip.rule.by == bank.admin
    assert list(vip.rules.values_list("pk", flat=True)) == [vip.rule.pk, was.pk]
    assert Entry.objects.filter(action="change", object_type="segment", actor_label__startswith="M9001").exists()


def test_saving_without_a_change_makes_no_version(bank, sign_in, vip):
    sign_in(bank.admin).post(reverse("admin:customers_segment_change", args=[vip.pk]), _form(vip))
    assert vip.rules.count() == 1


def test_a_rule_that_cannot_be_read_is_refused_at_its_field_and_what_was_typed_stays(bank, sign_in, vip):
    address = reverse("admin:customers_segment_change", args=[vip.pk])
    page = sign_in(bank.admin).post(address, _form(vip, rule_text="aum >> 5"))
    assert page.status_code == 200
    assert "cannot be read from line 1, character" in page.content.decode()
    assert "aum &gt;&gt; 5" in page.content.decode()
    assert vip.rules.count() == 1


def test_while_typing_the_help_counts_completes_and_explains(bank, sign_in, customer):
    Features.objects.create(customer=customer, aum=100)
    client = sign_in(bank.admin)
    address = reverse("admin:customers_segment_rule")
    assert "Holds for 1 customer" in client.get(address, {"rule_text": "aum > 0"}).content.decode()
    assert "aum_average_1" in client.get(address, {"rule_text": "aum > 0 and aum_a"}).content.decode()
    picked = client.get(address, {"rule_text": "aum > 0 and aum_a", "pick": "aum_average_1"}).content.decode()
    assert "aum &gt; 0 and aum_average_1 </textarea>" in picked
    assert "no feature" in client.get(address, {"rule_text": "aun > 0"}).content.decode()


def test_only_who_may_change_segments_asks_for_help_on_rules(bank, sign_in):
    assert sign_in(bank.compliance).get(reverse("admin:customers_segment_rule")).status_code == 403
    assert sign_in(bank.owner).get(reverse("admin:customers_segment_rule")).status_code == 302


def test_the_parameters_of_a_detector_are_compliances_to_change(bank, sign_in):
    cash = DetectorSetting.objects.get(detector="large_value")
    address = reverse("admin:customers_detectorsetting_change", args=[cash.pk])
    changed = {**cash.parameters, "cash": 60_000, "active": "on"}
    assert sign_in(bank.admin).post(address, changed).status_code == 403
    assert sign_in(bank.compliance).post(address, changed).status_code == 302
    cash.refresh_from_db()
    assert (cash.parameters["cash"], cash.parameters["transfer"]) == (60_000, 500_000)


def test_a_parameter_that_makes_no_sense_is_refused_at_its_field(bank, sign_in):
    setting = DetectorSetting.objects.get(detector="structuring")
    address = reverse("admin:customers_detectorsetting_change", args=[setting.pk])
    page = sign_in(bank.compliance).post(address, {**setting.parameters, "from_share": 8, "active": "on"})
    assert page.status_code == 200
    assert "less than or equal to 1" in page.content.decode()
