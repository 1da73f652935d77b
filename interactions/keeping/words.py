"""Why the night thinks that a customer may leave, in words a manager could read aloud to a colleague.

Neutral for the customer: nothing here is to be told them. What to say first is in interactions/care/greetings.py.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from crm.lib.dates import months_before
from crm.lib.money import short_amount
from interactions.models import Fall

FEWEST_MOVES = 6  # of a quarter; of fewer, a change says nothing
FEWER = 0.7  # 30 % fewer, as the lifecycle "declining" has it


def sentence(kind: str) -> str:
    """What to do about a fall of `kind`."""
    if kind == Fall.SEVERE:
        return _("Assets have been below their tier for a month: ask how things are")
    return _("Assets fell below their tier: ask how things are")


def facts(reasons: Mapping[str, Any]) -> list[str]:
    """What stood out, a clause each, the weightiest first. What is not known is left out."""
    found = [_averages(reasons), _elsewhere(reasons), _invested(reasons), _moves(reasons), _complained(reasons)]
    return [clause for clause in found if clause]


def _amount(minor: int) -> str:
    return short_amount(minor, settings.BASE_CURRENCY)


def _averages(reasons: Mapping[str, Any]) -> str:
    """Averages of the two months, the end of the last, and what there was when it was noticed."""
    if reasons.get("month") is None or reasons.get("average_1") is None:
        return ""
    last = date.fromisoformat(reasons["month"])
    written = {
        "month": _month(last),
        "average": _amount(reasons["average_1"]),
        "end": _amount(reasons.get("month_end") or 0),
        "now": _amount(reasons.get("now") or 0),
    }
    if reasons.get("average_2") is None:
        return _("average of %(month)s %(average)s, at its end %(end)s, then %(now)s") % written
    written |= {"before": _month(months_before(last, 1)), "average_before": _amount(reasons["average_2"])}
    return (
        _("average of %(before)s %(average_before)s, of %(month)s %(average)s, at its end %(end)s, then %(now)s")
        % written
    )


def _month(month: date) -> str:
    return format_date(month, pgettext("date format of a month", "M"))


def _elsewhere(reasons: Mapping[str, Any]) -> str:
    if not reasons.get("elsewhere"):
        out = reasons.get("out")
        return _("%(amount)s paid out in three months") % {"amount": _amount(out)} if out else ""
    words = _("%(amount)s to other banks in three months") % {"amount": _amount(reasons["elsewhere"])}
    banks = reasons.get("banks") or []
    named = pgettext("between names", ", ").join(f"{one['bank']} {_amount(one['amount'])}" for one in banks)
    return _("%(what)s (%(banks)s)") % {"what": words, "banks": named} if named else words


def _invested(reasons: Mapping[str, Any]) -> str:
    if not reasons.get("invested"):
        return ""
    return _("%(amount)s invested at other banks") % {"amount": _amount(reasons["invested"])}


def _moves(reasons: Mapping[str, Any]) -> str:
    before, now = reasons.get("moves_before") or 0, reasons.get("moves") or 0
    if before < FEWEST_MOVES or now >= FEWER * before:
        return ""
    words = ngettext(
        "%(now)d own transaction in three months, before that %(before)d",
        "%(now)d own transactions in three months, before that %(before)d",
        now,
    )
    return words % {"now": now, "before": before}


def _complained(reasons: Mapping[str, Any]) -> str:
    if not reasons.get("complained"):
        return ""
    day = format_date(date.fromisoformat(reasons["complained"]), pgettext("date format", "M j"))
    return _("complained on %(day)s") % {"day": day}
