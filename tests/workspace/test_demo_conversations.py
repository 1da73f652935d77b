"""What the demo bank's people said and did: the same for a seed, plausible, and the stories told."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models import Avg, F, Max

from crm.lib.dates import bank_day, start_of_day
from crm.workspace.demo.build import build
from crm.workspace.demo.phrases import PHRASES, SLOTS, STAGES, phrase_rows
from customers.models import Customer
from interactions.models import (
    CONVERSATIONS,
    ChannelEvent,
    ChannelIdentity,
    Complaint,
    Interaction,
    LastContact,
    Mood,
    Outcome,
    Pause,
    Refusal,
    Reminder,
    ReminderState,
    Topic,
)

DAY = date(2026, 2, 28)
CUSTOMERS = 500

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cheap_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def no_report(_line: str) -> None:
    pass


@pytest.fixture
def bank():
    return build(CUSTOMERS, seed=1, report=no_report, day=DAY)


def customer(n: int) -> Customer:
    return Customer.objects.get(number=f"6201{n:08}")


def what_was_said() -> list[tuple[object, ...]]:
    talks = Interaction.objects.order_by("customer__number", "at", "summary").values_list(
        "customer__number", "at", "channel", "kind", "topics", "summary", "outcome", "promise", "promise_due", "mood",
        "satisfaction", "by__employee_number",
    )  # fmt: skip
    events = ChannelEvent.objects.order_by("channel", "reference").values_list(
        "customer__number", "at", "channel", "kind", "topic", "subject", "seconds", "amount", "reference"
    )
    complaints = Complaint.objects.order_by("number").values_list(
        "number", "customer__number", "text", "state", "satisfaction"
    )
    refusals = Refusal.objects.order_by("customer__number", "at").values_list("customer__number", "topic", "until")
    plans = Reminder.objects.order_by("customer__number", "due", "text").values_list(
        "customer__number", "kind", "due", "text"
    )
    return [tuple(map(repr, row)) for row in (*talks, *events, *complaints, *refusals, *plans)]


def said_in_bank_of(seed: int) -> list[tuple[object, ...]]:
    with transaction.atomic():
        build(80, seed=seed, report=no_report, day=DAY)
        said = what_was_said()
        transaction.set_rollback(True)
    return said


def test_the_same_seed_says_the_same_and_another_seed_something_else():
    first = said_in_bank_of(1)
    assert said_in_bank_of(1) == first
    assert said_in_bank_of(2) != first


def test_every_conversation_is_plausible(bank):
    talks, long_line = list(Interaction.objects.select_related("customer")), customer(18)
    assert len(talks) > 3 * Customer.objects.filter(owner__isnull=False).count()
    for talk in talks:
        assert talk.customer.since is not None
        assert talk.customer.since <= bank_day(talk.at) < DAY
        # One customer has a long line of her own, so that thousands of entries can be seen.
        assert bank_day(talk.at) > DAY - timedelta(days=1100 if talk.customer == long_line else 760)
        assert set(talk.topics) <= set(Topic.values)
        assert talk.summary
        assert talk.by_id is not None
        assert talk.satisfaction is None or (talk.outcome == Outcome.TALKED and 1 <= talk.satisfaction <= 5)
        assert talk.mood in ("", *Mood.values)
        assert bool(talk.promise) == (talk.promise_due is not None)
        if talk.promise_kept_at:
            assert talk.at < talk.promise_kept_at < start_of_day(DAY)
        if talk.question_answered_at:
            assert talk.question
            assert talk.at < talk.question_answered_at


def test_nobody_is_called_on_a_weekend(bank):
    drawn = Interaction.objects.exclude(customer__number__lte="620100000019")
    assert not drawn.filter(at__iso_week_day__in=(6, 7)).exists()


def test_the_last_contact_is_the_newest_conversation(bank):
    spoken = Interaction.objects.filter(outcome=Outcome.TALKED, channel__in=CONVERSATIONS)
    newest = dict(spoken.values_list("customer").annotate(newest=Max("at")))
    assert dict(LastContact.objects.values_list("customer", "at")) == newest


def test_managers_differ(bank):
    def recent(number):
        return Interaction.objects.filter(by__employee_number=number, at__gte=start_of_day(DAY - timedelta(days=180)))

    tiring, excellent = recent("R1006"), recent("R1001")
    assert (
        excellent.aggregate(stars=Avg("satisfaction"))["stars"]
        > tiring.aggregate(stars=Avg("satisfaction"))["stars"] + 0.3
    )
    assert tiring.filter(kind="marketing").count() / tiring.count() > 2 * excellent.filter(
        kind="marketing"
    ).count() / max(excellent.count(), 1)
    first_talk = Interaction.objects.filter(by__employee_number="R1007").earliest("at")
    assert bank_day(first_talk.at) > DAY - timedelta(days=66)
    on_leave = Interaction.objects.filter(by__employee_number="R1002", at__gte=start_of_day(DAY - timedelta(days=3)))
    assert not on_leave.exists()


def test_channel_events_are_plausible(bank):
    events = list(ChannelEvent.objects.select_related("customer"))
    assert len({event.kind for event in events}) >= 8
    assert len({event.channel for event in events}) == 6
    for event in events:
        assert bank_day(event.at) < DAY
        if event.customer is None:
            assert event.external_index
            assert event.external_tail
        else:
            assert event.customer.since is not None
            assert bank_day(event.at) >= event.customer.since
    assert sum(event.customer_id is None for event in events) >= 5
    assert ChannelIdentity.objects.filter(verified_at__isnull=False).count() >= 4
    hot = ChannelEvent.objects.filter(at__gte=start_of_day(DAY - timedelta(days=3)), kind__in=("viewed", "calculated"))
    assert hot.values("customer").distinct().count() >= 5


def test_complaints_are_due_15_days_after_receipt_and_end_in_order(bank):
    complaints = list(Complaint.objects.all())
    assert len(complaints) > 15
    for complaint in complaints:
        received = bank_day(complaint.received_at)
        assert complaint.due == received + timedelta(days=15)
        assert complaint.handler_id != complaint.about_id or complaint.about_id is None
        assert (complaint.state == "closed") == (complaint.closed_at is not None) == bool(complaint.ending)
        if complaint.closed_at:
            assert complaint.received_at < complaint.closed_at < start_of_day(DAY)
        if complaint.acknowledged_at:
            assert complaint.closed_at < complaint.acknowledged_at < start_of_day(DAY)
    opened = [complaint for complaint in complaints if complaint.state == "open"]
    assert any(complaint.due < DAY for complaint in opened)
    assert any(DAY <= complaint.due <= DAY + timedelta(days=5) for complaint in opened)
    assert len(opened) < len(complaints) / 2


def test_refusals_and_pauses_are_plausible(bank):
    assert Refusal.objects.filter(until__gt=DAY).count() > 3
    assert not Refusal.objects.filter(at__gte=start_of_day(DAY)).exists()
    assert not Pause.objects.filter(until__lte=F("since")).exists()
    assert Pause.objects.filter(since__lte=DAY, until__gt=DAY).exists()


def test_everybody_has_one_open_follow_up_at_the_most_and_kept_ones_ended(bank):
    planned = Reminder.objects.filter(kind="follow_up", state=ReminderState.OPEN)
    assert planned.count() == planned.values("customer").distinct().count()
    assert planned.filter(due=DAY, assignee__employee_number="R1001").count() >= 4
    assert not Reminder.objects.exclude(state=ReminderState.OPEN).filter(ended_at=None).exists()
    assert Reminder.objects.filter(state=ReminderState.DONE).exists()


def test_open_promises_are_kept_in_mind(bank):
    promised = Interaction.objects.filter(promise_kept_at=None, customer__owner__isnull=False).exclude(promise="")
    causes = set(Reminder.objects.filter(kind="promise", state=ReminderState.OPEN).values_list("cause", flat=True))
    assert causes == {f"promise:{pk}" for pk in promised.values_list("pk", flat=True)}
    late = Reminder.objects.filter(kind="promise", state="open", due__lt=DAY, assignee__employee_number="R1001")
    assert late.count() >= 2


def test_mr_zhang_complained_was_promised_and_looks_at_houses(bank):
    zhang = customer(1)
    complaint = zhang.complaints.get()
    assert "52 分钟" in complaint.text
    assert (complaint.state, complaint.satisfaction, complaint.acknowledged_at) == ("closed", 3, None)
    assert complaint.offer == "优先窗口 3 号窗 10:00"
    assert (DAY - bank_day(complaint.received_at)).days == 12
    assert (DAY - bank_day(complaint.closed_at)).days == 6
    last = zhang.interactions.latest("at")
    assert "三种续存方案" in last.promise
    assert last.question == "公积金能不能和商贷组合？"
    evening = zhang.channel_events.filter(at__gte=start_of_day(DAY - timedelta(days=1)), topic="house")
    assert evening.filter(kind="viewed").count() == 4
    assert evening.filter(kind="calculated").count() == 1
    assert zhang.refusals.filter(topic="fund").count() == 2
    assert zhang.refusals.filter(topic="fund", until__gt=DAY).exists()


def test_the_other_stories_are_told(bank):
    assert (
        customer(2).channel_events.filter(kind="limit_raised", at__gte=start_of_day(DAY - timedelta(days=7))).exists()
    )
    assert customer(2).interactions.filter(topics__contains=["fx"]).count() >= 3
    assert customer(4).interactions.filter(summary__contains="搬进新家").exists()
    assert customer(5).interactions.exclude(question="").exists()
    assert customer(6).interactions.filter(topics=["fund"], direction="in").exists()
    assert customer(8).interactions.filter(summary__contains="女儿出生").exists()


def test_notes_fit_everybody_they_may_be_written_of():
    rows = list(phrase_rows())
    assert len(rows) == SLOTS * len(STAGES) * len({phrase.kind for phrase in PHRASES})
    assert len({phrase.summary for phrase in PHRASES}) == len(PHRASES)
    for phrase in PHRASES:
        assert set(phrase.topics) <= set(Topic.values)
        assert len(phrase.promise) <= 200
        assert bool(phrase.promise) == (phrase.due > 0)
