"""Twelve lists as small banks have them, and what must become of each."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import xlsxwriter
from stdnum.cn import ric

TITLE = "城南支行零售客户名单（内部资料）"


def id_number(birth: str, serial: int) -> str:
    """A resident number with a right check digit; birth as 19800517."""
    start = f"110101{birth}{serial:03d}"
    return start + ric.calc_check_digit(f"{start}0")


@dataclass(frozen=True)
class Nasty:
    """A list: how it is made, and what must come of it.

    refused: a part of the sentence that refuses the whole file. columns: target -> heading, as offered by itself.
    counts: (new, updated, unchanged, not imported) when it is imported as offered. reasons: parts of those told.
    """

    name: str
    make: Callable[[Path], None]
    refused: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    counts: tuple[int, int, int, int] = (0, 0, 0, 0)
    reasons: tuple[str, ...] = ()


def titled(path: Path) -> None:
    """A title over all columns, a note, headings in two rows with merged cells, a branch merged over its customers,
    dates as dates, as text, as serials, and a sum at the end."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("说明").write_string(0, 0, "本表由各支行填报")
        sheet = book.add_worksheet("客户")
        middle, day = book.add_format({"align": "center"}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.merge_range(0, 0, 0, 7, TITLE, middle)
        sheet.write_string(1, 0, "填报日期：2026年11月1日")
        for column, name in ((0, "序号"), (1, "客户号*"), (2, "姓 名"), (3, "出生日期"), (6, "网点"), (7, "客户经理")):
            sheet.merge_range(2, column, 3, column, name, middle)
        sheet.merge_range(2, 4, 2, 5, "联系方式", middle)
        sheet.write_row(3, 4, ["手机号", "地址"])
        sheet.write_row(4, 0, [1, "K1", "张三丰"])
        sheet.write_datetime(4, 3, datetime(1980, 5, 17), day)  # noqa: DTZ001
        sheet.write_row(4, 4, [13800138001, "人民路1号"])
        sheet.write_row(5, 0, [2, "K2", "单小明", "1990年1月2日", "138 0013 8002", "人民路2号"])
        sheet.write_row(6, 0, [3, "K3", "欧阳兰", 29358, "13800138003"])
        sheet.merge_range(4, 6, 6, 6, "城南支行", middle)
        sheet.write_column(4, 7, ["林悦", "R1002", "罗倩"])
        sheet.write_row(8, 0, ["合计", "", "3人"])


def cut_phones(path: Path) -> None:
    """Phones as numbers (exact), as text with the digits gone, one digit short, and fine."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["客户编号", "客户姓名", "手机号码"])
        sheet.write_row(1, 0, ["P1", "王一", 13800138011])
        sheet.write_row(2, 0, ["P2", "王二"])
        sheet.write_string(2, 2, "1.38E+10")
        sheet.write_row(3, 0, ["P3", "王三", "1380013801"])
        sheet.write_row(4, 0, ["P4", "王四", "+86 138-0013-8014"])


def gbk_text(path: Path) -> None:
    """What Excel saves as CSV in China: GBK, a title line, empty columns, semicolons by a wrong locale."""
    rows = [f"{TITLE};;;", "", "客户号;姓名;性别;开户日期", "G1;李四;女;2019/3/1", "G2;赵六;男;2020.1.15", ";;;"]
    path.write_bytes("\r\n".join(rows).encode("gb18030"))


def unknown_words(path: Path) -> None:
    """Headings that say nothing and no customer number: all of it is told by the content."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["甲", "乙", "丙", "丁", "戊"])
        rows = (("钱多多", "19850101", 1, "13900139001", "女"), ("孙小美", "19780630", 2, "13900139002", "女"),
                ("周大海", "19920215", 3, "13900139003", "男"))  # fmt: skip
        for line, (name, born, serial, phone, gender) in enumerate(rows, start=1):
            birth = f"{born[:4]}-{born[4:6]}-{born[6:]}"
            sheet.write_row(line, 0, [name, id_number(born, serial), birth, phone, gender])


def formulas(path: Path) -> None:
    """Cells that a spreadsheet would run, in a row that comes back."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["客户号", "姓名", "职业"])
        for column, text in enumerate(("=1+1", '=HYPERLINK("http://x")', "@SUM(1)")):
            sheet.write_string(1, column, text)
        sheet.write_row(2, 0, ["F2", "冯五", "教师"])


def other_branches(path: Path) -> None:
    """Customers and managers of a branch that is not the supervisor's."""
    rows = ["number,name,branch,owner", "B1,吴一,0201,", "B2,吴二,0101,R1005", "B3,吴三,0101,R1001", "B4,吴四,0999,"]
    path.write_text("\n".join(rows), encoding="utf-8-sig")


def broken(path: Path) -> None:
    titled(path)
    path.write_bytes(path.read_bytes()[:-600])


def macros(path: Path) -> None:
    cut_phones(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\0" * 100)


def bomb(path: Path) -> None:
    """Zeros that unpack to 400 MB out of less than half of one."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sharedStrings.xml", "w") as part:
        for _chunk in range(400):
            part.write(b"\0" * (1 << 20))


def locked(path: Path) -> None:
    """How a workbook with a password begins."""
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))


def far_corner(path: Path) -> None:
    """One forgotten cell at the very end of the sheet."""
    cut_phones(path)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["客户编号", "客户姓名"])
        sheet.write_string(1_048_575, 16_383, "x")


def no_heading(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for line in range(5):
            sheet.write_row(line, 0, [2020 + line, 10_000 * line, 0.5])


def nothing(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet()


LISTS = (
    Nasty(
        "titled.xlsx", titled,
        columns={"number": "客户号*", "name": "姓 名", "birth_date": "出生日期", "phone": "手机号", "address": "地址",
                 "branch": "网点", "owner": "客户经理"},
        counts=(3, 0, 0, 1), reasons=("The cell is empty",),
    ),
    Nasty(
        "phones.xlsx", cut_phones, columns={"number": "客户编号", "name": "客户姓名", "phone": "手机号码"},
        counts=(2, 0, 0, 2), reasons=("cut off by a spreadsheet (1.38E+10)", "too few or too many digits"),
    ),
    Nasty(
        "gbk.csv", gbk_text,
        columns={"number": "客户号", "name": "姓名", "gender": "性别", "since": "开户日期"}, counts=(2, 0, 0, 0),
    ),
    Nasty(
        "unknown.xlsx", unknown_words,
        columns={"name": "甲", "id_number": "乙", "birth_date": "丙", "phone": "丁", "gender": "戊"},
        counts=(3, 0, 0, 0),
    ),
    Nasty(
        "formulas.xlsx", formulas, columns={"number": "客户号", "name": "姓名", "occupation": "职业"},
        counts=(1, 0, 0, 1), reasons=("is no number of the bank",),
    ),
    Nasty(
        "others.csv", other_branches,
        columns={"number": "number", "name": "name", "branch": "branch", "owner": "owner"}, counts=(1, 0, 0, 3),
        reasons=("“0201” is no branch of yours", "“R1005” works in no branch of yours", "there is no branch “0999”"),
    ),
    Nasty("broken.xlsx", broken, refused="it is damaged"),
    Nasty("macros.xlsx", macros, refused="macros"),
    Nasty("bomb.xlsx", bomb, refused="unpacks to far more"),
    Nasty("locked.xlsx", locked, refused="protected by a password"),
    Nasty("corner.xlsx", far_corner, refused="reaches to row 1048576"),
    Nasty("no_heading.xlsx", no_heading, refused="No row names the columns"),
    Nasty("nothing.xlsx", nothing, refused="nothing in the file"),
)  # fmt: skip
