"""The board as a file: what it says, who gets it, what the audit keeps."""

import io
import re
import zlib
from base64 import a85decode

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from crm.audit.models import Action, Entry
from tests.dashboards.bank import ago, feature, publish, talk
from tests.factories import make_customer

FILE = reverse("dashboards:board-file")


@pytest.fixture
def filled(bank):
    for number in range(12):
        one = make_customer(f"6203{number:08d}", "魏紫薇", bank.branch, owner=bank.owner)
        talk(one, bank.owner, ago(1), satisfaction=5 if number else 2)
        feature(one, family_count=2)
    publish()


def sheets(content: bytes) -> dict[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def words(content: bytes) -> str:
    """The text of a PDF whose fonts are two bytes a sign."""
    found = b""
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        found += zlib.decompress(a85decode(stream.strip().removesuffix(b"~>")))
    said = []
    for shown in re.findall(rb"\(((?:\\.|[^\\()])*)\) Tj", found, re.DOTALL):
        plain = re.sub(rb"\\(\d{3}|.)", lambda m: bytes([int(m[1], 8)]) if m[1].isdigit() else m[1], shown)
        said.append(plain.decode("utf-16-be", "replace"))
    return "".join(said)


def test_the_excel_file_holds_what_the_board_shows_and_names_no_customer(bank, filled, sign_in):
    browser = sign_in(bank.supervisor)
    answer = browser.post(FILE, {"reason": "talk of the quarter", "kind": "xlsx"})
    found = sheets(answer.content)
    assert list(found) == ["Measures", "Relationship managers", "By month"]
    manager = next(row for row in found["Relationship managers"] if row[0] == "林悦")
    assert manager[1:4] == ["12", manager[2], "91.7% n=12"]
    everything = str(found)
    assert "talk of the quarter" in everything
    assert "魏" not in everything
    entry = Entry.objects.get(action=Action.EXPORT, object_type="board")
    assert (entry.actor_id, entry.reason, entry.detail["kind"]) == (bank.supervisor.pk, "talk of the quarter", "xlsx")


def test_the_pdf_says_it_in_chinese_too_and_bears_the_mark(bank, filled, sign_in):
    answer = sign_in(bank.supervisor).post(FILE, {"reason": "季度面谈", "kind": "pdf"})
    assert answer.content.startswith(b"%PDF")
    said = words(answer.content)
    for expected in ("季度面谈", "林悦", "91.7%", "2001"):
        assert expected in said, expected
    assert "魏紫薇" not in said


def test_without_a_reason_there_is_no_file(bank, filled, sign_in):
    assert sign_in(bank.supervisor).post(FILE, {"reason": "", "kind": "pdf"}).status_code == 422
    assert not Entry.objects.filter(action=Action.EXPORT).exists()


def test_another_branch_is_not_there(bank, filled, sign_in):
    answer = sign_in(bank.supervisor).post(
        f"{FILE}?branch={bank.other_branch.code}", {"reason": "curious", "kind": "pdf"}
    )
    assert answer.status_code == 404
