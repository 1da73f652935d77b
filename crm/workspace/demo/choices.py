"""What the customers are like: weighted choices by life stage, drawn by joining on (kind, slot)."""

from collections.abc import Iterator, Mapping

from crm.workspace.demo.draw import slots

SLOTS = 200

Weights = Mapping[str, float]

_DISTRICTS: Weights = {
    "徐汇区": 16, "长宁区": 11, "静安区": 14, "普陀区": 13, "虹口区": 10, "杨浦区": 12, "黄浦区": 9, "闵行区": 15, "浦东新区": 22,
}  # fmt: skip
# First six digits of ID numbers: the city's own and those of people who moved in. Only codes that have stood for the
# whole of the last century, since a validator compares them with the year of birth.
_ID_PLACES: Weights = {
    "310104": 14, "310105": 10, "310106": 10, "310107": 12, "310108": 8, "310109": 10, "310110": 12, "110105": 2, "110108": 2,
    "120102": 1, "120104": 2, "330122": 3, "330127": 3, "340121": 3, "340221": 2, "360121": 2, "350121": 2, "430121": 2,
    "510121": 1, "210122": 1, "610326": 1,
}  # fmt: skip
_ROADS: Weights = dict.fromkeys(
    ["解放路", "人民路", "中山路", "建设路", "文化路", "新华路", "和平路", "学府路", "滨河路", "望江路", "长寿路", "康乐路", "梧桐路", "银杏路", "桂花路", "东湖路", "西园路", "南苑路", "北苑路", "花园街", "幸福街", "光明街", "兴业街", "朝阳街", "春晖里", "安康里", "永乐里", "锦绣苑", "翠竹苑", "明月苑"], 1
)  # fmt: skip

_EDUCATION: dict[str, Weights] = {
    "young": {"high": 50, "college": 20, "bachelor": 30},
    "1940": {"school": 72, "high": 20, "college": 4, "bachelor": 4},
    "1950": {"school": 62, "high": 28, "college": 6, "bachelor": 4},
    "1960": {"school": 46, "high": 34, "college": 11, "bachelor": 8, "graduate": 1},
    "1970": {"school": 30, "high": 30, "college": 18, "bachelor": 18, "graduate": 4},
    "1980": {"school": 15, "high": 22, "college": 24, "bachelor": 30, "graduate": 9},
    "1990": {"school": 6, "high": 18, "college": 26, "bachelor": 38, "graduate": 12},
    "2000": {"school": 3, "high": 22, "college": 30, "bachelor": 40, "graduate": 5},
}
_MARITAL: dict[str, Weights] = {
    "16": {"single": 1},
    "22": {"single": 72, "married": 27, "divorced": 1},
    "30": {"single": 24, "married": 70, "divorced": 6},
    "40": {"single": 8, "married": 80, "divorced": 11, "widowed": 1},
    "55": {"single": 3, "married": 83, "divorced": 8, "widowed": 6},
    "70": {"single": 2, "married": 62, "divorced": 4, "widowed": 32},
}
# By age from: what people like to be reached by.
_CHANNEL: dict[str, Weights] = {
    "16": {"wechat": 48, "app": 36, "sms": 8, "phone": 6, "email": 2},
    "30": {"wechat": 46, "app": 24, "phone": 16, "sms": 8, "email": 6},
    "55": {"phone": 50, "wechat": 24, "visit": 16, "sms": 8, "app": 2},
}

_OCCUPATION: dict[str, Weights] = {
    "study": {"学生": 1},
    "retired": {"退休": 1},
    "school": {"个体经营者": 20, "司机": 16, "建筑工人": 14, "工厂技工": 18, "餐饮店员": 10, "保安": 8, "家政服务员": 8, "自由职业者": 6},
    "high": {"个体经营者": 18, "销售员": 18, "工厂技工": 16, "司机": 12, "门店店长": 10, "快递员": 8, "文员": 12, "自由职业者": 6},
    "college": {"会计": 14, "销售经理": 14, "护士": 12, "行政主管": 12, "技术员": 16, "设计师": 10, "个体经营者": 12, "文员": 10},
    "bachelor": {"软件工程师": 18, "会计": 10, "教师": 14, "公务员": 12, "护士": 4, "产品经理": 8, "销售经理": 10, "人力资源经理": 6,
                 "土木工程师": 7, "企业主": 6, "自由职业者": 5},
    "graduate": {"医生": 20, "大学教师": 12, "律师": 10, "软件工程师": 22, "研究员": 10, "投资经理": 8, "公务员": 10, "企业主": 8},
}  # fmt: skip
_EMPLOYERS = {
    "工厂": ("华盛机械", "永新电器", "恒通汽车部件", "瑞丰纺织", "东港造船配套", "金桥包装"),
    "建筑": ("宏基建设", "城建三公司", "中泰路桥", "安居工程"),
    "物流": ("迅达物流", "城际客运", "安顺出租", "速通快运"),
    "服务": ("老码头餐饮", "万家物业", "悦来酒店", "好邻居便利", "丽人百货"),
    "公司": (
        "启明科技",
        "云帆软件",
        "海纳数据",
        "博雅文化",
        "联创贸易",
        "晨光商贸",
        "嘉禾食品",
        "智联信息",
        "天合咨询",
    ),
    "学校": ("实验小学", "第三中学", "城南中学", "外国语学校", "阳光幼儿园"),
    "大学": ("理工大学", "师范大学", "城市学院"),
    "医院": ("第一人民医院", "中心医院", "妇幼保健院", "第六医院"),
    "机关": ("区税务局", "市规划局", "区教育局", "街道办事处", "市档案馆"),
    "事务所": ("正衡律师事务所", "德信律师事务所"),
    "投资": ("远景资本", "汇泽资产", "同创投资"),
}
_SECTOR = {
    "工厂技工": "工厂", "技术员": "工厂", "建筑工人": "建筑", "土木工程师": "建筑", "司机": "物流", "快递员": "物流", "餐饮店员": "服务",
    "保安": "服务", "家政服务员": "服务", "门店店长": "服务", "销售员": "公司", "文员": "公司", "会计": "公司", "销售经理": "公司",
    "行政主管": "公司", "设计师": "公司", "软件工程师": "公司", "产品经理": "公司", "人力资源经理": "公司", "教师": "学校",
    "大学教师": "大学", "研究员": "大学", "医生": "医院", "护士": "医院", "公务员": "机关", "律师": "事务所", "投资经理": "投资",
}  # fmt: skip

_INCOME_LEVELS: dict[str, Weights] = {
    "none": {"0-60k": 1},
    "pension": {"0-60k": 46, "60-120k": 50, "120-300k": 4},
    "low": {"0-60k": 34, "60-120k": 60, "120-300k": 6},
    "middle": {"0-60k": 8, "60-120k": 52, "120-300k": 38, "300k-1m": 2},
    "good": {"60-120k": 16, "120-300k": 64, "300k-1m": 19, "1m+": 1},
    "high": {"120-300k": 30, "300k-1m": 56, "1m+": 14},
}
_INCOME_OF = {
    "学生": "none", "退休": "pension", "建筑工人": "low", "餐饮店员": "low", "保安": "low", "家政服务员": "low", "快递员": "low",
    "司机": "low", "工厂技工": "middle", "文员": "middle", "销售员": "middle", "护士": "middle", "技术员": "middle", "门店店长": "middle",
    "自由职业者": "middle", "个体经营者": "middle", "会计": "middle", "教师": "good", "公务员": "good", "行政主管": "middle",
    "设计师": "good", "销售经理": "good", "人力资源经理": "good", "土木工程师": "good", "软件工程师": "good", "产品经理": "good",
    "大学教师": "good", "研究员": "good", "医生": "good", "律师": "high", "投资经理": "high", "企业主": "high",
}  # fmt: skip


def _kinds() -> Iterator[tuple[str, Weights]]:
    yield "district", _DISTRICTS
    yield "id place", _ID_PLACES
    yield "road", _ROADS
    for name, tables in (
        ("education", _EDUCATION), ("marital", _MARITAL), ("channel", _CHANNEL), ("occupation", _OCCUPATION),
    ):  # fmt: skip
        yield from ((f"{name} {key}", weights) for key, weights in tables.items())
    for occupation, sector in _SECTOR.items():
        yield f"employer {occupation}", dict.fromkeys(_EMPLOYERS[sector], 1)
    for occupation, level in _INCOME_OF.items():
        yield f"income {occupation}", _INCOME_LEVELS[level]


def choice_rows() -> list[tuple[str, int, str]]:
    """(kind, slot, value) for every kind and slot from 0 to SLOTS - 1. A kind without rows draws nothing."""
    return [(kind, slot, value) for kind, weights in _kinds() for slot, value in enumerate(slots(weights, SLOTS))]
