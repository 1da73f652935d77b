"""The list as a file: masked, marked, audited, harmless."""

import io
import re
import zipfile
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from crm.audit.models import Action, Entry
from crm.lib.dates import bank_day
from crm.lib.sheets import harmless
from customers.models import Customer, CustomerTag, Features, Tag
from interactions.reminders import set_next
from tests.factories import make_customer

EXPORT = reverse("customers:export")


@pytest.fixture
def book(bank) -> list[Customer]:
    made = [
        make_customer(
            f"62020000000{number}", f"魏紫{'一二三'[number - 1]}", bank.branch, owner=bank.owner,
            phone=f"+8613800138{number:03d}", email="w@example.com", employer="=cmd|' /C calc'!A0", occupation="+1+1",
        )
        for number in range(1, 4)
    ]  # fmt: skip
    for number, customer in enumerate(made, start=1):
        Features.objects.create(customer=customer, aum=number * 1_000_000, tier="gold" if number > 1 else "mass")
    tag = Tag.objects.create(name="=1+1", by=bank.owner)
    CustomerTag.objects.create(customer=made[0], tag=tag, by=bank.owner)
    set_next(made[1], bank_day(), by=bank.owner)
    return made


def taken(browser, reason="月度例会讨论", **asked):
    return browser.post(f"{EXPORT}?{urlencode(asked, doseq=True)}", {"reason": reason})


def sheet(answer) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def parts(answer) -> str:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        return "".join(file.read(name).decode() for name in file.namelist())


def test_names_are_masked_and_nothing_identifies(bank, book, sign_in):
    every = [
        "number",
        "phone",
        "work",
        "tags",
        "owner",
        "branch",
        "segment",
        "assets",
        "since",
        "last_contact",
        "next_up",
    ]
    answer = taken(sign_in(bank.owner), sort="number", col=every)
    assert answer.status_code == 200
    rows = sheet(answer)
    assert [row[1] for row in rows[2:]] == ["魏**", "魏**", "魏**"]
    text = parts(answer)
    for secret in ("魏紫", "6202000", "138", "example.com", "/C calc", "1+1"):
        assert secret not in text
    assert rows[3][rows[1].index("Next follow-up")] == bank_day().isoformat()
    assert rows[2][rows[1].index("Looked after by")] == "林悦"
    assert not {"Segment", "Tags", "Work", "Phone", "Customer no."} & set(rows[1])


def test_who_took_it_when_and_why_stands_in_the_sheet_and_on_every_page(bank, book, sign_in):
    answer = taken(sign_in(bank.owner), reason="A & B")
    assert re.fullmatch(r"林悦 \(R1001\) · \d{4}-\d\d-\d\d \d\d:\d\d · Reason: A & B", str(sheet(answer)[0][0]))
    (header,) = re.findall(r"<oddHeader>(.*?)</oddHeader>", parts(answer))
    assert "林悦 (R1001)" in header
    assert "A &amp;&amp; B" in header
    assert "oddFooter" in parts(answer)


def test_a_very_long_reason_still_makes_a_file(bank, book, sign_in):
    assert "<oddHeader>" in parts(taken(sign_in(bank.owner), reason="&" * 120))


def test_it_is_audited_with_who_is_in_it_and_the_reason(bank, book, sign_in):
    taken(sign_in(bank.owner), tier="gold", sort="number")
    entry = Entry.objects.get(action=Action.EXPORT)
    assert entry.object_ids == [book[1].pk, book[2].pk]
    assert entry.reason == "月度例会讨论"
    assert entry.actor_id == bank.owner.pk


def test_without_a_reason_there_is_no_file(bank, book, sign_in):
    answer = taken(sign_in(bank.owner), reason="  ")
    assert answer.status_code == 422
    assert "text/html" in answer["Content-Type"]
    assert not Entry.objects.filter(action=Action.EXPORT).exists()


def test_only_ones_own_customers_and_not_more_than_the_cap(bank, book, sign_in, monkeypatch):
    assert len(sheet(taken(sign_in(bank.colleague)))) == 2
    monkeypatch.setattr("customers.export.MOST", 2)
    monkeypatch.setattr("customers.export._AT_ONCE", 1)
    answer = taken(sign_in(bank.owner), sort="assets")
    assert len(sheet(answer)) == 4
    assert Entry.objects.filter(action=Action.EXPORT).first().object_ids == [book[2].pk, book[1].pk]


def test_a_filter_that_makes_no_sense_exports_nothing(bank, book, sign_in):
    assert "text/html" in taken(sign_in(bank.owner), aum_from="lots")["Content-Type"]
    assert not Entry.objects.filter(action=Action.EXPORT).exists()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "|x", "%x"])
def test_no_text_begins_like_a_formula(text):
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "|", "%"))


def test_a_name_or_reason_that_looks_like_a_formula_is_text(bank, sign_in):
    make_customer("620200000009", "=HYPERLINK", bank.branch, owner=bank.owner)
    answer = taken(sign_in(bank.owner), reason="=1+1+1")
    assert "<f>" not in parts(answer)
    assert sheet(answer)[2][1] == "'=**"


def test_nothing_in_it_speaks_of_warnings_or_cases(bank, book, sign_in):
    text = parts(taken(sign_in(bank.owner))).lower()
    assert not re.search(r"warning|case|overdue|suspic", text.replace("baseline", ""))
