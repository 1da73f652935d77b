"""The first steps of a new bank: its branches and people out of a sheet, and their first sign-in."""

import io
import re

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from crm.audit.models import Action, Entry
from crm.staff.models import Branch, Role, User
from tests.factories import PASSWORD

PEOPLE = reverse("first-people")
HEAD = ["工号", "姓名", "角色", "邮箱", "机构代码", "机构名称", "上级机构代码"]
GOOD = [
    ["", "", "", "", "9000", "总行", ""],
    ["N001", "林悦", "客户经理", "lin@bank.example", "9001", "城南支行", "9000"],
    ["N002", "王海", "主管、客户经理", "", "9001", "", ""],
    ["N003", "高原", "系统管理员", "", "", "", ""],
]


def sheet(rows, head=HEAD, title="某银行人员名单") -> SimpleUploadedFile:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for line, row in enumerate([[title], head, *rows]):
            page.write_row(line, 0, row)
    return SimpleUploadedFile("人员.xlsx", target.getvalue())


@pytest.fixture
def first(db) -> Client:
    """The account that `createsuperuser` made, in an empty bank."""
    User.objects.create_superuser("ROOT", PASSWORD, display_name="Root", language="en")
    client = Client()
    client.post(reverse("sign-in"), {"username": "ROOT", "password": PASSWORD})
    return client


def bring(client: Client, rows, **fields):
    return client.post(PEOPLE, {"file": sheet(rows, **fields)})


def test_an_empty_bank_begins_with_the_steps_and_then_with_the_console(first):
    assert first.get(reverse("home")).url == reverse("first-start")
    assert bring(first, GOOD).status_code == 200
    assert first.get(reverse("home")).url == reverse("console")
    steps = {step.title: step.state for step in first.get(reverse("first-start")).context["steps"]}
    assert steps["Branches and people"] == "done"
    assert steps["Tiers"] == "usual"
    assert steps["Bring your customers"] == "open"


def test_a_sheet_creates_the_tree_the_people_and_their_roles(first):
    bring(first, GOOD)
    assert Branch.objects.get(code="9001").parent.code == "9000"
    roles = {person.employee_number: person.roles for person in User.objects.filter(temporary_password=True)}
    assert roles == {"N001": {Role.MANAGER}, "N002": {Role.SUPERVISOR, Role.MANAGER}, "N003": {Role.ADMIN}}
    assert Entry.objects.filter(action=Action.CREATE, object_type="user").count() == 3
    assert Entry.objects.filter(action=Action.CREATE, object_type="branch").count() == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["N009", "何川", "国王", "", "9001", "", ""], "“国王” is no role."),
        (["N001", "何川", "主管", "", "9001", "", ""], "stands twice"),
        (["N009", "何川", "主管", "", "", "", ""], "needs a branch"),
        (["N009", "何川", "主管、合规", "", "9001", "", ""], "choose roles of one side"),
        (["N009", "何川", "主管", "no address", "9001", "", ""], "is no e-mail address"),
        (["N009", "", "主管", "", "9001", "", ""], "needs an employee number and a name"),
        (["", "", "", "", "9005", "", "9000"], "stands nowhere"),
        (["", "", "", "", "9005", "新支行", "9999"], "There is no branch 9999"),
        (["", "", "", "", "9001", "别名", ""], "is also called 城南支行"),
        (["", "", "", "", "9000", "总行", "9001"], "stands above itself"),
    ],
)
def test_a_wrong_row_is_named_with_its_line_and_nothing_is_created(first, row, said):
    answer = bring(first, [*GOOD, row])
    assert answer.status_code == 422
    assert any(said in problem for _line, problem in answer.context["problems"])
    assert not Branch.objects.exists()
    assert User.objects.count() == 1


def test_the_same_sheet_again_changes_nothing(first):
    bring(first, GOOD)
    before = list(User.objects.order_by("pk").values_list("pk", "password"))
    answer = bring(first, GOOD)
    assert (answer.status_code, answer.context["known"], answer.context["created"]) == (200, 3, [])
    assert list(User.objects.order_by("pk").values_list("pk", "password")) == before


def test_a_temporary_password_opens_nothing_but_the_page_where_another_is_chosen(first, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    text = bring(first, GOOD).content.decode()
    password = re.search(r"N001.*?<code>(.*?)</code>", text, re.DOTALL)[1].replace("&amp;", "&")
    person = Client()
    assert person.post(reverse("sign-in"), {"username": "N001", "password": password}).status_code == 302
    for name in ("home", "today", "customers:list", "notices"):
        assert person.get(reverse(name)).url == reverse("change-password"), name
    change = reverse("change-password")
    same = {"old_password": password, "new_password1": password, "new_password2": password}
    assert person.post(change, same).status_code == 422
    assert person.post(change, same | {"new_password1": "weak", "new_password2": "weak"}).status_code == 422
    assert person.post(change, same | {"new_password1": PASSWORD, "new_password2": PASSWORD}).status_code == 302
    assert person.get(reverse("today")).status_code == 200
    assert not User.objects.get(employee_number="N001").temporary_password


def test_the_template_is_a_sheet_that_can_be_brought(first):
    answer = first.get(reverse("first-template"))
    head = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()[1]
    assert bring(first, GOOD, head=head).status_code == 200
    assert User.objects.filter(employee_number="N002").exists()


def test_a_file_that_is_no_list_is_refused_in_words(first):
    answer = first.post(PEOPLE, {"file": SimpleUploadedFile("x.xlsx", b"nothing")})
    assert answer.status_code == 422
    assert "This is no workbook" in answer.content.decode()
    assert first.post(PEOPLE, {}).status_code == 422
