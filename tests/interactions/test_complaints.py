"""Complaints from receipt to a hand held out, and what they and the contact policy look like on a page."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from crm.audit.models import Entry
from crm.lib.dates import bank_day
from crm.staff.models import Role
from customers.walk_in import open_walk_in
from interactions import complaints, refusals
from interactions.models import Complaint
from interactions.standing import standing_of
from tests.factories import make_customer, make_person


def receive(customer, by, **options):
    return complaints.receive(customer, **{"text": "Waited an hour", "by": by} | options)


def url(name, customer, *arguments):
    return reverse(f"interactions:{name}", args=[customer.number, *arguments])


def case(name, complaint):
    return reverse(f"complaints:{name}", args=[complaint.number])


TAKEN = {"received_on": bank_day().isoformat(), "severity": "medium", "category": "queue", "via": "visit"}
CLOSING = {
    "ending": "apologised", "offer": "priority window", "satisfaction": "4",
    "confirmation": "confirmed", "confirmed_via": "phone", "confirmed_on": bank_day().isoformat(),
}  # fmt: skip


def test_numbers_count_up_by_the_day_of_receipt(bank, customer):
    at = datetime.fromisoformat("2026-03-02T23:30+08:00")
    first, second = receive(customer, bank.agent, at=at), receive(customer, bank.agent, at=at)
    assert (first.number, second.number) == ("TS-20260302-0001", "TS-20260302-0002")
    Complaint.objects.filter(pk=second.pk).update(number="TS-20260302-9999")
    assert receive(customer, bank.agent, at=at).number == "TS-20260302-10000"
    assert receive(customer, bank.agent, at=at).number == "TS-20260302-10001"
    assert first.due == date(2026, 3, 17)


def test_the_owner_handles_it_and_nobody_one_about_themselves(bank, customer):
    assert receive(customer, bank.agent).handler == bank.owner
    assert receive(customer, bank.agent, about=bank.agent).handler == bank.owner
    assert receive(customer, bank.agent, about=bank.owner).handler == bank.supervisor
    head = make_person("S0001", "总行长", Role.SUPERVISOR, bank.branch.parent)
    bank.supervisor.is_active = False
    bank.supervisor.save()
    assert receive(customer, bank.agent, about=bank.owner).handler == head
    assert receive(customer, bank.agent, about=bank.owner, handler=bank.colleague).handler == bank.colleague
    with pytest.raises(complaints.OwnComplaintError):
        receive(customer, bank.agent, about=bank.colleague, handler=bank.colleague)
    pooled = make_customer("620100000009", "李静", bank.branch)
    assert receive(pooled, bank.agent).handler == head


def test_sales_wait_until_it_is_closed_and_acknowledged_in_any_order(bank, customer):
    day = bank_day()
    first, second = receive(customer, bank.agent), receive(customer, bank.agent)
    complaints.acknowledge(first, by=bank.owner)
    complaints.close(second, ending="apologised", by=bank.owner)
    assert complaints.on_hold(customer) == first
    assert standing_of(customer, day).hold == "open"
    complaints.close(first, ending="refunded", offer="priority window", satisfaction=4, by=bank.owner)
    assert standing_of(customer, day).hold == "unacknowledged"
    complaints.acknowledge(second, by=bank.owner)
    assert complaints.on_hold(customer) is None
    assert standing_of(customer, day).hold == ""
    assert set(Entry.objects.filter(object_type="complaint").values_list("object_label", flat=True)) == {
        first.number,
        second.number,
    }


def test_who_is_complained_about_does_not_end_it_and_nobody_ends_it_twice(bank, customer):
    complaint = receive(customer, bank.agent, about=bank.owner)
    with pytest.raises(complaints.OwnComplaintError):
        complaints.close(complaint, ending="all is well", by=bank.owner)
    with pytest.raises(complaints.OwnComplaintError):
        complaints.extend(complaint, 30, reason="busy", by=bank.owner)
    with pytest.raises(ValueError, match="15 to 30 to 60"):
        complaints.extend(complaint, 60, reason="at once", by=bank.supervisor)
    complaints.extend(complaint, 30, reason="the branch's films are asked for", by=bank.supervisor)
    complaints.extend(complaint, 60, reason="and the cash machine's", by=bank.supervisor)
    complaint.refresh_from_db()
    assert complaint.due == bank_day(complaint.received_at) + timedelta(days=60)
    complaints.close(complaint, ending="apologised", by=bank.supervisor)
    with pytest.raises(complaints.AlreadyClosedError):
        complaints.close(complaint, ending="again", by=bank.supervisor)


def test_from_the_panel_received_closed_and_acknowledged(bank, customer, sign_in):
    owner = sign_in(bank.owner)
    day = bank_day().isoformat()
    answer = owner.post(url("complaint-receive", customer), TAKEN | {"text": "Waited an hour", "received_on": day})
    assert answer.headers["HX-Trigger"] == "interactions-changed, suggestions-changed"
    assert answer.headers["HX-Retarget"] == "#complaints-panel"
    assert "Waited an hour" in answer.content.decode()
    assert "handled by 林悦" in answer.content.decode()
    complaint = Complaint.objects.get()
    done = owner.post(case("close", complaint), CLOSING)
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, case("case", complaint))
    closed = owner.get(url("complaints", customer)).content.decode()
    assert "priority window" in closed
    assert "Sales wait until somebody has said sorry in person." in closed
    done = owner.post(url("complaint-acknowledge", customer, complaint.pk)).content.decode()
    assert "林悦 said sorry in person" in done
    assert not standing_of(customer, bank_day()).hold


def test_a_refused_form_says_why_and_keeps_what_was_typed(bank, customer, sign_in):
    owner = sign_in(bank.owner)
    tomorrow = (bank_day() + timedelta(days=1)).isoformat()
    typed = TAKEN | {"text": "Rude at the counter", "received_on": tomorrow, "about": "R1002", "handler": "R1002 罗倩"}
    answer = owner.post(url("complaint-receive", customer), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in ("Choose a day from a year ago to today", "Nobody handles a complaint about", "Rude at the counter"):
        assert said in page
    assert 'value="R1002 罗倩"' in page
    unknown = owner.post(url("complaint-receive", customer), typed | {"about": "R9999"})
    assert "Nobody who works here has this employee number" in unknown.content.decode()


def test_a_walk_in_may_bring_a_complaint_but_the_manager_says_sorry(bank, customer, sign_in):
    open_walk_in(bank.agent, customer, "counter")
    agent = sign_in(bank.agent)
    taken = agent.post(url("complaint-receive", customer), TAKEN | {"text": "Waited"})
    assert taken.status_code == 200
    complaint = Complaint.objects.get()
    assert "I said sorry in person" not in taken.content.decode()
    assert agent.post(url("complaint-acknowledge", customer, complaint.pk)).status_code == 403
    assert sign_in(bank.outsider).post(url("complaint-acknowledge", customer, complaint.pk)).status_code == 404
    assert sign_in(bank.supervisor).post(url("complaint-acknowledge", customer, complaint.pk)).status_code == 200


def test_a_complaint_is_found_through_its_own_customer_alone(bank, customer, sign_in):
    other = make_customer("620100000002", "李静", bank.other_branch, owner=bank.outsider)
    complaint = receive(other, bank.agent)
    assert sign_in(bank.owner).post(url("complaint-acknowledge", customer, complaint.pk)).status_code == 404


def test_a_restricted_customer_is_shown_and_not_changed(bank, customer, sign_in):
    receive(customer, bank.agent)
    customer.status = "restricted"
    customer.save()
    owner = sign_in(bank.owner)
    assert "<button" not in owner.get(url("complaints", customer)).content.decode()
    assert "<button" not in owner.get(url("policy", customer)).content.decode()
    assert owner.get(url("pause", customer)).status_code == 403


def test_what_not_to_talk_about_and_one_tap_to_reopen_it(bank, customer, sign_in):
    owner = sign_in(bank.owner)
    refused = owner.post(url("refuse", customer), {"topic": "fund", "reason": "lost money in 2015"})
    assert (refused.status_code, refused.headers["HX-Trigger"]) == (204, "interactions-changed, suggestions-changed")
    refusals.refuse(customer, "goal_saving", by=bank.owner, open_ended=True)
    page = owner.get(url("policy", customer)).content.decode()
    until = bank_day() + timedelta(days=45)
    assert f"rests until {until.isoformat()}" in page
    assert "lost money in 2015" in page
    # The words of a need belong to a higher room.
    assert "a savings goal" in page
    assert "0 of 3 used" in page
    owner.post(url("reopen", customer), {"topic": "fund"})
    owner.post(url("reopen", customer), {"topic": "goal_saving"})
    assert "No topic rests." in owner.get(url("policy", customer)).content.decode()


def test_a_pause_keeps_nothing_but_until_when(bank, customer, sign_in):
    owner = sign_in(bank.owner)
    until = bank_day() + timedelta(days=60)
    early = owner.post(url("pause", customer), {"reason": "personal", "until": bank_day().isoformat()})
    assert early.status_code == 422
    assert "Choose a day from tomorrow" in early.content.decode()
    owner.post(url("pause", customer), {"reason": "personal", "until": until.isoformat()})
    assert "Sales are paused until" in owner.get(url("policy", customer)).content.decode()
    owner.post(url("pause-end", customer))
    assert "Sales are paused" not in owner.get(url("policy", customer)).content.decode()
    changes = Entry.objects.filter(object_label=customer.number, action="change").order_by("pk")
    assert [entry.detail for entry in changes] == [
        {"paused_until": until.isoformat(), "pause": "personal"},
        {"pause_ended": bank_day().isoformat()},
    ]
