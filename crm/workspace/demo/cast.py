"""The customers whom the product's stories tell of: the same low numbers and the same lives in every demo bank."""

from dataclasses import dataclass
from datetime import date, timedelta

from customers.names import readings


@dataclass(frozen=True)
class Member:
    """One customer of the cast. `born` and `since` are days before today, so that ages and years stay as told."""

    name: str
    gender: str
    born: int
    since: int
    occupation: str
    employer: str
    income_band: str
    education: str
    marital_status: str
    channel: str
    district: str
    owner: str = "R1001"


def _years(years: int, days: int) -> int:
    return int(years * 365.25) + days


CAST = (
    # Complained of the queue last time.
    Member("张伟明", "male", _years(46, 121), _years(11, 40), "土木工程师", "宏基建设", "120-300k", "bachelor", "married", "phone", "徐汇区"),
    # Travels for business: buys currency, raised the limit abroad.
    Member("李静", "female", _years(38, 64), _years(9, 210), "销售经理", "联创贸易", "300k-1m", "bachelor", "married", "wechat", "长宁区"),
    # Saves every month.
    Member("梁启东", "male", _years(39, 200), _years(13, 15), "教师", "第三中学", "120-300k", "bachelor", "married", "wechat", "徐汇区"),
    # Just bought a flat.
    Member("周明", "male", _years(30, 88), _years(6, 95), "软件工程师", "云帆软件", "120-300k", "graduate", "married", "app", "闵行区"),
    # Young entrepreneur: little money yet, much to come.
    Member("陈宇航", "male", _years(29, 33), _years(3, 120), "企业主", "宇航智造工作室", "120-300k", "bachelor", "single", "wechat",
           "浦东新区"),
    # Retired, lives on what she saved.
    Member("郑秀英", "female", _years(71, 143), _years(22, 300), "退休", "", "60-120k", "high", "widowed", "phone", "静安区"),
    # Large transfers lately.
    Member("曹志远", "male", _years(49, 17), _years(8, 12), "企业主", "志远建材", "300k-1m", "college", "married", "phone", "普陀区"),
    # A child was born.
    Member("王蕾", "female", _years(32, 250), _years(7, 60), "会计", "嘉禾食品", "120-300k", "bachelor", "married", "wechat", "闵行区"),
    # Typed as shan and as dan.
    Member("单晓明", "male", _years(41, 180), _years(5, 77), "医生", "中心医院", "300k-1m", "graduate", "married", "wechat", "虹口区"),
    # A customer of another branch.
    Member("赵国强", "male", _years(58, 9), _years(17, 140), "个体经营者", "", "120-300k", "high", "married", "phone", "杨浦区",
           owner="R1005"),
    # A loan overdue; silent for a year, then not; money in and out; and so on: see stories.py.
    Member("马骏", "male", _years(34, 70), _years(4, 33), "网约车司机", "", "60-120k", "high", "married", "phone", "宝山区"),
    Member("何桂兰", "female", _years(67, 12), _years(15, 90), "退休", "", "60-120k", "high", "married", "phone", "徐汇区"),
    Member("罗文斌", "male", _years(44, 5), _years(5, 18), "个体经营者", "", "120-300k", "college", "married", "wechat", "松江区"),
    Member("谢东升", "male", _years(52, 130), _years(6, 200), "个体经营者", "", "120-300k", "high", "married", "phone", "嘉定区",
           owner="R1002"),
    Member("唐建军", "male", _years(37, 41), _years(2, 300), "自由职业", "", "60-120k", "college", "single", "wechat", "青浦区",
           owner="R1002"),
    Member("冯雅琴", "female", _years(48, 90), _years(10, 11), "医生", "中心医院", "300k-1m", "graduate", "married", "wechat", "徐汇区"),
    Member("董立", "male", _years(51, 210), _years(12, 150), "工程师", "宏基建设", "300k-1m", "bachelor", "married", "phone", "长宁区"),
    Member("袁小梅", "female", _years(43, 75), _years(9, 44), "律师", "正言律师事务所", "300k-1m", "graduate", "married", "wechat",
           "静安区"),
    Member("崔海涛", "male", _years(27, 300), 40, "教师", "第一小学", "60-120k", "bachelor", "single", "wechat", "徐汇区"),
)  # fmt: skip

CAST_COLUMNS = (
    "n", "name", "pinyin", "initials", "sort_name", "pinyin_2", "initials_2", "gender", "birth_date", "since", "occupation", "employer",
    "income_band", "education", "marital_status", "channel", "district", "owner_number",
)  # fmt: skip


def cast_rows(day: date) -> list[tuple[object, ...]]:
    """The cast as rows of CAST_COLUMNS, dated from `day`; n counts from 1 and makes the customer number."""
    rows: list[tuple[object, ...]] = []
    for n, member in enumerate(CAST, start=1):
        first, *others = readings(member.name)
        second = (others[0].pinyin, others[0].initials) if others else ("", "")
        rows.append((
            n, member.name, first.pinyin, first.initials, first.sort_name, *second, member.gender,
            day - timedelta(days=member.born), day - timedelta(days=member.since), member.occupation, member.employer,
            member.income_band, member.education, member.marital_status, member.channel, member.district, member.owner,
        ))  # fmt: skip
    return rows
