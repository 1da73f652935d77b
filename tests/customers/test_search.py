"""Finding by whatever a person types, among those they may see."""

import pytest
from django.db import connection
from django.urls import reverse

from customers.access import visible_to
from customers.search import find
from tests.factories import make_customer

ID_NUMBER = "11010519491231002X"


@pytest.fixture
def people(bank):
    return {
        "wei": make_customer(
            "620100000001", "张伟明", bank.branch, owner=bank.owner, phone="+8613800138000", id_number=ID_NUMBER
        ),
        "shan": make_customer("620100000002", "单晓明", bank.branch, owner=bank.owner, phone="+8613900139001"),
        "pool": make_customer("620100000003", "欧阳修远", bank.branch),
        "smith": make_customer("X-77", "John Smith", bank.branch, owner=bank.owner),
        "other": make_customer("620100000005", "张伟", bank.other_branch, owner=bank.outsider, phone="+8613700138000"),
    }


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("张伟", {"wei"}), ("伟明", {"wei"}), ("张伟明", {"wei"}), ("张 伟明", {"wei"}), ("张", {"wei"}), ("明", set()),
        ("zw", {"wei"}), ("zhangw", {"wei"}), ("ZWM", {"wei"}), ("ｚｗｍ", {"wei"}), ("z", set()),
        ("sxm", {"shan"}), ("dan", {"shan"}), ("shanxiaoming", {"shan"}), ("xiaoming", set()),
        ("oy", {"pool"}), ("ouyangxiu", {"pool"}), ("js", {"smith"}), ("john", {"smith"}), ("X-77", {"smith"}),
        ("620100000001", {"wei"}), ("6201", {"wei", "shan", "pool"}),
        ("13800138000", {"wei"}), ("138 0013 8000", {"wei"}), ("+86 138-0013-8000", {"wei"}),
        ("0086 13800138000", {"wei"}), ("8000", {"wei"}), ("9001", {"shan"}), ("1380013", set()),
        (ID_NUMBER, {"wei"}), ("110105 19491231 002x", {"wei"}),
        ("", set()), ("  ", set()), ("%", set()), ("'; drop", set()), ("\0张伟", {"wei"}), ("z_", set()),
    ],
)  # fmt: skip
def test_what_is_found(bank, people, typed, expected):
    found = set(find(visible_to(bank.owner), typed, 50))
    assert found == {people[key] for key in expected}


def test_every_way_to_search_reads_an_index(bank, people):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for condition in (
            "name_grams(name) @> ARRAY['张伟']::text[]",
            "pinyin LIKE 'zhang%'",
            "initials LIKE 'zw%'",
            "number LIKE '6201%'",
            "pinyin_2 LIKE 'dan%' AND pinyin_2 <> ''",
            "phone_index = '\\x00'",
        ):
            cursor.execute(f"EXPLAIN SELECT id FROM customers_customer WHERE {condition}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Index" in plan, f"{condition}\n{plan}"
            assert "Seq Scan" not in plan


@pytest.mark.parametrize("sort", ["name", "number", "since", "age", "updated"])
def test_paging_shows_everybody_once_in_each_order(bank, sign_in, sort, monkeypatch):
    monkeypatch.setattr("customers.lists.PAGE_SIZE", 3)
    for number in range(10):
        make_customer(
            f"7{number:03d}",
            "同名",
            bank.branch,
            owner=bank.owner,
            since=None if number % 3 else "2020-05-01",
            birth_date=None if number % 2 else "1980-01-01",
        )
    browser, seen, address = sign_in(bank.owner), [], f"{reverse('customers:list')}?sort={sort}"
    while address:
        page = browser.get(address).context["list"]
        seen += [customer.number for customer in page.rows]
        address = f"{reverse('customers:list')}?sort={sort}&after={page.next_cursor}" if page.next_cursor else ""
    assert sorted(seen) == sorted(set(seen)) == [f"7{number:03d}" for number in range(10)]


@pytest.mark.parametrize("cursor", ["x", "////", "bnVsbA", "WyJub3QgYSBkYXRlIiwgMV0"])
def test_a_broken_cursor_starts_over(bank, people, sign_in, cursor):
    answer = sign_in(bank.owner).get(reverse("customers:list"), {"sort": "since", "after": cursor})
    assert answer.status_code == 200
    assert len(answer.context["list"].rows) == 3
