"""A manager's score: how it is made, who sees it, objecting to it and being answered."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.audit.models import Entry
from crm.dashboards.models import BranchMeasure, Measure, Objection, ScoreWeights
from crm.dashboards.scorecard.reminding import REMIND_OF_OBJECTIONS
from crm.lib.dates import bank_day, month_of
from crm.lib.night import Night
from interactions import working_days
from tests.dashboards.bank import DAY, ago, measured, publish, talk
from tests.factories import make_customer

MINE, TEAM = "scorecard:mine", "scorecard:team"
FIGURES = {"csat": (18, 20), "on_time": (40, 50), "active": (60, 100), "cared": (50, 100), "products": (200, 100)}
WEIGHTS = {"satisfaction": 35, "follow_up": 25, "activity": 15, "care": 15, "business": 10}


def score_of(user, day=DAY, **changed) -> None:
    for name, (part, whole) in (FIGURES | changed).items():
        Measure.objects.create(day=day, measured=name, branch=user.branch, manager=user, part=part, whole=whole)
    # The board's days are those of which branches have sums.
    BranchMeasure.objects.get_or_create(day=day, measured="csat", branch=user.branch, defaults={"part": 1, "whole": 1})


def text(answer) -> str:
    body = answer.content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body[body.index("<main") :]))


def objected(bank, sign_in, text="Two answers are of the colleague I covered."):
    return sign_in(bank.owner).post(reverse(MINE), {"scored": "satisfaction", "text": text})


def test_a_manager_sees_each_part_with_its_interval_points_and_how_it_is_made(bank, sign_in):
    before = month_of(DAY) - timedelta(days=1)
    score_of(bank.owner, before, csat=(14, 20))
    score_of(bank.owner)
    said = text(sign_in(bank.owner).get(reverse(MINE)))
    assert "73 of 100 points" in said  # 31.5 + 20 + 9 + 7.5 + 5
    assert "+7.0 since last month" in said
    assert "31.5 of 35 90.0% n=20 · 95 per cent interval 69.9% – 97.2% · +7.0 points since last month" in said
    assert "Answers of 4 or 5 of 5 among all your customers gave in 90 days" in said
    assert "How much one sells is no part of the score" in said


def test_a_small_sample_is_not_said_and_gives_no_total(bank, sign_in):
    score_of(bank.owner, csat=(9, 9))
    score_of(bank.colleague)
    said = text(sign_in(bank.owner).get(reverse(MINE)))
    assert "Not enough to say" in said
    assert "of 100 points" not in said
    assert "100.0%" not in said
    team = text(sign_in(bank.supervisor).get(reverse(TEAM)))
    assert "林悦 Not enough to say n=9" in team
    assert "罗倩 73" in team


def test_nobody_sees_the_card_of_another_team(bank, sign_in):
    score_of(bank.outsider)
    browser = sign_in(bank.supervisor)
    assert browser.get(reverse("scorecard:of", args=["R1005"])).status_code == 404
    assert browser.get(reverse("scorecard:of", args=["S2001"])).status_code == 404
    assert "何川" not in text(browser.get(reverse(TEAM)))
    made = Objection.objects.create(
        manager=bank.outsider, scored="care", day=DAY, part=1, whole=2, text="x", due=bank_day()
    )
    assert browser.post(reverse("scorecard:decide", args=[made.pk]), {}).status_code == 404
    assert browser.get(reverse("scorecard:of", args=["R1001"])).status_code == 200
    assert Entry.objects.filter(object_type="score", action="view", actor_id=bank.supervisor.pk).exists()


@pytest.mark.parametrize(("decision", "state"), [("accept", "accepted"), ("reject", "rejected")])
def test_what_is_objected_to_is_answered_and_both_stay(decision, state, bank, sign_in):
    score_of(bank.owner)
    assert objected(bank, sign_in).status_code == 302
    made = Objection.objects.get()
    assert (made.part, made.whole, made.due) == (18, 20, working_days.add(bank_day(), 10))
    browser = sign_in(bank.supervisor)
    assert "林悦 objects to a figure of their score" in browser.get(reverse("notices")).content.decode()
    assert "Two answers are of the colleague" in text(browser.get(reverse(TEAM)))
    empty = browser.post(reverse("scorecard:decide", args=[made.pk]), {"decision": decision, "text": ""})
    assert empty.status_code == 422
    given = {"decision": decision, "text": "The two are counted for 罗倩 from now on."}
    assert browser.post(reverse("scorecard:decide", args=[made.pk]), given).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.answered_by) == (state, bank.supervisor)
    mine = sign_in(bank.owner)
    assert "王海 has answered" in mine.get(reverse("notices")).content.decode()
    for page in (mine.get(reverse(MINE)), browser.get(reverse("scorecard:of", args=["R1001"]))):
        assert "Two answers are of the colleague" in text(page)
        assert "The two are counted for 罗倩" in text(page)
    again = browser.post(reverse("scorecard:decide", args=[made.pk]), given)
    assert again.status_code == 422
    assert "answered it meanwhile" in text(again)
    assert Entry.objects.filter(object_type="objection").count() == 2


def test_an_objection_says_something_and_waits_for_its_answer_before_the_next(bank, sign_in):
    score_of(bank.owner)
    assert objected(bank, sign_in, " ").status_code == 422
    objected(bank, sign_in)
    again = objected(bank, sign_in, "And one more thing")
    assert again.status_code == 422
    assert "And one more thing" in again.content.decode()
    assert Objection.objects.count() == 1


def test_the_night_reminds_once_when_the_day_comes_near(bank, sign_in):
    score_of(bank.owner)
    objected(bank, sign_in)
    due = Objection.objects.get().due
    early, near = due - timedelta(days=10), due - timedelta(days=2)
    for day, told in ((early, 1), (near, 2), (near, 2)):
        with connection.cursor() as cursor:
            REMIND_OF_OBJECTIONS.publish(cursor, Night(run=1, day=day, full=False))
        assert bank.supervisor.notices.count() == told


def test_an_admin_sets_weights_of_a_hundred_in_which_business_stays_small(bank, sign_in):
    score_of(bank.owner)
    browser, add = sign_in(bank.admin), reverse("admin:dashboards_scoreweights_add")
    assert 'value="35"' in browser.get(add).content.decode()
    asked = WEIGHTS | {"reason": "care first"}
    assert "they must be 100" in browser.post(add, asked | {"care": 20}).content.decode()
    assert "At most 20" in browser.post(add, asked | {"business": 30, "care": 0, "activity": 10}).content.decode()
    assert browser.post(add, asked | {"care": 30, "activity": 0}).status_code == 302
    kept = ScoreWeights.objects.get()
    assert (kept.care, kept.by, kept.reason) == (30, bank.admin, "care first")
    assert Entry.objects.filter(actor_id=bank.admin.pk, action="create").exists()
    assert "15.0 of 30" in text(sign_in(bank.owner).get(reverse(MINE)))
    with pytest.raises(IntegrityError), transaction.atomic():
        ScoreWeights.objects.create(**WEIGHTS | {"care": 16})


def test_care_is_a_conversation_in_90_days_with_the_customers_own_manager(bank):
    for number, (by, days) in enumerate([(bank.owner, 89), (bank.owner, 90), (bank.colleague, 1)]):
        one = make_customer(f"6203{number:08d}", "魏紫薇", bank.branch, owner=bank.owner)
        talk(one, by, ago(days))
    publish()
    assert measured()["cared", "0101", "R1001"] == (1, 3)


def test_queries_do_not_grow_with_the_team(bank, sign_in):
    score_of(bank.owner)
    browser, own = sign_in(bank.supervisor), sign_in(bank.owner)
    counts = []
    for person in (bank.colleague, None):
        for client in (browser, own):
            client.get(reverse("notices"))
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse(TEAM))
            browser.get(reverse("scorecard:of", args=["R1001"]))
            own.get(reverse(MINE))
        counts.append(len(queries))
        if person:
            score_of(person)
            objected(bank, sign_in)
            own.get(reverse(MINE))
    assert counts[0] == counts[1]
    assert counts[0] <= 30
