"""Chinese names as people type them: whole pinyin and initials, with every reading of the surname."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from pypinyin import Style, lazy_pinyin

# Readings that dictionaries of characters get wrong in a surname, the usual one first. Where the character is also
# read the ordinary way as a surname, that reading follows.
SURNAME_READINGS: dict[str, tuple[str, ...]] = {
    "粘": ("nian", "zhan"),
    "藏": ("zang", "cang"),
    "扎": ("za", "zha"),
    "乜": ("nie", "mie"),
    "卜": ("bu",),
    "贠": ("yun",),
    "么": ("yao",),
    "单": ("shan", "dan"),
    "仇": ("qiu", "chou"),
    "解": ("xie", "jie"),
    "查": ("zha", "cha"),
    "曾": ("zeng", "ceng"),
    "盖": ("ge", "gai"),
    "朴": ("piao", "pu"),
    "任": ("ren",),
    "华": ("hua",),
    "区": ("ou", "qu"),
    "翟": ("zhai", "di"),
    "乐": ("yue", "le"),
    "黑": ("he", "hei"),
    "秘": ("bi", "mi"),
    "缪": ("miao", "mou"),
    "召": ("shao", "zhao"),
    "晟": ("cheng", "sheng"),
    "覃": ("qin", "tan"),
    "员": ("yun", "yuan"),
    "种": ("chong", "zhong"),
    "重": ("chong", "zhong"),
    "冼": ("xian",),
    "洗": ("xian", "xi"),
    "折": ("she", "zhe"),
    "那": ("na",),
    "哈": ("ha",),
    "牟": ("mu", "mou"),
    "宓": ("mi", "fu"),
    "能": ("nai", "neng"),
    "尹": ("yin",),
    "繁": ("po", "fan"),
    "祭": ("zhai", "ji"),
    "车": ("che",),
    "石": ("shi",),
    "谌": ("chen", "shen"),
    "隗": ("wei", "kui"),
    "盛": ("sheng", "cheng"),
    "沈": ("shen",),
    "薄": ("bo",),
    "柏": ("bai", "bo"),
    "臧": ("zang",),
    "适": ("kuo", "shi"),
    "撒": ("sa",),
    "逄": ("pang",),
    "佴": ("nai",),
    "过": ("guo",),
    "郇": ("xun", "huan"),
    "都": ("du",),
    "行": ("xing", "hang"),
    "相": ("xiang",),
    "应": ("ying",),
    "宁": ("ning",),
    "訾": ("zi",),
    "郝": ("hao",),
    "褚": ("chu",),
    "郗": ("xi", "chi"),
    "阚": ("kan",),
    "厘": ("li",),
    "吕": ("lv", "lu"),
    "尉迟": ("yuchi", "weichi"),
    "万俟": ("moqi", "wansi"),
    "长孙": ("zhangsun",),
    "澹台": ("tantai",),
    "单于": ("chanyu", "shanyu"),
    "宰父": ("zaifu",),
    "令狐": ("linghu",),
    "夏侯": ("xiahou",),
    "诸葛": ("zhuge",),
    "欧阳": ("ouyang",),
    "司马": ("sima",),
    "上官": ("shangguan",),
    "皇甫": ("huangfu",),
    "公孙": ("gongsun",),
    "慕容": ("murong",),
    "司徒": ("situ",),
    "东方": ("dongfang",),
    "独孤": ("dugu",),
    "南宫": ("nangong",),
    "端木": ("duanmu",),
    "百里": ("baili",),
    "轩辕": ("xuanyuan",),
    "淳于": ("chunyu",),
    "太史": ("taishi",),
    "申屠": ("shentu",),
    "宇文": ("yuwen",),
    "闻人": ("wenren",),
    "钟离": ("zhongli",),
    "呼延": ("huyan",),
    "鲜于": ("xianyu",),
    "西门": ("ximen",),
    "公冶": ("gongye",),
    "濮阳": ("puyang",),
}
# Initials of a compound surname count both characters: 欧阳修 is oyx.
_COMPOUND_INITIALS = {
    "yuchi": "yc",
    "weichi": "wc",
    "moqi": "mq",
    "wansi": "ws",
    "chanyu": "cy",
    "shanyu": "sy",
}
MOST_READINGS = 3


@dataclass(frozen=True)
class Reading:
    """One way to say a name in Latin letters: `zhangsanfeng`, `zsf`."""

    pinyin: str
    initials: str
    surname: str = ""

    @property
    def sort_name(self) -> str:
        """`zhang sanfeng`: by surname first, or 程 (cheng) would stand among the 陈 (chen)."""
        return f"{self.surname} {self.pinyin.removeprefix(self.surname)}".strip()


def is_chinese(text: str) -> bool:
    """Whether any character of `text` is a Chinese one (CJK unified, with extensions)."""
    return any("\u3400" <= character <= "\u9fff" or character >= "\U00020000" for character in text)


def surname_of(name: str) -> str:
    """The surname a Chinese `name` begins with; two characters where it is a known compound one."""
    return name[:2] if len(name) > 2 and name[:2] in SURNAME_READINGS else name[:1]


def _syllables(text: str) -> list[str]:
    return [syllable.lower() for syllable in lazy_pinyin(text, style=Style.NORMAL, v_to_u=False)]


def _surname_readings(surname: str) -> list[Reading]:
    known = SURNAME_READINGS.get(surname)
    if known is None:
        syllables = _syllables(surname)
        return [Reading("".join(syllables), "".join(syllable[0] for syllable in syllables))]
    if len(surname) == 1:
        return [Reading(reading, reading[0]) for reading in known]
    usual = "".join(syllable[0] for syllable in _syllables(surname))
    return [Reading(reading, _COMPOUND_INITIALS.get(reading, usual)) for reading in known]


@lru_cache(maxsize=65_536)
def readings(name: str) -> tuple[Reading, ...]:
    """The readings of `name`, the usual one first, at most MOST_READINGS.

    A Chinese name gives one per reading of its surname; any other name itself, without spaces and marks, with the
    first letters of its words.
    """
    name = name.strip()
    if not is_chinese(name):
        words = "".join(character if character.isalnum() else " " for character in name.lower()).split()
        return (Reading("".join(words), "".join(word[0] for word in words), words[0] if words else ""),)
    surname = surname_of(name)
    given = _syllables(name[len(surname) :].replace("·", "").replace(" ", ""))
    rest = Reading("".join(given), "".join(syllable[0] for syllable in given if syllable))
    return tuple(
        Reading(first.pinyin + rest.pinyin, first.initials + rest.initials, first.pinyin)
        for first in islice(_surname_readings(surname), MOST_READINGS)
    )
