"""The log cannot be changed by the app, and has a row for every look."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse

from crm.audit.log import record, request_context
from crm.audit.models import Action, Entry, Result
from crm.audit.tasks import create_partitions
from tests.factories import make_customer


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET reason = 'nothing happened'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "DROP TABLE audit_entry",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DO $$ BEGIN EXECUTE format('DELETE FROM audit_entry_%s', to_char(now(), 'YYYY_MM')); END $$",
        "CREATE TABLE audit_entry_2099_01 PARTITION OF audit_entry FOR VALUES FROM ('2099-01-01') TO ('2099-02-01')",
        "UPDATE django_migrations SET name = 'x'",
    ],
)
def test_the_apps_role_may_only_add_rows(db, statement):
    record(Action.VIEW, by=None, label="kept")
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)
    assert Entry.objects.filter(object_label="kept").exists()


def test_partitions_are_made_ahead_by_the_apps_role_and_making_them_again_is_harmless(db):
    create_partitions()
    create_partitions()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit_entry'::regclass")
        assert cursor.fetchone()[0] >= 5


def test_a_page_is_one_look_and_a_list_names_the_ids_it_showed(bank, customer, sign_in):
    other = make_customer("620100000002", "李静", bank.branch, owner=bank.owner)
    browser = sign_in(bank.owner)
    browser.get(reverse("customer", args=[customer.number]))
    browser.get(reverse("customers:profile", args=[customer.number]))
    browser.get(reverse("customers:list"))
    looks = Entry.objects.filter(actor_id=bank.owner.pk).order_by("id")
    assert [(look.action, sorted(look.object_ids)) for look in looks] == [
        (Action.VIEW, [customer.pk]),
        (Action.LIST, [customer.pk, other.pk]),
    ]
    assert all(look.request_id and look.address == "127.0.0.1" for look in looks)


def test_what_was_typed_in_a_search_is_kept_without_its_digits(bank, customer, sign_in):
    sign_in(bank.owner).post(reverse("search"), {"q": "13800138000"})
    entry = Entry.objects.get(action=Action.SEARCH)
    assert entry.object_ids == [customer.pk]
    assert entry.detail["query"] == "*******8000"


def test_a_denied_look_stays_when_the_request_rolls_back(bank, customer):
    from django.http import Http404

    from customers.access import customer_read

    with pytest.raises(Http404), request_context("10.0.0.1"), transaction.atomic():
        customer_read(bank.outsider, customer.number)
    entry = Entry.objects.get(result=Result.DENIED)
    assert (entry.actor_id, entry.object_ids, entry.address) == (bank.outsider.pk, [customer.pk], "10.0.0.1")


def test_a_revealed_phone_is_audited_with_its_reason_and_without_its_value(bank, customer, sign_in):
    address = reverse("customers:reveal", args=[customer.number, "phone"])
    browser = sign_in(bank.owner)
    assert "138****8000" in browser.get(address).content.decode()
    assert browser.post(address, {"reason": "curious"}).status_code == 422
    assert not Entry.objects.filter(action=Action.REVEAL).exists()
    assert "138 0013 8000" in browser.post(address, {"reason": "call"}).content.decode()
    entry = Entry.objects.get(action=Action.REVEAL)
    assert (entry.reason, entry.detail) == ("call", {"identifier": "phone"})


def test_the_log_is_read_only_in_the_admin_and_searchable(bank, customer, sign_in):
    sign_in(bank.owner).get(reverse("customer", args=[customer.number]))
    browser = sign_in(bank.compliance)
    page = browser.get(reverse("admin:audit_entry_changelist"), {"q": customer.number}).content.decode()
    assert "R1001 林悦" in page
    assert "R1001 林悦" not in browser.get(reverse("admin:audit_entry_changelist"), {"q": "999"}).content.decode()
    entry = Entry.objects.get(action=Action.VIEW)
    assert browser.post(reverse("admin:audit_entry_change", args=[entry.pk]), {"reason": "x"}).status_code == 403
    assert browser.post(reverse("admin:audit_entry_delete", args=[entry.pk]), {"post": "yes"}).status_code == 403


def test_a_change_in_the_admin_is_audited(bank, sign_in):
    browser = sign_in(bank.admin)
    answer = browser.post(
        reverse("admin:staff_branch_add"), {"code": "0301", "name": "城东支行", "parent": bank.branch.pk}
    )
    assert answer.status_code == 302
    assert Entry.objects.filter(action=Action.CREATE, actor_id=bank.admin.pk, object_label="0301 城东支行").exists()
