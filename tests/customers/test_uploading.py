"""A messy list brought in the browser: recognised, checked, imported, mended, undone."""

import io
from datetime import UTC, date, datetime
from typing import Any

import pytest
import python_calamine
from celery import current_app
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import Action, Entry
from crm.nightly.models import Run
from customers import consent, profile
from customers.importing.kind import resolve
from customers.models import Channel, ColumnChoice, Customer, ImportBatch, KeptRow, StagedRow, Upload
from customers.tasks import forget_lists
from customers.uploading import running
from customers.uploading.layout import find_layout
from interactions.models import Reminder
from tests.customers.spreadsheets import LISTS, cut_phones, titled, unknown_words
from tests.factories import make_customer


@pytest.fixture(autouse=True)
def work_at_once():
    """Tasks run where they are asked for: no worker stands beside these tests."""
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = False


def send(browser, path, name: str = ""):
    file = SimpleUploadedFile(name or path.name, path.read_bytes())
    return browser.post(reverse("customers:upload"), {"file": file})


def bring(browser, path, name: str = "") -> Upload:
    """The list received, with the columns that were offered."""
    answer = send(browser, path, name)
    assert answer.status_code == 302, answer.content.decode()
    return Upload.objects.latest("pk")


def offered(upload: Upload) -> dict[str, Any]:
    """What the form of columns holds when nobody touches it."""
    meant = {column: target for target, column in upload.choices["columns"].items()}
    fields = {f"column_{place}": meant.get(name, "") for place, name in enumerate(upload.header) if name}
    number = {"make_number": "on"} if upload.choices["make_number"] else {}
    return fields | number | {"branch": upload.choices["branch"], "owner": upload.choices["owner"]}


def page(upload: Upload) -> str:
    return reverse("customers:upload-page", args=[upload.pk])


def check(browser, upload: Upload, **changed: str) -> Upload:
    answer = browser.post(page(upload), offered(upload) | changed)
    assert answer.status_code == 302, answer.content.decode()
    upload.refresh_from_db()
    return upload


def counts(upload: Upload) -> tuple[int, int, int, int]:
    return upload.imported, upload.updated, upload.unchanged, upload.rejected


def act(browser, upload: Upload, name: str) -> Upload:
    assert browser.post(reverse(f"customers:upload-{name}", args=[upload.pk])).status_code == 302
    upload.refresh_from_db()
    return upload


def bring_in(browser, path, name: str = "", **changed: str) -> Upload:
    return act(browser, check(browser, bring(browser, path, name), **changed), "import")


@pytest.mark.parametrize("nasty", LISTS, ids=lambda nasty: nasty.name)
def test_each_nasty_list_ends_as_it_must(nasty, bank, sign_in, tmp_path):
    path = tmp_path / nasty.name
    nasty.make(path)
    browser = sign_in(bank.supervisor)
    answer = send(browser, path)
    if nasty.refused:
        assert answer.status_code == 422
        assert nasty.refused in answer.content.decode()
        assert not Upload.objects.exists()
        return
    upload = Upload.objects.get()
    assert upload.choices["columns"] == nasty.columns
    check(browser, upload)
    assert (upload.state, counts(upload)) == ("checked", nasty.counts), upload.refusal
    assert not Customer.objects.exists()
    told = browser.get(page(upload)).content.decode()
    assert all(reason in told for reason in nasty.reasons)
    act(browser, upload, "import")
    assert (upload.state, counts(upload)) == ("done", nasty.counts)
    assert Customer.objects.count() == nasty.counts[0]
    assert upload.content is None
    assert not StagedRow.objects.exists()


def test_what_the_titled_list_says_is_kept(bank, sign_in, tmp_path):
    titled(tmp_path / "titled.xlsx")
    bring_in(sign_in(bank.supervisor), tmp_path / "titled.xlsx")
    first, second, third = Customer.objects.order_by("number")
    assert [one.birth_date for one in (first, second, third)] == [
        date(1980, 5, 17), date(1990, 1, 2), date(1980, 5, 17),
    ]  # fmt: skip
    assert [one.owner for one in (first, second, third)] == [bank.owner, bank.colleague, bank.colleague]
    assert {one.branch for one in (first, second, third)} == {bank.branch}
    assert first.identifier("phone") == "+8613800138001"
    batch = ImportBatch.objects.get()
    assert (batch.by, batch.imported, batch.file_name) == (bank.supervisor, 3, "list.xlsx")
    assert Entry.objects.filter(action=Action.IMPORT, object_type="import", actor_id=bank.supervisor.pk).count() == 1


def test_reminders_stand_there_at_once(bank, sign_in, tmp_path):
    titled(tmp_path / "titled.xlsx")
    bring_in(sign_in(bank.supervisor), tmp_path / "titled.xlsx")
    assert set(Reminder.objects.values_list("customer__number", "assignee__employee_number")) == {
        ("K1", "R1001"), ("K2", "R1002"), ("K3", "R1002"),
    }  # fmt: skip


@pytest.mark.parametrize("ending", [".xlsm", ".xlsb"])
def test_a_workbook_named_as_one_with_macros_is_refused(ending, bank, sign_in, tmp_path):
    cut_phones(tmp_path / "p.xlsx")
    answer = send(sign_in(bank.supervisor), tmp_path / "p.xlsx", f"p{ending}")
    assert (answer.status_code, "macros" in answer.content.decode()) == (422, True)


def test_limits_are_said_with_their_numbers(bank, sign_in, tmp_path, settings):
    path = tmp_path / "long.csv"
    path.write_text("number,name\n" + "".join(f"L{number},王\n" for number in range(30)), encoding="utf-8")
    settings.UPLOAD_MOST_ROWS = 20
    assert "30 rows, at most 20" in send(sign_in(bank.supervisor), path).content.decode()
    settings.UPLOAD_MOST_BYTES = 20
    assert "at most 20" in send(sign_in(bank.supervisor), path).content.decode()


def test_the_choice_of_columns_is_kept_for_the_next_file_with_these_headings(bank, sign_in, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("名称,编号甲,备注\n王一,N1,教师\n王二,N2,医生\n", encoding="utf-8")
    browser = sign_in(bank.supervisor)
    upload = bring(browser, path)
    refused = browser.post(page(upload), offered(upload) | {"make_number": ""})
    assert refused.status_code == 422
    assert "Say which column is “customer number”" in refused.content.decode()
    twice = browser.post(page(upload), offered(upload) | {"column_1": "name", "column_0": "name"})
    assert "“名称” is this already" in twice.content.decode()
    check(browser, upload, column_1="number", column_2="occupation")
    assert counts(upload) == (2, 0, 0, 0)
    path.write_text("备注,名称,编号甲\n律师,王三,N3\n", encoding="utf-8")
    again = bring(browser, path)
    assert again.choices["columns"] == {"name": "名称", "number": "编号甲", "occupation": "备注"}
    assert "as the last time" in browser.get(page(again)).content.decode()
    assert ColumnChoice.objects.count() == 1


def test_numbers_are_made_of_who_it_is_and_stay(bank, sign_in, tmp_path):
    path = tmp_path / "u.xlsx"
    unknown_words(path)
    browser = sign_in(bank.supervisor)
    bring_in(browser, path)
    numbers = set(Customer.objects.values_list("number", flat=True))
    assert len(numbers) == 3
    assert all(len(number) == 13 and number.startswith("Z") for number in numbers)
    again = check(browser, bring(browser, path))
    assert counts(again) == (0, 0, 3, 0)


def test_the_error_sheet_holds_text_alone_and_comes_back_mended(bank, sign_in, tmp_path):
    path = tmp_path / "formulas.xlsx"
    next(nasty for nasty in LISTS if nasty.name == path.name).make(path)
    browser = sign_in(bank.supervisor)
    upload = bring_in(browser, path)
    answer = browser.get(reverse("customers:upload-errors", args=[upload.pk]))
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    head, row = book.get_sheet_by_index(0).to_python()
    assert head == ["Why it was not imported", "客户号", "姓名", "职业"]
    assert row[1:] == ["=1+1", '=HYPERLINK("http://x")', "@SUM(1)"]
    assert b"<f>" not in answer.content
    mended = tmp_path / "mended.csv"
    mended.write_text(f"{','.join(head)}\n{row[0].replace(',', '')},F1,冯一,医生\n", encoding="utf-8")
    second = bring(browser, mended)
    assert second.choices["columns"] == upload.choices["columns"]
    assert "Why it was not imported" not in browser.get(page(second)).content.decode()
    assert counts(act(browser, check(browser, second), "import")) == (1, 0, 0, 0)


def test_a_customer_of_another_branch_is_not_touched(bank, sign_in, tmp_path):
    make_customer("K1", "何人", bank.other_branch, owner=bank.outsider)
    titled(tmp_path / "t.xlsx")
    upload = bring_in(sign_in(bank.supervisor), tmp_path / "t.xlsx")
    assert counts(upload) == (2, 0, 0, 2)
    assert Customer.objects.get(number="K1").name == "何人"


def test_undo_deletes_the_new_restores_the_changed_and_leaves_who_somebody_was_at(bank, sign_in, tmp_path):
    known = make_customer("K1", "张旧名", bank.branch, owner=bank.owner, phone="+8613700137000", occupation="工人")
    before = Customer.objects.filter(pk=known.pk).values().get()
    titled(tmp_path / "t.xlsx")
    browser = sign_in(bank.supervisor)
    upload = bring_in(browser, tmp_path / "t.xlsx")
    assert counts(upload) == (2, 1, 0, 1)
    assert Customer.objects.get(pk=known.pk).name == "张三丰"
    edited = Customer.objects.get(number="K2")
    profile.change(edited, "preferred_channel", Channel.PHONE, by=bank.colleague)
    act(browser, upload, "undo")
    assert upload.state == "undone"
    assert upload.undone == {"deleted": 1, "restored": 1, "stayed": 1}
    assert set(Customer.objects.values_list("number", flat=True)) == {"K1", "K2"}
    assert Customer.objects.filter(pk=known.pk).values().get() == before
    assert not KeptRow.objects.exists()
    assert Entry.objects.filter(action=Action.DELETE, object_type="customer").count() == 1


def test_a_customer_with_an_agreement_or_a_touched_reminder_stays(bank, sign_in, tmp_path):
    titled(tmp_path / "t.xlsx")
    browser = sign_in(bank.supervisor)
    upload = bring_in(browser, tmp_path / "t.xlsx")
    consent.give(Customer.objects.get(number="K1"), ("profiling", "", ""), means="phone", by=bank.owner)
    Reminder.objects.filter(customer__number="K2").update(touched_at=timezone.now())
    act(browser, upload, "undo")
    assert upload.undone == {"deleted": 1, "restored": 0, "stayed": 2}
    assert set(Customer.objects.values_list("number", flat=True)) == {"K1", "K2"}


def test_after_a_night_an_import_stands(bank, sign_in, tmp_path):
    titled(tmp_path / "t.xlsx")
    browser = sign_in(bank.supervisor)
    upload = bring_in(browser, tmp_path / "t.xlsx")
    Run.objects.create(day=date(2026, 11, 24), attempt=1, full=False)
    assert "can no longer be undone" in browser.get(page(upload)).content.decode()
    act(browser, upload, "undo")
    assert upload.state == "done"
    assert Customer.objects.count() == 3


def test_nobody_else_sees_a_list_and_what_is_kept_of_it_is_sealed(bank, sign_in, tmp_path):
    cut_phones(tmp_path / "p.xlsx")
    browser = sign_in(bank.supervisor)
    upload = check(browser, bring(browser, tmp_path / "p.xlsx"))
    chief = sign_in(bank.superuser)
    for name in ("page", "problems", "errors", "progress"):
        assert chief.get(reverse(f"customers:upload-{name}", args=[upload.pk])).status_code == 403
    for kept in (upload.content, upload.found, upload.errors):
        assert "王".encode() not in bytes(kept)
    assert "138****8011" in browser.get(page(upload)).content.decode()
    assert "13800138011" not in browser.get(page(upload)).content.decode()


def test_files_that_nobody_imported_are_forgotten(bank, sign_in, tmp_path):
    cut_phones(tmp_path / "p.xlsx")
    bring(sign_in(bank.supervisor), tmp_path / "p.xlsx")
    forget_lists()
    assert Upload.objects.count() == 1
    Upload.objects.update(changed_at=datetime(2026, 1, 1, tzinfo=UTC))
    forget_lists()
    assert not Upload.objects.exists()


def test_nothing_of_a_customer_is_logged_when_it_fails(bank, sign_in, tmp_path, monkeypatch, caplog):
    cut_phones(tmp_path / "p.xlsx")
    browser = sign_in(bank.supervisor)
    upload = bring(browser, tmp_path / "p.xlsx")

    def fail(*_args: Any) -> None:
        raise ValueError("13800138011 王一")

    monkeypatch.setattr(resolve("customers"), "settle", fail)
    check(browser, upload)
    assert upload.state == "new"
    assert "for a reason that is not in the file" in upload.refusal
    assert "13800138011" not in caplog.text
    assert "王" not in caplog.text


def test_headings_can_be_pointed_at(bank, sign_in, tmp_path):
    path = tmp_path / "h.csv"
    path.write_text("客户号,姓名\n客户编号,名称\nH1,王\n", encoding="utf-8")
    browser = sign_in(bank.supervisor)
    upload = bring(browser, path)
    assert upload.header == ["客户号", "姓名"]
    browser.post(reverse("customers:upload-heading", args=[upload.pk]), {"header_row": 2})
    upload.refresh_from_db()
    assert (upload.header, upload.rows) == (["客户编号", "名称"], 1)
    far = browser.post(reverse("customers:upload-heading", args=[upload.pk]), {"header_row": 30})
    assert far.status_code == 422


def test_progress_says_how_far_it_is_and_then_leaves(bank, sign_in, tmp_path):
    cut_phones(tmp_path / "p.xlsx")
    browser = sign_in(bank.supervisor)
    upload = bring(browser, tmp_path / "p.xlsx")
    Upload.objects.update(state="checking")
    running.tell_progress(upload.pk, 3)
    address = reverse("customers:upload-progress", args=[upload.pk])
    assert "3 of 4 rows read" in browser.get(address).content.decode()
    Upload.objects.update(state="checked")
    assert browser.get(address).headers["HX-Redirect"] == page(upload)


def test_the_sheet_with_the_list_is_chosen_among_several(tmp_path):
    titled(tmp_path / "t.xlsx")
    layout = find_layout(tmp_path / "t.xlsx", resolve("customers"))
    assert (layout.sheets, layout.sheet, layout.header_row) == (["说明", "客户"], "客户", 4)


def test_queries_of_the_pages_do_not_grow_with_the_rows(bank, sign_in, tmp_path):
    browser = sign_in(bank.supervisor)
    browser.get(reverse("notices"))  # the first request of a session also notes when it was seen
    path = tmp_path / "q.csv"
    found = []
    for count in (4, 40):
        path.write_text("客户号,姓名,手机\n" + "".join(f"Q{line},王,1\n" for line in range(count)), encoding="utf-8")
        upload = bring(browser, path)
        made = []
        for address in (page(upload), f"{page(upload)}?columns", reverse("customers:upload")):
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address).status_code == 200
            made.append(len(queries))
        check(browser, upload)
        with CaptureQueriesContext(connection) as queries:
            assert "q.csv</h1>" in browser.get(page(upload)).content.decode()
        found.append([*made, len(queries)])
    assert found[0] == found[1]
    assert max(found[0]) <= 12
