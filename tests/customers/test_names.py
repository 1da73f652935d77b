"""Names as people type them."""

import unicodedata
from pathlib import Path

import pytest

from customers.names import readings

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "names" / "surname_readings.txt"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("张三丰", [("zhangsanfeng", "zsf")]),
        ("单晓明", [("shanxiaoming", "sxm"), ("danxiaoming", "dxm")]),
        ("欧阳修", [("ouyangxiu", "oyx")]),
        ("尉迟恭", [("yuchigong", "ycg"), ("weichigong", "wcg")]),
        ("吕布", [("lvbu", "lb"), ("lubu", "lb")]),
        ("欧阳", [("ouyang", "oy")]),
        ("John Smith", [("johnsmith", "js")]),
        ("阿依古丽·买买提", [("ayigulimaimaiti", "ayglmmt")]),
    ],
)
def test_every_reading_of_a_surname(name, expected):
    assert [(reading.pinyin, reading.initials) for reading in readings(name)] == expected


def _plain(reading: str) -> str:
    marked = unicodedata.normalize("NFD", reading.replace(" ", "")).replace("u\u0308", "v")
    return "".join(character for character in marked if not unicodedata.combining(character))


def test_surnames_that_dictionaries_get_wrong_are_found_as_their_bearers_say_them():
    if not DATA.exists():
        pytest.skip("the list of surname readings is not beside the project")
    said = dict(line.split(":", 1) for line in DATA.read_text(encoding="utf-8").splitlines() if ":" in line)
    missed = [
        name
        for name, reading in said.items()
        if not any(one.pinyin.startswith(_plain(reading)) for one in readings(f"{name}明明"))
    ]
    assert len(missed) <= len(said) * 0.06, missed  # a few lines of the list are doubtful
