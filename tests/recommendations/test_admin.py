"""Products and rules in the admin: refused at the field and the character, tried before use, and audited."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import Entry
from crm.lib.dates import bank_day
from crm.lib.forbidden_words import forbidden
from customers.models import Features
from interactions.models import ChannelEvent
from recommendations import dry_run
from recommendations.models import Product, Rule
from tests.factories import make_customer
from tests.recommendations.people import known

TRY = "admin:recommendations_rule_try"


@pytest.fixture
def rule(db) -> Rule:
    return Rule.objects.get(code="growing-assets")


def _form(rule: Rule, **changed: object) -> dict[str, object]:
    fields = (
        "code", "name_zh", "name_en", "order", "need", "family", "condition", "viewed", "viewed_days", "reason_zh",
        "reason_en", "talk_zh", "talk_en", "event", "event_days", "benefit", "sure",
    )  # fmt: skip
    return {name: getattr(rule, name) for name in fields} | {"product": rule.product_id or ""} | changed


def _change(client, rule: Rule, **changed: object):
    return client.post(reverse("admin:recommendations_rule_change", args=[rule.pk]), _form(rule, **changed))


def test_a_good_rule_is_kept_and_audited(bank, sign_in, rule):
    was = rule.condition
    assert _change(sign_in(bank.admin), rule, condition="aum >= 100000", talk_en="Shall we look?").status_code == 302
    rule.refresh_from_db()
    assert rule.condition == was
    assert rule.versions.get(state="draft").content["condition"] == "aum >= 100000"
    assert Entry.objects.filter(action="change", object_type="rule", actor_label__startswith="M9001").exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"condition": "aum >> 5"}, "cannot be read from line 1, character"),
        ({"condition": "aun > 5"}, "did you mean aum"),
        ({"talk_zh": "这款产品保本保息"}, "“保本” (character 5), “保息” (character 7)"),
        ({"talk_zh": "预 期 收 益 率 5%"}, "“预 期 收 益 率” (character 1)"),
        (
            {"talk_en": "Returns are GUARANTEED and risk-free"},
            "“GUARANTEED” (character 13), “risk-free” (character 28)",
        ),
        ({"reason_en": "Has {aun} of assets"}, "There is no feature “aun” (character 5)."),
        ({"reason_zh": "资产 {aum"}, "A brace stands alone (character 4)."),
        ({"family": ""}, "Name a product family"),
        ({"code": "another"}, "The code stays"),
        ({"valid_from": "2026-02-01", "valid_until": "2026-01-01"}, "It ends before it begins."),
        ({"viewed_days": 0}, "From 1 to 365 days."),
    ],
)
def test_a_bad_rule_is_refused_at_its_field_and_what_was_typed_stays(changed, said, bank, sign_in, rule):
    page = _change(sign_in(bank.admin), rule, **changed)
    assert page.status_code == 200
    text = page.content.decode()
    assert said in text
    for name, value in changed.items():
        assert f'id="id_{name}_error"' in text or name in ("valid_from",)
        assert str(value).replace(">", "&gt;") in text
    was = Rule.objects.get(pk=rule.pk)
    assert was.condition == rule.condition
    assert was.talk_zh == rule.talk_zh


@pytest.mark.parametrize(
    "allowed",
    [
        "这不是存款，不保本，也不承诺收益",
        "非保本浮动收益",
        "Returns are not guaranteed.",
        "无论风险大小",
        "It is no deposit.",
    ],
)
def test_what_the_law_wants_said_is_allowed(allowed):
    assert forbidden(allowed) == []


def test_the_bank_adds_words_of_its_own(settings):
    settings.FORBIDDEN_WORDS = ["限时抢购"]
    assert [one.position for one in forbidden("理财限时 抢购")] == [3]


def test_while_typing_the_condition_is_checked_counted_and_completed(bank, sign_in, customer):
    Features.objects.create(customer=customer, aum=100)
    client, address = sign_in(bank.admin), reverse("admin:recommendations_rule_condition")
    assert "Holds for 1 customer" in client.get(address, {"condition": "aum > 0"}).content.decode()
    picked = client.get(address, {"condition": "aum > 0 and aum_a", "pick": "aum_average_1"}).content.decode()
    assert "aum &gt; 0 and aum_average_1 </textarea>" in picked
    assert 'name="condition"' in picked
    assert "no feature" in client.get(address, {"condition": "aun > 0"}).content.decode()


def test_a_dry_run_says_how_many_match_and_what_each_rule_of_the_gate_removes(bank, sign_in, customer):
    known(customer, level=3)
    others = [make_customer(f"62020000000{n}", "李静", bank.branch) for n in range(4)]
    known(others[0], level=1)
    known(others[1], level=2, valid_until=bank_day() - timedelta(days=1))
    Features.objects.create(customer=others[2], aum=60_000_000)
    Features.objects.create(customer=others[3], aum=100)
    page = sign_in(bank.admin).get(
        reverse(TRY),
        {"need": "growth", "family": "fund", "condition": "aum > 1000", "viewed_days": 30, "event_days": 30},
    )
    text = page.content.decode()
    assert "<td>4</td>" in text
    assert "kept out by the gate: risk within tolerance" in text
    assert "kept out by the gate: valid risk assessment" in text
    assert "kept out by the gate: consent to personal suggestions" in text
    assert customer.number in text
    assert others[0].number not in text
    assert Entry.objects.filter(actor_id=bank.admin.pk, object_type="customer", object_ids=[customer.pk]).exists()
    assert Rule.objects.get(code="growing-assets").condition in Rule.objects.values_list("condition", flat=True)


def test_a_dry_run_keeps_to_who_looked_at_the_topic(bank, sign_in, customer):
    known(customer)
    known(make_customer("620200000001", "李静", bank.branch))
    ChannelEvent.objects.create(customer=customer, channel="mobile", kind="viewed", topic="house", reference="1")
    ChannelEvent.objects.create(
        customer_id=Features.objects.latest("pk").pk, channel="mobile", kind="viewed", topic="house", reference="2",
        at=timezone.now() - timedelta(days=40),
    )  # fmt: skip
    lecture = Product.objects.get(code="mortgage-talk")
    asked = {"need": "house", "product": lecture.pk, "viewed": "house", "viewed_days": 30, "event_days": 30}
    text = sign_in(bank.admin).get(reverse(TRY), asked).content.decode()
    assert "<td>1</td>" in text
    assert customer.number in text


def test_a_dry_run_stops_and_says_so(bank, sign_in, customer, monkeypatch):
    monkeypatch.setattr(dry_run, "MOST_TRIED", 2)
    monkeypatch.setattr(dry_run, "BATCH", 1)
    for number in range(3):
        known(make_customer(f"62020000000{number}", "李静", bank.branch))
    result = dry_run.dry_run(dry_run.Trial("growth", "", [Product.objects.get(code="cash-r1")]), bank_day())
    assert (result.matching, result.stopped, result.suggested) == (2, True, 2)


def test_a_dry_run_of_what_cannot_be_read_says_where(bank, sign_in):
    asked = {"need": "growth", "family": "fund", "condition": "aum >> 1", "viewed_days": 30, "event_days": 30}
    assert "character" in sign_in(bank.admin).get(reverse(TRY), asked).content.decode()


def test_only_who_may_change_rules_tries_them(bank, sign_in):
    for name in (TRY, "admin:recommendations_rule_condition"):
        assert sign_in(bank.compliance).get(reverse(name)).status_code == 403
        assert sign_in(bank.owner).get(reverse(name)).status_code == 302


def _product(**changed: object) -> dict[str, object]:
    return {
        "code": "new-fund", "name_zh": "新基金", "name_en": "New fund", "family": "fund", "regime": "fund", "risk": 3,
        "units": 1000, "active": "on", "value": 5,
    } | changed  # fmt: skip


def test_a_product_is_kept_in_minor_units(bank, sign_in):
    assert sign_in(bank.admin).post(reverse("admin:recommendations_product_add"), _product()).status_code == 302
    assert Product.objects.get(code="new-fund").minimum == 100_000
    assert Entry.objects.filter(action="create", object_type="product").exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"risk": ""}, "have a risk from 1 (R1) to 5 (R5)"),
        ({"risk": 6}, "have a risk from 1 (R1) to 5 (R5)"),
        ({"regime": "deposit", "family": "time"}, "have no risk rating"),
        ({"family": ""}, "A product is of a family."),
        ({"name_zh": "稳赚一号"}, "“稳赚” (character 1)"),
        ({"sold_from": "2026-02-01", "sold_until": "2026-01-01"}, "It ends before it begins."),
    ],
)
def test_a_product_that_could_slip_through_the_gate_is_refused(changed, said, bank, sign_in):
    page = sign_in(bank.admin).post(reverse("admin:recommendations_product_add"), _product(**changed))
    assert page.status_code == 200
    assert said in page.content.decode()


def test_products_and_rules_are_searched_and_never_deleted(bank, sign_in, rule):
    client = sign_in(bank.admin)
    for name, query in (("product", "annu"), ("product", "基金"), ("rule", "payroll"), ("rule", "攒钱")):
        page = client.get(reverse(f"admin:recommendations_{name}_changelist"), {"q": query})
        assert page.status_code == 200
        assert "field-code" in page.content.decode()
    assert client.get(reverse("admin:recommendations_rule_change", args=[rule.pk])).status_code == 200
    assert client.get(reverse("admin:recommendations_rule_delete", args=[rule.pk])).status_code == 403
    for person in (bank.owner, bank.supervisor):
        assert sign_in(person).get(reverse("admin:recommendations_rule_changelist")).status_code == 302
    page = sign_in(bank.compliance).get(reverse("admin:recommendations_rule_change", args=[rule.pk]))
    assert (page.status_code, b'name="_save"' in page.content) == (200, False)


def test_every_shipped_rule_and_product_could_be_kept_as_it_is(bank, sign_in):
    client = sign_in(bank.admin)
    for rule in Rule.objects.all():
        assert _change(client, rule).status_code == 302, rule.code
        assert rule.versions.count() == 1, rule.code
    for product in Product.objects.all():
        fields = ("code", "name_zh", "name_en", "family", "regime", "target")
        form = {name: getattr(product, name) for name in fields} | {
            "units": product.minimum // 100, "active": "on", "value": product.value,
        }  # fmt: skip
        form |= {"risk": product.risk or "", "term_days": product.term_days or ""}
        if product.regular_premium:
            form["regular_premium"] = "on"
        address = reverse("admin:recommendations_product_change", args=[product.pk])
        assert client.post(address, form).status_code == 302, product.code
