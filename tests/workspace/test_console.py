"""The admin console, and the audit log searched and exported."""

import io
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from crm.audit import searching
from crm.audit.models import Action, Entry, Result
from crm.lib.dates import bank_day
from crm.nightly.models import Run, RunState
from customers.models import ImportBatch
from tests.factories import make_customer
from tests.interactions.messages import make_template, queued

AUDIT = reverse("audit-search")


def seen(by, label: str = "", *, days: int = 0, **fields) -> Entry:
    at = timezone.now() - timedelta(days=days)
    return Entry.objects.create(
        **({"action": Action.VIEW, "object_type": "customer", "object_label": label, "at": at,
            "actor_id": by.pk, "actor_label": str(by)} | fields)
    )  # fmt: skip


def labels(answer) -> list[str]:
    return [row["object_label"] for row in answer.context["rows"]]


def test_an_admin_begins_at_the_console_which_says_what_fails_and_what_waits(bank, sign_in, customer):
    now = timezone.now()
    for attempt, state in enumerate([RunState.DONE, RunState.FAILED], start=1):
        Run.objects.create(
            day=bank_day(), attempt=attempt, full=False, state=state, error="no room left" if attempt == 2 else "",
            started_at=now - timedelta(hours=3 - attempt), finished_at=now - timedelta(hours=2 - attempt),
        )  # fmt: skip
    ImportBatch.objects.create(kind="customers", file_name="stuck.csv", started_at=now - timedelta(days=1))
    ImportBatch.objects.create(kind="customers", file_name="done.csv", state="done", rejected=7, finished_at=now)
    version = make_template(bank.admin, bank.compliance).versions.get()
    queued(customer, version, at=now - timedelta(hours=1))
    browser = sign_in(bank.admin)
    assert browser.get(reverse("home")).url == reverse("console")
    text = browser.get(reverse("console")).content.decode()
    for said in (
        "no room left",
        "1 running for more than 12 hours",
        "done.csv",
        ">7<",
        "Messages wait for a worker since",
    ):
        assert said in text, said


def test_a_template_that_nobody_approved_waits(bank, sign_in):
    template = make_template(bank.admin, bank.compliance)
    template.versions.create(number=2, text_zh="新", text_en="new", author=bank.admin)
    page = sign_in(bank.admin).get(reverse("console"))
    assert [version.number for version in page.context["approvals"]] == [2]


def test_health_names_the_part_that_does_not_answer(bank, sign_in, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    text = sign_in(bank.admin).get(reverse("console-health")).content.decode()
    assert "does not answer" in text
    assert "answers in" in text  # the database


def test_the_audit_is_searched_by_person_object_action_result_reason_and_time(bank, sign_in):
    seen(bank.owner, "A")
    seen(bank.colleague, "B", result=Result.DENIED)
    seen(bank.owner, "C", action=Action.REVEAL, reason="call back")
    seen(bank.owner, "D", days=40)
    browser = sign_in(bank.compliance)

    def found(**asked):
        usual = {"first": bank_day() - timedelta(days=6), "last": bank_day()}
        return [label for label in labels(browser.get(AUDIT, usual | asked)) if label in "ABCD" and label]

    assert found() == ["C", "B", "A"]
    assert found(who=bank.owner.employee_number) == ["C", "A"]
    assert found(whom="B") == found(result="denied") == ["B"]
    assert found(action="reveal") == found(reason="CALL") == ["C"]
    assert found(first=bank_day() - timedelta(days=60), who=bank.owner.employee_number) == ["C", "A", "D"]
    assert found(last=bank_day() - timedelta(days=1)) == []


def test_who_saw_a_customer_in_a_list_is_found_by_the_customers_number(bank, sign_in):
    one = make_customer("620100000077", "李静", bank.branch)
    seen(bank.owner, "", action=Action.LIST, object_ids=[one.pk, 99], reason="in a list")
    page = sign_in(bank.admin).get(AUDIT, {"first": bank_day(), "last": bank_day(), "whom": one.number})
    assert [row["reason"] for row in page.context["rows"]] == ["in a list"]


def test_a_period_is_required_and_at_most_a_year(bank, sign_in):
    browser = sign_in(bank.admin)
    for asked in ({"first": "", "last": ""}, {"first": "2020-01-01", "last": "2026-01-01"},
                  {"first": "2026-01-02", "last": "2026-01-01", "whom": "kept"}):  # fmt: skip
        answer = browser.get(AUDIT, asked)
        assert answer.status_code == 422
    assert 'value="kept"' in answer.content.decode()


def test_every_page_is_reached_once_at_any_depth(bank):
    at = timezone.now()
    made = [seen(bank.owner, "x", at=at).pk for _ in range(7)]  # at one moment: their ids tell them apart
    asked = searching.Asked(bank_day(), bank_day(), actor_id=bank.owner.pk)
    cursor, got = "", []
    while True:
        page = searching.page(asked, cursor, 3)
        got += [row["pk"] for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            break
    assert sorted(got) == sorted(made)


def test_a_search_that_takes_too_long_is_ended_and_says_so(bank, sign_in, monkeypatch):
    monkeypatch.setattr(
        "crm.audit.searching.found", lambda asked: Entry.objects.extra(where=["pg_sleep(1) IS NOT NULL"])
    )
    monkeypatch.setattr("crm.audit.searching.PATIENCE", 50)
    seen(bank.owner, "x")
    assert "Too much to read through" in sign_in(bank.admin).get(AUDIT).content.decode()


def test_cases_are_for_compliance_alone(bank, sign_in):
    seen(bank.compliance, "case 1", object_type="case")
    assert "case 1" not in labels(sign_in(bank.admin).get(AUDIT))
    assert "case 1" in labels(sign_in(bank.compliance).get(AUDIT))


def test_an_export_needs_a_reason_and_is_itself_audited(bank, sign_in):
    seen(bank.owner, "=cmd()")
    browser = sign_in(bank.compliance)
    today = date.isoformat(bank_day())
    url = f"{reverse('audit-export')}?first={today}&last={today}&whom=%3Dcmd()"
    assert browser.post(url, {"reason": ""}).status_code == 422
    answer = browser.post(url, {"reason": "inspection of the year"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert "inspection of the year" in rows[0][0]
    assert rows[2][5] == "'=cmd()"
    entry = Entry.objects.get(action=Action.EXPORT, object_type="audit")
    assert (entry.actor_id, entry.reason, entry.detail["rows"]) == (bank.compliance.pk, "inspection of the year", 1)
