"""The night's measures on a bank small enough to count by hand."""

from datetime import timedelta

import pytest
from django.db import connection

from crm.dashboards.behind import behind
from crm.dashboards.models import BranchMeasure, Measure
from crm.dashboards.night import KEPT
from crm.lib.dates import month_of
from customers.access import visible_to
from customers.models import Holding
from interactions.models import ChurnEpisode
from interactions.working_days import is_working_day
from tests.customers.money import hold, make_account
from tests.dashboards.bank import (
    DAY,
    act,
    ago,
    at,
    complain,
    event,
    feature,
    measured,
    publish,
    remind,
    suggest,
    survey,
    talk,
)
from tests.factories import make_customer


@pytest.fixture
def people(bank):
    """Three customers of the owner, one of the pool, one of a manager of the other branch, and a restricted one."""
    made = {}
    for number, (name, branch, owner) in enumerate(
        [
            ("zhang", bank.branch, bank.owner), ("li", bank.branch, bank.owner), ("wang", bank.branch, bank.owner),
            ("pooled", bank.branch, None), ("far", bank.other_branch, bank.outsider),
        ]
    ):  # fmt: skip
        made[name] = make_customer(f"6201{number:08d}", "张伟明", branch, owner=owner)
    made["gone"] = make_customer("620199999999", "王蕾", bank.branch, owner=bank.owner, status="restricted")
    return made


def test_satisfaction_counts_answers_of_contacts_and_complaints_within_90_days(bank, people):
    for days, stars in ((0, 5), (10, 4), (89, 3), (90, 1)):
        talk(people["zhang"], bank.owner, ago(days), satisfaction=stars)
    talk(people["zhang"], bank.owner, ago(-1), satisfaction=1)  # on the day that has not ended
    talk(people["li"], bank.colleague, ago(5))  # said nothing
    complain(people["li"], ago(30), DAY, state="closed", closed_at=ago(2), satisfaction=2)
    talk(people["pooled"], bank.owner, ago(1), satisfaction=5)
    talk(people["far"], bank.outsider, ago(1), satisfaction=1)
    talk(people["gone"], bank.owner, ago(1), satisfaction=1)
    publish()
    found = {key[1:]: value for key, value in measured().items() if key[0] == "csat"}
    assert found == {("0101", "R1001"): (2, 4), ("0101", ""): (1, 1), ("0201", "R1005"): (0, 1)}


def test_surveys_count_within_90_days_each_kind_on_its_scale(bank, people):
    for kind, score, days in (
        ("csat", 5, 0), ("csat", 3, 89), ("csat", 5, 90), ("nps", 10, 1), ("nps", 9, 1), ("nps", 8, 1), ("nps", 0, 1),
        ("ces", 2, 1), ("ces", 7, 1), ("ces", 7, -1),
    ):  # fmt: skip
        survey(people["zhang"], kind, score, ago(days))
    survey(people["gone"], "nps", 10, ago(1))
    publish()
    found = measured()
    assert found["csat", "0101", "R1001"] == (1, 2)
    assert found["nps", "0101", "R1001"] == (1, 4)
    assert found["nps_spread", "0101", "R1001"] == (3, 4)
    assert found["ces", "0101", "R1001"] == (9, 2)
    assert found["ces_squares", "0101", "R1001"] == (53, 2)


def test_complaints_are_open_late_and_so_many_days_old_at_the_end_of_the_day(bank, people):
    complain(people["zhang"], ago(20), DAY - timedelta(days=5))
    complain(people["zhang"], ago(4), DAY + timedelta(days=11))
    complain(people["li"], ago(9), DAY, state="closed", closed_at=ago(-1))  # closed this morning
    complain(people["li"], ago(9), DAY, state="closed", closed_at=ago(1))
    complain(people["pooled"], at(DAY, 0), DAY + timedelta(days=15))
    publish()
    found = measured()
    assert found["complaints_open", "0101", "R1001"] == (2, 3)
    assert found["complaint_days", "0101", "R1001"] == (20 + 4 + 9, 3)
    assert found["complaints_open", "0101", ""] == (0, 1)


def test_active_is_who_moved_money_or_used_a_channel_in_90_days(bank, people):
    feature(people["zhang"], last_active_on=DAY - timedelta(days=89))
    feature(people["li"], last_active_on=DAY - timedelta(days=90))
    feature(people["wang"], last_active_on=None)
    event(people["wang"], ago(0))
    event(people["wang"], ago(1))
    event(people["pooled"], ago(95))
    publish()
    found = measured()
    assert found["active", "0101", "R1001"] == (2, 3)
    assert found["active", "0101", ""] == (0, 1)


def test_spoken_to_is_a_conversation_this_month_with_the_customers_own_manager(bank, people):
    month = at(month_of(DAY), 1)
    talk(people["zhang"], bank.owner, month, channel="visit")
    talk(people["zhang"], bank.owner, ago(0))
    talk(people["li"], bank.owner, month, outcome="no_answer")
    talk(people["li"], bank.owner, month, channel="sms")
    talk(people["li"], bank.colleague, month)
    talk(people["wang"], bank.owner, month - timedelta(days=1))
    talk(people["pooled"], bank.owner, month)
    publish()
    found = {key[1:]: value for key, value in measured().items() if key[0] == "contacted"}
    assert found == {("0101", "R1001"): (1, 3), ("0201", "R1005"): (0, 1)}


def test_follow_ups_are_on_time_late_or_left_out(bank, people):
    zhang, owner = people["zhang"], bank.owner
    remind(zhang, owner, DAY - timedelta(days=3), state="done", ended_at=at(DAY - timedelta(days=3), 23))
    remind(zhang, owner, DAY - timedelta(days=3), state="done", ended_at=at(DAY - timedelta(days=2), 0))
    remind(zhang, owner, DAY - timedelta(days=29))
    remind(zhang, owner, DAY - timedelta(days=30), state="done", ended_at=ago(31))
    remind(zhang, owner, DAY - timedelta(days=1), snoozed_until=DAY + timedelta(days=9))
    remind(zhang, owner, DAY - timedelta(days=1), state="dismissed", ended_at=ago(1))
    remind(zhang, owner, DAY - timedelta(days=1), later=True)
    remind(zhang, owner, DAY + timedelta(days=2))
    publish()
    found = measured()
    assert found["on_time", "0101", "R1001"] == (1, 4)
    assert found["late", "0101", "R1001"] == (2, 3)


def test_the_last_answer_to_a_suggestion_counts_unless_it_was_taken_back(bank, people):
    suggest(people["zhang"], bank.owner, "offered", "interested")
    suggest(people["zhang"], bank.owner, "interested", "refused")
    suggest(people["li"], bank.owner, "wrong")
    suggest(people["li"], bank.owner, "later")
    suggest(people["wang"], bank.owner, "offered", "refused", undone=True)
    suggest(people["wang"], bank.owner, "interested", when=ago(90))
    publish()
    found = measured()
    assert found["welcomed", "0101", "R1001"] == (1, 5)
    assert found["refused", "0101", "R1001"] == (2, 5)


def test_products_and_notes(bank, people):
    feature(people["zhang"], family_count=3)
    feature(people["li"], family_count=1)
    feature(people["wang"], family_count=0)
    talk(people["zhang"], bank.owner, ago(29))
    talk(people["zhang"], bank.colleague, ago(1), summary="", channel="wechat")
    talk(people["zhang"], bank.owner, ago(30))
    talk(people["zhang"], bank.owner, ago(1), channel="email")
    publish()
    found = measured()
    assert found["products", "0101", "R1001"] == (4, 2)
    assert found["notes", "0101", "R1001"] == (1, 2)


def test_use_is_the_working_days_of_30_with_an_act_and_each_night_adds_its_own(bank):
    working = [DAY - timedelta(days=n) for n in range(30) if is_working_day(DAY - timedelta(days=n))]
    free = next(DAY - timedelta(days=n) for n in range(30) if not is_working_day(DAY - timedelta(days=n)))
    for day in (working[0], working[0], working[2], free):
        act(bank.owner, at(day, 9))
    act(bank.supervisor, at(working[0], 9))
    publish()
    found = {key[2]: value for key, value in measured().items() if key[0] == "used"}
    days = len(working)
    assert found == {"R1001": (2, days), "R1002": (0, days), "R1005": (0, days)}
    act(bank.owner, at(working[1], 9))  # a day that a night has looked at is not looked at again
    assert publish() == (2 if working[1] == DAY else 0)


def test_a_second_run_writes_nothing_and_a_change_only_itself(bank, people):
    talk(people["zhang"], bank.owner, ago(1), satisfaction=5)
    suggest(people["li"], bank.owner, "interested")
    event(people["far"], ago(1))
    assert publish() > 0
    before = set(Measure.objects.values_list("pk", "part", "whole"))
    assert publish() == 0
    assert set(Measure.objects.values_list("pk", "part", "whole")) == before
    talk(people["zhang"], bank.owner, ago(2), satisfaction=1, outcome="no_answer")
    assert publish() == 3  # the manager's answers, the branch's, and those of its segment
    people["far"].status = "closed"
    people["far"].save()
    assert publish() > 0
    assert not any(branch == "0201" and name != "used" for name, branch, _manager in measured())
    assert not BranchMeasure.objects.filter(measured="active", branch=bank.other_branch).exists()


def test_branches_are_the_sums_of_their_managers_and_pool(bank, people):
    publish()
    sums = BranchMeasure.objects.filter(measured="active").values_list("branch__code", "whole")
    assert dict(sums) == {"0101": 4, "0201": 1}


def test_of_months_long_past_their_last_day_stays(bank, people):
    publish()
    old = [DAY - timedelta(days=KEPT + n) for n in range(1, 40)]
    for day in old:
        for model, more in ((Measure, {"manager": bank.owner}), (BranchMeasure, {})):
            model.objects.create(day=day, measured="active", branch=bank.branch, part=1, whole=2, **more)
    assert publish() > 0
    left = set(Measure.objects.filter(day__in=old).values_list("day", flat=True))
    assert left == {max(day for day in old if month_of(day) == month) for month in {month_of(day) for day in old}}
    assert left == set(BranchMeasure.objects.filter(day__in=old).values_list("day", flat=True))
    assert publish() == 0


def _episode(customer, begun: int, state: str = "open", ended: int | None = None) -> None:
    ChurnEpisode.objects.create(
        customer=customer, day=DAY - timedelta(days=begun), kind="light", reached=month_of(DAY), fell_from="gold",
        floor=1, state=state, ended_on=None if ended is None else DAY - timedelta(days=ended),
    )  # fmt: skip


def test_about_to_leave_at_the_end_of_the_day_and_how_it_ended_in_90_days(bank, people):
    _episode(people["zhang"], 5)
    _episode(people["li"], 30, "rescued", -1)  # this morning: open when the day ended
    _episode(people["wang"], 40, "rescued", 0)
    _episode(people["wang"], 140, "lost", 50)
    _episode(people["li"], 200, "lost", 89)
    _episode(people["li"], 300, "lost", 90)
    _episode(people["zhang"], 60, "withdrawn", 10)
    _episode(people["pooled"], 0, "open")
    _episode(people["gone"], 100, "lost", 10)
    closed = make_customer("620188888888", "王蕾", bank.branch, owner=bank.owner, status="closed")
    _episode(closed, 20, "lost", 3)
    publish()
    found = measured()
    assert found["churn_warned", "0101", "R1001"] == (2, 3)
    assert found["churn_warned", "0101", ""] == (1, 1)
    assert found["churn_rescued", "0101", "R1001"] == (1, 4)
    assert found["churn_lost", "0101", "R1001"] == (3, 4)
    with connection.cursor() as cursor:  # the same, asked plainly
        cursor.execute(
            "SELECT sum((state = 'rescued')::int), sum((state = 'lost')::int) FROM interactions_churnepisode"
            " JOIN customers_customer c ON c.id = customer_id"
            " WHERE c.status <> 'restricted' AND state IN ('rescued', 'lost') AND ended_on > %s AND ended_on <= %s",
            [DAY - timedelta(days=90), DAY],
        )
        assert cursor.fetchone() == (1, 3)
    lost = behind(visible_to(bank.supervisor).filter(owner=bank.owner), "churn_lost", "part", DAY)
    assert {one.number for one in lost} == {people["wang"].number, people["li"].number, closed.number}


def test_what_matured_and_stayed_for_30_days_in_minor_units(bank, people):
    """Three deposits: 100,000 of which 40,000 left, 50,000 renewed, and one that matured a day too late to tell."""
    for name, yuan, matured, left in (
        ("zhang", 100_000, 30, 40_000),
        ("li", 50_000, 59, 0),
        ("wang", 9_000, 29, 9_000),
    ):
        deposit, current = make_account(people[name], family="time"), make_account(people[name])
        day = DAY - timedelta(days=matured)
        hold(deposit, day - timedelta(days=200), yuan)
        hold(deposit, day, 0)
        hold(current, day, yuan)
        hold(current, day + timedelta(days=9), yuan - left)
        Holding.objects.create(
            customer=people[name], reference=f"D-{name}", account=deposit, family="time", amount=0, matures_on=day
        )
    publish()
    assert measured()["retention", "0101", "R1001"] == (110_000_00, 150_000_00)
    assert BranchMeasure.objects.get(measured="retention", branch=bank.branch).whole == 150_000_00
    with connection.cursor() as cursor:  # all assets before the first day less all assets 30 days after the last
        cursor.execute(
            "SELECT sum(h.due), sum(h.due + least(0, h.after - h.before)) FROM (SELECT"
            " (SELECT b.base_amount FROM customers_balance b WHERE b.account_id = h.account_id AND b.day < h.matures_on"
            "  ORDER BY b.day DESC LIMIT 1) AS due,"
            " (SELECT sum(change) FROM customers_balance b WHERE b.customer_id = h.customer_id AND b.day < h.matures_on)"
            "  AS before,"
            " (SELECT sum(change) FROM customers_balance b WHERE b.customer_id = h.customer_id"
            "  AND b.day <= h.matures_on + 30) AS after"
            " FROM customers_holding h WHERE h.matures_on BETWEEN %s AND %s) AS h",
            [DAY - timedelta(days=59), DAY - timedelta(days=30)],
        )
        assert cursor.fetchone() == (150_000_00, 110_000_00)
    whole = behind(visible_to(bank.owner), "retention", "whole", DAY)
    assert {one.number for one in whole} == {people["zhang"].number, people["li"].number}
