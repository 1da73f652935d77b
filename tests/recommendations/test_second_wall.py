"""The database itself refuses what suitability forbids, whoever writes and however."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from crm.lib.dates import bank_day
from customers.models import RiskAssessment
from recommendations.models import InvestorStanding, Product, Rule, Suggestion
from tests.factories import make_customer
from tests.recommendations.people import known, suggest


def stored(customer, code, **columns) -> Suggestion:
    with transaction.atomic():
        return Suggestion.objects.create(
            customer=customer, need="growth", rule=Rule.objects.get(code="growing-assets"),
            product=Product.objects.get(code=code), since=bank_day(), **columns,
        )  # fmt: skip


@pytest.mark.parametrize("state", ["open", "offered", "interested", "later"])
def test_above_the_tolerance_nothing_live_can_be_stored(customer, state):
    known(customer, level=2)
    with pytest.raises(IntegrityError, match="live_suggestion_within_tolerance"):
        stored(customer, "equity-r4", state=state)
    # Whoever writes numbers of their own: the database copies what it decides on.
    with pytest.raises(IntegrityError):
        stored(customer, "equity-r4", state=state, risk=1, risk_level=5, risk_valid_until=date(2999, 1, 1))
    assert stored(customer, "bond-r2", state=state).state == state


def test_an_expired_or_missing_assessment_allows_r1_alone(customer, bank):
    known(customer, level=5, valid_until=bank_day() - timedelta(days=1))
    never = make_customer("N1", "王一", bank.branch, birth_date=date(1990, 1, 1))
    for person in (customer, never):
        with pytest.raises(IntegrityError):
            stored(person, "bond-r2")
        assert stored(person, "cash-r1").pk


def test_from_65_on_no_r4_whatever_the_tolerance(bank):
    old = make_customer("N1", "王一", bank.branch, birth_date=bank_day().replace(year=bank_day().year - 65, day=1))
    known(old, level=5)
    with pytest.raises(IntegrityError, match="may not be offered"):
        stored(old, "equity-r4")
    assert stored(old, "balanced-r3").pk


def test_a_private_product_wants_a_qualified_investor_of_today(customer):
    known(customer, level=5)
    Product.objects.filter(code="bond-r2").update(private=True)
    with pytest.raises(IntegrityError, match="may not be offered"):
        stored(customer, "bond-r2")
    InvestorStanding.objects.create(customer=customer, qualified_until=bank_day(), qualified_by="证明")
    assert stored(customer, "bond-r2").pk


def test_no_change_of_a_stored_row_gets_around_it(customer):
    known(customer, level=2)
    safe = stored(customer, "bond-r2")
    with pytest.raises(IntegrityError), transaction.atomic():
        Suggestion.objects.filter(pk=safe.pk).update(product=Product.objects.get(code="equity-r4"))
    ended = stored(customer, "equity-r4", state="refused")  # history may hold anything
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE recommendations_suggestion SET state = 'offered' WHERE id = %s", [ended.pk])


def test_a_suggestion_moved_to_who_may_not_have_it_ends(customer, bank):
    known(customer, level=3)
    careful = make_customer("N1", "王一", bank.branch, birth_date=date(1990, 1, 1))
    RiskAssessment.objects.create(
        customer=careful, assessed_on=bank_day(), level=1, valid_until=bank_day() + timedelta(days=365)
    )
    moved = suggest(customer, "balanced-r3", "growing-assets")
    Suggestion.objects.filter(pk=moved.pk).update(customer=careful)
    moved.refresh_from_db()
    assert moved.state == "over"
