"""One action on many rows: who is left out and why, done at once or not at all."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from crm.audit.models import Action, Entry
from crm.lib.dates import bank_day
from customers.models import Customer, CustomerTag, Features, Status
from interactions.models import Reminder
from tests.factories import make_customer

BULK = reverse("bulk")


@pytest.fixture
def book(bank) -> list[Customer]:
    made = [
        make_customer(f"62020000000{number}", f"魏紫{'一二三四'[number - 1]}", bank.branch, owner=bank.owner)
        for number in range(1, 5)
    ]
    Customer.objects.filter(pk=made[3].pk).update(status=Status.RESTRICTED)
    return made


def ids(customers) -> list[int]:
    return [customer.pk for customer in customers]


def test_what_would_happen_is_said_before_anything_does(bank, book, sign_in):
    answer = sign_in(bank.owner).post(BULK, {"action": "tag", "id": ids(book), "value": "讲座"}).content.decode()
    assert "It will be done for 3 customers" in answer
    assert "1 customer is left out" in answer
    assert "魏紫四" in answer
    assert "is only stored" in answer
    assert not CustomerTag.objects.exists()


def test_a_tag_is_put_on_all_who_may_have_it_once_with_who_and_when(bank, book, sign_in):
    browser = sign_in(bank.owner)
    said = {"action": "tag", "id": ids(book), "value": "讲座", "confirm": "1"}
    assert "Done for 3 customers" in browser.post(BULK, said).content.decode()
    assert set(CustomerTag.objects.values_list("customer_id", "by_id")) == {(pk, bank.owner.pk) for pk in ids(book[:3])}
    again = browser.post(BULK, said).content.decode()
    assert "Done for 0 customers" in again
    assert "carries this tag already" in again
    assert CustomerTag.objects.count() == 3
    entry = Entry.objects.filter(action=Action.CHANGE, object_type="customer").order_by("pk").first()
    assert sorted(entry.object_ids) == ids(book[:3])
    assert "讲座" in browser.get(reverse("customers:list")).content.decode()


def test_a_follow_up_is_planned_for_each_and_never_twice(bank, book, sign_in):
    browser = sign_in(bank.owner)
    day = bank_day() + timedelta(days=7)
    for _twice in range(2):
        said = {"action": "remind", "id": ids(book), "value": day.isoformat(), "text": "到期承接", "confirm": "1"}
        browser.post(BULK, said)
    assert list(Reminder.objects.order_by("customer").values_list("customer_id", "due", "text", "assignee")) == [
        (pk, day, "到期承接", bank.owner.pk) for pk in ids(book[:3])
    ]


def test_a_day_that_is_over_is_refused_at_the_field(bank, book, sign_in):
    day = (bank_day() - timedelta(days=1)).isoformat()
    answer = sign_in(bank.owner).post(BULK, {"action": "remind", "id": ids(book), "value": day, "confirm": "1"})
    assert answer.status_code == 422
    assert f'value="{day}"' in answer.content.decode()
    assert not Reminder.objects.exists()


def test_a_supervisor_gives_customers_to_a_manager_of_the_branch(bank, book, sign_in):
    said = {"action": "assign", "id": ids(book), "value": bank.colleague.pk, "confirm": "1"}
    assert "Done for 3 customers" in sign_in(bank.supervisor).post(BULK, said).content.decode()
    assert set(Customer.objects.filter(owner=bank.colleague)) == set(book[:3])
    entry = Entry.objects.get(action=Action.CHANGE, object_type="customer")
    assert entry.detail["was"] == {str(pk): bank.owner.pk for pk in ids(book[:3])}
    assert "王海 gave you 3 customers" in sign_in(bank.colleague).get(reverse("notices")).content.decode()


def test_nobody_is_given_to_a_manager_of_another_branch_or_by_a_manager(bank, book, sign_in):
    said = {"action": "assign", "id": ids(book), "value": bank.outsider.pk, "confirm": "1"}
    assert sign_in(bank.supervisor).post(BULK, said).status_code == 422
    assert sign_in(bank.owner).post(BULK, said | {"value": bank.owner.pk}).status_code == 404
    assert not Customer.objects.exclude(owner=bank.owner).exists()


def test_a_customer_of_a_lower_branch_is_not_moved_to_another_one(bank, book, sign_in):
    bank.supervisor.branch = bank.branch.parent
    bank.supervisor.save()
    said = {"action": "assign", "id": ids(book), "value": bank.outsider.pk}
    answer = sign_in(bank.supervisor).post(BULK, said).content.decode()
    assert "It will be done for 0 customers" in answer
    assert "belongs to another branch than the manager" in answer


def test_customers_one_does_not_see_are_counted_and_never_named(bank, book, sign_in):
    said = {"action": "tag", "id": ids(book), "value": "x", "confirm": "1"}
    answer = sign_in(bank.outsider).post(BULK, said).content.decode()
    assert "4 customers are no longer yours" in answer
    assert "魏紫" not in answer
    assert not CustomerTag.objects.exists()


def test_all_of_the_list_is_what_the_filter_holds_up_to_the_cap(bank, book, sign_in, monkeypatch):
    for customer, tier in zip(book, ("gold", "gold", "gold", "mass"), strict=True):
        Features.objects.create(customer=customer, aum=100, tier=tier)
    browser = sign_in(bank.owner)
    said = {"action": "tag", "all": "1", "asked": "book=own&sort=number&tier=gold", "value": "x"}
    assert "It will be done for 3 customers" in browser.post(BULK, said).content.decode()
    monkeypatch.setattr("crm.workspace.bulk.MOST", 2)
    capped = browser.post(BULK, said).content.decode()
    assert re.findall(r'name="id" value="(\d+)"', capped) == [str(pk) for pk in ids(book[:2])]
    assert "more are not done at once" in capped


def test_a_broken_filter_selects_nobody(bank, book, sign_in):
    said = {"action": "tag", "all": "1", "asked": "aum_from=lots", "value": "x", "confirm": "1"}
    assert "Nobody is selected" in sign_in(bank.owner).post(BULK, said).content.decode()
    assert not CustomerTag.objects.exists()


@pytest.mark.parametrize("ids_sent", [["x"], ["-1"], ["9" * 30], [""]])
def test_ids_that_are_none_select_nobody(ids_sent, bank, sign_in):
    assert "Nobody is selected" in sign_in(bank.owner).post(BULK, {"action": "tag", "id": ids_sent}).content.decode()
