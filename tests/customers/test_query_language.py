"""Rules as admins write them: read as people mean them, refused where they cannot be."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.feature_fields import FIELDS, Kind
from customers.models import Features
from customers.night.reasons import reasons
from customers.query_language import check, read
from tests.factories import make_customer

DAY = date(2026, 11, 22)


def found(text: str) -> set[str]:
    return set(Features.objects.filter(check(text, DAY).condition()).values_list("customer__number", flat=True))


@pytest.fixture
def three(bank):
    """Three customers: rich and quiet, poor and busy, and one of whom nothing is known."""
    rich, poor, unknown = (make_customer(f"C{n}", name, bank.branch) for n, name in enumerate(("王富", "李忙", "周新")))
    Features.objects.create(
        customer=rich, aum=60_000_000, tier="sunflower", payroll=False, families="current,time",
        birth_date=date(1990, 11, 23), mortgage_since=DAY - timedelta(days=90),
        last_active_on=DAY - timedelta(days=200), next_maturity_on=DAY + timedelta(days=6), inflow_growth=0.1,
    )  # fmt: skip
    Features.objects.create(
        customer=poor, aum=100_000, tier="mass", payroll=True, families="current",
        birth_date=date(1990, 11, 22), last_active_on=DAY, next_maturity_on=None, inflow_growth=0.5,
    )  # fmt: skip
    Features.objects.create(customer=unknown)
    return rich, poor, unknown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aum >= 600000", {"C0"}),
        ("aum < 600000", {"C1"}),
        ("aum = None", {"C2"}),
        ("aum != None", {"C0", "C1"}),
        ("aum = 1000.00", {"C1"}),
        ('tier in ("sunflower", "diamond")', {"C0"}),
        ('tier != "mass"', {"C0", "C2"}),
        ("days_since_active > 199", {"C0"}),
        ("days_since_active > 200", set()),
        ("days_since_active <= 200", {"C0", "C1"}),
        ("days_until_maturity <= 6", {"C0"}),
        ("days_until_maturity < 6", set()),
        ('families ~ "time"', {"C0"}),
        ('families !~ "time"', {"C1", "C2"}),
        ("age >= 36", {"C1"}),
        ("age > 35", {"C1"}),
        ("age < 36", {"C0"}),
        ("age <= 35", {"C0"}),
        ("age = 35", {"C0"}),
        ("age != 35", {"C1", "C2"}),
        ("age in (35, 36)", {"C0", "C1"}),
        ("age not in (36, 40)", {"C0", "C2"}),
        ("age = None", {"C2"}),
        ("days_since_mortgage <= 90", {"C0"}),
        ("payroll = True", {"C1"}),
        ("inflow_growth > 0.25", {"C1"}),
        # `and` binds closer than `or`, whatever stands first.
        ("aum > 0 and payroll = True or aum = None", {"C1", "C2"}),
        ("aum = None or aum > 0 and payroll = True", {"C1", "C2"}),
        ("aum > 0 and (payroll = True or aum = None)", {"C1"}),
        ("", {"C0", "C1", "C2"}),
    ],
)
def test_a_rule_finds_whom_it_says(three, text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("aum >", "ends too early, after “aum >”"),
        ("aum ! 5", "line 1, character 5, on: “! 5”"),
        ("aum > 5 aum", "line 1, character 9"),
        ('aum > "much"', "“aum” is compared with an amount"),
        ("tier = 5", "“tier” is compared with a word"),
        ("aun > 5", "There is no feature “aun”: did you mean aum"),
        ("customer.name = 5", "There is no feature “customer.name”"),
        ("payroll > 3", "compared with True or False"),
        ('last_active_on > "2026-02-30"', 'a date, such as "2026-01-31"'),
        ("days_since_active > 99999999999", "cannot be compared"),
        ("aum < 99999999999999999999999999", "cannot be compared"),
        ("fx_moves_12 < 99999999999", "cannot be compared"),
        ("age > 9999", "cannot be compared"),
        ('age > "old"', "“age” is compared with a whole number of years"),
        ("(" * 500 + "aum > 5" + ")" * 500, "a nesting"),
        ("aum > 5 and " * 300 + "aum > 5", "longer than 2000"),
        ("aum > \0", "a character"),
    ],
)
def test_what_cannot_be_read_is_refused_and_says_where(db, text, message):
    with translation.override("en"), pytest.raises(ValidationError) as refused:
        check(text, DAY)
    assert message in " ".join(refused.value.messages)


def test_reasons_name_the_conditions_that_hold_with_the_customers_own_values(three):
    rule = 'tier = "sunflower" and days_since_active > 180 or payroll = True'
    values = Features.objects.values().get(customer__number="C0")
    with translation.override("en"):
        assert reasons(rule, values, DAY) == ["Tier: sunflower", "Not active since: 200 days (above 180 days)"]
    with translation.override("zh-hans"):
        assert reasons("aum >= 500000", values, DAY)[0].count("60万") == 1


_VALUES = {
    Kind.MONEY: st.none() | st.integers(-(10**9), 10**13),
    Kind.COUNT: st.none() | st.integers(-5, 5),
    Kind.RATIO: st.none() | st.sampled_from([-0.5, 0.0, 0.25, 1.5]),
    Kind.FLAG: st.none() | st.booleans(),
    Kind.WORD: st.none() | st.sampled_from(["gold", "mass"]),
    Kind.YEARS_SINCE: st.none() | st.dates(date(1990, 11, 18), date(1994, 11, 26)) | st.just(date(1992, 2, 29)),
}
_LIMITS = {
    Kind.MONEY: st.integers(-(10**7), 10**11).map(str),
    Kind.COUNT: st.integers(-5, 5).map(str),
    Kind.RATIO: st.sampled_from(["-0.5", "0.25", "1"]),
    Kind.FLAG: st.sampled_from(["True", "False"]),
    Kind.WORD: st.sampled_from(['"gold"', '"mass"', '"GOLD"']),
    Kind.YEARS_SINCE: st.integers(31, 37).map(str),
}
_OPERATORS = {
    Kind.FLAG: ["=", "!="],
    Kind.WORD: ["=", "!=", "~", "!~", "startswith"],
}
_TESTED = ["aum", "fx_moves_12", "inflow_growth", "payroll", "tier", "age"]


@st.composite
def _comparison(draw) -> str:
    name = draw(st.sampled_from(_TESTED))
    kind = FIELDS[name].kind
    sign = draw(st.sampled_from(_OPERATORS.get(kind, ["=", "!=", ">", ">=", "<", "<="])))
    return f"{name} {sign} {draw(_LIMITS[kind])}"


@given(
    parts=st.lists(_comparison(), min_size=1, max_size=4),
    joints=st.lists(st.sampled_from(["and", "or"]), min_size=3, max_size=3),
    values=st.fixed_dictionaries({FIELDS[name].source: _VALUES[FIELDS[name].kind] for name in _TESTED}),
    day=st.sampled_from([DAY, date(2024, 2, 29), date(2026, 2, 28), date(2026, 3, 1)]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_page_and_the_database_agree_on_whether_a_rule_holds(customer, parts, joints, values, day):
    text = parts[0] + "".join(f" {joint} {part}" for joint, part in zip(joints, parts[1:], strict=False))
    rule = read(text, day)
    Features.objects.update_or_create(customer=customer, defaults=values)
    in_database = Features.objects.filter(rule.condition()).exists()
    assert bool(rule.reasons(values)) is in_database
