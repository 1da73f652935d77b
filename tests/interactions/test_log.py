"""Telling a contact in a sentence: what is kept, what it moves, and what is refused without losing a word."""

import re
import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import Entry
from interactions.log import Said, answer_question, keep_promise, log_contact
from interactions.models import Interaction, LastContact, Reminder, ReminderKind, ReminderState

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def bank_lives_on_one_day(settings) -> None:
    settings.BANK_DAY = TODAY.isoformat()


@pytest.fixture
def bar(bank, customer, sign_in):
    """`bar(summary="…")` posts the quick log as the owner and gives the answer."""
    browser = sign_in(bank.owner)

    def post(**typed):
        return browser.post(reverse("interactions:log", args=[customer.number]), {"channel": "phone"} | typed)

    return post


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))


def open_reminder(customer, assignee, kind: ReminderKind) -> Reminder:
    return Reminder.objects.create(customer=customer, assignee=assignee, kind=kind, cause="x", due=TODAY)


def test_a_sentence_and_a_channel_are_enough(bank, customer, bar):
    answer = bar(summary="问组合贷")
    assert answer.status_code == 200
    assert "interactions-changed" in answer.headers["HX-Trigger"]
    kept = Interaction.objects.get()
    assert (kept.customer, kept.by, kept.channel, kept.summary) == (customer, bank.owner, "phone", "问组合贷")
    assert (kept.outcome, kept.kind, kept.direction) == ("talked", "service", "out")
    entry = Entry.objects.get(object_type="interaction")
    assert (entry.actor_id, entry.object_ids) == (bank.owner.pk, [customer.pk])
    assert "组合贷" not in str(entry.detail)


def test_everything_that_can_be_told_is_kept(bar):
    bar(
        channel="visit", direction="in", kind="care", outcome="talked", summary="聊了孩子", mood="pleased", satisfaction="5",
        topics=["education", "family"], promise="发方案", promise_due="2026-11-27", question="公积金能组合吗",
    )  # fmt: skip
    kept = Interaction.objects.get()
    assert kept.topics == ["education", "family"]
    assert (kept.mood, kept.satisfaction, kept.kind, kept.direction) == ("pleased", 5, "care", "in")
    assert (kept.promise, kept.promise_due, kept.question) == ("发方案", date(2026, 11, 27), "公积金能组合吗")


def test_a_word_with_a_hash_is_a_topic(bar):
    bar(summary="asked about a loan #mortgage #nosuchthing")
    assert Interaction.objects.get().topics == ["house"]


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ({}, "A sentence is enough"),
        ({"summary": "x", "promise_due": "2026-11-27"}, "What did you promise"),
        ({"summary": "x", "promise": "p", "promise_due": "2026-11-22"}, "from today"),
        ({"summary": "x", "next": "day"}, "Which day"),
        ({"summary": "x", "next": "day", "next_on": "2026-11-22"}, "from today"),
        ({"summary": "x", "next": "day", "next_on": "2036-11-22"}, "from today"),
        ({"summary": "x", "next": "day", "next_on": "soon"}, "valid date"),
        ({"summary": "x", "satisfaction": "6"}, "less than or equal to 5"),
        ({"summary": "x", "channel": "smoke"}, "not one of the available choices"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(typed, complaint, bar):
    answer = bar(mood="upset", **typed)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert complaint in shown
    assert not Interaction.objects.exists()
    assert re.search(r'value="upset"[^>]*checked', shown)
    for name in {"promise_due", "next_on"} & set(typed):
        assert f'value="{typed[name]}"' in shown


def test_an_unanswered_call_needs_no_words(bar):
    assert bar(outcome="no_answer").status_code == 200
    assert Interaction.objects.get().conversation is False


def test_the_next_contact_is_a_tap(bank, customer, bar):
    for tap, day in (("tomorrow", 24), ("three", 26), ("week", 30)):
        bar(summary=tap, next=tap)
        assert Reminder.objects.get(kind=ReminderKind.FOLLOW_UP).due == date(2026, 11, day)
    answer = bar(summary="picked", next="day", next_on="2026-12-24")
    assert "next 12-24" in answer.content.decode()
    assert Reminder.objects.get(kind=ReminderKind.FOLLOW_UP).due == date(2026, 12, 24)
    # A day picked before another tap does not count any more.
    bar(summary="tapped again", next="tomorrow", next_on="2026-12-31")
    assert Reminder.objects.get(kind=ReminderKind.FOLLOW_UP).due == date(2026, 11, 24)


def test_a_promise_with_a_day_is_followed_up_and_one_without_is_open_all_the_same(bank, customer, bar):
    bar(summary="x", promise="发三种方案", promise_due="2026-11-27")
    reminder = Reminder.objects.get(kind=ReminderKind.PROMISE)
    assert reminder.due == date(2026, 11, 27)
    assert reminder.cause == f"promise:{Interaction.objects.get().pk}"
    bar(summary="y", promise="有空看看")
    assert Reminder.objects.filter(kind=ReminderKind.PROMISE).count() == 1
    assert Interaction.objects.filter(promise_kept_at=None).exclude(promise="").count() == 2


def test_the_last_contact_moves_forward_only_and_for_conversations_only(bank, customer):
    def told(day, **said):
        log_contact(customer, by=bank.owner, said=Said(summary="x", at=at(day), **{"channel": "phone"} | said))
        known = LastContact.objects.filter(customer=customer).first()
        return (known.at.astimezone(ZoneInfo("Asia/Shanghai")).day, known.channel) if known else None

    assert told(10, outcome="no_answer") is None
    assert told(11, channel="sms") is None
    assert told(12) == (12, "phone")
    assert told(9, channel="visit") == (12, "phone")
    assert told(14, outcome="message") == (12, "phone")
    assert told(15, channel="wechat") == (15, "wechat")


def test_a_conversation_ends_what_asked_for_one_and_nothing_else(bank, customer):
    for kind in (ReminderKind.LOSING_TOUCH, ReminderKind.NOTHING_PLANNED, ReminderKind.BIRTHDAY):
        open_reminder(customer, bank.owner, kind)
    log_contact(customer, by=bank.owner, said=Said("phone", outcome="no_answer"))
    assert Reminder.objects.filter(state=ReminderState.OPEN).count() == 3
    log_contact(customer, by=bank.owner, said=Said("phone", summary="聊了聊"))
    assert [r.kind for r in Reminder.objects.filter(state=ReminderState.OPEN)] == [ReminderKind.BIRTHDAY]
    done = Reminder.objects.get(kind=ReminderKind.LOSING_TOUCH)
    assert (done.ended_by, done.outcome) == (bank.owner, "聊了聊")
    assert done.touched_at is not None


def test_a_note_that_reaches_the_bank_twice_is_kept_once(bar):
    key = uuid.uuid4().hex
    bar(summary="线路不好", key=key)
    assert bar(summary="线路不好", key=key).status_code == 200
    assert Interaction.objects.count() == 1


def test_a_key_that_somebody_else_used_loses_nothing(bank, customer, bar):
    key = uuid.uuid4().hex
    log_contact(customer, by=bank.supervisor, said=Said("phone", summary="theirs", reference=f"note:{key}"))
    assert bar(summary="mine", key=key).status_code == 200
    assert set(Interaction.objects.values_list("summary", flat=True)) == {"theirs", "mine"}


def test_a_promise_is_kept_and_a_question_answered_once(bank, customer):
    talk = log_contact(
        customer, by=bank.owner, said=Said("phone", summary="x", promise="p", promise_due=TODAY, question="q")
    )
    keep_promise(talk, by=bank.supervisor)
    answer_question(talk, by=bank.supervisor)
    first = Interaction.objects.get()
    assert first.promise_kept_at is not None
    assert first.question_answered_at is not None
    reminder = Reminder.objects.get(kind=ReminderKind.PROMISE)
    assert (reminder.state, reminder.ended_by) == (ReminderState.DONE, bank.supervisor)
    keep_promise(talk, by=bank.owner)
    answer_question(talk, by=bank.owner)
    assert Interaction.objects.get().promise_kept_at == first.promise_kept_at
    assert Entry.objects.filter(object_type="interaction", action="change").count() == 2


def test_a_restricted_customer_is_not_logged_to(bank, customer, bar, sign_in):
    customer.status = "restricted"
    customer.save()
    assert bar(summary="x").status_code == 403
    assert sign_in(bank.owner).get(reverse("interactions:log", args=[customer.number])).status_code == 403
    assert not Interaction.objects.exists()
    page = sign_in(bank.owner).get(reverse("customer", args=[customer.number])).content.decode()
    assert "log-bar" not in page


def test_a_row_gets_the_bar_without_parking_and_with_the_phone_chosen(bank, customer, sign_in):
    browser = sign_in(bank.owner)
    address = reverse("interactions:log", args=[customer.number])
    row, page = (browser.get(address, asked).content.decode() for asked in ({"in": "row"}, {}))
    assert "?park" in page
    assert "?park" not in row
    assert re.search(r'value="phone"[^>]*checked', row)
    assert re.search(r'value="visit"[^>]*checked', page)
    saved = browser.post(f"{address}?in=row", {"channel": "phone", "summary": "x", "next": "week"})
    assert "Next contact 2026-11-30" in saved.content.decode()


def test_who_walked_in_is_logged_to_while_the_door_is_open(bank, customer, sign_in, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    browser = sign_in(bank.agent)
    address = reverse("interactions:log", args=[customer.number])
    assert browser.post(address, {"channel": "visit", "summary": "x"}).status_code == 404
    browser.post(reverse("customers:walk-in"), {"identifier": customer.number, "reason": "counter"})
    assert browser.post(address, {"channel": "visit", "summary": "排队久"}).status_code == 200
    assert Interaction.objects.get().by == bank.agent
    time_machine.shift(timedelta(minutes=31))
    assert sign_in(bank.agent).post(address, {"channel": "visit", "summary": "y"}).status_code == 404


def test_a_next_day_after_an_unanswered_call_is_a_plan(bank, customer, bar):
    for kind in (ReminderKind.LOSING_TOUCH, ReminderKind.NOTHING_PLANNED):
        open_reminder(customer, bank.owner, kind)
    bar(outcome="no_answer", next="tomorrow")
    assert {r.kind for r in Reminder.objects.filter(state=ReminderState.OPEN)} == {
        ReminderKind.LOSING_TOUCH, ReminderKind.FOLLOW_UP,
    }  # fmt: skip


def test_a_note_changed_after_it_was_kept_is_kept_too(bar):
    key = uuid.uuid4().hex
    bar(summary="线路不好", key=key)
    bar(summary="线路不好，改约周五", key=key)
    assert Interaction.objects.count() == 2
