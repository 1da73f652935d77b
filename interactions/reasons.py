"""Why a reminder is there, in words a manager could say: a sentence, and the evidence under it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib.money import short_amount
from customers.models import Detector
from customers.warnings import WORDS
from interactions.models import Reminder, ReminderKind

Values = dict[str, Any]


@dataclass(frozen=True)
class Why:
    """sentence: why now. evidence: what it stands on, "" where the sentence says all."""

    sentence: str
    evidence: str = ""


def why(kind: str, values: Values, text: str = "") -> Why:
    """The reason of a reminder of `kind` with `values`, in the page's language; a person's own `text` comes first."""
    found = _SENTENCES[ReminderKind(kind)](values)
    return Why(text, found.sentence if found.sentence != text else found.evidence) if text else found


def of(reminder: Reminder) -> Why:
    """The reason of `reminder`."""
    return why(reminder.kind, reminder.values, reminder.text)


def _day(values: Values, name: str) -> str:
    """The day `values[name]` (ISO) as pages write it, "" where it is not known."""
    return date_format(date.fromisoformat(values[name]), "Y-m-d") if values.get(name) else ""


def _amount(values: Values) -> str:
    return short_amount(values["amount"], values["currency"]) if values.get("amount") is not None else ""


def _complaint(values: Values) -> Why:
    return Why(
        _("Complaint to be answered by %(day)s") % {"day": _day(values, "due")},
        _("Received on %(day)s, number %(number)s") % {"day": _day(values, "received"), "number": values["number"]},
    )


def _promise(values: Values) -> Why:
    return Why(values.get("promise") or _("A promise is due"), _("Promised on %(day)s") % {"day": _day(values, "on")})


def _follow_up(values: Values) -> Why:
    return Why(_("Next talk, as you set it"), "")


def _warning(values: Values) -> Why:
    title, what_to_do = WORDS[Detector(values["detector"])]
    return Why(str(title), str(what_to_do))


def _intent(values: Values) -> Why:
    return Why(
        _("Looked at %(subject)s") % {"subject": values["subject"]},
        ngettext("%(times)d time", "%(times)d times", values["times"]) % {"times": values["times"]},
    )


def _maturity(values: Values) -> Why:
    named = {"product": values.get("product") or _("A deposit"), "amount": _amount(values)}
    return Why(
        _("%(product)s %(amount)s matures") % named,
        _("Due on %(day)s; ask first what the money is for") % {"day": _day(values, "matures_on")},
    )


def _assessment(values: Values) -> Why:
    level = {"level": values["level"], "day": _day(values, "valid_until")}
    return Why(
        _("The risk assessment ends on %(day)s") % level,
        _("C%(level)s; without a new one only products of the lowest risk fit") % level,
    )


def _birthday(values: Values) -> Why:
    return Why(
        ngettext("Birthday: %(age)d year old", "Birthday: %(age)d years old", values["age"]) % {"age": values["age"]},
        _("Congratulate; nothing else"),
    )


def _welcome(values: Values) -> Why:
    return Why(_("New customer: ask whether all works"), _("Customer since %(day)s") % {"day": _day(values, "since")})


def _retirement(values: Values) -> Why:
    return Why(
        _("Retires about %(day)s: time for a talk over coffee") % {"day": _day(values, "retires_on")[:7]},
        _("By the table of retirement ages, %(age)s") % {"age": _years(values["months"])},
    )


def _years(months: int) -> str:
    years, rest = divmod(months, 12)
    whole = ngettext("%(years)d year", "%(years)d years", years) % {"years": years}
    if not rest:
        return whole
    return whole + " " + ngettext("%(months)d month", "%(months)d months", rest) % {"months": rest}


def _losing_touch(values: Values) -> Why:
    interval = values["interval"]
    every = ngettext("To be spoken to every %(days)d day", "To be spoken to every %(days)d days", interval)
    if not values.get("last_on"):
        return Why(_("No conversation yet"), every % {"days": interval})
    return Why(_("Last conversation on %(day)s") % {"day": _day(values, "last_on")}, every % {"days": interval})


def _nothing_planned(values: Values) -> Why:
    evidence = _("Last conversation on %(day)s") % {"day": _day(values, "last_on")} if values.get("last_on") else ""
    return Why(_("Nothing is planned with this customer"), evidence)


_SENTENCES: dict[ReminderKind, Callable[[Values], Why]] = {
    ReminderKind.COMPLAINT: _complaint,
    ReminderKind.PROMISE: _promise,
    ReminderKind.FOLLOW_UP: _follow_up,
    ReminderKind.WARNING: _warning,
    ReminderKind.INTENT: _intent,
    ReminderKind.MATURITY: _maturity,
    ReminderKind.ASSESSMENT: _assessment,
    ReminderKind.BIRTHDAY: _birthday,
    ReminderKind.WELCOME: _welcome,
    ReminderKind.RETIREMENT: _retirement,
    ReminderKind.LOSING_TOUCH: _losing_touch,
    ReminderKind.NOTHING_PLANNED: _nothing_planned,
}
