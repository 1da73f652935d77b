"""What a brief consists of, and words for days and for what was said."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from interactions.reasons import day_words, long_day

LONGEST = 90  # characters of what was said: the panel behind holds it all


@dataclass(frozen=True)
class Due:
    """A day in words with its colour. kind: late, today or coming."""

    kind: str
    text: str


@dataclass(frozen=True)
class Act:
    """One tap. name: of the URL it posts to, with the customer's number and `pk`; go: the first button of the page."""

    label: str
    name: str
    pk: int
    icon: str = "check"
    go: bool = False


@dataclass(frozen=True)
class Fact:
    """One thing to know. lead: the words that link to `source`, the id of the panel it is from; text: the rest.

    offer: what to do before all else. how: how to say it, or where it ends, in grey.
    """

    source: str
    lead: str = ""
    text: str = ""
    due: Due | None = None
    offer: str = ""
    how: str = ""
    act: Act | None = None


@dataclass(frozen=True)
class Line:
    """Facts of one kind under one label. kind: hurt, promise, mood, looked, coming, verify or avoid; held: sales wait
    for it."""

    kind: str
    icon: str
    label: str
    facts: list[Fact]
    held: bool = False


def day_text(day: date, today: date) -> str:
    """`day` as short as it is clear: with its year only where that is not this one."""
    return day_words(day) if day.year == today.year else long_day(day)


def due(day: date, today: date, now: str = "") -> Due:
    """How far off `day` is, in words and colour. now: the words for today, where they are not "due today"."""
    days = (day - today).days
    if days < 0:
        words = ngettext("%(days)d day overdue", "%(days)d days overdue", -days) % {"days": -days}
        return Due("late", words)
    if days == 0:
        return Due("today", now or _("due today"))
    if days == 1:
        return Due("coming", _("tomorrow"))
    return Due("coming", ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days})


def cut(text: str) -> str:
    """`text` in one line, no longer than a glance takes."""
    return Truncator(" ".join(text.split())).chars(LONGEST)


def quoted(text: str) -> str:
    """What somebody said, cut, in quotation marks."""
    return pgettext("quoted", "“%(text)s”") % {"text": cut(text)}
