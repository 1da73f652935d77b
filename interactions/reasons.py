"""Why a reminder is there, in the language of the page: a sentence a manager could say, and what it stands on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from crm.lib.money import short_amount
from customers.models import Channel, Family
from customers.warnings import WORDS
from interactions.keeping import words as keeping
from interactions.models import EventChannel, EventKind, FestivalName, PauseReason, ReminderKind
from interactions.policy_words import topic_label

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Why:
    """sentence: what to do or say. evidence: the facts behind it, "" where the sentence says all."""

    sentence: str
    evidence: str = ""


def why(kind: str, values: Values, text: str = "") -> Why:
    """The reason of a reminder of `kind` made of `values` (see interactions/night); `text`: a person's own words.

    Values that a newer version no longer knows, or that are missing, are left out and never an error.
    """
    writer = _WRITERS.get(kind)
    written = writer(values) if writer else Why(str(ReminderKind(kind).label))
    if not text:
        return written
    return Why(text, written.evidence)


def day_words(day: date | str) -> str:
    """A day of around now as people say it: 11月29日, Nov 29."""
    return format_date(_day(day), pgettext("date format", "M j"))


def long_day(day: date | str) -> str:
    """A day of any year: 2026年11月29日, Nov 29, 2026."""
    return format_date(_day(day), pgettext("date format", "M j, Y"))


def _day(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day


def _joined(*parts: str) -> str:
    return _("; ").join(part for part in parts if part)


def _of(words: str, values: Values, name: str, written: Callable[[str], str] = long_day) -> str:
    """`words` with the day `name` in it, "" where that is unknown."""
    return words % {"day": written(values[name])} if values.get(name) else ""


def _complaint(values: Values) -> Why:
    return Why(
        _("A complaint waits for its answer"),
        _joined(
            _of(_("received on %(day)s"), values, "received", day_words),
            _of(_("answer due by %(day)s"), values, "due", day_words),
            _("no. %(number)s") % {"number": values["number"]} if values.get("number") else "",
        ),
    )


def _promise(values: Values) -> Why:
    channel = values.get("channel")
    evidence = _of(_("promised on %(day)s"), values, "on", day_words)
    return Why(
        _("Keep what was promised"),
        _joined(evidence, str(Channel(channel).label) if channel in Channel.values else ""),
    )


def _follow_up(values: Values) -> Why:
    return Why(_("Take up the conversation again"), _of(_("planned on %(day)s"), values, "on", day_words))


def _warning(values: Values) -> Why:
    title, what_to_do = WORDS.get(values.get("detector", ""), (_("Something unusual"), ""))
    amount = values.get("amount")
    return Why(
        str(title),
        _joined(
            day_words(values["on"]) if values.get("on") else "",
            f"{short_amount(abs(amount), values['currency'])} {values['currency']}" if amount else "",
            str(what_to_do),
        ),
    )


def _keeping(values: Values) -> Why:
    facts = keeping.facts(values.get("reasons") or {})
    return Why(keeping.sentence(values.get("kind", "")), _joined(*facts))


def _intent(values: Values) -> Why:
    kind, times = values.get("kind"), values.get("times") or 1
    what = str(EventKind(kind).label) if kind in EventKind.values else _("showed interest in")
    about = values.get("subject") or (topic_label(values["topic"]) if values.get("topic") else "")
    sentence = _("%(what)s “%(about)s”") % {"what": what, "about": about} if about else what
    counted = ngettext("%(count)d time", "%(count)d times", times) % {"count": times} if times > 1 else ""
    channel = values.get("channel")
    return Why(
        f"{sentence[:1].upper()}{sentence[1:]}",
        _joined(
            str(EventChannel(channel).label) if channel in EventChannel.values else "",
            counted,
            _("answer questions, offer nothing unasked"),
        ),
    )


def _maturity(values: Values) -> Why:
    product = values.get("product") or _family(values.get("family", ""))
    amount = values.get("amount")
    if amount:
        written = short_amount(amount, values["currency"])
        if values["currency"] != settings.BASE_CURRENCY:
            written = f"{written} {values['currency']}"
        sentence = _("%(product)s of %(amount)s matures") % {"product": product, "amount": written}
    else:
        sentence = _("%(product)s matures") % {"product": product}
    return Why(
        sentence,
        _joined(
            _of(_("on %(day)s"), values, "on", day_words),
            _("first ask what the money is for"),
        ),
    )


def _family(family: str) -> str:
    return str(Family(family).label) if family in Family.values else _("A product")


def _assessment(values: Values) -> Why:
    level = values.get("level")
    return Why(
        _("Invite to a new risk assessment"),
        _joined(
            _("level C%(level)d") % {"level": level} if level else "",
            _of(_("the last one counts until %(day)s"), values, "on", day_words),
        ),
    )


def _birthday(values: Values) -> Why:
    age = values.get("age")
    if age and age >= 60 and age % 10 == 0:
        sentence = _("%(age)dth birthday: congratulate, invite for a tea") % {"age": age}
    else:
        sentence = _("Birthday: congratulate, nothing else")
    turns = ngettext("turns %(age)d", "turns %(age)d", age or 0) % {"age": age} if age else ""
    return Why(sentence, _joined(_of(_("on %(day)s"), values, "on", day_words), turns))


def _welcome(values: Values) -> Why:
    return Why(
        _("New here: ask how the first days went"),
        _of(_("customer since %(day)s"), values, "since", day_words),
    )


def _retirement(values: Values) -> Why:
    return Why(
        _("Retires soon: a coffee, and a talk about income in old age"),
        _joined(
            _of(_("statutory retirement on %(day)s"), values, "on"),
            _("at %(years)d years and %(months)d months") % {"years": values["years"], "months": values["months"]}
            if "years" in values
            else "",
        ),
    )


def _birth(values: Values) -> Why:
    return Why(
        _("A child was born: congratulate"),
        _("if the parents ask: an account for a child needs its guardian's consent"),
    )


def _anniversary(values: Values) -> Why:
    years = values.get("years") or 0
    sentence = ngettext(
        "With us for %(years)d year: say thank you", "With us for %(years)d years: say thank you", years
    )
    return Why(sentence % {"years": years}, _of(_("on %(day)s"), values, "on", day_words))


def _wedding(values: Values) -> Why:
    years = values.get("years") or 0
    sentence = ngettext(
        "Married for %(years)d year: congratulate, nothing else",
        "Married for %(years)d years: congratulate, nothing else",
        years,
    )
    return Why(sentence % {"years": years}, _of(_("on %(day)s"), values, "on", day_words))


def _festival(values: Values) -> Why:
    name = values.get("name")
    label = str(FestivalName(name).label) if name in FestivalName.values else _("A festival")
    return Why(
        _("%(festival)s: a greeting, nothing else") % {"festival": label},
        _of(_("on %(day)s"), values, "on", day_words),
    )


def _support(values: Values) -> Why:
    if values.get("reason") == PauseReason.BEREAVEMENT:
        sentence = _("Condolences: offer help with accounts and papers, no sales")
    else:
        sentence = _("Ask whether help is needed, for example with a claim; no sales")
    return Why(sentence, _of(_("sales wait until %(day)s"), values, "until", day_words))


def _invitation(values: Values) -> Why:
    return Why(
        _("Invite: %(title)s") % {"title": values.get("title", "")},
        _joined(
            _of(_("on %(day)s"), values, "on", day_words),
            str(values.get("time", "")),
            str(values.get("place", "")),
            _("free, and no product is spoken of"),
        ),
    )


def _losing(values: Values) -> Why:
    if values.get("last"):
        sentence = _of(_("No conversation since %(day)s: ask how things are"), values, "last")
    else:
        sentence = _("No conversation on record: introduce yourself")
    return Why(sentence, _joined(_interval(values), _of(_("customer since %(day)s"), values, "since")))


def _nothing_planned(values: Values) -> Why:
    last = _of(_("last conversation on %(day)s"), values, "last")
    return Why(_("Nothing is planned: set the next contact"), _joined(last, _interval(values)))


def _interval(values: Values) -> str:
    days = values.get("interval")
    if not days:
        return ""
    return ngettext("to be contacted every %(days)d day", "to be contacted every %(days)d days", days) % {"days": days}


_WRITERS: dict[str, Callable[[Values], Why]] = {
    ReminderKind.COMPLAINT: _complaint,
    ReminderKind.PROMISE: _promise,
    ReminderKind.FOLLOW_UP: _follow_up,
    ReminderKind.WARNING: _warning,
    ReminderKind.KEEPING: _keeping,
    ReminderKind.INTENT: _intent,
    ReminderKind.MATURITY: _maturity,
    ReminderKind.ASSESSMENT: _assessment,
    ReminderKind.BIRTHDAY: _birthday,
    ReminderKind.SUPPORT: _support,
    ReminderKind.BIRTH: _birth,
    ReminderKind.ANNIVERSARY: _anniversary,
    ReminderKind.WEDDING: _wedding,
    ReminderKind.FESTIVAL: _festival,
    ReminderKind.INVITATION: _invitation,
    ReminderKind.WELCOME: _welcome,
    ReminderKind.RETIREMENT: _retirement,
    ReminderKind.LOSING_TOUCH: _losing,
    ReminderKind.NOTHING_PLANNED: _nothing_planned,
}
