"""Rules belong to the bank: drafted by one person, tried, approved by another, and never able to stop a night."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import IntegerField, Q
from django.db.models.expressions import RawSQL
from django.db.models.lookups import Exact
from django.urls import reverse

from crm.audit.models import Entry
from crm.lib.dates import bank_day
from crm.staff.models import Notice, Role
from customers.models import Features, LifeEvent
from recommendations import dry_run
from recommendations.models import Product, Rule, RuleVersion
from recommendations.night import matching
from recommendations.rulebook import versions
from tests.customers.money import run_night
from tests.factories import make_customer, make_person
from tests.recommendations.people import known
from tests.recommendations.test_admin import _change, _form
from tests.recommendations.test_night_suggestions import DAY, agrees, live, saves_and_takes_back


@pytest.fixture
def rule(db) -> Rule:
    return Rule.objects.get(code="growing-assets")


@pytest.fixture
def second(bank):
    return make_person("M9002", "章文", Role.ADMIN, bank.branch)


def draft(client, rule: Rule, **changed: object) -> RuleVersion:
    assert _change(client, rule, **changed).status_code == 302
    return rule.versions.get(state="draft")


def page(version: RuleVersion) -> str:
    return reverse("admin:recommendations_rule_version", args=[version.pk])


def decide(client, version: RuleVersion, what: str, comment: str = "核对过"):
    address = reverse("admin:recommendations_rule_decide", args=[version.pk])
    return client.post(address, {"what": what, "comment": comment})


def tried(client, version: RuleVersion) -> str:
    answer = client.post(reverse("admin:recommendations_rule_version_try", args=[version.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_shipped_rules_count_as_approved_by_the_banks_beginning(bank):
    for rule in Rule.objects.all():
        version = rule.versions.get()
        assert (version.number, version.state, version.author) == (1, "in_force" if rule.active else "retired", None)
        assert version.content == versions.content_of(rule), rule.code


def test_an_edit_of_a_rule_in_force_is_a_draft_until_a_second_person_approves_it(bank, sign_in, rule, second):
    was = rule.condition
    version = draft(sign_in(bank.admin), rule, condition="aum >= 300000")
    assert Rule.objects.get(pk=rule.pk).condition == was
    form = sign_in(bank.admin).get(reverse("admin:recommendations_rule_change", args=[rule.pk])).content.decode()
    assert "aum &gt;= 300000" in form
    client = sign_in(second)
    tried(client, version)
    assert decide(client, version, "approve").status_code == 302
    now = Rule.objects.get(pk=rule.pk)
    assert (now.condition, now.active) == ("aum >= 300000", True)
    assert list(rule.versions.order_by("number").values_list("state", "comment")) == [
        ("replaced", ""), ("in_force", "核对过"),
    ]  # fmt: skip
    entry = Entry.objects.get(object_type="rule", actor_id=second.pk)
    assert (entry.reason, entry.object_ids, entry.detail["version"]) == ("核对过", [rule.pk], 2)
    assert "growing-assets v2" in Notice.objects.get(user=bank.admin).values["version"]


def test_nobody_approves_what_they_edited_last(bank, sign_in, rule, second):
    first = draft(sign_in(second), rule, condition="aum >= 1")
    version = draft(sign_in(bank.admin), rule, condition="aum >= 2")
    first.refresh_from_db()
    assert first.state == "rewritten"
    client = sign_in(bank.admin)
    tried(client, version)
    refused = decide(client, version, "approve")
    assert refused.status_code == 422
    assert "Nobody approves what they wrote themselves." in refused.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleVersion.objects.filter(pk=version.pk).update(state="retired", decided_by=bank.admin)
    # Who wrote the draft before it may: the last hand was another's.
    assert decide(sign_in(second), version, "approve").status_code == 302
    assert Rule.objects.get(pk=rule.pk).condition == "aum >= 2"


def test_who_approves_has_tried_it_and_says_something(bank, sign_in, rule, second):
    version = draft(sign_in(bank.admin), rule, condition="aum >= 1")
    client = sign_in(second)
    assert "Try it first" in decide(client, version, "approve").content.decode()
    tried(client, version)
    empty = decide(client, version, "approve", "")
    assert empty.status_code == 422
    assert 'id="id_comment_error"' in empty.content.decode()
    assert Rule.objects.get(pk=rule.pk).condition == rule.condition


def test_a_rejected_draft_changes_nothing_and_its_author_is_told_why(bank, sign_in, rule, second):
    version = draft(sign_in(bank.admin), rule, condition="aum >= 1")
    assert decide(sign_in(second), version, "reject", "太宽了").status_code == 302
    version.refresh_from_db()
    assert (version.state, version.comment, version.decided_by) == ("rejected", "太宽了", second)
    assert Rule.objects.get(pk=rule.pk).condition == rule.condition
    assert Notice.objects.get(user=bank.admin).values["comment"] == "太宽了"
    assert "written over by a later draft" in decide(sign_in(second), version, "reject").content.decode()


def test_a_new_rule_is_out_of_use_until_it_is_approved(bank, sign_in, rule, second):
    typed = _form(rule, code="brand-new", name_en="Brand new")
    assert sign_in(bank.admin).post(reverse("admin:recommendations_rule_add"), typed).status_code == 302
    new = Rule.objects.get(code="brand-new")
    version = new.versions.get()
    assert (new.active, version.state, version.number) == (False, "draft", 1)
    client = sign_in(second)
    tried(client, version)
    decide(client, version, "approve")
    assert Rule.objects.get(code="brand-new").active


def test_a_rule_is_taken_out_of_use_at_once_and_comes_back_by_approval(bank, sign_in, rule, second):
    client = sign_in(bank.admin)
    assert decide(client, rule.versions.get(), "retire", "投诉太多").status_code == 302
    assert not Rule.objects.get(pk=rule.pk).active
    version = rule.versions.get()
    assert (version.state, version.ended_reason, version.ended_by) == ("retired", "投诉太多", bank.admin)
    assert decide(client, version, "bring_back").status_code == 302
    back = rule.versions.get(state="draft")
    assert not Rule.objects.get(pk=rule.pk).active
    other = sign_in(second)
    tried(other, back)
    decide(other, back, "approve")
    assert Rule.objects.get(pk=rule.pk).active


def test_what_has_become_forbidden_since_is_not_put_in_force(bank, sign_in, rule, second, settings):
    version = draft(sign_in(bank.admin), rule, talk_zh="限时抢购，欢迎来聊")
    client = sign_in(second)
    tried(client, version)
    settings.FORBIDDEN_WORDS = ["限时抢购"]
    refused = decide(client, version, "approve")
    assert refused.status_code == 422
    assert "“限时抢购” (character 1)" in refused.content.decode()
    assert Rule.objects.get(pk=rule.pk).talk_zh == rule.talk_zh


def test_old_and_new_stand_side_by_side(bank, sign_in, rule):
    version = draft(sign_in(bank.admin), rule, talk_en="Shall we look at it, when you have time?")
    text = sign_in(bank.admin).get(page(version)).content.decode()
    assert "v1 and v2 side by side" in text
    assert text.count('class="changed"') == 1
    assert "<ins>" in text
    assert "<del>" in text


def test_what_was_written_stays_as_it_was_written(rule):
    changes: list[dict[str, object]] = [{"content": {}}, {"number": 9}, {"state": "draft"}]
    for change in changes:
        with pytest.raises(DatabaseError, match="stays as it was written"), transaction.atomic():
            rule.versions.update(**change)
    with pytest.raises(DatabaseError, match="stays as it was written"), transaction.atomic():
        rule.versions.all().delete()


def test_a_dry_run_says_which_rules_find_the_same_customers(bank, sign_in, customer, rule, second):
    known(customer, level=3)
    known(make_customer("620200000001", "李静", bank.branch), level=3)
    other = Rule.objects.get(code="idle-balance")
    Rule.objects.exclude(pk__in=[rule.pk, other.pk]).update(active=False)
    number = Features.objects.get(pk=customer.pk)
    Features.objects.exclude(pk=number.pk).update(aum=1)
    Features.objects.filter(pk=number.pk).update(aum=90_000_000)
    Rule.objects.filter(pk=other.pk).update(condition="aum >= 500000", need="growth")
    version = draft(sign_in(bank.admin), rule, condition="")
    text = tried(sign_in(second), version)
    version.refresh_from_db()
    assert version.trial["matching"] == 2
    assert version.trial["overlap"] == [["idle-balance", 1]]
    assert "idle-balance" in text
    assert customer.number in text
    assert customer.number not in str(version.trial)
    assert Entry.objects.filter(actor_id=second.pk, object_type="customer", object_ids__contains=[customer.pk]).exists()
    assert "Tried on" in sign_in(second).get(page(version)).content.decode()


def test_a_dry_run_keeps_to_whose_life_event_is_fresh(bank, customer):
    others = [make_customer(f"62020000000{n}", "李静", bank.branch) for n in range(3)]
    for person in (customer, *others):
        known(person)
    day = bank_day()
    LifeEvent.objects.create(customer=customer, kind="retirement", on=day - timedelta(days=5), state="confirmed")
    LifeEvent.objects.create(customer=others[0], kind="retirement", on=day - timedelta(days=90), state="confirmed")
    LifeEvent.objects.create(customer=others[1], kind="retirement", on=day - timedelta(days=5), state="proposed")
    # Health counts with a consent of its own alone: who asked for none is not found.
    LifeEvent.objects.create(customer=others[2], kind="illness", on=day - timedelta(days=5), state="confirmed")
    lecture = [Product.objects.get(code="lecture")]
    for kind, found in (("retirement", 1), ("illness", 0)):
        trial = dry_run.Trial("pension", "", lecture, event=kind, event_days=30)
        assert dry_run.dry_run(trial, day).matching == found


def test_only_who_may_decides(bank, sign_in, rule):
    version = draft(sign_in(bank.admin), rule, condition="aum >= 1")
    tried(sign_in(bank.compliance), version)
    assert decide(sign_in(bank.compliance), version, "retire").status_code == 403
    assert decide(sign_in(bank.compliance), version, "nonsense").status_code == 403
    for person in (bank.owner, bank.supervisor):
        assert sign_in(person).get(page(version)).status_code == 302
        assert decide(sign_in(person), version, "approve").status_code == 302
    version.refresh_from_db()
    assert version.state == "draft"
    assert decide(sign_in(bank.compliance), version, "approve").status_code == 302
    version.refresh_from_db()
    assert version.state == "in_force"


def test_lists_say_what_waits_and_what_was_set_aside(bank, sign_in, rule):
    draft(sign_in(bank.admin), rule, condition="aum >= 1")
    Rule.objects.filter(code="idle-balance").update(aside_since=bank_day(), aside_reason="没有可以推荐的产品")
    address = reverse("admin:recommendations_rule_changelist")
    waiting = sign_in(bank.admin).get(address, {"waiting": "draft"}).content.decode()
    assert ("growing-assets" in waiting, "idle-balance" in waiting) == (True, False)
    aside = sign_in(bank.admin).get(address, {"waiting": "aside"}).content.decode()
    assert ("没有可以推荐的产品" in aside, "growing-assets" in aside) == (True, False)


@pytest.fixture
def saver(bank):
    customer = make_customer("C1", "王一", bank.branch, since=DAY - timedelta(days=2000))
    agrees(customer)
    saves_and_takes_back(customer)
    return customer


def test_a_rule_that_cannot_be_read_is_set_aside_and_its_owner_told_once(bank, saver):
    Rule.objects.filter(code="unusual-transfer").update(condition="forgotten_feature > 5", owner=bank.admin)
    run_night(DAY)
    assert "goal_saving" in live(saver)
    aside = Rule.objects.get(code="unusual-transfer")
    assert aside.aside_since == DAY
    assert "forgotten_feature" in aside.aside_reason
    run_night(DAY)
    assert Notice.objects.get(user=bank.admin).values["rule"] == "unusual-transfer"
    Rule.objects.filter(code="unusual-transfer").update(condition="age >= 60")
    run_night(DAY)
    again = Rule.objects.get(pk=aside.pk)
    assert again.aside_since is None
    assert again.aside_reason == ""


def test_a_rule_the_database_refuses_at_night_is_set_aside_and_the_others_go_on(bank, saver, monkeypatch):
    good = matching._ruling

    def failing(rule, condition, products):
        made = good(rule, condition, products)
        refused = Q(Exact(RawSQL("1 / 0", (), output_field=IntegerField()), 1))
        return replace(made, condition=refused) if rule.code == "idle-balance" else made

    monkeypatch.setattr(matching, "_ruling", failing)
    run_night(DAY)
    assert "goal_saving" in live(saver)
    aside = Rule.objects.exclude(aside_since=None).get()
    assert (aside.code, "DataError" in aside.aside_reason) == ("idle-balance", True)
    # Nobody is answerable for a shipped rule by name: who administers the rules is told.
    assert Notice.objects.get(user=bank.admin).values["rule"] == "idle-balance"
