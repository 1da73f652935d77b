"""No row is ever lost: each is in the table or in the error file, and a mended error file imports as it is."""

import csv
import io

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from customers.importing.readers import FORMULA_SIGNS, SourceOptions, open_table
from customers.models import Customer
from tests.customers.importing import counts, rejected_rows, run_import, write_csv

HEADER = ["客户号", "姓名", "机构号", "手机号", "出生日期", "证件号码", "邮箱", "性别", "客户经理", "状态"]
GOOD = ["张三", "0101", "13800138000", "1980-05-17", "", "a@b.cn", "男", "R1001", ""]
# What is broken: a cell of the good row, what stands there instead, and what the reason says.
BROKEN = [
    ("姓名", "", "empty, but a value is needed"),
    ("姓名", "张" * 121, "at most 120 fit"),
    ("姓名", "张\x01三", "control character"),
    ("机构号", "", "empty, but a value is needed"),
    ("机构号", "9999", "no branch “9999”"),
    ("手机号", "123", "digits"),
    ("手机号", "电话", "no phone number"),
    ("手机号", "1.38001E+10", "cut off by a spreadsheet"),
    ("出生日期", "1980-02-30", "no date"),
    ("出生日期", "昨天", "no date"),
    ("出生日期", "2999-01-01", "future"),
    ("出生日期", "1066-10-14", "past"),
    ("证件号码", "110105194912310021", "mistyped"),
    ("证件号码", "4.40524E+17", "cut off by a spreadsheet"),
    ("邮箱", "nobody", "mail"),
    ("性别", "未知", "none of"),
    ("客户经理", "R9999", "no active relationship manager"),
    ("状态", "dormant", "none of"),
]
SHAPES = [
    (lambda line: line.rsplit(",", 3)[0], "cells, the header has 10"),
    (lambda line: line + ",more,and more", "cells, the header has 10"),
    (lambda line: line.replace("张三", '"张三'), "quotation mark"),
    (lambda line: line.replace("张三", '"张三"丰'), "quotation mark"),
]


def line_of(number: str, cells: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([number, *cells])
    return text.getvalue()


def broken_file(rows: int) -> tuple[list[str], dict[str, str]]:
    """Lines of a file in which every third row is good, and number -> the reason expected of the others."""
    lines, expected = [",".join(HEADER)], {}
    ways = len(BROKEN) + len(SHAPES)
    for index in range(rows):
        number, way = f"X{index:05d}", index % ways
        if way < len(BROKEN):
            column, cell, reason = BROKEN[way]
            cells = [cell if name == column else good for name, good in zip(HEADER[1:], GOOD, strict=True)]
            lines.append(line_of(number, cells))
        else:
            broken, reason = SHAPES[way - len(BROKEN)]
            lines.append(broken(line_of(number, GOOD)))
        expected[number] = reason
        if index % 2:
            lines.append(line_of(f"G{index:05d}", GOOD))
    return lines, expected


def test_a_thousand_broken_rows_come_back_each_with_its_reason(bank, tmp_path):
    lines, expected = broken_file(1_000)
    path = tmp_path / "broken.csv"
    path.write_bytes("\r\n".join(lines).encode("gb18030"))
    outcome = run_import("customers", path)
    assert (outcome.counts.imported, outcome.counts.rejected) == (500, 1_000)
    found = {row[2]: row for row in rejected_rows(outcome.errors)}
    assert found.keys() == expected.keys()
    for number, reason in expected.items():
        line, said, *cells = found[number]
        assert reason in said, (number, said)
        assert lines[int(line) - 1].startswith(number)
        if "quotation mark" not in reason:
            assert cells == next(csv.reader([lines[int(line) - 1]]))
    assert outcome.errors.stat().st_mode & 0o077 == 0
    assert counts("customers", path) == (0, 0, 500, 1_000)


def test_mended_error_file_imports_as_it_is(bank, tmp_path):
    rows = [["number", "name", "branch", "address"], ["C1", "=张三", "0101", "+1"], ["C2", "@李四", "0999", "-x"]]
    outcome = run_import("customers", write_csv(tmp_path / "c.csv", rows, delimiter=";"))
    text = outcome.errors.read_text(encoding="utf-8-sig")
    assert "'@李四" in text
    assert Customer.objects.get(number="C1").name == "=张三"
    outcome.errors.write_text("\ufeff" + text.replace("0999", "0101"), encoding="utf-8")
    assert counts("customers", outcome.errors) == (1, 0, 0, 0)
    mended = Customer.objects.get(number="C2")
    assert (mended.name, mended.identifier("address")) == ("@李四", "-x")
    assert run_import("customers", outcome.errors).errors is None


def test_old_error_file_goes_when_nothing_is_rejected(bank, tmp_path):
    path = write_csv(tmp_path / "c.csv", [["number", "name", "branch"], ["C1", "张三", "0999"]])
    assert run_import("customers", path).errors == tmp_path / "c.csv.errors.csv"
    write_csv(path, [["number", "name", "branch"], ["C1", "张三", "0101"]])
    assert run_import("customers", path).errors is None
    assert not (tmp_path / "c.csv.errors.csv").exists()


CELL = st.one_of(
    st.sampled_from(
        ["0101", "C1", "C2", "张三", "13800138000", "1980-05-17", "", " ", "'", '"', "=1", "'=1", "\n", "\t"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELL, min_size=4, max_size=6), max_size=8),
    delimiter=st.sampled_from([",", ";", "\t"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_every_row_is_in_the_table_or_in_the_error_file(bank, tmp_path, encoding, rows, delimiter, quoting):
    header = ["number", "name", "branch", "phone", "birth_date"]
    path = tmp_path / "c.csv"
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter, quoting=quoting).writerows([header, *rows])
    records = list(open_table(path, SourceOptions(encoding=encoding)).records())
    mapping = f'[source]\nencoding = "{encoding}"'
    with transaction.atomic():
        outcome = run_import("customers", path, mapping=mapping)
        stored = Customer.objects.count()
        transaction.set_rollback(True)
    result = outcome.counts
    assert result.imported == stored
    assert result.imported + result.rejected == len(records)
    written = rejected_rows(outcome.errors, delimiter)
    lines = {record.line: record.cells for record in records}
    assert len(written) == result.rejected
    for line, reason, *cells in written:
        assert reason
        assert [cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_SIGNS else cell for cell in cells] == lines[
            int(line)
        ]
