"""One tap: what follows of an answer, and that all of it can be taken back; what the gate refuses no post can offer."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import Entry
from crm.lib.dates import bank_day
from interactions.log import Said, log_contact
from interactions.models import Complaint, Interaction, LastContact, Refusal, Reminder, ReminderState
from interactions.standing import standing_of
from interactions.working_days import on_or_after
from recommendations import answers
from recommendations.models import Answer, Suggestion
from recommendations.suggestions import shown
from tests.recommendations.people import known, suggest


@pytest.fixture
def idle(customer):
    known(customer)
    return suggest(customer, "cash-r1", "idle-balance", aum_average_1=12_340_000)


@pytest.fixture
def post(bank, sign_in):
    """`post(suggestion, state)` as the owner; gives the response."""
    browser = sign_in(bank.owner)

    def posted(suggestion, state, **data):
        address = reverse("recommendations:answer", args=[suggestion.customer.number, suggestion.pk])
        return browser.post(address, {"state": state, **data})

    posted.browser = browser
    return posted


def follow(post, what: str, **data):
    said = Answer.objects.latest("pk")
    return post.browser.post(reverse(f"recommendations:{what}", args=[said.suggestion.customer.number, said.pk]), data)


def test_one_tap_lets_the_need_rest_45_days_and_the_next_time_90(customer, idle, post, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    answer = post(idle, "refused")
    assert answer.status_code == 204
    assert "suggestions-changed" in answer["HX-Trigger"]
    assert "interactions-changed" in answer["HX-Trigger"]
    assert Refusal.objects.get().until == bank_day() + timedelta(days=45)
    assert shown(customer, bank_day()).suggestions == []
    time_machine.shift(timedelta(days=46))
    post.browser.force_login(idle.customer.owner, backend="crm.staff.backends.StaffBackend")
    again = suggest(customer, "cash-r1", "idle-balance", aum_average_1=12_340_000)
    assert post(again, "refused").status_code == 204
    assert Refusal.objects.latest("pk").until == bank_day() + timedelta(days=90)


def test_a_double_tap_is_one_answer(customer, idle, post):
    assert [post(idle, "refused").status_code for _ in range(2)] == [204, 204]
    assert Answer.objects.count() == Refusal.objects.count() == 1


def test_the_reason_of_a_refusal_is_a_second_tap(customer, idle, post):
    post(idle, "refused")
    page = post.browser.get(reverse("recommendations:panel", args=[customer.number])).content.decode()
    for reason in ("no need", "too risky", "has it elsewhere", "bad timing", "other"):
        assert reason in page
    assert follow(post, "detail", reason="too_risky").status_code == 204
    assert Answer.objects.get().reason == "too_risky"
    assert Refusal.objects.get().reason == "too risky"
    assert follow(post, "detail").status_code == 422


def test_undo_takes_a_refusal_back(customer, idle, post):
    post(idle, "refused")
    assert "Undo" in post.browser.get(reverse("recommendations:panel", args=[customer.number])).content.decode()
    assert follow(post, "undo").status_code == 204
    idle.refresh_from_db()
    assert idle.state == "open"
    assert standing_of(customer, bank_day()).resting == {}
    assert len(shown(customer, bank_day()).suggestions) == 1
    assert "Undo" not in post.browser.get(reverse("recommendations:panel", args=[customer.number])).content.decode()
    assert Entry.objects.filter(object_type="suggestion", detail__undone="refused").exists()


def test_interested_counts_one_contact_plans_a_follow_up_and_undo_restores_everything(bank, customer, idle, post):
    before = log_contact(customer, by=bank.owner, said=Said(channel="phone", at=timezone.now() - timedelta(days=9)))
    losing = Reminder.objects.create(
        customer=customer, assignee=bank.owner, kind="losing", cause="2026", due=bank_day()
    )
    assert post(idle, "interested")["HX-Trigger"].endswith("reminders-changed")
    contact = Interaction.objects.latest("pk")
    assert (contact.kind, contact.direction, contact.topics) == ("marketing", "out", ["wealth"])
    assert standing_of(customer, bank_day()).budget.used == 1
    follow_up = Reminder.objects.get(kind="follow_up")
    assert follow_up.due == on_or_after(bank_day() + timedelta(days=3))
    assert follow_up.text == "Interested: Cash management product"
    follow(post, "undo")
    idle.refresh_from_db()
    losing.refresh_from_db()
    assert (idle.state, idle.offered_at) == ("open", None)
    assert list(Interaction.objects.all()) == [before]
    assert LastContact.objects.get().at == before.at
    assert not Reminder.objects.filter(kind="follow_up").exists()
    assert losing.state == ReminderState.OPEN
    assert standing_of(customer, bank_day()).budget.used == 0


def test_a_day_of_offers_is_one_contact(customer, idle, post):
    second = suggest(customer, "instalment-saving", "saving-goal")
    for suggestion, state in ((idle, "offered"), (second, "offered"), (idle, "interested")):
        assert post(suggestion, state).status_code == 204
    assert standing_of(customer, bank_day()).budget.used == 1
    assert Interaction.objects.count() == 1


def test_a_service_uses_nothing_of_the_budget(customer, post):
    known(customer)
    assert post(suggest(customer, "lecture", "only-deposits"), "offered").status_code == 204
    assert standing_of(customer, bank_day()).budget.used == 0


def test_a_planned_follow_up_is_not_moved(bank, customer, idle, post):
    planned = Reminder.objects.create(
        customer=customer, assignee=bank.owner, kind="follow_up", cause="x", due=bank_day() + timedelta(days=1)
    )
    post(idle, "interested")
    follow(post, "undo")
    planned.refresh_from_db()
    assert (planned.due, planned.state) == (bank_day() + timedelta(days=1), "open")


def test_later_is_thirty_days_and_another_day_is_a_tap(customer, idle, post):
    post(idle, "later")
    idle.refresh_from_db()
    assert idle.later_until == bank_day() + timedelta(days=30)
    week = bank_day() + timedelta(days=7)
    assert follow(post, "detail", later_until=week.isoformat()).status_code == 204
    idle.refresh_from_db()
    assert idle.later_until == week
    refused = follow(post, "detail", later_until=bank_day().isoformat())
    assert refused.status_code == 422
    assert "Choose a day after today" in refused.content.decode()
    follow(post, "undo")
    idle.refresh_from_db()
    assert (idle.state, idle.later_until) == ("open", None)


def test_a_wrong_fact_ends_it_and_says_which(customer, idle, post):
    post(idle, "wrong")
    assert follow(post, "detail", reason="sold the flat").status_code == 204
    idle.refresh_from_db()
    assert (idle.state, Answer.objects.get().reason) == ("wrong", "sold the flat")
    assert not Refusal.objects.exists()


@pytest.mark.parametrize("state", ["offered", "interested"])
def test_no_crafted_post_offers_what_the_gate_refuses(state, bank, customer, post):
    known(customer, level=4)
    fund = suggest(customer, "equity-r4", "steady-saver")
    customer.risk_assessments.update(level=3)
    answer = post(fund, state)
    assert answer.status_code == 422
    assert "Product risk R4 is above the tolerance C3." in answer.content.decode()
    fund.refresh_from_db()
    assert fund.state == "open"
    assert not Answer.objects.exists()
    assert not Interaction.objects.exists()
    with pytest.raises(answers.GateRefusedError):
        answers.answer(fund, state, by=bank.owner)


def test_while_a_complaint_is_open_nothing_is_offered_and_a_refusal_is_still_noted(customer, idle, post):
    Complaint.objects.create(customer=customer, number="TS-1", text="queue", due=bank_day())
    assert post(idle, "offered").status_code == 422
    assert post(idle, "refused").status_code == 204


def test_what_has_ended_or_is_no_answer_is_refused(customer, idle, post):
    assert post(idle, "over").status_code == 422
    assert post(idle, "open").status_code == 422
    assert post(idle, "refused").status_code == 204
    answer = post(idle, "offered")
    assert answer.status_code == 422
    assert "ended meanwhile" in answer.content.decode()


def test_undo_is_for_who_answered_last_and_not_for_long(bank, customer, idle, post, sign_in, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    post(idle, "offered")
    first = Answer.objects.get()
    address = reverse("recommendations:undo", args=[customer.number, first.pk])
    assert sign_in(bank.supervisor).post(address).status_code == 404
    assert sign_in(bank.outsider).post(address).status_code == 404
    post(idle, "later")
    assert post.browser.post(address).status_code == 422  # not the last one
    time_machine.shift(timedelta(minutes=11))
    late = follow(post, "undo")
    assert late.status_code == 422
    assert "too late" in late.content.decode()
    idle.refresh_from_db()
    assert idle.state == "later"


def test_undo_gives_way_to_a_suggestion_that_the_night_made_since(customer, idle, post):
    post(idle, "wrong")
    suggest(customer, "cash-r1", "idle-balance")
    assert follow(post, "undo").status_code == 422
    assert Suggestion.objects.filter(state="open").count() == 1


def test_an_answer_is_audited_with_its_product(bank, customer, idle, post):
    post(idle, "offered")
    entry = Entry.objects.get(object_type="suggestion")
    assert entry.object_ids == [customer.pk]
    assert entry.detail["product"] == "cash-r1"
    assert entry.detail["answer"] == "offered"


def test_other_peoples_customers_are_not_answered_for(bank, customer, idle, sign_in):
    address = reverse("recommendations:answer", args=[customer.number, idle.pk])
    for person in (bank.colleague, bank.outsider, bank.admin, bank.superuser):
        assert sign_in(person).post(address, {"state": "refused"}).status_code == 404
    assert not Answer.objects.exists()
