"""Mappings: columns, values, defaults, dates, functions; and what a mapping may not say."""

import os
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from customers.importing.dates import Century, DateFormat, parse_date
from customers.importing.functions import BirthDate, BirthGender
from customers.importing.refusals import ImportRefusedError
from customers.models import AccountParty, Customer
from tests.customers.importing import HEADER, counts, rejected_rows, run_import, write_csv
from tests.factories import make_person

EXAMPLES = settings.BASE_DIR / "docs" / "examples" / "berka"
BERKA = Path(os.environ.get("BERKA") or settings.BASE_DIR.parent / "shared" / "data" / "berka")
needs_berka = pytest.mark.skipif(
    not (BERKA / "client.asc").exists(), reason="the Berka data set (PKDD'99) is not there: set BERKA=folder"
)


def test_all_sections_together(bank, tmp_path):
    rows = [["id", "who", "born", "sex", "place"], ["7", "张三", "17.05.80", "K", "9"], ["8", "", "1.1.05", "X", ""]]
    mapping = """
    [source]
    delimiter = ";"
    [columns]
    birth_date = "born"
    gender = "sex"
    branch = "place"
    [functions]
    number = { use = "template", text = "A-{id}" }
    name = { use = "template", text = "{who} ({id})" }
    [values.gender]
    K = "female"
    default = ""
    [values.branch]
    9 = "0201"
    [defaults]
    branch = "0101"
    status = "closed"
    [dates]
    birth_date = { format = ["%Y/%m/%d", "%d.%m.%y"], pivot = 20 }
    """
    path = write_csv(tmp_path / "c.csv", rows, delimiter=";", encoding="gb18030")
    assert counts("customers", path, mapping=mapping) == (2, 0, 0, 0)
    first, second = Customer.objects.order_by("number")
    assert (first.number, first.name, first.gender, first.branch) == ("A-7", "张三 (7)", "female", bank.other_branch)
    assert (first.birth_date, second.birth_date) == (date(1980, 5, 17), date(2005, 1, 1))
    assert (second.name, second.gender, second.branch, second.status) == ("(8)", "", bank.branch, "closed")


def test_reasons_name_the_column_of_the_file(bank, tmp_path):
    path = write_csv(tmp_path / "c.csv", [["客户号", "姓名", "机构号", "Tel."], ["C1", "张三", "0999", "12"]])
    outcome = run_import("customers", path, mapping='[columns]\nphone = "Tel."')
    reason = rejected_rows(outcome.errors)[0][1]
    assert "机构号: there is no branch “0999”." in reason
    assert "Tel.: This" in reason


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("[colums]", "colums"),
        ("[columns]\nshoe_size = 'x'", "shoe_size"),
        ("[columns]\nnumber = 'x'", "no column “x”"),
        ("[columns]\nnumber = 1.5", "must be text"),
        ("columns = 1", "must be a table"),
        ("[dates]\nname = '%Y'", "“name”"),
        ("[dates]\nbirth_date = []", "format"),
        ("[dates]\nbirth_date = { format = '%y', century = '19' }", "whole numbers"),
        ("[functions]\nname = { use = 'eval', text = 'x' }", "eval"),
        ("[functions]\nname = { use = 'template' }", "needs “text”"),
        ("[functions]\nname = { use = 'template', text = '{a', }", "malformed"),
        ("[functions]\nname = { use = 'template', text = '{a!r}' }", "column names in braces only"),
        ("[functions]\nname = { use = 'template', text = '{a.b}' }", "no column “a.b”"),
        ("[functions]\nname = { use = 'template', text = 'x', size = 1 }", "size"),
        ("[functions]\ngender = { use = 'gender_from_birth_number', column = 'a', format = '%y' }", "%m and %d"),
        ("[columns]\nname = 'name'\n[functions]\nname = { use = 'template', text = 'x' }", "both"),
        ("[source]\ndelimiter = ';;'", "one character"),
        ("[source]\nheader_row = 0", "from 1"),
        ("[source]\nencoding = 'klingon'", "klingon"),
        ("[source", "cannot be read"),
    ],
)
def test_malformed_mappings_are_refused_in_one_line(tmp_path, mapping, said):
    path = write_csv(tmp_path / "c.csv", [HEADER])
    with pytest.raises(ImportRefusedError, match=said) as refusal:
        run_import("customers", path, mapping=mapping)
    assert "\n" not in str(refusal.value)


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.booleans())
def test_birth_numbers_give_back_date_and_gender(born, woman):
    number = f"{born:%y}{born.month + 50 * woman:02d}{born:%d}/123"
    read_date = BirthDate("b", month_offset_for_women=50, century=1900)
    read_gender = BirthGender("b", month_offset_for_women=50, century=1900)
    assert read_date([number]) == born.isoformat()
    assert read_gender([number]) == ("female" if woman else "male")


@given(st.dates(date(1900, 1, 1)))
def test_usual_dates_are_read(day):
    for text in (
        f"{day:%Y-%m-%d}",
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    ):
        assert parse_date(text) == day
    assert DateFormat(("%d.%m.%Y",)).iso(f"{day:%d.%m.%Y}") == day.isoformat()


def test_centuries():
    assert [Century().year(68), Century().year(69)] == [2068, 1969]
    assert [Century(pivot=30).year(29), Century(pivot=30).year(30)] == [2029, 1930]
    assert Century(century=1800).year(99) == 1899


@pytest.fixture
def berka_people(bank):
    from crm.staff.models import Branch, Role

    Branch.objects.create(code="0102", name="城西支行")
    for number in ("R1003", "R1004", "R1006", "R1007", "R1008"):
        make_person(number, number, Role.MANAGER, bank.branch)


@needs_berka
def test_berka_clients_and_dispositions_twice(berka_people, tmp_path):
    clients = (EXAMPLES / "customers.toml").read_text(encoding="utf-8")
    parties = (EXAMPLES / "account-parties.toml").read_text(encoding="utf-8")
    for name in ("client.asc", "disp.asc"):
        (tmp_path / name).write_bytes((BERKA / name).read_bytes())
    assert counts("customers", tmp_path / "client.asc", mapping=clients) == (5369, 0, 0, 0)
    assert counts("account-parties", tmp_path / "disp.asc", mapping=parties) == (5369, 0, 0, 0)
    written = dict(Customer.objects.values_list("number", "updated_at"))
    assert counts("customers", tmp_path / "client.asc", mapping=clients) == (0, 0, 5369, 0)
    assert counts("account-parties", tmp_path / "disp.asc", mapping=parties) == (0, 0, 5369, 0)
    assert dict(Customer.objects.values_list("number", "updated_at")) == written
    woman = Customer.objects.get(number="B1")  # birth number 706213
    assert (woman.gender, woman.birth_date, woman.district) == ("female", date(1970, 12, 13), "Pisek")
    man = Customer.objects.get(number="B2")  # 450204
    assert (man.gender, man.birth_date) == ("male", date(1945, 2, 4))
    assert Customer.objects.filter(owner__employee_number="R1001").count() > 100
    assert Customer.objects.filter(owner=None).count() > 1000
    assert AccountParty.objects.filter(role="authorised").count() == 869
