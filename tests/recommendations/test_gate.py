"""Never an unsuitable suggestion: the gate against what the measures say, over all kinds of people and products."""

import inspect
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customers.models import Family, Status
from recommendations import gate
from recommendations.gate import Blocked, Offer, Person, Rule, all_failed, decide
from recommendations.models import Need, Regime

DAY = date(2026, 11, 23)
RATED = ("investment", "fund", "insurance")
FINE = Person(
    customer_id=1, status="active", age=40, profiling=True, hold="", paused_until=None, resting={}, risk_level=3,
    risk_valid_until=DAY, aum=50_000_000, liquid=50_000_000, income_month=1_500_000, debt_payment=0, overdue_days=0,
    loan_outstanding=0,
)  # fmt: skip
FUND_R3 = Offer(
    code="F3", family="fund", regime="fund", risk=3, minimum=100_000, private=False, sold_from=None, sold_until=None,
    active=True, topic="fund", need="growth",
)  # fmt: skip
CARD = replace(FUND_R3, code="K", family="card", regime="card", risk=None, minimum=0, topic="card", need="travel")
LECTURE = replace(CARD, code="L", family="", regime="none", topic="activity", need="literacy")
FRAUD_TALK = replace(LECTURE, code="S", topic="fraud", need="fraud")
CERTIFICATE = replace(CARD, code="D", family="certificate", regime="deposit", minimum=20_000_000, topic="deposit")


def first(person: Person, offer: Offer, day: date = DAY) -> Blocked | None:
    return decide([person], [offer], day)[0][0]


def rule(person: Person, offer: Offer) -> str:
    found = first(person, offer)
    return str(found.rule) if found else ""


def test_the_retired_customer_and_the_high_risk_fund():
    retired = replace(FINE, age=67, risk_level=2)
    found = all_failed(retired, replace(FUND_R3, risk=4), DAY)
    assert found == [
        Blocked(Rule.RISK, {"risk": 4, "risk_level": 2}),
        Blocked(Rule.SENIOR, {"age": 67, "risk": 4, "limit": 65}),
    ]
    # Whatever tolerance is in the records.
    assert rule(replace(retired, risk_level=5), replace(FUND_R3, risk=4)) == "senior"
    assert rule(replace(retired, risk_level=5, age=64), replace(FUND_R3, risk=4)) == ""


@pytest.mark.parametrize(
    ("person", "offer", "failed"),
    [
        ({}, FUND_R3, ""),
        ({"status": "restricted"}, LECTURE, "in_service"),
        ({"status": "deceased"}, FUND_R3, "in_service"),
        ({"profiling": False}, LECTURE, "consent"),
        ({"hold": "open"}, FUND_R3, "complaint"),
        ({"hold": "unacknowledged"}, LECTURE, "complaint"),
        ({"hold": "open"}, FRAUD_TALK, ""),
        ({"paused_until": DAY + timedelta(days=1)}, FUND_R3, "pause"),
        ({"paused_until": DAY}, FUND_R3, ""),
        ({"paused_until": DAY + timedelta(days=1)}, FRAUD_TALK, ""),
        ({"resting": {"growth": None}}, FUND_R3, "refusal"),
        ({"resting": {"fund": DAY + timedelta(days=1)}}, FUND_R3, "refusal"),
        ({"resting": {"fund": DAY, "card": None}}, FUND_R3, ""),
        ({}, replace(FUND_R3, active=False), "on_sale"),
        ({}, replace(FUND_R3, sold_from=DAY + timedelta(days=1)), "on_sale"),
        ({}, replace(FUND_R3, sold_until=DAY - timedelta(days=1)), "on_sale"),
        ({}, replace(FUND_R3, sold_from=DAY, sold_until=DAY), ""),
        ({}, replace(FUND_R3, private=True), "private"),
        ({"qualified": True}, replace(FUND_R3, private=True), ""),
        ({"closed_needs": {"growth": None}}, FUND_R3, "need"),
        ({"closed_needs": {"growth": DAY}}, FUND_R3, ""),
        ({"civil": "none", "represented": True}, CERTIFICATE, "civil"),
        ({"civil": "limited", "represented": True}, CERTIFICATE, ""),
        ({"civil": "limited"}, CERTIFICATE, "civil"),
        ({"civil": "limited", "represented": True}, CARD, "civil"),
        ({"civil": "none"}, FRAUD_TALK, ""),
        ({"assessments": 9}, FUND_R3, "too_many"),
        ({"assessments": 8}, FUND_R3, ""),
        ({"level_before": 2}, FUND_R3, "reconfirm"),
        ({"level_before": 2, "reconfirmed": True}, FUND_R3, ""),
        ({"level_before": 4}, FUND_R3, ""),
        ({"age": 70}, replace(FUND_R3, regime="insurance", risk=1, term_days=365), ""),
        ({"age": 70}, replace(FUND_R3, regime="insurance", risk=1, term_days=366), "payer_age"),
        ({"age": None}, FUND_R3, "age_known"),
        ({"age": 17}, replace(FUND_R3, risk=1), "minor"),
        ({}, replace(FUND_R3, risk=None), "rated"),
        ({"risk_level": None}, FUND_R3, "assessment"),
        ({"risk_valid_until": DAY - timedelta(days=1)}, FUND_R3, "assessment"),
        ({"risk_valid_until": None}, FUND_R3, "assessment"),
        ({"risk_level": None}, replace(FUND_R3, risk=1), ""),
        ({"risk_level": 2}, FUND_R3, "risk"),
        ({"aum": 99_999}, FUND_R3, "capacity"),
        ({"liquid": 99_999}, FUND_R3, "capacity"),
        ({"aum": None, "liquid": None}, FUND_R3, "capacity"),
        ({"age": 66}, replace(FUND_R3, regime="insurance", risk=1), "payer_age"),
        ({"age": 65}, replace(FUND_R3, regime="insurance", risk=1), ""),
        ({"age": 61}, replace(FUND_R3, regime="insurance", risk=1, regular=True), "payer_age"),
        ({}, CARD, ""),
        ({"age": 17}, CARD, "borrower_age"),
        ({"age": 66}, CARD, "borrower_age"),
        ({"income_month": None}, CARD, "income"),
        ({"overdue_days": 1}, CARD, "overdue"),
        ({"overdue_days": None}, CARD, "overdue"),
        ({"debt_payment": 750_001}, CARD, "burden"),
        ({"debt_payment": 750_000}, CARD, ""),
        ({"debt_payment": None}, CARD, "burden"),
        ({}, replace(CARD, regime="loan", need="house"), "down_payment"),
        ({"aum": 19_999_999}, CERTIFICATE, "capacity"),
        ({"aum": None, "age": None, "income_month": None}, replace(CERTIFICATE, minimum=0), ""),
        ({}, replace(CERTIFICATE, regime="unheard-of"), "rated"),
    ],
)
def test_the_first_rule_that_fails(person, offer, failed):
    assert rule(replace(FINE, **person), offer) == failed


maybe_day = st.none() | st.dates(DAY - timedelta(days=400), DAY + timedelta(days=400))
topics = st.sampled_from(["growth", "travel", "fund", "card", "pension"])
people = st.builds(
    Person,
    customer_id=st.just(1),
    status=st.sampled_from(["active", "active", "active", *Status.values]),
    age=st.none() | st.integers(0, 100),
    profiling=st.sampled_from([True, True, False]),
    hold=st.sampled_from(["", "", "", "open", "unacknowledged"]),
    paused_until=maybe_day,
    resting=st.dictionaries(topics, maybe_day, max_size=1),
    risk_level=st.none() | st.integers(1, 5),
    risk_valid_until=maybe_day,
    aum=st.none() | st.integers(-(10**6), 10**9),
    liquid=st.none() | st.integers(-(10**6), 10**9),
    income_month=st.none() | st.integers(0, 10**7),
    debt_payment=st.none() | st.integers(0, 10**7),
    overdue_days=st.none() | st.sampled_from([0, 0, 1, 90]),
    loan_outstanding=st.none() | st.integers(0, 10**9),
    qualified=st.booleans(),
    closed_needs=st.dictionaries(st.sampled_from(["growth", "travel", "house"]), maybe_day, max_size=1),
    civil=st.sampled_from(["full", "full", "full", "limited", "none"]),
    represented=st.booleans(),
    level_before=st.none() | st.integers(1, 5),
    reconfirmed=st.booleans(),
    assessments=st.sampled_from([0, 1, 8, 9]),
)
offers = st.builds(
    Offer,
    code=st.just("P"),
    family=st.sampled_from(["", *Family.values]),
    regime=st.sampled_from(Regime.values),
    risk=st.none() | st.integers(1, 5),
    minimum=st.sampled_from([0, 10**5, 2 * 10**7]),
    private=st.sampled_from([False, False, True]),
    sold_from=maybe_day,
    sold_until=maybe_day,
    active=st.sampled_from([True, True, False]),
    topic=topics,
    need=st.sampled_from(Need.values),
    regular=st.booleans(),
    term_days=st.sampled_from([None, 30, 365, 366, 3650]),
)


def suitable(person: Person, offer: Offer) -> bool:
    """What the measures say, written down once more and otherwise than in the gate."""
    if person.status != "active" or not person.profiling or not offer.active:
        return False
    if offer.private and not person.qualified:
        return False
    if (person.closed_needs.get(offer.need, DAY) or date.max) > DAY:
        return False
    low = offer.regime == "deposit" or (offer.risk or 9) == 1
    able = (
        person.civil == "full" or offer.regime == "none" or (person.civil == "limited" and person.represented and low)
    )
    if not able:
        return False
    if not (offer.sold_from or DAY) <= DAY <= (offer.sold_until or DAY):
        return False
    if any((person.resting[topic] or date.max) > DAY for topic in {offer.need, offer.topic} & set(person.resting)):
        return False
    waits = person.hold or (person.paused_until or DAY) > DAY
    if waits and not (offer.regime == "none" and offer.need in ("liquidity", "fraud")):
        return False
    if offer.regime in RATED:
        assessed = person.risk_level and person.risk_valid_until and person.risk_valid_until >= DAY
        return bool(
            person.age is not None and person.age >= 18 and offer.risk
            and offer.risk <= (person.risk_level or 1)
            and ((assessed and person.assessments < 9) or offer.risk == 1)
            and (person.reconfirmed or not person.risk_level or offer.risk <= (person.level_before or 9))
            and not (person.age >= 65 and offer.risk >= 4)
            and not (offer.regime == "insurance" and (offer.term_days or 999) > 365 and person.age > (60 if offer.regular else 65))
            and person.aum is not None and min(person.aum, person.liquid or person.aum) >= offer.minimum
            and (person.liquid is None or person.liquid >= offer.minimum)
        )  # fmt: skip
    if offer.regime in ("card", "loan"):
        return bool(
            person.age is not None and 18 <= person.age <= 65 and person.income_month
            and person.overdue_days == 0 and person.debt_payment is not None
            and person.debt_payment <= person.income_month / 2 and (offer.regime, offer.need) != ("loan", "house")
        )  # fmt: skip
    return offer.regime != "deposit" or offer.minimum == 0 or (
        person.aum is not None and person.aum >= offer.minimum
        and (person.liquid is None or person.liquid >= offer.minimum)
    )  # fmt: skip


@given(st.lists(people, max_size=4), st.lists(offers, max_size=4))
@settings(max_examples=1500, deadline=None)
def test_the_gate_lets_through_what_the_measures_allow_and_nothing_else(some, products):
    found = decide(some, products, DAY)
    for person, row in zip(some, found, strict=True):
        for offer, blocked in zip(products, row, strict=True):
            assert (blocked is None) == suitable(person, offer), (person, offer, blocked)
            failed = all_failed(person, offer, DAY)
            assert (failed[0] if failed else None) == blocked
            assert [list(Rule).index(item.rule) for item in failed] == sorted(
                list(Rule).index(item.rule) for item in failed
            )


@given(people, offers, st.sampled_from([f.name for f in fields(Person) if f.name.startswith(("age", "risk", "aum"))]))
@settings(max_examples=500, deadline=None)
def test_forgetting_a_fact_opens_nothing(person, offer, name):
    """Except that an old, low tolerance no longer counts below R1: what is unknown never allows more than R1."""
    forgotten = first(replace(person, **{name: None}), offer)
    if first(person, offer) is not None and forgotten is None:
        assert offer.risk == 1 or offer.regime not in RATED


def test_nothing_switches_a_rule_off():
    assert list(inspect.signature(gate.decide).parameters) == ["people", "offers", "day"]
    assert list(inspect.signature(gate.all_failed).parameters) == ["person", "offer", "day"]
