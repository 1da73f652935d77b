"""Reading: encodings, separators, workbooks, and everything that is refused in one line."""

from datetime import date, datetime

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from customers.importing.readers import Record, SourceOptions, open_table
from customers.importing.refusals import ImportRefusedError
from customers.models import Customer, ImportBatch, StagedRow
from tests.customers.importing import HEADER, counts, rejected_rows, run_import, write_csv

ROWS = [
    HEADER,
    ["C1", "张三丰", "0101", "138 0013 8000", "1980-05-17"],
    ["C2", "单小明", "0101", "", "1990年1月2日"],
    ["C3", 'O"Neill, Ann', "0101", "+44 20 7946 0958", "1970/01/02"],
]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_encoding_and_separator_reads_the_same(bank, tmp_path, encoding, delimiter, end):
    path = write_csv(tmp_path / "c.csv", ROWS, encoding=encoding, delimiter=delimiter, end=end)
    assert counts("customers", path) == (3, 0, 0, 0)
    assert counts("customers", path) == (0, 0, 3, 0)
    second = Customer.objects.get(number="C2")
    assert (second.name, second.pinyin, second.initials_2) == ("单小明", "shanxiaoming", "dxm")
    assert Customer.objects.get(number="C1").identifier("phone") == "+8613800138000"
    assert Customer.objects.get(number="C3").name == 'O"Neill, Ann'
    assert Customer.objects.get(number="C3").birth_date == date(1970, 1, 2)


def test_chinese_headings_need_no_mapping(bank, tmp_path):
    rows = [["客户号", "姓名", "性别", "机构号", "客户经理", "备注"], ["C1", "张三", "女", "0101", "R1001", "x"]]
    assert counts("customers", write_csv(tmp_path / "c.csv", rows, encoding="gb18030")) == (1, 0, 0, 0)
    customer = Customer.objects.get(number="C1")
    assert (customer.gender, customer.owner, customer.branch) == ("female", bank.owner, bank.branch)


def test_workbook_with_dates_and_numbers(bank, tmp_path):
    path = tmp_path / "c.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Export")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(1, 1, [*HEADER, "id_number"])
    sheet.write_row(2, 1, ["C1", "张三", "0101", 13800138000])
    sheet.write_datetime(2, 5, datetime(1980, 5, 17), day)  # noqa: DTZ001
    sheet.write_row(4, 1, ["C2", "李四", "0101", "", "", 110101199003074512.0])
    book.close()
    outcome = run_import("customers", path)
    assert (outcome.counts.imported, outcome.counts.rejected) == (1, 1)
    customer = Customer.objects.get(number="C1")
    assert (customer.birth_date, customer.identifier("phone")) == (date(1980, 5, 17), "+8613800138000")
    line, reason, number, *_rest = rejected_rows(outcome.errors)[0]
    assert (line, number) == ("5", "C2")
    assert "cut off by a spreadsheet" in reason


def test_quotation_mark_that_is_never_closed_costs_its_own_line(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text('a,b\n1,"open\n2,two\n3,"over\ntwo lines"\n4,"x"y\n5,five\n', encoding="utf-8")
    found = list(open_table(path, SourceOptions()).records())
    assert [(record.line, record.cells) for record in found if not record.problem] == [
        (3, ["2", "two"]),
        (4, ["3", "over\ntwo lines"]),
        (7, ["5", "five"]),
    ]
    assert [record.line for record in found if record.problem] == [2, 6]


def test_rows_with_other_numbers_of_cells_are_rejected_and_blank_ones_passed_over(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("\na,b\n1\n\n1,2,3\n,\n1,2,,\n", encoding="utf-8")
    found = list(open_table(path, SourceOptions()).records())
    assert [(record.line, bool(record.problem)) for record in found] == [(3, True), (5, True), (7, False)]
    assert found[2] == Record(7, ["1", "2"])


def test_source_options(bank, tmp_path):
    path = tmp_path / "c.csv"
    path.write_text("Export\nnumber|name|branch\nC1|'A|B'|0101\n", encoding="utf-16-le")
    text = path.read_text(encoding="utf-16-le")
    path.write_text(text, encoding="utf-8")
    options = "[source]\ndelimiter = '|'\nquote = \"'\"\nheader_row = 2\nencoding = 'utf-8'"
    assert counts("customers", path, mapping=options) == (1, 0, 0, 0)
    assert Customer.objects.get().name == "A|B"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "empty"),
        ("a.csv", b"\n\n", "empty"),
        ("a.csv", b",,\n1,2,3\n", "no header row"),
        ("a.ods", b"x", "neither text"),
        ("a.csv", b"name,branch\nx,y\n", "“number” is missing"),
        ("a.csv", b"number,name,branch\n\xff\xff,x,y\n", "position 19"),
        ("a.csv", "number,name,branch\n1,张三李四王五赵六周七孙八,1\n".encode() + b"\xff", "position 60"),
        ("a.csv", "number".encode("utf-16"), "UTF-16"),
        ("a.csv", b"\xef\xbb\xbfnumber,name\xff", "position 14"),
        ("a.xlsx", b"PK\x03\x04 no workbook", "no readable workbook"),
        ("a.csv", b"number,number,name,branch\n", "Two columns"),
    ],
)
def test_refused_in_one_line(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ImportRefusedError, match=said) as refusal:
        run_import("customers", path)
    assert "\n" not in str(refusal.value)


def test_refusals_of_the_command(tmp_path, settings):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(CommandError):
        call_command("import", "customers", str(tmp_path / "absent.csv"))
    with pytest.raises(CommandError, match="account-parties"):
        call_command("import", "unknown", str(tmp_path / "absent.csv"))
    path = write_csv(tmp_path / "c.csv", ROWS)
    with pytest.raises(CommandError):
        call_command("import", "customers", str(path), errors=path)
    other = tmp_path / "letter.txt"
    other.write_text("Dear reader")
    with pytest.raises(CommandError):
        call_command("import", "customers", str(path), errors=other)
    assert other.read_text() == "Dear reader"


def test_last_line_of_the_command(bank, tmp_path, capsys):
    path = write_csv(tmp_path / "c.csv", [*ROWS, ["C9", "", "0101", "", ""]])
    call_command("import", "customers", str(path))
    assert capsys.readouterr().out.splitlines()[-1] == "imported 3, updated 0, unchanged 0, rejected 1"


def test_dry_run_keeps_nothing_but_the_error_file(bank, tmp_path, capsys):
    path = write_csv(tmp_path / "c.csv", [*ROWS, ["C9", "", "0101", "", ""]])
    call_command("import", "customers", str(path), dry_run=True)
    assert capsys.readouterr().out.splitlines()[-1] == "imported 3, updated 0, unchanged 0, rejected 1"
    assert not Customer.objects.exists()
    assert not ImportBatch.objects.exists()
    assert not StagedRow.objects.exists()
    assert rejected_rows(tmp_path / "c.csv.errors.csv")[0][2] == "C9"


def test_second_import_of_a_kind_at_the_same_time_is_refused(bank, tmp_path):
    import psycopg
    from django.db import connection

    from customers.importing.engine import LOCK_CLASS, lock_key

    path = write_csv(tmp_path / "c.csv", ROWS)
    other = connection.get_connection_params()
    plain = {name: other[name] for name in ("dbname", "user", "password", "host", "port") if other.get(name)}
    with psycopg.connect(**plain) as rival:
        rival.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_CLASS, lock_key("customers")])
        with pytest.raises(ImportRefusedError, match="is running"):
            run_import("customers", path)
    assert not ImportBatch.objects.exists()
