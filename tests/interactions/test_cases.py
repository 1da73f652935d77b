"""Complaints as cases: their pages, their steps, who is told before the day, their end with the customer, and limits."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.urls import reverse
from django.utils import timezone, translation

from crm.audit.models import Entry
from crm.lib.dates import bank_day
from crm.lib.night import Night
from crm.staff.models import Notice, Role
from customers.walk_in import open_walk_in
from interactions import complaints
from interactions.complaints import Confirmed
from interactions.complaints.escalation import remind
from interactions.models import Complaint, ComplaintStep
from interactions.night.cases import REMIND_OF_COMPLAINTS
from interactions.standing import standing_of
from tests.factories import make_customer, make_person


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def receive(customer, by, **options):
    return complaints.receive(customer, **{"text": "Waited an hour", "by": by} | options)


def case(complaint, name="case"):
    return reverse(f"complaints:{name}", args=[complaint.number])


def told(person) -> list[str]:
    return [notice.text() for notice in Notice.objects.filter(user=person).order_by("pk")]


def kinds(complaint) -> list[str]:
    return list(complaint.steps.order_by("pk").values_list("kind", flat=True))


def closing(**changed):
    return {
        "ending": "Fee paid back", "offer": "No fee next year", "satisfaction": "", "confirmation": "confirmed",
        "confirmed_via": "phone", "confirmed_on": bank_day().isoformat(), "tries": "", "unreachable_reason": "",
    } | changed  # fmt: skip


# Nobody handles what concerns themselves: by function, form and database


def test_the_database_refuses_a_case_in_the_hands_of_who_it_is_about(bank, customer):
    complaint = receive(customer, bank.agent, about=bank.colleague)
    with pytest.raises(IntegrityError, match="complaint_handler_not_about"), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(handler=bank.colleague)
    with pytest.raises(IntegrityError, match="complaint_handler_not_about"), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(about=complaint.handler)


def test_a_case_is_handed_over_for_a_reason_and_never_to_who_it_is_about(bank, customer, sign_in):
    complaint = receive(customer, bank.agent, about=bank.colleague)
    with pytest.raises(complaints.OwnComplaintError):
        complaints.assign(complaint, bank.colleague, reason="is there", by=bank.owner)
    owner = sign_in(bank.owner)
    asked = owner.post(case(complaint, "assign"), {"handler": "R1002 罗倩", "reason": "is there"})
    assert asked.status_code == 422
    assert "Nobody handles a complaint about themselves" in asked.content.decode()
    assert "is there" in asked.content.decode()
    admin = owner.post(case(complaint, "assign"), {"handler": bank.admin.employee_number, "reason": "is there"})
    assert "does not serve customers" in admin.content.decode()
    done = owner.post(case(complaint, "assign"), {"handler": bank.supervisor.employee_number, "reason": "knows her"})
    assert done.headers["HX-Redirect"] == case(complaint)
    complaint.refresh_from_db()
    assert complaint.handler == bank.supervisor
    assert told(bank.supervisor) == [f"Complaint {complaint.number} is yours to answer by {complaint.due}."]
    assert "knows her" in owner.get(case(complaint)).content.decode()


def test_said_to_be_about_its_handler_it_is_handed_over_first(bank, customer, sign_in):
    complaint = receive(customer, bank.agent)
    asked = {"severity": "high", "category": "fees", "about": bank.owner.employee_number}
    refused = sign_in(bank.supervisor).post(case(complaint, "classify"), asked)
    assert "hand it over to somebody else first" in refused.content.decode()
    complaints.assign(complaint, bank.supervisor, reason="about the owner", by=bank.supervisor)
    assert sign_in(bank.supervisor).post(case(complaint, "classify"), asked).status_code == 204
    complaint.refresh_from_db()
    assert (complaint.about, complaint.severity, complaint.category) == (bank.owner, "high", "fees")


def test_who_it_is_about_reads_no_notes_and_does_nothing(bank, customer, sign_in):
    complaint = receive(customer, bank.agent, about=bank.owner)
    complaints.note(complaint, text="The film shows it", by=bank.supervisor)
    owner = sign_in(bank.owner)
    page = owner.get(case(complaint)).content.decode()
    assert "somebody else handles it" in page
    assert "The film shows it" not in page
    assert owner.post(case(complaint, "note"), {"text": "It was not so"}).status_code == 403
    assert owner.post(case(complaint, "close"), closing()).status_code == 403
    with pytest.raises(complaints.OwnComplaintError):
        complaints.note(complaint, text="It was not so", by=bank.owner)
    assert "The film shows it" in sign_in(bank.supervisor).get(case(complaint)).content.decode()


# Time to answer


def test_more_time_goes_from_15_to_30_to_60_days_each_with_who_and_why(bank, customer, sign_in):
    at = timezone.now() - timedelta(days=3)
    complaint = receive(customer, bank.agent, at=at)
    owner = sign_in(bank.owner)
    assert owner.post(case(complaint, "extend"), {"days": "60", "reason": "films"}).status_code == 422
    assert owner.post(case(complaint, "extend"), {"days": "30", "reason": ""}).status_code == 422
    for days, reason in (("30", "films are asked for"), ("60", "the other bank answers")):
        assert owner.post(case(complaint, "extend"), {"days": days, "reason": reason}).status_code == 204
    complaint.refresh_from_db()
    assert complaint.due == bank_day(at) + timedelta(days=60)
    steps = ComplaintStep.objects.filter(complaint=complaint, kind="extended").order_by("pk")
    assert [(step.text, step.by, step.due) for step in steps] == [
        ("films are asked for", bank.owner, bank_day(at) + timedelta(days=30)),
        ("the other bank answers", bank.owner, bank_day(at) + timedelta(days=60)),
    ]
    assert owner.post(case(complaint, "extend"), {"days": "60", "reason": "again"}).status_code == 422
    assert "More time" not in owner.get(case(complaint)).content.decode()
    with pytest.raises(IntegrityError, match="complaint_days"), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(days=90)


def test_the_night_tells_the_handler_five_days_before_and_the_supervisor_two_days_before_and_when_late(bank, customer):
    complaint = receive(customer, bank.owner)
    due, day = complaint.due, timedelta(days=1)
    assert remind(due - 6 * day) == 0
    assert remind(due - 5 * day) == 1
    assert told(bank.owner) == [f"Complaint {complaint.number} is to be answered by {due}."]
    assert told(bank.supervisor) == []
    assert remind(due - 5 * day) == remind(due - 3 * day) == 0  # a night again, and the next ones
    assert remind(due - 2 * day) == 1
    assert remind(due) == 0
    assert remind(due + day) == 1
    assert remind(due + 2 * day) == 0
    assert told(bank.supervisor) == [
        f"Complaint {complaint.number} of your branch is still open: answer due {due}.",
        f"Complaint {complaint.number} is late: its answer was due {due}.",
    ]
    assert len(told(bank.owner)) == 1
    levels = complaint.steps.filter(kind="escalated").order_by("pk").values_list("level", "person")
    assert list(levels) == [("soon", bank.owner.pk), ("near", bank.supervisor.pk), ("late", bank.supervisor.pk)]


def test_with_more_time_the_reminders_come_again_and_a_closed_case_has_none(bank, customer):
    complaint = receive(customer, bank.owner)
    assert remind(complaint.due) == 2
    complaints.extend(complaint, 30, reason="films", by=bank.owner)
    assert remind(complaint.due) == 0
    assert remind(complaint.due + timedelta(days=13)) == 2
    complaints.close(complaint, ending="settled", by=bank.owner)
    assert remind(complaint.due + timedelta(days=60)) == 0


def test_a_late_case_of_the_supervisor_is_told_one_above_and_never_who_it_is_about(bank, customer):
    head = make_person("S0001", "总行长", Role.SUPERVISOR, bank.branch.parent)
    complaint = receive(customer, bank.agent, about=bank.owner)  # so the supervisor handles it
    assert complaint.handler == bank.supervisor
    with connection.cursor() as cursor:
        REMIND_OF_COMPLAINTS.publish(cursor, Night(run=1, day=complaint.due, full=False))
    assert told(head) == [f"Complaint {complaint.number} is late: its answer was due {complaint.due}."]
    assert told(bank.owner) == []


def test_many_cases_cost_the_night_as_many_queries_as_few(bank, customer, django_assert_max_num_queries):
    for _n in range(6):
        receive(customer, bank.owner)
    with django_assert_max_num_queries(8):
        assert remind(bank_day() + timedelta(days=14)) == 12


def test_a_severe_case_is_told_to_the_supervisor_at_once_and_once(bank, customer):
    complaint = receive(customer, bank.owner, severity="high")
    said = [f"Severe complaint {complaint.number}: answer due {complaint.due}."]
    assert told(bank.supervisor) == said
    complaints.classify(complaint, severity="high", category="fees", about=None, by=bank.owner)
    assert told(bank.supervisor) == said
    mild = receive(customer, bank.owner)
    complaints.classify(mild, severity="high", category="fees", about=None, by=bank.owner)
    assert len(told(bank.supervisor)) == 2


def test_a_low_answer_to_a_survey_opens_a_case_without_anybody(bank, customer):
    complaint = complaints.open_from_survey(customer, text="Nobody called back", severity="high")
    assert (complaint.via, complaint.handler, complaint.state) == ("survey", bank.owner, "open")
    assert told(bank.owner) == [f"Complaint {complaint.number} is yours to answer by {complaint.due}."]
    assert len(told(bank.supervisor)) == 1
    assert complaint.steps.get(kind="received").by is None
    assert Entry.objects.get(object_label=complaint.number, action="create").actor_id is None


# The end


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ending": ""}, "required"),
        ({"offer": ""}, "required"),
        ({"confirmed_via": ""}, "Say how the customer agreed."),
        ({"confirmed_on": ""}, "Say when."),
        ({"confirmation": "unreachable", "unreachable_reason": "moved"}, "Say how often you tried."),
        ({"confirmation": "unreachable", "tries": "3"}, "Say why."),
    ],
)
def test_a_case_is_closed_with_its_end_the_remedy_and_the_customer(bank, customer, sign_in, changed, said):
    complaint = receive(customer, bank.agent)
    answer = sign_in(bank.owner).post(case(complaint, "close"), closing(**changed))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    complaint.refresh_from_db()
    assert complaint.state == "open"


def test_closed_with_the_customer_or_after_having_tried(bank, customer, sign_in):
    agreed, silent = receive(customer, bank.agent), receive(customer, bank.agent)
    owner = sign_in(bank.owner)
    owner.post(case(agreed, "close"), closing())
    owner.post(case(silent, "close"), closing(confirmation="unreachable", tries="3", unreachable_reason="moved away"))
    agreed.refresh_from_db()
    silent.refresh_from_db()
    assert (agreed.confirmation, agreed.confirmed_via, agreed.tries) == ("confirmed", "phone", None)
    assert bank_day(agreed.confirmed_at) == bank_day()
    assert (silent.confirmation, silent.confirmed_at, silent.tries) == ("unreachable", None, 3)
    assert "not reached after 3 tries" in owner.get(case(silent)).content.decode()
    with pytest.raises(ValueError, match="confirmed with the customer"):
        Confirmed(tries=3)


def test_when_the_customer_comes_back_the_case_is_open_again_and_sales_wait(bank, customer, sign_in):
    complaint = receive(customer, bank.agent, at=timezone.now() - timedelta(days=10))
    complaints.extend(complaint, 30, reason="films", by=bank.owner)
    complaints.acknowledge(complaint, by=bank.owner)
    with pytest.raises(complaints.NotClosedError):
        complaints.reopen(complaint, reason="again", by=bank.owner)
    complaints.close(complaint, ending="settled", offer="window", satisfaction=4, by=bank.owner)
    assert not standing_of(customer, bank_day()).hold
    assert sign_in(bank.owner).post(case(complaint, "reopen"), {"reason": "Charged again"}).status_code == 204
    complaint.refresh_from_db()
    assert (complaint.state, complaint.days, complaint.due) == ("open", 15, bank_day() + timedelta(days=15))
    assert (complaint.closed_at, complaint.acknowledged_at, complaint.confirmation) == (None, None, "")
    assert standing_of(customer, bank_day()).hold == "open"
    assert kinds(complaint) == ["received", "extended", "acknowledged", "closed", "reopened"]
    page = sign_in(bank.owner).get(case(complaint)).content.decode()
    assert "Charged again" in page
    assert "settled" in page


def test_steps_are_never_changed_nor_deleted_by_the_app(bank, customer):
    complaint = receive(customer, bank.agent)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        complaint.steps.update(text="it was otherwise")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        complaint.steps.all().delete()


# Who sees what


def test_a_case_is_seen_by_who_sees_the_customer_and_who_handles_it(bank, customer, sign_in):
    complaint = receive(customer, bank.agent)
    assert sign_in(bank.colleague).get(case(complaint)).status_code == 404
    assert sign_in(bank.outsider).get(case(complaint)).status_code == 404
    assert Entry.objects.filter(object_type="complaint", result="denied").count() == 2
    complaints.assign(complaint, bank.outsider, reason="neutral", by=bank.supervisor)
    page = sign_in(bank.outsider).get(case(complaint)).content.decode()
    assert "Waited an hour" in page
    assert reverse("customer", args=[customer.number]) not in page  # the case alone, not the customer
    assert sign_in(bank.outsider).post(case(complaint, "note"), {"text": "Called"}).status_code == 204
    open_walk_in(bank.agent, customer, "counter")
    assert sign_in(bank.agent).get(case(complaint)).status_code == 200


def test_the_worklist_has_the_nearest_day_first_and_what_is_late_in_red(bank, customer, sign_in):
    late = receive(customer, bank.agent, text="Long ago", at=timezone.now() - timedelta(days=20))
    fresh = receive(customer, bank.agent, text="Just now", category="fees")
    other = make_customer("620100000002", "李静", bank.other_branch, owner=bank.outsider)
    elsewhere = receive(other, bank.agent, text="Elsewhere")
    page = sign_in(bank.owner).get(reverse("complaints:list")).content.decode()
    assert page.index(late.number) < page.index(fresh.number)
    assert '<span class="late">5 days late</span>' in page
    assert "20 days" in page
    assert elsewhere.number not in page
    complaints.assign(elsewhere, bank.owner, reason="neutral", by=bank.outsider)
    assert elsewhere.number in sign_in(bank.owner).get(reverse("complaints:list")).content.decode()
    of_fees = sign_in(bank.supervisor).get(reverse("complaints:list"), {"category": "fees"}).content.decode()
    assert fresh.number in of_fees
    assert late.number not in of_fees
    handled = sign_in(bank.supervisor).get(reverse("complaints:list"), {"handler": "R1001"}).content.decode()
    assert late.number in handled
    complaints.close(late, ending="settled", by=bank.owner)
    closed = sign_in(bank.owner).get(reverse("complaints:list"), {"state": "closed"}).content.decode()
    assert late.number in closed
    assert fresh.number not in closed


def test_the_worklist_goes_on_behind_its_page_and_leaves_nobody_out(bank, customer, sign_in, monkeypatch):
    made = {receive(customer, bank.agent, at=timezone.now() - timedelta(days=n % 3)).number for n in range(7)}
    monkeypatch.setattr("interactions.complaints.reach.PAGE_SIZE", 3)
    client, seen, url = sign_in(bank.owner), [], reverse("complaints:list")
    while url:
        page = client.get(url).content.decode()
        seen += [number for number in made if number in page]
        url = page.split('hx-get="?', 1)[1].split('"', 1)[0].replace("&amp;", "&") if 'hx-get="?' in page else ""
        url = f"{reverse('complaints:list')}?{url}" if url else ""
    assert sorted(seen) == sorted(made)


def test_turnaround_counts_from_receipt_to_the_end_that_stands(bank, customer):
    complaint = receive(customer, bank.agent, at=datetime.fromisoformat("2026-01-05T10:00+08:00"))
    complaints.close(complaint, ending="settled", by=bank.owner)
    complaints.reopen(complaint, reason="not settled", by=bank.owner)
    complaints.close(complaint, ending="settled now", by=bank.owner)
    complaint.refresh_from_db()
    assert complaint.closed_at > complaint.reopened_at > complaint.received_at
