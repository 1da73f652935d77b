"""Today: whom a manager is to contact, why, and what becomes of a row that was worked off."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import Entry
from crm.lib.dates import bank_day, start_of_day
from crm.staff.cover import give_cover
from crm.workspace.today import bucket_of, today_of
from customers import consent
from customers.models import Customer, RiskWarning
from interactions import complaints, refusals, reminders
from interactions.models import ChannelEvent, Interaction, LastContact, Reminder, ReminderKind
from tests.factories import make_customer

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def morning(time_machine) -> None:
    time_machine.move_to(start_of_day(TODAY) + timedelta(hours=9), tick=False)


def ask(customer, user, kind: str, due: date = TODAY, **fields) -> Reminder:
    values = {"cause": fields.pop("cause", f"{due}"), "due": due, "values": {}} | fields
    return Reminder.objects.create(customer=customer, assignee=user, kind=kind, **values)


def look_at(customer, subject: str = "首套房贷利率", topic: str = "house", **ago) -> ChannelEvent:
    return ChannelEvent.objects.create(
        customer=customer, channel="mobile", kind="viewed", topic=topic, subject=subject,
        at=timezone.now() - timedelta(**ago), reference=f"E{ChannelEvent.objects.count()}",
    )  # fmt: skip


def buckets(user) -> dict[str, list[str]]:
    found = today_of(user, bank_day())
    return {one.kind.key: [row.customer["name"] for row in one.rows] for one in found.buckets if one.rows}


def answered(browser, name: str, customer, pk: int, **data):
    return browser.post(reverse(f"interactions:{name}", args=[customer.number, pk]), data)


@pytest.mark.parametrize(
    ("kind", "days", "bucket"),
    [
        (ReminderKind.PROMISE, -1, "late"),
        (ReminderKind.FOLLOW_UP, 0, "today"),
        (ReminderKind.FOLLOW_UP, 1, "coming"),
        (ReminderKind.COMPLAINT, -1, "late"),
        (ReminderKind.COMPLAINT, 3, "complaints"),
        (ReminderKind.MATURITY, 16, "maturities"),
        (ReminderKind.WARNING, -5, "warnings"),
        (ReminderKind.BIRTHDAY, 1, "birthdays"),
        (ReminderKind.WELCOME, -2, "today"),
        (ReminderKind.RETIREMENT, 0, "today"),
        (ReminderKind.LOSING_TOUCH, -30, "losing"),
        (ReminderKind.NOTHING_PLANNED, 0, "losing"),
        (ReminderKind.INTENT, 0, "hot"),
    ],
)
def test_the_bucket_of_a_reminder(kind, days, bucket):
    assert bucket_of(kind, TODAY + timedelta(days=days), TODAY) == bucket


def test_one_customer_has_one_row_in_the_most_urgent_bucket_with_the_other_reasons_in_it(bank, customer, sign_in):
    ask(customer, bank.owner, "maturity", TODAY + timedelta(days=6), values={"product": "三年定期"})
    ask(customer, bank.owner, "promise", TODAY - timedelta(days=4), text="回电：年金按月领还是一次领")
    ask(customer, bank.owner, "birthday", TODAY, values={"on": "2026-11-24", "age": 46})
    assert buckets(bank.owner) == {"late": ["张伟明"]}
    page = sign_in(bank.owner).get(reverse("today")).content.decode()
    assert page.count('class="task"') == 1
    assert "4 days late" in page
    assert "回电：年金按月领还是一次领" in page
    assert "also: Birthday" in page
    assert "also: 三年定期 matures" in page


def test_home_of_a_manager_is_today(bank, sign_in):
    assert sign_in(bank.owner).get("/").url == reverse("today")
    assert sign_in(bank.supervisor).get("/").url == reverse("dashboards:board")


def test_only_own_and_covered_customers_are_there_and_covered_ones_are_marked(bank, customer, sign_in):
    ask(customer, bank.owner, "maturity", TODAY)
    assert buckets(bank.colleague) == {}
    give_cover(
        absent=bank.owner, to=bank.colleague, starts_at=timezone.now(), until=timezone.now() + timedelta(days=1),
        reason="leave", by=bank.supervisor,
    )  # fmt: skip
    page = sign_in(bank.colleague).get(reverse("today")).content.decode()
    assert "张伟明" in page
    assert "for 林悦" in page
    assert "for 林悦" not in sign_in(bank.owner).get(reverse("today")).content.decode()
    news = sign_in(bank.colleague).get(reverse("today-news")).content.decode()
    assert "1 of their customers has something for today" in news


def test_who_is_shown_is_in_the_audit(bank, customer, sign_in):
    ask(customer, bank.owner, "maturity", TODAY)
    sign_in(bank.owner).get(reverse("today"))
    assert Entry.objects.get(action="list", actor_id=bank.owner.pk).object_ids == [customer.pk]


def test_a_long_bucket_is_cut_and_opens_whole(bank, sign_in):
    for number in range(12):
        one = make_customer(f"C{number:02}", f"李{number}", bank.branch, owner=bank.owner)
        ask(one, bank.owner, "maturity", TODAY + timedelta(days=number))
    browser = sign_in(bank.owner)
    page = browser.get(reverse("today")).content.decode()
    assert page.count('class="task"') == 8
    assert "4 more" in page
    whole = browser.get(reverse("today"), {"bucket": "maturities"}).content.decode()
    assert whole.count('class="task"') == 12
    assert browser.get(reverse("today"), {"bucket": "nonsense"}).status_code == 404


def test_what_is_beyond_the_days_cap_is_counted_and_shown_on_demand(bank, customer, sign_in):
    ask(customer, bank.owner, "losing", later=True)
    browser = sign_in(bank.owner)
    page = browser.get(reverse("today")).content.decode()
    assert page.count('class="task"') == 0
    assert "?bucket=later" in page
    assert "张伟明" in browser.get(reverse("today"), {"bucket": "later"}).content.decode()
    assert browser.get(reverse("today-count")).content == b""


def test_a_hot_intent_needs_consent_and_gives_way_to_a_talk_a_refusal_and_a_complaint(bank, customer):
    look_at(customer, hours=2)
    assert buckets(bank.owner) == {}
    consent.give(customer, ("profiling", "", ""), means="phone", by=bank.owner)
    assert buckets(bank.owner) == {"hot": ["张伟明"]}
    refusal = refusals.refuse(customer, "house", by=bank.owner)
    assert buckets(bank.owner) == {}
    refusals.undo(refusal, by=bank.owner)
    complaint = complaints.receive(customer, text="排队", by=bank.owner, handler=bank.colleague)
    assert buckets(bank.owner) == {}
    complaints.close(complaint, ending="道歉", by=bank.colleague)
    complaints.acknowledge(complaint, by=bank.owner)
    LastContact.objects.create(customer=customer, at=timezone.now() - timedelta(hours=1), channel="phone")
    assert buckets(bank.owner) == {}
    look_at(customer, "二手房", minutes=5)
    assert buckets(bank.owner) == {"hot": ["张伟明"]}


def test_old_looks_are_not_hot(bank, customer):
    consent.give(customer, ("profiling", "", ""), means="phone", by=bank.owner)
    look_at(customer, days=4)
    assert buckets(bank.owner) == {}


def test_done_logs_the_contact_ends_what_was_chosen_and_plans_the_next(bank, customer, sign_in):
    promise = ask(customer, bank.owner, "promise", TODAY - timedelta(days=1), text="回电")
    coming = ask(customer, bank.owner, "maturity", TODAY + timedelta(days=20))
    browser = sign_in(bank.owner)
    form = browser.get(reverse("interactions:reminder-done", args=[customer.number, promise.pk])).content.decode()
    assert f'value="{promise.pk}" checked' in form
    assert f'value="{coming.pk}" checked' not in form
    answer = answered(
        browser, "reminder-done", customer, promise.pk,
        result="reached", summary="想按月领年金", next="three", chosen=[promise.pk],
    )  # fmt: skip
    assert answer.status_code == 204
    assert "reminders-changed" in answer["HX-Trigger"]
    said = Interaction.objects.get()
    assert (said.channel, said.outcome, said.summary, said.by) == ("phone", "talked", "想按月领年金", bank.owner)
    states = dict(Reminder.objects.values_list("kind", "state"))
    assert states == {"promise": "done", "maturity": "open", "follow_up": "open"}
    assert Reminder.objects.get(kind="follow_up").due == TODAY + timedelta(days=3)


def test_who_was_not_reached_is_called_again(bank, customer, sign_in):
    promise = ask(customer, bank.owner, "promise", TODAY, text="回电")
    answered(
        sign_in(bank.owner), "reminder-done", customer, promise.pk,
        result="not_reached", next="tomorrow", chosen=[promise.pk],
    )  # fmt: skip
    promise.refresh_from_db()
    assert (promise.state, promise.snoozed_until) == ("open", TODAY + timedelta(days=1))
    assert Interaction.objects.get().outcome == "no_answer"
    assert Reminder.objects.count() == 1


def test_no_next_step_wants_a_reason_and_a_conversation_a_sentence(bank, customer, sign_in):
    promise = ask(customer, bank.owner, "promise", TODAY)
    browser = sign_in(bank.owner)
    for data, words in (
        ({"result": "reached", "summary": "聊过"}, "What comes next?"),
        ({"result": "reached", "summary": "聊过", "next": "none"}, "Choose a reason"),
        ({"result": "reached", "next": "week"}, "What was said? A sentence is enough."),
        ({"result": "visit", "summary": "聊过", "next": "day", "next_on": "2026-11-01"}, "Choose a day from tomorrow"),
    ):
        answer = answered(browser, "reminder-done", customer, promise.pk, chosen=[promise.pk], **data)
        assert answer.status_code == 422
        assert words in answer.content.decode()
        if "summary" in data:
            assert 'value="聊过"' in answer.content.decode()
    done = {"result": "reached", "summary": "聊过", "next": "none", "reason": "settled", "chosen": [promise.pk]}
    assert answered(browser, "reminder-done", customer, promise.pk, **done).status_code == 204
    promise.refresh_from_db()
    assert promise.state == "done"


def test_what_was_said_about_a_warning_is_kept_at_the_warning(bank, customer, sign_in):
    warning = RiskWarning.objects.create(customer=customer, detector="large_move", cause="x", day=TODAY, evidence=[])
    asked = ask(customer, bank.owner, "warning", cause=str(warning.pk), values={"detector": "large_move"})
    answered(
        sign_in(bank.owner), "reminder-done", customer, asked.pk,
        result="reached", summary="付装修款", next="none", reason="settled", chosen=[asked.pk],
    )  # fmt: skip
    warning.refresh_from_db()
    assert (warning.state, warning.note) == ("explained", "付装修款")


def test_a_hot_intent_is_worked_off_put_off_and_waved_away_like_a_reminder(bank, customer, sign_in):
    browser = sign_in(bank.owner)
    consent.give(customer, ("profiling", "", ""), means="phone", by=bank.owner)
    look_at(customer, hours=2)
    assert answered(browser, "reminder-snooze", customer, 0, next="tomorrow").status_code == 204
    assert buckets(bank.owner) == {"coming": ["张伟明"]}
    Reminder.objects.all().delete()
    answered(browser, "reminder-dismiss", customer, 0)
    assert buckets(bank.owner) == {}
    assert Reminder.objects.get().state == "dismissed"
    look_at(customer, "公积金贷款", seconds=0)
    assert answered(
        browser, "reminder-done", customer, 0, result="wechat", summary="发了利率表", next="week"
    ).status_code == 204  # fmt: skip
    assert buckets(bank.owner) == {"coming": ["张伟明"]}


def test_put_off_rows_leave_until_their_day(bank, customer, sign_in):
    late = ask(customer, bank.owner, "follow_up", TODAY - timedelta(days=2))
    ask(customer, bank.owner, "losing", cause="x")
    answer = answered(sign_in(bank.owner), "reminder-snooze", customer, late.pk, next="week")
    assert answer.status_code == 204
    assert buckets(bank.owner) == {"coming": ["张伟明"]}
    assert set(Reminder.objects.values_list("snoozed_until", flat=True)) == {TODAY + timedelta(days=7)}


def test_several_rows_at_once_and_only_ones_own(bank, customer, sign_in):
    mine = ask(customer, bank.owner, "birthday")
    other = make_customer("C2", "李四", bank.branch, owner=bank.colleague)
    theirs = ask(other, bank.colleague, "birthday")
    browser = sign_in(bank.owner)
    rows = [f"{mine.pk},{theirs.pk}", "nonsense"]
    refused = browser.post(reverse("today-many"), {"rows": rows, "action": "done"})
    assert refused.status_code == 422
    assert (
        browser.post(reverse("today-many"), {"rows": rows, "action": "snooze", "next": "tomorrow"}).status_code == 200
    )
    assert (
        browser.post(reverse("today-many"), {"rows": rows, "action": "done", "outcome": "微信祝福"}).status_code == 200
    )
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.state, mine.outcome, mine.ended_by) == ("done", "微信祝福", bank.owner)
    assert (theirs.state, theirs.snoozed_until) == ("open", None)
    assert Entry.objects.filter(object_type="reminder", object_ids=[customer.pk]).count() == 2


def test_the_figures_say_what_was_done_of_what_was_planned(bank, customer, sign_in):
    browser = sign_in(bank.owner)
    empty = browser.get(reverse("today-figures")).content.decode()
    assert "no answers yet" in empty
    assert "nothing was due" in empty
    reminders.finish(ask(customer, bank.owner, "birthday"), by=bank.owner, outcome="x")
    ask(customer, bank.owner, "promise", TODAY - timedelta(days=1), text="x")
    Interaction.objects.create(
        customer=customer, channel="phone", outcome="talked", by=bank.owner, at=timezone.now(), satisfaction=5
    )
    page = browser.get(reverse("today-figures")).content.decode()
    for words in ("of 2", "1 late", "100%", "n=1", "0%"):
        assert words in page


def test_a_row_that_is_done_says_so_and_other_people_get_nothing(bank, customer, sign_in):
    asked = ask(customer, bank.owner, "birthday")
    row = reverse("today-row", args=[customer.number])
    browser = sign_in(bank.owner)
    assert "data-under" in browser.get(row).content.decode()
    reminders.finish(asked, by=bank.owner, outcome="x")
    assert "nothing open any more" in browser.get(row).content.decode()
    assert sign_in(bank.colleague).get(row).status_code == 404
    for name in ("reminder-done", "reminder-snooze", "reminder-dismiss"):
        assert answered(sign_in(bank.colleague), name, customer, asked.pk).status_code == 404


def test_the_next_contact_is_one_tap(bank, customer, sign_in):
    browser = sign_in(bank.owner)
    url = reverse("interactions:next", args=[customer.number])
    assert "Nothing is planned" in browser.get(url).content.decode()
    assert browser.post(url, {"next": "day"}).status_code == 422
    answer = browser.post(url, {"next": "day", "next_on": "2026-11-24"})
    assert "2026-11-24" in answer.content.decode()
    assert "reminders-changed" in answer["HX-Trigger"]


def test_reminders_of_restricted_customers_are_stored_and_not_shown(bank, customer):
    ask(customer, bank.owner, "birthday")
    Customer.objects.filter(pk=customer.pk).update(status="restricted")
    assert buckets(bank.owner) == {}
