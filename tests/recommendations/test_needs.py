"""Needs come before products: found with their evidence, decided by people, met, and gone."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import Entry
from crm.lib.dates import bank_day
from customers.models import Consent, Holding, LifeEvent
from interactions.models import Pause
from recommendations import mention, needs
from recommendations.gate import Rule as GateRule
from recommendations.models import (
    CustomerNeed,
    FunnelCount,
    InvestorStanding,
    Product,
    Rule,
    Suggestion,
)
from tests.customers.money import hold, make_account, minor, move, run_night
from tests.factories import make_customer
from tests.recommendations.people import known, suggest
from tests.recommendations.test_night_suggestions import DAY, agrees, live, months, saves_and_takes_back


@pytest.fixture
def client(bank):
    """A customer of 40 who has agreed to personal suggestions."""
    person = make_customer(
        "C1", "王一", bank.branch, owner=bank.owner, birth_date=date(1986, 5, 1), since=date(2020, 1, 1)
    )
    agrees(person)
    return person


def need_of(customer, kind) -> CustomerNeed:
    return CustomerNeed.objects.filter(customer=customer, need=kind).latest("pk")


def test_a_need_is_kept_with_its_months_amounts_and_how_sure_it_is(client):
    saves_and_takes_back(client)
    run_night(DAY)
    found = need_of(client, "goal_saving")
    assert (found.state, found.source, found.first_seen, found.last_seen) == ("found", "night", DAY, None)
    assert found.evidence["saving_months_12"] == 10
    assert found.evidence["saving_average_12"] == minor(3000)
    assert found.confidence == 0.7
    assert live(client)["goal_saving"] == "instalment-saving"


def test_a_second_run_of_a_day_writes_no_need_and_no_count(client):
    saves_and_takes_back(client)
    run_night(DAY)
    before = list(CustomerNeed.objects.order_by("pk").values()), list(FunnelCount.objects.order_by("pk").values())
    assert run_night(DAY) == 0
    after = list(CustomerNeed.objects.order_by("pk").values()), list(FunnelCount.objects.order_by("pk").values())
    assert after == before


@pytest.mark.parametrize("state", ["refused", "postponed"])
def test_what_a_person_decided_is_never_overwritten_and_nothing_is_suggested_for_it(client, bank, state):
    saves_and_takes_back(client)
    run_night(DAY)
    needs.decide(need_of(client, "goal_saving"), state, by=bank.owner, later_until=DAY + timedelta(days=5))
    run_night(DAY + timedelta(days=1))
    kept = need_of(client, "goal_saving")
    assert (kept.state, kept.by) == (state, bank.owner)
    assert "goal_saving" not in live(client)
    run_night(DAY + timedelta(days=6))
    assert need_of(client, "goal_saving").state == ("refused" if state == "refused" else "found")
    assert ("goal_saving" in live(client)) == (state == "postponed")


def test_a_confirmed_need_outlives_its_figures_and_is_met_by_a_product(client, bank):
    saves_and_takes_back(client)
    run_night(DAY)
    needs.decide(need_of(client, "goal_saving"), "confirmed", by=bank.owner)
    Rule.objects.filter(need="goal_saving").update(active=False)
    run_night(DAY + timedelta(days=1))
    kept = need_of(client, "goal_saving")
    assert (kept.state, kept.confidence, kept.last_seen) == ("confirmed", 1, DAY + timedelta(days=1))
    Holding.objects.create(
        reference="H1", customer=client, family="time", amount=minor(3000), started_on=DAY,
        matures_on=DAY + timedelta(days=365),
    )  # fmt: skip
    Rule.objects.filter(need="goal_saving").update(active=True)
    run_night(DAY + timedelta(days=2))
    met = need_of(client, "goal_saving")
    assert (met.state, met.ending, met.ended_on) == ("met", "product", DAY + timedelta(days=2))
    assert "goal_saving" not in live(client)
    assert run_night(DAY + timedelta(days=2)) == 0


def test_a_need_no_longer_seen_is_gone_and_comes_back(client):
    saves_and_takes_back(client)
    run_night(DAY)
    Rule.objects.filter(need="goal_saving").update(active=False)
    run_night(DAY + timedelta(days=1))
    gone = need_of(client, "goal_saving")
    assert (gone.state, gone.ending) == ("gone", "unseen")
    Rule.objects.filter(need="goal_saving").update(active=True)
    run_night(DAY + timedelta(days=2))
    again = need_of(client, "goal_saving")
    assert (again.pk, again.state, again.first_seen) == (gone.pk, "found", DAY + timedelta(days=2))


def test_a_birth_brings_a_need_of_a_child_while_its_consent_stands(client):
    make_account(client)
    hold(make_account(client), months(3)[0], 9_000)
    LifeEvent.objects.create(customer=client, kind="birth", on=DAY - timedelta(days=20), of_child=True)
    run_night(DAY)
    assert not CustomerNeed.objects.filter(need="child").exists()
    consent = agrees(client)
    type(consent).objects.filter(pk=consent.pk).update(purpose="child")
    run_night(DAY)
    found = need_of(client, "child")
    assert (found.source, found.evidence["event"]) == ("life", (DAY - timedelta(days=20)).isoformat())
    assert live(client)["child"] == "instalment-saving"


def test_school_fees_rent_and_money_invested_elsewhere_are_seen(client):
    account = make_account(client)
    hold(account, months(12)[0], 90_000)
    for month in months(6):
        move(account, month, 9_000, category="salary", channel="bank")
        move(account, month, -2_500, category="rent")
    move(account, months(3)[0], -6_000, category="tuition")
    move(account, months(4)[0], -3_000, category="insurance")
    move(account, months(2)[0], -60_000, category="investment", counterparty_bank="他行")
    run_night(DAY)
    found = dict(CustomerNeed.objects.filter(customer=client).values_list("need", "rule__code"))
    assert found["education"] == "pays-tuition"
    assert found["house"] == "pays-rent"
    assert found["cover"] == "insured-elsewhere"
    elsewhere = Rule.objects.get(code="invests-elsewhere")
    assert elsewhere.pk in CustomerNeed.objects.get(need="growth").found_by


def test_without_consent_no_need_is_worked_out(client):
    saves_and_takes_back(client)
    Consent.objects.update(withdrawn_at=timezone.now())
    run_night(DAY)
    assert not CustomerNeed.objects.exists()
    fell = FunnelCount.objects.get(rule__code="saving-goal")
    assert (fell.outcome, fell.customers) == ("consent", 1)
    assert FunnelCount.objects.get(rule=None).outcome == "consent"


def test_one_tap_and_undo(bank, customer, sign_in):
    known(customer)
    shown = suggest(customer, "instalment-saving", "saving-goal", saving_months_12=9, saving_average_12=300_000)
    need = CustomerNeed.objects.create(
        customer=customer, need="goal_saving", rule=shown.rule, found_by=[shown.rule_id], evidence=shown.evidence,
        confidence=0.7, first_seen=bank_day(),
    )  # fmt: skip
    browser, page = sign_in(bank.owner), reverse("recommendations:needs", args=[customer.number])
    text = browser.get(page).content.decode()
    assert "70% sure" in text
    assert "Put money aside in 9 of 12 months" in text
    assert "What might fit: Instalment saving" in text
    decide = reverse("recommendations:need-decide", args=[customer.number, need.pk])
    assert browser.post(decide, {"state": "refused"}).status_code == 204
    panel = reverse("recommendations:panel", args=[customer.number])
    assert "<h3 id=" not in browser.get(panel).content.decode()
    assert "noted: not so" in browser.get(page).content.decode()
    assert browser.post(reverse("recommendations:need-undo", args=[customer.number, need.pk])).status_code == 204
    assert "Instalment saving" in browser.get(panel).content.decode()
    need.refresh_from_db()
    assert (need.state, need.confidence) == ("found", 0.7)
    assert Entry.objects.filter(object_type="need").count() == 2


def test_said_by_the_customer_it_stands_without_a_product(bank, customer, sign_in):
    known(customer)
    browser = sign_in(bank.owner)
    add = reverse("recommendations:need-add", args=[customer.number])
    assert browser.post(add, {"need": "house", "said": "想换个大点的房子"}).status_code == 204
    text = browser.get(reverse("recommendations:needs", args=[customer.number])).content.decode()
    assert "想换个大点的房子" in text
    assert "No product needed for it" in text
    refused = browser.post(add, {"need": "riches", "said": "我打的字"})
    assert refused.status_code == 422
    assert "我打的字" in refused.content.decode()


def test_a_manager_proposes_through_the_same_gate(bank, customer, sign_in):
    known(customer, level=2)
    browser = sign_in(bank.owner)

    def propose(code, need="growth"):
        address = reverse("recommendations:propose", args=[customer.number, code])
        return browser.post(address, {"need": need, "note": "wants more than a deposit"})

    refused = propose("equity-r4")
    assert refused.status_code == 422
    assert "Product risk R4 is above the tolerance C2." in refused.content.decode()
    assert not Suggestion.objects.exists()
    assert propose("bond-r2").status_code == 204
    made = Suggestion.objects.get()
    assert (made.source, made.by, made.risk, made.risk_level) == ("manager", bank.owner, 2, 2)
    text = browser.get(reverse("recommendations:panel", args=[customer.number])).content.decode()
    assert "Proposed by the manager: wants more than a deposit" in text
    assert "Record the sale by sound and picture" in text
    assert propose("cash-r1").status_code == 422  # there is one for this need


def test_every_product_says_at_which_step_it_fell(bank, customer, sign_in):
    known(customer, level=2)
    suggest(customer, "cash-r1", "idle-balance", families="current", aum=60_000_000, aum_average_1=60_000_000)
    page = reverse("recommendations:why", args=[customer.number])
    browser = sign_in(bank.owner)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        text = browser.get(page, headers={"HX-Request": "true"}).content.decode()
    assert len(queries) <= 15, [query["sql"][:90] for query in queries]
    assert "We thought of “Cash management product” for you" in text
    assert "Business travel card" in text
    assert "Nothing points to this need: business travel." in text
    assert "Your age and sex play no part in the order." in text
    assert browser.get(page).status_code == 200


def test_the_funnel_counts_and_opens_the_customers_of_ones_scope(bank, client, sign_in):
    saves_and_takes_back(client)
    Pause.objects.create(customer=client, reason="wish", since=DAY, until=DAY + timedelta(days=300))
    Rule.objects.filter(code="saving-goal").update(product=Product.objects.get(code="travel-card"))
    run_night(DAY)
    browser = sign_in(bank.supervisor)
    text = browser.get(reverse("recommendations:funnel")).content.decode()
    assert "Saving for a goal" in text
    fell = FunnelCount.objects.get(rule__code="saving-goal")
    behind = browser.get(reverse("recommendations:behind", args=["saving-goal", fell.outcome]))
    assert behind.status_code == 200
    assert Entry.objects.filter(detail__rule="saving-goal").exists()


def test_who_may_be_spoken_to_of_what(customer):
    known(customer, level=2)
    day = bank_day()
    assert mention.may_mention([customer.pk], "wealth", day) == {customer.pk: None}
    assert mention.may_mention([customer.pk], "fund", day)[customer.pk].rule == GateRule.RISK
    assert mention.may_mention([customer.pk], "education", day) == {customer.pk: None}
    InvestorStanding.objects.create(customer=customer, qualified_until=day, qualified_by="x")
    Product.objects.filter(family="wealth").update(private=True)
    assert mention.may_mention([customer.pk], "wealth", day)[customer.pk].rule == GateRule.ON_SALE
    Pause.objects.create(customer=customer, reason="wish", since=day, until=day + timedelta(days=9))
    assert mention.may_mention([customer.pk], "education", day)[customer.pk].rule == GateRule.PAUSE
    assert [one.rule for one in mention.gate_of_topic(customer.pk, "education", day)] == [GateRule.PAUSE]


def test_capacity_and_a_qualified_investor_are_recorded_with_proof_and_end(bank, customer, sign_in):
    browser, page = sign_in(bank.owner), reverse("recommendations:investor", args=[customer.number])
    until = (bank_day() + timedelta(days=90)).isoformat()
    refused = browser.post(page, {"civil": "full", "qualified_until": until})
    assert refused.status_code == 422
    assert "Say by which proof." in refused.content.decode()
    kept = browser.post(page, {"civil": "full", "qualified_until": until, "qualified_by": "资产证明"})
    assert kept.status_code == 200
    assert InvestorStanding.objects.get().qualified_until.isoformat() == until
    assert Entry.objects.filter(object_type="investor").count() == 1
