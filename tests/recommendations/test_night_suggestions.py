"""What the night suggests, to whom, and what it leaves alone: on the real database, by the shipped rules."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from customers.feature_fields import FIELDS
from customers.models import Consent, Features, Holding, Loan, LoanState, RiskAssessment
from customers.query_language import check
from interactions.models import ChannelEvent, Complaint, Pause, Refusal
from recommendations.facts import offer, people
from recommendations.gate import Rule as GateRule
from recommendations.gate import decide
from recommendations.models import LIVE, Product, Rule, Suggestion
from tests.customers.money import hold, make_account, minor, move, run_night
from tests.factories import make_customer

DAY = date(2026, 11, 22)


def months(count: int) -> list[date]:
    """The 5th of the last `count` whole months, oldest first."""
    found, day = [], DAY.replace(day=1)
    for _ in range(count):
        day = (day - timedelta(days=1)).replace(day=1)
        found.append(day.replace(day=5))
    return found[::-1]


def agrees(customer) -> Consent:
    return Consent.objects.create(
        customer=customer, purpose="profiling", notice_version=1, given_at=timezone.now() - timedelta(days=90)
    )


def assess(customer, level: int, valid_until: date = DAY + timedelta(days=200)) -> None:
    RiskAssessment.objects.create(
        customer=customer, assessed_on=valid_until - timedelta(days=365), level=level, valid_until=valid_until
    )


def live(customer) -> dict[str, str]:
    """Need -> code of the product of the live suggestions."""
    found = Suggestion.objects.filter(customer=customer, state__in=LIVE)
    return dict(found.values_list("need", "product__code"))


@pytest.fixture
def client(bank):
    """A customer of 40 who has agreed to personal suggestions."""
    customer = make_customer("C1", "王一", bank.branch, birth_date=date(1986, 5, 1), since=date(2020, 1, 1))
    agrees(customer)
    return customer


def saves_and_takes_back(customer) -> None:
    account = make_account(customer)
    hold(account, months(12)[0], 40_000)
    for month in months(10):
        move(account, month, -3_000, category="saving", own=True)
    move(account, DAY - timedelta(days=6), 30_000, category="saving", own=True)


def idles(customer, yuan: int = 80_000):
    account = make_account(customer)
    for month in months(12):
        hold(account, month, yuan)
    return account


def test_monthly_saving_taken_back_yields_a_goal_and_an_instalment_saving_with_its_evidence(client):
    saves_and_takes_back(client)
    run_night(DAY)
    found = Suggestion.objects.get(customer=client, need="goal_saving")
    assert (found.product.code, found.rule.code, found.state, found.since) == (
        "instalment-saving", "saving-goal", "open", DAY,
    )  # fmt: skip
    assert found.evidence == {"saving_broken": True, "saving_months_12": 10, "saving_average_12": minor(3000)}


def test_thirty_a_steady_salary_and_a_new_house_bring_education_and_pension(bank):
    young = make_customer("C2", "周明", bank.branch, birth_date=DAY.replace(year=DAY.year - 30))
    agrees(young)
    account = make_account(young)
    for month in months(6):
        move(account, month, 15_000, category="salary", channel="bank")
        hold(account, month, 60_000)
    loan = Loan.objects.create(
        reference="L1", customer=young, amount=minor(1_000_000), payment=minor(5_000), started_on=date(2026, 6, 1),
        matures_on=date(2056, 6, 1),
    )  # fmt: skip
    LoanState.objects.create(loan=loan, day=date(2026, 6, 1), state="current", outstanding=minor(990_000))
    run_night(DAY)
    assert {need: live(young)[need] for need in ("education", "pension")} == {
        "education": "education-saving", "pension": "pension-saving",
    }  # fmt: skip
    found = Suggestion.objects.get(customer=young, need="education")
    assert found.evidence["mortgage_since"] == "2026-06-01"
    assert found.evidence["birth_date"] == "1996-11-22"


def test_buying_currency_again_and_again_brings_the_travel_card_unless_it_would_be_irresponsible(client):
    account = idles(client, 20_000)
    for month in months(4):
        move(account, month, -9_000, category="fx")
    run_night(DAY)
    assert "travel" not in live(client)  # no income is known
    client.income_band = "120-300k"
    client.save()
    run_night(DAY)
    assert live(client)["travel"] == "travel-card"
    loan = Loan.objects.create(reference="L1", customer=client, amount=1, payment=1, started_on=date(2026, 1, 1))
    LoanState.objects.create(loan=loan, day=DAY, state="overdue", overdue_days=3)
    run_night(DAY)
    assert "travel" not in live(client)


def test_who_looked_at_mortgages_is_asked_about_a_house_for_a_month(client):
    idles(client, 500)
    at = datetime(2026, 11, 20, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    ChannelEvent.objects.create(customer=client, channel="mobile", kind="viewed", topic="house", at=at, reference="1")
    run_night(DAY)
    found = Suggestion.objects.get(customer=client, need="house")
    assert (found.product.code, found.evidence) == ("mortgage-talk", {"mortgage_since": None, "viewed": "2026-11-20"})
    run_night(DAY + timedelta(days=29))
    assert "house" not in live(client)


@pytest.mark.parametrize(("yuan", "product"), [(260_000, "certificate"), (60_000, "time-deposit")])
def test_a_maturing_deposit_is_placed_anew_by_its_size(client, yuan, product):
    account = make_account(client, family="time")
    hold(account, date(2026, 1, 1), yuan)
    Holding.objects.create(
        reference="H1", customer=client, account=account, family="time", amount=minor(yuan),
        started_on=date(2026, 1, 1), matures_on=DAY + timedelta(days=6),
    )  # fmt: skip
    run_night(DAY)
    assert live(client)["reinvestment"] == product


def test_old_customers_with_deposits_alone_are_invited_to_a_lecture_not_sold_to(bank):
    old = make_customer("C3", "郑秀英", bank.branch, birth_date=date(1955, 1, 1), since=date(2010, 1, 1))
    agrees(old)
    account = make_account(old, family="time")
    hold(account, date(2024, 1, 1), 120_000)
    move(account, months(12)[0], -500)
    run_night(DAY)
    assert live(old) == {"literacy": "lecture"}


def test_an_unusual_transfer_in_old_age_brings_a_talk_on_fraud_even_while_sales_pause(bank):
    old = make_customer("C3", "郑秀英", bank.branch, birth_date=date(1950, 1, 1))
    agrees(old)
    account = make_account(old)
    for month in months(8):
        move(account, month, -800)
    move(account, DAY - timedelta(days=1), -60_000)
    Pause.objects.create(customer=old, reason="bereavement", since=DAY, until=DAY + timedelta(days=90))
    run_night(DAY)
    assert live(old)["fraud"] == "fraud-talk"


def test_idle_money_brings_r1_without_an_assessment_and_never_more(client):
    idles(client)
    Rule.objects.filter(code="idle-balance").update(product=None, family="wealth")
    run_night(DAY)
    assert live(client)["growth"] == "cash-r1"
    Product.objects.filter(code="cash-r1").update(active=False)
    run_night(DAY)
    assert "growth" not in live(client)
    assess(client, 2)
    run_night(DAY)
    assert live(client)["growth"] == "bond-r2"


def test_without_consent_nothing_is_suggested_and_a_withdrawal_ends_what_was(client):
    saves_and_takes_back(client)
    run_night(DAY)
    assert live(client)
    Consent.objects.update(withdrawn_at=timezone.now())
    run_night(DAY)
    assert live(client) == {}
    assert set(Suggestion.objects.values_list("state", flat=True)) == {"over"}


@pytest.mark.parametrize("rule", ["", "equity"])
def test_the_retired_customer_is_never_suggested_the_high_risk_fund_on_any_path(bank, rule):
    """By the night, whatever rule an admin writes, and by what a page or an "offered" asks."""
    retired = make_customer("C4", "老王", bank.branch, birth_date=date(1958, 1, 1), income_band="300k-1m")
    agrees(retired)
    assess(retired, 5)
    idles(retired, 5_000_000)
    fund = Product.objects.get(code="equity-r4")
    Rule.objects.update(condition="", viewed="", **({"product": fund} if rule else {}))
    run_night(DAY)
    assert not Suggestion.objects.filter(product__risk__gte=4).exists()
    shown = people([retired.pk], DAY)[retired.pk]
    assert [blocked.rule for blocked in decide([shown], [offer(fund, "growth")], DAY)[0]] == [GateRule.SENIOR]


def test_a_complaint_or_a_pause_lets_suggestions_wait_instead_of_ending_them(client):
    saves_and_takes_back(client)
    Complaint.objects.create(customer=client, number="1", text="排队", due=DAY)
    run_night(DAY)
    assert live(client)["goal_saving"] == "instalment-saving"
    shown = people([client.pk], DAY)[client.pk]
    product = Product.objects.get(code="instalment-saving")
    assert decide([shown], [offer(product, "goal_saving")], DAY)[0][0].rule == GateRule.COMPLAINT


def test_a_refused_need_rests_and_comes_back_as_a_new_suggestion(client):
    saves_and_takes_back(client)
    run_night(DAY)
    refused = Suggestion.objects.get(need="goal_saving")
    Suggestion.objects.filter(pk=refused.pk).update(state="refused")
    Refusal.objects.create(customer=client, topic="goal_saving", until=DAY + timedelta(days=3))
    run_night(DAY + timedelta(days=2))
    assert "goal_saving" not in live(client)
    run_night(DAY + timedelta(days=3))
    assert "goal_saving" in live(client)
    assert Suggestion.objects.get(pk=refused.pk).state == "refused"


def test_what_was_put_off_comes_back_on_its_day(client):
    saves_and_takes_back(client)
    run_night(DAY)
    Suggestion.objects.update(state="later", later_until=DAY + timedelta(days=2))
    run_night(DAY + timedelta(days=1))
    assert Suggestion.objects.get(need="goal_saving").state == "later"
    run_night(DAY + timedelta(days=2))
    back = Suggestion.objects.get(need="goal_saving")
    assert (back.state, back.later_until) == ("open", None)


def test_a_wrong_fact_rests_half_a_year_unless_it_changes(client):
    saves_and_takes_back(client)
    run_night(DAY)
    Suggestion.objects.filter(need="goal_saving").update(state="wrong", changed_at=timezone.now())
    run_night(DAY)
    assert "goal_saving" not in live(client)
    wrong = Suggestion.objects.get(need="goal_saving")
    wrong.evidence |= {"saving_average_12": minor(2900)}  # a little less: the same fact
    wrong.save()
    run_night(DAY)
    assert "goal_saving" not in live(client)
    wrong.evidence |= {"saving_months_12": 6}
    wrong.save()
    run_night(DAY)
    assert "goal_saving" in live(client)


def test_what_a_person_has_dealt_with_is_left_alone(client):
    saves_and_takes_back(client)
    run_night(DAY)
    Suggestion.objects.update(state="interested", evidence={"as": "offered"})
    Rule.objects.filter(code="saving-goal").update(product=Product.objects.get(code="time-deposit"))
    run_night(DAY)
    kept = Suggestion.objects.get(need="goal_saving")
    assert (kept.state, kept.product.code, kept.evidence) == ("interested", "instalment-saving", {"as": "offered"})


def test_a_second_run_of_a_day_writes_nothing(client):
    saves_and_takes_back(client)
    idles(client)
    run_night(DAY)
    before = list(Suggestion.objects.order_by("pk").values())
    assert before
    assert run_night(DAY) == 0
    assert list(Suggestion.objects.order_by("pk").values()) == before


def test_at_most_five_live_and_what_was_answered_keeps_its_place(client):
    idles(client)
    lecture = Product.objects.get(code="lecture")
    Rule.objects.update(condition="", viewed="", event="", product=lecture, sure=50)
    one_a_need = (
        "unusual-transfer", "saving-goal", "young-family-education", "near-retirement-pension", "travels-abroad",
        "looks-for-house", "idle-balance",
    )  # fmt: skip
    Rule.objects.exclude(code__in=one_a_need).update(active=False)
    run_night(DAY)
    assert set(live(client)) == {"fraud", "goal_saving", "education", "pension", "travel"}
    welcome = Suggestion.objects.get(need="travel")
    Suggestion.objects.filter(pk=welcome.pk).update(need="growth", state="interested")
    run_night(DAY)
    assert set(live(client)) == {"fraud", "goal_saving", "education", "pension", "growth"}


def test_a_rule_nobody_can_read_is_left_out_and_stops_no_night(client):
    saves_and_takes_back(client)
    Rule.objects.filter(code="unusual-transfer").update(condition="forgotten_feature > 5")
    Rule.objects.filter(code="idle-balance").update(product=None, family="metal")
    run_night(DAY)
    assert "goal_saving" in live(client)


def test_a_rule_out_of_its_time_finds_nobody(client):
    saves_and_takes_back(client)
    Rule.objects.filter(code="saving-goal").update(valid_from=DAY + timedelta(days=1))
    run_night(DAY)
    assert "goal_saving" not in live(client)


def test_who_leaves_service_has_no_live_suggestion_left(bank, client):
    make_customer("C9", "王九", bank.branch)
    saves_and_takes_back(client)
    run_night(DAY)
    Suggestion.objects.update(state="interested")
    client.status = "deceased"
    client.save()
    run_night(DAY)
    assert live(client) == {}


def test_what_is_known_of_a_person_is_unknown_where_the_bank_does_not_know(bank, client):
    loan = Loan.objects.create(reference="L1", customer=client, amount=1, started_on=date(2026, 1, 1))
    found = people([client.pk], DAY)[client.pk]
    assert (found.aum, found.liquid, found.income_month) == (None, None, None)
    assert (found.debt_payment, found.overdue_days, found.loan_outstanding) == (None, None, None)
    LoanState.objects.create(loan=loan, day=DAY, state="defaulted", outstanding=5)
    assert people([client.pk], DAY)[client.pk].overdue_days == 1
    LoanState.objects.filter(loan=loan).update(state="paid")
    found = people([client.pk], DAY)[client.pk]
    assert (found.debt_payment, found.overdue_days, found.loan_outstanding) == (0, 0, 0)


def test_money_tied_up_is_not_at_hand(client):
    idles(client)
    run_night(DAY)
    Holding.objects.create(
        reference="H1", customer=client, family="time", amount=minor(50_000), matures_on=DAY + timedelta(days=31)
    )
    found = people([client.pk], DAY)[client.pk]
    assert (found.aum, found.liquid) == (minor(80_000), minor(30_000))


def test_loading_takes_as_many_queries_for_many_as_for_two(bank, client, django_assert_num_queries):
    some = [make_customer(f"M{n}", "王多", bank.branch).pk for n in range(6)]
    with django_assert_num_queries(3):
        people([client.pk], DAY)
    for count in (2, 6):
        with django_assert_num_queries(5):
            assert len(people(some[:count], DAY)) == count


FORBIDDEN = (
    "预期收益",
    "保本",
    "保息",
    "稳赚",
    "无风险",
    "抽奖",
    "guarantee",
    "lucky",
    "no risk",
    "expected yield",
    "promise",
)


def test_the_shipped_rules_can_be_read_and_their_words_may_be_said(db):
    rules = list(Rule.objects.select_related("product"))
    assert len(rules) >= 14
    for rule in rules:
        try:
            check(rule.condition, DAY)
        except ValidationError as error:
            pytest.fail(f"{rule.code}: {error.messages}")
        assert rule.product_id or Product.objects.filter(family=rule.family).exists()
        for words in (rule.reason_zh, rule.reason_en, rule.talk_zh, rule.talk_en):
            assert words.strip()
            assert not [word for word in FORBIDDEN if word in words.lower()], rule.code
            assert set(re.findall(r"\{(\w+)\}", words)) <= {*FIELDS, "event", "note"}, rule.code
        assert not re.search(r"[,;?!:]", rule.reason_zh + rule.talk_zh.replace("12,000", "")), rule.code


def test_features_live_as_the_gate_reads_them(client):
    idles(client)
    run_night(DAY)
    assert people([client.pk], DAY)[client.pk].aum == Features.objects.get(customer=client).aum
