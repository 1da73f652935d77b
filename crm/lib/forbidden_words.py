"""Words that no text for customers may hold: promises of return, deposits and wealth products mixed up, lucky draws.

理财公司理财产品销售管理暂行办法 and 金融机构产品适当性管理办法: neither forecast nor promise; the bank adds
its own by the setting FORBIDDEN_WORDS.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.conf import settings

WORDS = (
    "预期收益率", "预期收益", "预期年化", "保证收益", "保本", "保息", "稳赚", "稳赚不赔", "包赚", "零风险", "无风险",
    "无任何风险", "只赚不亏", "绝对安全", "承诺收益", "高收益低风险", "刚性兑付", "等同存款", "等同于存款",
    "和存款一样", "跟存款一样", "与存款一样", "存款替代", "抽奖", "中奖", "国家担保", "内部消息",
    "expected return", "expected yield", "forecast yield", "guaranteed", "guaranteed return", "capital guaranteed",
    "risk-free", "risk free", "without risk", "no risk", "zero risk", "cannot lose", "can't lose", "promised return",
    "same as a deposit", "as safe as a deposit", "like a deposit", "lucky draw", "prize draw", "lottery",
)  # fmt: skip
# "不保本" is what the law wants said; "not guaranteed" as well.
_DENIED = re.compile(r"(?:不|非|不承诺|并非|未|not|not capital|no|never|neither)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A forbidden word, as it stands in the text, and where: its first character counts as 1."""

    word: str
    position: int


def forbidden(text: str) -> list[Found]:
    """The forbidden words in `text` in the order they stand there; of two that overlap the longer one.

    Case, width and spaces between characters make no difference. A denied one ("不保本") is none.
    """
    letters, places = _plain(text)
    found: list[tuple[int, int]] = []
    for word in {*WORDS, *settings.FORBIDDEN_WORDS}:
        plain = _plain(word)[0]
        for match in re.finditer(_pattern(plain), letters):
            start, end = places[match.start()], places[match.end() - 1] + 1
            if not _DENIED.search(text[:start]):
                found.append((start, end))
    longest = [one for one in found if not any(o != one and o[0] <= one[0] and one[1] <= o[1] for o in found)]
    return [Found(text[start:end], start + 1) for start, end in sorted(set(longest))]


def _pattern(plain: str) -> str:
    """As a whole word where it is one of letters."""
    return rf"(?<![a-z]){re.escape(plain)}(?![a-z])" if plain.isascii() else re.escape(plain)


def _plain(text: str) -> tuple[str, list[int]]:
    """`text` for comparing, and where each of its characters stands in `text`.

    Spaces stay only between Latin letters, as one; invisible characters go.
    """
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in unicodedata.normalize("NFKC", character).casefold():
            if unicodedata.category(letter) == "Cf":
                continue
            if letter.isspace() and (not letters or not letters[-1].isascii() or letters[-1] == " "):
                continue
            letters.append(" " if letter.isspace() else letter)
            places.append(place)
    return "".join(letters), places
