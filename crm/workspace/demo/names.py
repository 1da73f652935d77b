"""Surnames and given names with their weights, and their readings once each instead of once a customer."""

from dataclasses import dataclass

from crm.workspace.demo.draw import slots
from customers.names import readings

SURNAME_SLOTS = 10_000
GIVEN_SLOTS = 1_000

# Per mille, after the household registers' order; at the end rare, compound and many-reading ones.
_SURNAME_WEIGHTS = (
    "王72 李71 张68 刘54 陈45 杨31 赵23 黄22 周21 吴20 徐17 孙15 朱13 马13 胡13 郭12 林12 何12 高11 罗10 郑9.3 梁8.5 "
    "谢8 宋8 唐7 许7 韩7 冯6.5 邓6.5 曹6 彭6 曾5.8 肖5.8 田5 董5 袁5 潘5 于4.8 蒋4.7 蔡4.6 余4.5 杜4.5 叶4.3 程4.3 "
    "苏4.3 魏4.2 吕4 丁3.9 任3.8 沈3.7 姚3.6 卢3.6 姜3.3 崔3.3 钟3.2 谭3.2 陆3.2 汪3.1 范3.1 金3 石3 廖3 贾2.7 夏2.7 "
    "韦2.7 付2.6 方2.6 白2.5 邹2.5 孟2.4 熊2.4 秦2.4 邱2.3 江2.3 尹2.2 薛2.2 闫2.1 段2 雷2 侯2 龙1.9 史1.9 陶1.8 黎1.8 "
    "贺1.8 顾1.7 毛1.7 郝1.6 龚1.6 邵1.6 万1.5 钱1.5 严1.5 覃1.4 武1.4 戴1.4 莫1.3 孔1.3 向1.3 汤1.2 常1.2 温1.1 康1.1 "
    "施1.1 文1.1 牛1.1 樊1 葛1 邢1 安1 齐1 易1 乔1 伍0.9 庞0.9 颜0.9 倪0.9 庄0.9 聂0.8 章0.8 鲁0.8 岳0.8 翟0.7 殷0.7 "
    "詹0.7 申0.6 欧0.5 华0.5 单0.6 仇0.4 解0.5 查0.5 盖0.2 朴0.3 区0.2 缪0.3 冼0.2 应0.3 宁0.3 臧0.2 欧阳0.7 尉迟0.1 "
    "诸葛0.2 上官0.2 司徒0.2 令狐0.1 夏侯0.1 皇甫0.1"
)

# Typical given names by gender and decade of birth, the most frequent first.
_GIVEN = {
    ("male", 1940): "建国 国强 志强 德明 玉山 福生 金生 文华 国华 永福 德福 长生 宝山 树林 庆祥 国庆 志明 光明 明德 世昌 "
                    "正清 家祥 茂林 春生 水根 根生 阿根 瑞林 学文 炳坤 德才 有财 志远 云龙 振华 耀祖 守义 兆丰 敬之 维新",
    ("female", 1940): "秀英 桂英 秀兰 玉兰 桂兰 玉珍 淑珍 凤英 秀珍 玉英 素珍 美珍 淑英 金凤 月英 兰英 桂芳 惠珍 淑华 素芳 "
                      "凤珍 玉梅 秀芳 爱珍 巧云 宝珍 招娣 彩凤 静芳 慧珍 雪珍 玉华 翠英 春兰 菊英 荷花 杏芳 瑞珍 庆云 佩芬",
    ("male", 1950): "建国 建华 国强 志强 建平 建军 卫东 卫国 国平 新民 和平 跃进 援朝 国华 永明 志明 建中 爱国 建民 志刚 "
                    "立新 国良 海生 建生 宝根 长根 友生 文斌 正华 德明 伟国 兴华 忠良 家明 培良 国栋 大勇 明华 金龙 水生",
    ("female", 1950): "秀英 桂英 玉兰 秀兰 玉珍 建英 惠芳 桂珍 美华 爱华 丽华 玉华 秀珍 淑珍 国英 小妹 月珍 凤英 建华 新华 "
                      "惠珍 志英 春梅 金娣 素芬 爱芳 彩云 文英 美玲 玉芳 慧芳 红英 佩珍 雅琴 琴芳 杏珍 玲娣 根娣 亚琴 敏芳",
    ("male", 1960): "军 勇 伟 建军 志强 建平 建华 国强 卫东 红兵 卫国 海涛 志刚 永红 新华 文革 建明 志明 国平 立新 "
                    "明 平 刚 强 毅 峰 东升 晓明 建伟 志华 国栋 永强 学军 长江 建新 爱民 文忠 向东 世杰 家骏",
    ("female", 1960): "丽 敏 秀英 玉兰 红 丽华 丽萍 建英 惠芳 美华 萍 玲 燕 静 爱华 玉珍 小红 卫红 红梅 春燕 "
                      "雅芳 秀芳 桂芳 月琴 慧敏 晓红 淑芬 丽娟 雪梅 亚萍 莉 芳 琴 英 文娟 美芳 志红 永芳 佩华 玉琴",
    ("male", 1970): "伟 勇 军 强 磊 涛 斌 波 辉 刚 健 明 峰 建军 志强 海涛 俊 鹏 杰 平 志勇 建华 晓东 文斌 国栋 海军 立军 "
                    "永刚 志伟 建伟 振宇 宏伟 晓峰 卫星 立新 少华 云飞 继红 向阳 振华 伟明 志远 启明 国辉 家豪",
    ("female", 1970): "敏 静 丽 艳 芳 娟 霞 燕 红 玲 梅 萍 莉 英 丽娜 晓燕 红梅 海燕 春梅 丽娟 晓红 雪梅 艳红 慧 "
                      "琳 洁 颖 蓉 丽萍 美玲 小芳 文静 晓梅 秋萍 素云 立红 卫华 亚玲 惠敏 佳 云 凤 倩 虹 瑾",
    ("male", 1980): "伟 磊 杰 涛 超 鹏 勇 斌 洋 俊 波 峰 浩 凯 龙 辉 鑫 飞 健 明 宇 博 强 亮 晨 志强 建伟 晓东 海波 文杰 "
                    "俊杰 志鹏 少华 云飞 子健 家伟 启东 晓明 宏亮 立平 天宇 永辉 致远 国梁 晓峰 瑞 恒 毅 帆 翔",
    ("female", 1980): "静 娜 婷 丽 敏 燕 娟 艳 霞 倩 婷婷 颖 洁 丹 雪 莉 玲 琳 晶 佳 璐 蕾 文静 晓燕 丽娜 海燕 雪梅 丹丹 "
                      "莹莹 慧 薇 蓓 悦 茜 梦 佳佳 晓雯 丽君 思思 雅琴 春燕 媛媛 云 瑶 晓琳 玉洁 欣 娇 妍 凌",
    ("male", 1990): "浩 鹏 杰 磊 涛 超 宇 鑫 俊杰 凯 晨 博 文杰 宇航 志豪 伟 帅 龙 翔 健 阳 浩然 子豪 嘉伟 俊 天宇 "
                    "旭 一鸣 文博 泽宇 明轩 家豪 成龙 思远 晓阳 子轩 振宇 瑞 瀚 晗 睿 昊 逸 铭 嘉豪 永康 东 航 毅 皓",
    ("female", 1990): "婷 雪 倩 静 悦 婷婷 雨婷 佳 欣 敏 颖 梦 璐 思雨 雅婷 梦婷 佳怡 晓雯 雨薇 雅琪 诗雨 静怡 梦瑶 "
                      "欣怡 思琪 晨 琪 丹 洁 莹 雯 珊珊 佳慧 嘉欣 慧敏 紫薇 若曦 可欣 心怡 文慧 瑶 玥 蕊 露 萌 楠 琦 菲 晓彤",
    ("male", 2000): "子轩 浩然 宇航 子豪 浩宇 俊杰 梓豪 宇轩 博文 天佑 子涵 一鸣 俊熙 嘉懿 煜城 鸿涛 伟宸 志泽 文昊 晋鹏 "
                    "昊天 雨泽 奕辰 睿 子墨 皓轩 泽宇 瑞霖 明轩 思远 嘉豪 佳豪 天翊 锦程 逸飞 星辰 承泽 铭泽 晨曦 景行",
    ("female", 2000): "欣怡 梓涵 诗涵 雨涵 子涵 梦琪 思涵 佳怡 雨欣 可欣 语嫣 若曦 一诺 欣妍 梓萱 雨桐 思琪 诗琪 雅琪 佳琪 "
                      "紫涵 心怡 静怡 婉婷 晨曦 嘉怡 艺涵 雨菲 诗雨 梦瑶 钰涵 乐瑶 艺馨 思彤 佳慧 紫萱 悦 依诺 沐晴 清妍",
}  # fmt: skip
DECADES = sorted({decade for _gender, decade in _GIVEN})


@dataclass(frozen=True)
class Said:
    """A part of a name with how it is said; `_2` where a surname has a second reading, else empty."""

    text: str
    pinyin: str
    initials: str
    pinyin_2: str = ""
    initials_2: str = ""


def said_surname(surname: str) -> Said:
    """The readings of `surname`, the usual first and the next, as customers.names says them in a whole name."""
    first, *others = readings(f"{surname}一")
    second = others[0] if others else None
    return Said(
        surname,
        first.pinyin.removesuffix("yi"),
        first.initials.removesuffix("y"),
        second.pinyin.removesuffix("yi") if second else "",
        second.initials.removesuffix("y") if second else "",
    )


def said_given(given: str) -> Said:
    """The reading of a given name, as customers.names says it after any surname."""
    first = readings(f"王{given}")[0]
    return Said(given, first.pinyin.removeprefix("wang"), first.initials.removeprefix("w"))


def surnames() -> dict[str, float]:
    """Surname -> weight, per mille of the population."""
    weights: dict[str, float] = {}
    for item in _SURNAME_WEIGHTS.split():
        surname = item.rstrip("0123456789.")
        weights[surname] = float(item.removeprefix(surname))
    return weights


def surname_rows() -> list[tuple[int, str, str, str, str, str]]:
    """(slot, surname, pinyin, initials, pinyin_2, initials_2) for every slot from 0 to SURNAME_SLOTS - 1."""
    said = {surname: said_surname(surname) for surname in surnames()}
    return [
        (
            slot,
            surname,
            said[surname].pinyin,
            said[surname].initials,
            said[surname].pinyin_2,
            said[surname].initials_2,
        )
        for slot, surname in enumerate(slots(surnames(), SURNAME_SLOTS))
    ]


def given_rows() -> list[tuple[str, int, int, str, str, str]]:
    """(gender, decade, slot, given name, pinyin, initials) for every slot; the first names are the most frequent."""
    rows = []
    for (gender, decade), names in _GIVEN.items():
        weights = {name: 1 / (rank + 6) for rank, name in enumerate(names.split())}
        for slot, name in enumerate(slots(weights, GIVEN_SLOTS)):
            said = said_given(name)
            rows.append((gender, decade, slot, said.text, said.pinyin, said.initials))
    return rows
