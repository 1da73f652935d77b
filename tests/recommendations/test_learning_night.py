"""What the night learns from answers: chances per rule and segment, and what annoys."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from crm.lib.dates import bank_day
from crm.lib.night import Night
from crm.staff.models import Notice
from customers.models import Consent, Membership, Segment
from interactions import complaints
from recommendations.chances import welcome_chance
from recommendations.learning.night import PUBLISH_LEARNING, Outcomes, learned
from recommendations.models import PRIOR, Answer, Rule, RuleChance, RuleMonth
from tests.factories import make_customer
from tests.recommendations.people import suggest


def publish() -> int:
    with connection.cursor() as cursor:
        return PUBLISH_LEARNING.publish(cursor, Night(run=1, day=bank_day(), full=False))


def answer(bank, place, state, rule="idle-balance", product="cash-r1", segment=None, ago=0):
    one = make_customer(f"6204{place:08d}", "张伟明", bank.branch, owner=bank.owner)
    if segment is not None:
        Membership.objects.create(customer=one, segment=segment, rule=segment.rule, since=bank_day())
    suggestion = suggest(one, product, rule)
    said = Answer.objects.create(
        suggestion=suggestion, state_before="open", state=state, by=bank.owner,
        at=timezone.now() - timedelta(days=ago, minutes=5),
    )  # fmt: skip
    return one, said


def test_what_was_welcome_in_a_segment_is_likelier_there_and_a_second_night_writes_nothing(bank):
    vip, ordinary = Segment.objects.get(code="vip"), Segment.objects.get(code="ordinary")
    for place in range(20):
        answer(bank, place, "interested", segment=vip)
        answer(bank, 100 + place, "refused", segment=ordinary)
    assert publish() > 0
    rule = Rule.objects.get(code="idle-balance").pk
    assert welcome_chance(rule, vip.pk) > welcome_chance(rule, None) > welcome_chance(rule, ordinary.pk)
    assert publish() == 0


def test_of_a_rule_nobody_answered_the_usual_chance_holds(bank):
    publish()
    assert welcome_chance(Rule.objects.get(code="idle-balance").pk, None) == PRIOR


def test_an_answer_taken_back_or_put_off_teaches_nothing(bank):
    answer(bank, 1, "later")
    _one, said = answer(bank, 2, "refused")
    said.undone_at = timezone.now()
    said.save()
    publish()
    month = RuleMonth.objects.get()
    assert (month.offered, month.welcome, month.unwelcome, month.annoyed) == (1, 0, 0, 0)
    assert RuleChance.objects.get(segment=None).n == 0


def test_who_complains_or_withdraws_after_an_offer_was_annoyed_by_it(bank):
    complained, _said = answer(bank, 1, "interested", ago=3)
    complaints.receive(complained, text="too many calls", by=bank.owner)
    withdrew, _said = answer(bank, 2, "offered", ago=3)
    Consent.objects.create(
        customer=withdrew, purpose="profiling", notice_version=1, given_at=timezone.now() - timedelta(days=300),
        withdrawn_at=timezone.now(),
    )  # fmt: skip
    answer(bank, 3, "interested", ago=3)
    publish()
    assert sum(RuleMonth.objects.values_list("annoyed", flat=True)) == 2


def test_the_owner_of_a_rule_that_annoys_is_told_once_and_decides(bank, settings):
    settings.RULE_ANNOYANCE_LIMIT = 0.4
    rule = Rule.objects.get(code="idle-balance")
    rule.owner = bank.admin
    rule.save()
    for place in range(40):
        answer(bank, place, "refused")
    publish()
    publish()
    assert Notice.objects.filter(user=bank.admin).count() == 1
    rule.refresh_from_db()
    assert rule.active


def test_supervisors_see_welcome_and_annoyance_with_their_intervals(bank, sign_in):
    for place in range(30):
        answer(bank, place, "interested" if place % 3 else "refused")
    answer(bank, 99, "refused", rule="deposit-matures", product="time-deposit")
    publish()
    page = sign_in(bank.supervisor).get(reverse("dashboards:rules")).content.decode()
    row = page.split(Rule.objects.get(code="idle-balance").name_en)[1].split("</tr>")[0]
    assert "20/30" in row
    assert "49–81%" in row
    assert "1 answers: too few" in page


COUNTS = st.builds(
    lambda rule, segment, ago, welcome, unwelcome, put_off: Outcomes(
        rule, segment, ago, welcome + unwelcome + put_off, welcome, unwelcome, unwelcome
    ),
    st.sampled_from([1, 2]), st.sampled_from([None, 1, 2]), st.integers(0, 30), st.integers(0, 50), st.integers(0, 50),
    st.integers(0, 9),
)  # fmt: skip


@given(st.lists(COUNTS, max_size=12))
def test_whatever_happened_chances_and_annoyance_are_shares(outcomes):
    for one in learned(outcomes).values():
        assert 0 < one.chance < 1
        assert 0 <= one.annoyance < 1


@pytest.mark.parametrize(("ago", "lower"), [(0, True), (60, False)])
def test_what_annoyed_long_ago_is_forgiven(ago, lower):
    found = learned([Outcomes(1, None, ago, 50, 0, 50, 50), Outcomes(2, None, 0, 50, 50, 0, 0)])[1, None]
    assert (found.annoyance > 0.3) == lower
