"""Who is taken for one person by the night, and who may decide about it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.lib.night import Night
from customers.identifiers import sealed_columns
from customers.models import Customer, DuplicatePair
from customers.night.duplicates import MOST_ALIKE, PUBLISH_DUPLICATES
from tests.factories import make_customer

DAY = date(2026, 11, 1)
BORN = date(1980, 5, 17)
ID_1, ID_2 = "110101198005170011", "11010119800517002X"
LIST = "customers:duplicates"


def look_for_duplicates() -> int:
    with connection.cursor() as cursor:
        return PUBLISH_DUPLICATES.publish(cursor, Night(run=1, day=DAY, full=False))


def found():
    return sorted(
        (pair.a.number, pair.b.number, pair.reasons, pair.strength) for pair in DuplicatePair.objects.all()
    )  # fmt: skip


@pytest.fixture
def pair(bank):
    """One person twice, both of the cast's owner."""
    for number in ("1", "2"):
        make_customer(number, "张伟明", bank.branch, owner=bank.owner, birth_date=BORN, phone="+8613800138000")
    assert look_for_duplicates() == 1
    return DuplicatePair.objects.get()


def test_the_night_finds_three_kinds_and_a_second_one_writes_nothing(bank):
    make_customer("1", "张伟明", bank.branch, id_number=ID_1, id_kind="resident", birth_date=BORN)
    make_customer("2", "张卫明", bank.branch, id_number=ID_1, id_kind="resident")
    make_customer("3", "李静", bank.branch, phone="+8613800138001", birth_date=BORN)
    make_customer("4", "李静", bank.other_branch, phone="+8613800138001", birth_date=BORN)
    make_customer("5", "王蕾", bank.branch, birth_date=BORN)
    make_customer("6", "王蕾", bank.branch, birth_date=BORN, id_number=ID_2, id_kind="resident")
    make_customer("7", "王蕾", bank.branch, birth_date=date(1980, 5, 18))
    make_customer("8", "周明", bank.branch, phone="+8613800138001")
    assert look_for_duplicates() == 3
    assert found() == [
        ("1", "2", ["id_number"], 1), ("3", "4", ["phone_name", "birth_name"], 2), ("5", "6", ["birth_name"], 3),
    ]  # fmt: skip
    assert look_for_duplicates() == 0


def test_two_with_different_id_numbers_are_two_persons(bank):
    for number, id_number in (("1", ID_1), ("2", ID_2)):
        make_customer(number, "张伟明", bank.branch, id_number=id_number, birth_date=BORN, phone="+8613800138000")
    assert look_for_duplicates() == 0


def test_the_restricted_and_a_crowd_under_one_phone_are_no_duplicates(bank):
    make_customer("1", "张伟明", bank.branch, birth_date=BORN)
    make_customer("2", "张伟明", bank.branch, birth_date=BORN, status="restricted")
    for number in range(10, 11 + MOST_ALIKE):
        make_customer(str(number), "对公", bank.branch, phone="+8613800138000")
    assert look_for_duplicates() == 0


def test_what_was_dismissed_does_not_come_back_and_what_no_longer_holds_goes(bank, pair, sign_in):
    judge = reverse("customers:duplicate-judge", args=[pair.pk])
    assert sign_in(bank.owner).post(judge, {"state": "dismissed"}).status_code == 302
    assert look_for_duplicates() == 0
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by) == ("dismissed", bank.owner)
    sign_in(bank.owner).post(judge, {"state": "open"})
    Customer.objects.filter(number="2").update(birth_date=date(1990, 1, 1), phone_index=None)
    assert look_for_duplicates() == 1
    assert not DuplicatePair.objects.exists()


def test_a_pair_with_somebody_one_may_not_see_is_not_there(bank, pair, sign_in):
    Customer.objects.filter(number="2").update(owner=bank.colleague)
    pages = [
        ("get", "customers:duplicate", {}), ("post", "customers:duplicate", {"survivor": "a", "owner": "a"}),
        ("post", "customers:duplicate-judge", {"state": "dismissed"}), ("post", "customers:duplicate-undo", {}),
    ]  # fmt: skip
    for actor in (bank.owner, bank.colleague, bank.outsider):
        browser = sign_in(actor)
        assert "张伟明" not in browser.get(reverse(LIST)).content.decode()
        for method, name, data in pages:
            assert getattr(browser, method)(reverse(name, args=[pair.pk]), data).status_code == 404
    assert sign_in(bank.agent).get(reverse(LIST)).status_code == 403
    assert "张伟明" in sign_in(bank.supervisor).get(reverse(LIST)).content.decode()
    assert sign_in(bank.supervisor).get(reverse("customers:duplicate", args=[pair.pk])).status_code == 200


def test_they_are_compared_merged_and_parted_again_on_the_page(bank, pair, sign_in):
    Customer.objects.filter(number="2").update(district="徐汇区")
    browser, page = sign_in(bank.owner), reverse("customers:duplicate", args=[pair.pk])
    shown = browser.get(page).content.decode()
    assert "138****8000" in shown
    assert "13800138000" not in shown
    refused = browser.post(page, {"district": "b"})
    assert refused.status_code == 422
    assert "Say which of the two stays." in refused.content.decode()
    assert browser.post(page, {"survivor": "a", "district": "b"}).status_code == 302
    kept = Customer.objects.get(number="1")
    assert (kept.district, kept.status) == ("徐汇区", "active")
    assert "2 is closed" in browser.get(page).content.decode()
    assert "张伟明" in browser.get(reverse(LIST), {"state": "merged"}).content.decode()
    assert look_for_duplicates() == 0
    assert browser.post(reverse("customers:duplicate-undo", args=[pair.pk])).status_code == 302
    assert Customer.objects.get(number="1").district == ""
    assert "Which entry stays?" in browser.get(page).content.decode()


def test_id_numbers_that_differ_by_now_are_refused_in_words(bank, pair, sign_in):
    for number, id_number in (("1", ID_1), ("2", ID_2)):
        Customer.objects.filter(number=number).update(**sealed_columns(number, {"id_number": id_number}))
    page = reverse("customers:duplicate", args=[pair.pk])
    answer = sign_in(bank.owner).post(page, {"survivor": "a", "id_number": "a"})
    assert answer.status_code == 422
    assert "these are two persons" in answer.content.decode()


def test_the_list_is_read_page_by_page_without_a_query_per_pair(bank, sign_in):
    browser = sign_in(bank.owner)
    browser.get(reverse(LIST))
    counts = []
    for first in (0, 40):
        for number in range(first, first + 40):
            for twin in "ab":
                make_customer(f"{number:03d}{twin}", f"张{number}", bank.branch, owner=bank.owner, birth_date=BORN)
        look_for_duplicates()
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(reverse(LIST)).content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
    assert page.count('class="two"') == 30
    cursor = page.split("after=")[1].split('"')[0]
    following = browser.get(reverse(LIST), {"after": cursor}, headers={"HX-Request": "true"}).content.decode()
    assert following.count('class="two"') == 30
    with CaptureQueriesContext(connection) as queries:
        browser.get(reverse("customers:duplicate", args=[DuplicatePair.objects.first().pk]))
    assert len(queries) <= 12
