"""Whether groups of customers fare alike: a bias that is there is found, and none is found where there is none."""

import random
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crm.dashboards.fairness.comparing import compare, p_of
from crm.dashboards.fairness.counting import PUBLISH_FAIRNESS
from crm.dashboards.formulas import Figure
from crm.dashboards.models import FairnessCount
from crm.lib.dates import bank_day
from crm.lib.night import Night
from customers.models import Consent
from recommendations.models import Answer
from tests.factories import make_customer
from tests.recommendations.people import suggest


def people(bank, count, sexes=("male", "female")):
    """Customers who agreed to personal suggestions, the sexes taking turns."""
    made = [
        make_customer(f"6203{place:08d}", "张伟明", bank.branch, owner=bank.owner, gender=sexes[place % 2],
                      birth_date=date(1980, 1, 1), district="城南")
        for place in range(count)
    ]  # fmt: skip
    Consent.objects.bulk_create(
        Consent(customer=one, purpose="profiling", notice_version=1, given_at=timezone.now()) for one in made
    )
    return made


def publish() -> int:
    with connection.cursor() as cursor:
        return PUBLISH_FAIRNESS.publish(cursor, Night(run=1, day=bank_day(), full=False))


def answered(suggestion, state, by):
    suggestion.state = state
    suggestion.save()
    Answer.objects.create(suggestion=suggestion, state_before="open", state=state, by=by)


def test_a_bias_that_was_planted_is_found_and_the_page_says_whom_it_hits(bank, sign_in):
    for place, one in enumerate(people(bank, 120)):
        if one.gender == "male" or place % 6 == 1:  # two thirds of the women are passed over
            suggest(one, "cash-r1", "idle-balance")
    publish()
    page = sign_in(bank.supervisor).get(reverse("dashboards:fairness")).content.decode()
    told = page.split("What stands out")[2].split("</section>")[0]
    assert "female" in told
    assert "33.3%" in told
    assert "No group differs" not in told


def test_where_all_fare_alike_nothing_stands_out(bank, sign_in):
    for place, one in enumerate(people(bank, 120)):
        if place % 4 < 2:  # half of either
            suggest(one, "cash-r1", "idle-balance")
    publish()
    page = sign_in(bank.compliance).get(reverse("dashboards:fairness")).content.decode()
    assert "No group differs" in page


def test_answers_count_by_the_last_one_and_the_night_writes_nothing_twice(bank):
    for place, one in enumerate(people(bank, 40)):
        answered(suggest(one, "cash-r1", "idle-balance"), "interested" if place % 2 else "refused", bank.owner)
    assert publish() > 0
    counts = {(c.treated, c.group): (c.part, c.whole) for c in FairnessCount.objects.filter(dimension="gender")}
    assert counts["welcome", "female"] == (20, 20)
    assert counts["welcome", "male"] == (0, 20)
    assert counts["refused", "male"] == (20, 20)
    assert publish() == 0


def test_who_is_not_in_service_or_has_not_agreed_is_not_counted(bank):
    made = people(bank, 4)
    made[0].status = "restricted"
    made[0].save()
    Consent.objects.filter(customer=made[1]).update(withdrawn_at=timezone.now())
    publish()
    assert FairnessCount.objects.get(dimension="district", treated="suggested", group="城南").whole == 2


def test_few_are_shown_as_few(bank, sign_in):
    people(bank, 6)
    publish()
    assert "too few to say" in sign_in(bank.supervisor).get(reverse("dashboards:fairness")).content.decode()


@pytest.mark.parametrize("month", ["2020-01-01", "x"])
def test_a_month_that_is_not_there_is_not_found(bank, sign_in, month):
    assert sign_in(bank.supervisor).get(reverse("dashboards:fairness"), {"month": month}).status_code == 404


def test_chance_alone_seldom_stands_out():
    """200 fair banks of four groups: the corrected test is wrong in about one of twenty."""
    draw = random.Random(5)
    wrong = 0
    for _bank in range(200):
        groups = {name: Figure(sum(draw.random() < 0.3 for _ in range(100)), 100) for name in "abcd"}
        wrong += any(one.differs for one in compare(groups))
    assert wrong <= 20


FIGURES = st.integers(0, 60).flatmap(lambda whole: st.builds(Figure, st.integers(0, whole), st.just(whole)))


@given(FIGURES, FIGURES)
def test_the_test_is_symmetric_and_a_probability(one, other):
    p = p_of(one, other)
    assert p == p_of(other, one)
    assert p is None or 0 <= p <= 1


@given(st.dictionaries(st.sampled_from("abcde"), FIGURES, min_size=1))
def test_correcting_never_makes_a_difference_surer(groups):
    for one in compare(groups):
        raw = p_of(one.figure, one.others)
        assert (one.p is None) == (raw is None)
        assert one.p is None or one.p >= raw - 1e-12
