"""Which column is what: by the words of its heading, else by what stands in it."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from customers.identifiers import normal_id_number
from customers.importing.kind import HasTargets
from customers.importing.words import GENDER_WORDS
from customers.uploading.dates import iso_of

# Headings that people type, beside those a mapping-less import takes (customers.importing.words).
MORE_WORDS: dict[str, tuple[str, ...]] = {
    "number": ("客户代码", "客户id", "客户号码", "客户no", "会员号", "customer no", "customer id", "client no"),
    "name": ("客户名称", "户名", "名字", "名称", "customer name", "full name", "customer"),
    "gender": ("男女", "称谓", "sex"),
    "birth_date": ("出生年月日", "出生日", "出生", "生日日期", "birthday", "date of birth", "dob", "born"),
    "id_number": ("身份证", "身份证号码", "证件", "证号", "id", "id no", "id card", "identity card"),
    "phone": ("手机", "移动电话", "联系方式", "联系号码", "电话号码", "手机电话", "mobile", "mobile phone", "tel",
              "telephone", "phone number", "phone no"),
    "email": ("邮件", "email", "e-mail address", "mail"),
    "address": ("家庭住址", "家庭地址", "通讯地址", "居住地址", "住址地址", "详细地址", "street address"),
    "owner": ("客户经理姓名", "经理", "理财经理", "管户人", "维护人", "负责人", "manager", "account manager"),
    "branch": ("支行", "网点名称", "开户网点", "开户机构", "机构名称", "开户行", "所属网点", "所属支行", "office"),
    "since": ("开户日", "开户时间", "建立日期", "入行日期", "customer since", "opened"),
    "occupation": ("工作", "职务", "job", "profession"),
    "employer": ("公司", "工作单位名称", "单位名称", "company"),
    "district": ("区", "所在地区", "所在区", "area"),
}  # fmt: skip
ENOUGH = 0.8  # of the cells that are filled
FEWEST = 2  # cells that say something
_RESIDENT = re.compile(r"\d{17}[\dXx]", re.ASCII)
_MOBILE = re.compile(r"(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}", re.ASCII)
_NAME = re.compile(r"[\u3400-\u9fff·]{2,4}")
_PLACE = re.compile(r"[\u4e00-\u9fff].*(?:省|市|区|县|镇|乡|路|街|巷|村|号|弄)")


def plain(heading: str) -> str:
    """A heading without spaces, marks (*, ：) and what stands in brackets (必填), in small letters."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    text = re.sub(r"\(.*?\)|\[.*?\]|【.*?】", "", text)
    return re.sub(r"[\s_*:.#/-]", "", text)


def words_of(kind: HasTargets) -> dict[str, str]:
    """Plain heading -> target, for `kind`."""
    return {
        plain(word): target.name
        for target in reversed(kind.targets)
        for word in (*MORE_WORDS.get(target.name, ()), *target.headings, target.name)
    }


def _is_resident(text: str) -> bool:
    try:
        return bool(_RESIDENT.fullmatch(text)) and bool(normal_id_number(text))
    except ValidationError:
        return False


def _is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text)) and text not in GENDER_WORDS


# In this order: an ID number is no phone, a gender no name.
CONTENT: dict[str, Callable[[str], bool]] = {
    "id_number": _is_resident,
    "phone": lambda text: bool(_MOBILE.fullmatch(text)),
    "email": lambda text: bool(re.fullmatch(r"\S+@\S+\.\S+", text)),
    "gender": lambda text: text.casefold() in GENDER_WORDS,
    "birth_date": lambda text: bool(iso_of(text)) and "1900" < iso_of(text)[:4] < "2020",
    "name": _is_name,
    "address": lambda text: bool(_PLACE.search(text)) and len(text) > 5,
}


@dataclass(frozen=True)
class Guess:
    """What a column is taken for, and by what: "heading", "content" or "kept" (chosen the last time)."""

    target: str
    by: str


def by_content(
    kind: HasTargets, columns: Sequence[Sequence[str]], taken: frozenset[str] = frozenset()
) -> dict[int, str]:
    """Place of a column -> the target its cells look like; each target once."""
    known = {target.name for target in kind.targets} - taken
    found: dict[int, str] = {}
    for target, fits in CONTENT.items():
        if target not in known:
            continue
        shares = {
            place: sum(map(fits, cells)) / len(cells)
            for place, cells in enumerate(columns)
            if place not in found and len(cells) >= FEWEST
        }
        if shares and max(shares.values()) >= ENOUGH:
            found[max(shares, key=lambda place: shares[place])] = target
    return found


def recognise(kind: HasTargets, header: Sequence[str], columns: Sequence[Sequence[str]]) -> dict[int, Guess]:
    """Place of a column -> what it is taken for. columns: sample cells, by column."""
    words = words_of(kind)
    found: dict[int, Guess] = {}
    taken: set[str] = set()
    for place, name in enumerate(header):
        target = words.get(plain(name), "")
        if target and target not in taken:
            found[place] = Guess(target, "heading")
            taken.add(target)
    unknown = [[] if place in found or not header[place] else cells for place, cells in enumerate(columns)]
    for place, target in by_content(kind, unknown, frozenset(taken)).items():
        found[place] = Guess(target, "content")
    return found


def seems(text: str) -> str:
    """The identifier that `text` looks like, "" for none: what stands in a column nobody named is masked by it."""
    return next((name for name in ("id_number", "phone", "email", "address") if CONTENT[name](text)), "")
