"""Words to congratulate with, in both languages: the customer's language is not always that of the page.

They are for saying or writing by hand. None of them speaks of a product, a return or a visit to buy: a test looks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from interactions.models import FestivalName, PauseReason, ReminderKind

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Greeting:
    """The same greeting, to choose from by the customer's language."""

    zh: str
    en: str


FESTIVALS: dict[str, Greeting] = {
    FestivalName.SPRING: Greeting(
        "给您拜年了！祝您和家人新春快乐，身体健康，万事如意。",
        "Happy Spring Festival! Good health and all the best to you and your family.",
    ),
    FestivalName.DRAGON_BOAT: Greeting(
        "端午安康！祝您和家人平安顺遂。",
        "Wishing you and your family a peaceful Dragon Boat Festival.",
    ),
    FestivalName.MID_AUTUMN: Greeting(
        "中秋快乐！祝您和家人团团圆圆，平平安安。",
        "Happy Mid-Autumn Festival! May you be together with those you love.",
    ),
    FestivalName.DOUBLE_NINTH: Greeting(
        "重阳安康！祝您身体硬朗，笑口常开。天凉了，出门请多穿一件。",
        "Warm wishes on the Double Ninth Festival: good health and many good days. It is getting cold, take care.",
    ),
}


def _birthday(values: Values) -> Greeting:
    age = values.get("age")
    if isinstance(age, int) and age >= 60 and age % 10 == 0:
        return Greeting(
            f"{age}岁大寿，给您道喜！祝您福寿安康，笑口常开。",
            f"Many happy returns on your {age}th birthday! I wish you health and happiness.",
        )
    return Greeting(
        "生日快乐！祝您身体健康，心想事成。",
        "Happy birthday! I wish you health and a good year.",
    )


def _birth(values: Values) -> Greeting:
    return Greeting(
        "听说家里添了新成员，恭喜恭喜！祝宝宝健康成长，妈妈早日恢复。",
        "I heard there is a new member of the family: congratulations! All the best to the child and the parents.",
    )


def _retirement(values: Values) -> Greeting:
    return Greeting(
        "辛苦了大半辈子，快要享清福了。哪天方便，我请您喝杯咖啡，听听您以后的打算。",
        "After all these years of work, some rest is near. May I invite you for a coffee and hear about your plans?",
    )


def _anniversary(values: Values) -> Greeting:
    years = values.get("years", "")
    return Greeting(
        f"您和我们相识已经{years}年了，谢谢您一直以来的信任。",
        f"You have been with us for {years} years. Thank you for your trust.",
    )


def _wedding(values: Values) -> Greeting:
    years = values.get("years", "")
    return Greeting(
        f"结婚{years}周年快乐！祝二位恩爱如初。",
        f"Congratulations on your {years} years of marriage! I wish you both many happy years.",
    )


def _festival(values: Values) -> Greeting | None:
    return FESTIVALS.get(str(values.get("name")))


def _support(values: Values) -> Greeting:
    if values.get("reason") == PauseReason.BEREAVEMENT:
        return Greeting(
            "得知您家里的事，心里很难过，请您节哀。账户和手续上有什么需要，随时叫我，我来跑。",
            "I was very sorry to hear of your loss. If accounts or papers need seeing to, let me do it.",
        )
    return Greeting(
        "最近还好吗？有什么要跑的手续，比如理赔材料，您说一声，我来帮您办。",
        "How are you these days? If there is any paperwork, for example for a claim, tell me and I will help.",
    )


def _keeping(values: Values) -> Greeting:
    """To whom may leave: the complaint first, and never what the bank saw of their money."""
    if (values.get("reasons") or {}).get("complained"):
        return Greeting(
            "上次的事让您费心了，我一直记着。后来都好了吗？还有哪儿不顺手，您直接跟我说。",
            "I have not forgotten the trouble you had with us. Is all well now? If anything is not, please tell me.",
        )
    return Greeting(
        "好些日子没和您好好聊聊了，近来都好吗？用着有哪儿不方便的，您跟我说，我来想办法。",
        "It has been a while since we talked. How are you? If anything is inconvenient, tell me and I will see to it.",
    )


_WRITERS: dict[str, Callable[[Values], Greeting | None]] = {
    ReminderKind.KEEPING: _keeping,
    ReminderKind.BIRTHDAY: _birthday,
    ReminderKind.BIRTH: _birth,
    ReminderKind.RETIREMENT: _retirement,
    ReminderKind.ANNIVERSARY: _anniversary,
    ReminderKind.WEDDING: _wedding,
    ReminderKind.FESTIVAL: _festival,
    ReminderKind.SUPPORT: _support,
}


def greeting(kind: str, values: Values) -> Greeting | None:
    """What one may say at a reminder of `kind` made of `values`; None where it is no occasion for a greeting."""
    writer = _WRITERS.get(kind)
    return writer(values) if writer else None
