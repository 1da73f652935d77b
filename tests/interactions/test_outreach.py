"""Serving society: who is found and why, inviting within the policy, the list at the door, and what became of it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from crm.audit.models import Entry, Result
from crm.lib.dates import bank_day
from crm.lib.night import Night
from customers import consent
from customers.models import Features
from interactions import complaints, refusals
from interactions.models import DistrictAge, EventFeedback, Interaction, Invitation, Outreach, Reminder
from interactions.outreach import effect, finding, inviting
from interactions.outreach.night import PUBLISH_DISTRICTS
from interactions.reasons import why
from tests.factories import make_customer


def publish() -> None:
    with connection.cursor() as cursor:
        PUBLISH_DISTRICTS.publish(cursor, Night(1, bank_day(), False))


def saver(bank, number: int, *, families: str = "current,time", years: int = 12, **fields):
    since = bank_day().replace(day=1) - timedelta(days=365 * years)
    values = {"owner": bank.owner, "since": since, "birth_date": date(1985, 1, 1)} | fields
    made = make_customer(f"6206{number:08d}", "何桂兰", bank.branch, **values)
    Features.objects.create(customer=made, families=families, family_count=families.count(",") + 1)
    return made


def planned(bank, **fields) -> Outreach:
    values = {
        "occasion": "basics", "title": "看懂自己的账户", "branch": bank.branch, "place": "城南社区中心", "capacity": 10,
        "starts_at": timezone.now() + timedelta(days=20), "found": "depositors", "made_by": bank.owner,
    } | fields  # fmt: skip
    return Outreach.objects.create(**values)


def test_who_saved_for_years_and_holds_deposits_alone_is_found_with_the_reason(bank):
    found = saver(bank, 1)
    saver(bank, 2, families="current,fund")
    saver(bank, 3, years=3)
    (one,) = finding.found_for(bank.owner, planned(bank), bank_day())
    assert one.customer_id == found.pk
    with translation.override("en"):
        assert finding.why(one.why) == "with us for 12 years, deposits alone"


def test_elders_of_a_district_are_found(bank):
    old = saver(bank, 1, families="fund", birth_date=date(1950, 1, 1), district="静安区")
    saver(bank, 2, families="fund", birth_date=date(1950, 1, 1), district="徐汇区")
    (one,) = finding.found_for(bank.owner, planned(bank, found="elders", district="静安区"), bank_day())
    assert one.customer_id == old.pk
    assert one.why["age"] >= 76


def test_districts_are_counted_by_night_with_small_ones_last_and_said(bank, sign_in):
    for number in range(20):
        saver(bank, number, birth_date=date(1950 if number < 5 else 1985, 1, 1), district="静安区")
    for number in range(30, 33):
        saver(bank, number, birth_date=date(1950, 1, 1), district="崇明区")
    publish()
    first, second = finding.districts(bank.owner)
    assert (first.name, first.n, first.aged_60, first.share_60, first.small) == ("静安区", 20, 5, 25, False)
    assert (second.name, second.small) == ("崇明区", True)
    page = sign_in(bank.owner).get(reverse("outreach:index")).content.decode()
    assert "25%" in page
    assert "n=3, too few to say" in page
    assert finding.districts(bank.outsider) == []
    assert [(one.number, one.n) for one in finding.savers(bank.owner)] == [(23, 23)]
    publish()
    assert DistrictAge.objects.count() == 2


def test_an_event_is_planned_and_words_that_promise_are_refused(bank, sign_in):
    browser, url = sign_in(bank.owner), reverse("outreach:new")
    day = (bank_day() + timedelta(days=20)).isoformat()
    said = {
        "occasion": "fraud", "title": "防骗课堂：保本高息靠得住吗，稳赚不赔", "branch": bank.branch.pk, "place": "社区中心",
        "day": day, "time": "14:30", "minutes": 60, "capacity": 20, "speaker": "反诈民警", "found": "elders", "district": "静安区",
    }  # fmt: skip
    answer = browser.post(url, said)
    assert answer.status_code == 422
    assert "promises something" in answer.content.decode()
    assert "反诈民警" in answer.content.decode()
    assert browser.post(url, said | {"title": "防骗课堂"}).status_code == 302
    event = Outreach.objects.get()
    assert (event.made_by, event.district, timezone.localtime(event.starts_at).hour) == (bank.owner, "静安区", 14)
    assert browser.post(url, said | {"title": "x", "branch": bank.other_branch.pk}).status_code == 422


def test_an_invitation_leaves_alone_whom_the_policy_protects_and_needs_no_consent_to_marketing(bank, sign_in):
    free, complains, paused, not_called, bored = [saver(bank, number) for number in range(5)]
    spent = saver(bank, 7)
    for _offer in range(3):
        Interaction.objects.create(customer=spent, channel="phone", direction="out", kind="marketing", by=bank.owner)
    complaints.receive(complains, text="queue", by=bank.owner)
    refusals.pause(paused, "bereavement", bank_day() + timedelta(days=20), by=bank.owner)
    consent.withdraw(not_called, ("marketing", "phone", ""), means="phone", by=bank.owner)
    refusals.refuse(bored, "activity", by=bank.owner)
    event = planned(bank)
    browser = sign_in(bank.owner)
    page = browser.get(reverse("outreach:candidates", args=[event.pk])).content.decode()
    assert page.count('class="no"') == 4
    assert "sales wait" in page
    everybody = [one.pk for one in (free, complains, paused, not_called, bored, spent)]
    done = browser.post(reverse("outreach:invite", args=[event.pk]), {"customer": everybody}).content.decode()
    assert "2 invited." in done
    assert "4 not: the contact policy." in done
    assert {one.customer_id for one in Invitation.objects.all()} == {free.pk, spent.pk}


def test_an_invitation_is_a_call_of_the_customers_manager_and_done_with_the_answer(bank, sign_in):
    own, colleagues = saver(bank, 1), saver(bank, 2, owner=bank.colleague)
    event = planned(bank, made_by=bank.supervisor)
    sign_in(bank.supervisor).post(reverse("outreach:invite", args=[event.pk]), {"customer": [own.pk, colleagues.pk]})
    calls = {one.customer_id: one for one in Reminder.objects.filter(kind="invitation")}
    assert (calls[own.pk].assignee, calls[colleagues.pk].assignee) == (bank.owner, bank.colleague)
    with translation.override("en"):
        assert why("invitation", calls[own.pk].values).sentence == "Invite: 看懂自己的账户"
    invitation = Invitation.objects.get(customer=own)
    url = reverse("outreach:reply", args=[event.pk, invitation.pk])
    assert sign_in(bank.owner).post(url, {"reply": "coming"}).status_code == 204
    assert Reminder.objects.get(customer=own, kind="invitation").state == "done"
    assert Invitation.objects.get(customer=own).reply == "coming"
    # Invited again, nothing happens: who is invited is not found any more.
    assert inviting.invite(event, [own.pk], by=bank.supervisor, by_hand=False, day=bank_day()).number == 0


def test_by_hand_leaves_no_reminder_and_places_are_kept(bank):
    customers = [saver(bank, number) for number in range(4)]
    event = planned(bank, capacity=3)
    done = inviting.invite(event, [one.pk for one in customers], by=bank.owner, by_hand=True, day=bank_day())
    assert (done.number, done.full) == (3, 1)
    assert not Reminder.objects.filter(kind="invitation").exists()


def test_names_of_colleagues_customers_are_for_who_runs_the_event(bank, sign_in):
    own, other = saver(bank, 1), saver(bank, 2, owner=bank.colleague)
    event = planned(bank, made_by=bank.colleague)
    for customer in (own, other):
        Invitation.objects.create(event=event, customer=customer, invited_by=bank.supervisor)
    numbers = reverse("outreach:guests", args=[event.pk])
    seen = sign_in(bank.owner).get(numbers).content.decode()
    assert own.number in seen
    assert other.number not in seen
    assert "and 1 by colleagues" in seen
    whole = sign_in(bank.colleague).get(numbers).content.decode()
    assert whole.count("何桂兰") == 2
    assert own.number not in whole  # the name, and nothing that leads further
    theirs = reverse("outreach:attend", args=[event.pk, Invitation.objects.get(customer=other).pk])
    assert sign_in(bank.owner).post(theirs, {"came": "1"}).status_code == 404


@pytest.mark.parametrize("page", ["event", "candidates", "guests", "door", "feedback", "effect"])
def test_events_of_other_branches_are_not_there_and_the_try_is_audited(bank, sign_in, page):
    event = planned(bank)
    assert sign_in(bank.outsider).get(reverse(f"outreach:{page}", args=[event.pk])).status_code == 404
    assert Entry.objects.filter(actor_id=bank.outsider.pk, object_type="outreach", result=Result.DENIED).exists()
    assert sign_in(bank.colleague).get(reverse(f"outreach:{page}", args=[event.pk])).status_code == 200


def test_attendance_is_what_is_said_last_however_often_it_is_sent(bank, sign_in):
    event, customer = planned(bank), saver(bank, 1)
    invitation = Invitation.objects.create(event=event, customer=customer, invited_by=bank.owner)
    browser, tick = sign_in(bank.owner), reverse("outreach:attend", args=[event.pk, invitation.pk])
    before = Entry.objects.filter(object_type="invitation").count()
    for _again in range(3):
        assert browser.post(tick, {"came": "1"}).status_code == 204
    assert Invitation.objects.get().attended is True
    assert Entry.objects.filter(object_type="invitation").count() == before + 1
    browser.post(tick, {"came": "0"})
    assert Invitation.objects.get().attended is False
    for number in ("5", "5", "7"):
        browser.post(reverse("outreach:nameless", args=[event.pk]), {"guests": number})
    assert Outreach.objects.get().guests == 7
    assert browser.post(reverse("outreach:nameless", args=[event.pk]), {"guests": "-1"}).status_code == 404


def test_feedback_and_effect_say_how_small_the_sample_is(bank, sign_in):
    held = timezone.now() - timedelta(days=30)
    event = planned(bank, state="held", starts_at=held)
    came, stayed = saver(bank, 1), saver(bank, 2)
    for customer, attended in ((came, True), (stayed, False)):
        Invitation.objects.create(event=event, customer=customer, invited_by=bank.owner, attended=attended)
    for days in (-10, 5, 9):
        talk = Interaction.objects.create(customer=came, channel="phone", by=bank.owner, at=held + timedelta(days=days))
        Interaction.objects.filter(pk=talk.pk).update(question="?", question_answered_at=talk.at)
    browser, url = sign_in(bank.owner), reverse("outreach:feedback", args=[event.pk])
    invitation = Invitation.objects.get(customer=came)
    browser.post(url, {"invitation": invitation.pk, "rating": "4", "words": "讲得明白"})
    browser.post(url, {"invitation": invitation.pk, "rating": "5", "words": "讲得明白"})
    browser.post(url, {"rating": "3", "number": "2"})
    assert EventFeedback.objects.count() == 2
    found = effect.effect_of(event, bank_day())
    assert (found.rate, found.answers, round(found.mean, 1), found.small) == (50, 3, 3.7, True)
    assert [(one.came, one.n, one.talks_before, one.talks_after) for one in found.groups] == [
        (True, 1, 1, 2), (False, 1, 0, 0),
    ]  # fmt: skip
    page = browser.get(reverse("outreach:effect", args=[event.pk])).content.decode()
    assert page.count("small sample") >= 3
    assert "no proof" in page
    assert browser.post(url, {"rating": "9"}).status_code == 422


def test_a_cancelled_event_calls_nobody_and_only_who_runs_it_cancels(bank, sign_in):
    event, customer = planned(bank), saver(bank, 1)
    inviting.invite(event, [customer.pk], by=bank.owner, by_hand=False, day=bank_day())
    url = reverse("outreach:state", args=[event.pk])
    assert sign_in(bank.colleague).post(url, {"state": "cancelled"}).status_code == 404
    assert sign_in(bank.owner).post(url, {"state": "cancelled"}).status_code == 302
    assert Reminder.objects.get(kind="invitation").state == "dismissed"
    with pytest.raises(inviting.NotPlannedError):
        inviting.invite(event, [customer.pk], by=bank.owner, by_hand=False, day=bank_day())


def test_queries_do_not_grow_with_the_guests(bank, sign_in):
    event, browser = planned(bank, capacity=100), sign_in(bank.owner)
    browser.get(reverse("notices"))
    counts: dict[str, list[int]] = {}
    for first in (0, 10):
        for number in range(first, first + 6):
            Invitation.objects.create(event=event, customer=saver(bank, number), invited_by=bank.owner, attended=True)
            saver(bank, 100 + number)
        for page in ("event", "candidates", "guests", "door", "feedback", "effect"):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(reverse(f"outreach:{page}", args=[event.pk])).status_code == 200
            counts.setdefault(page, []).append(len(queries))
    assert all(few == many <= 12 for few, many in counts.values()), counts
