"""Short words of a row of Today: when it is due, when there was last a contact, what the contact policy leaves."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from crm.lib.dates import bank_day
from customers.models import Channel
from interactions.contact_policy import Standing
from interactions.hot import moment
from interactions.models import ReminderKind
from interactions.reasons import day_words

if TYPE_CHECKING:
    from crm.workspace.today import Item

SOON = 3  # days before a complaint is to be answered that it turns amber


class Due(NamedTuple):
    """When, in words and colour (late, today, coming, warn or "")."""

    text: str
    tone: str


class Last(NamedTuple):
    """The last conversation: how and on which day, and how many days ago."""

    text: str
    ago: str


class Left(NamedTuple):
    """What the contact budget leaves: one dot a contact, filled where it is used, and words. tone as of Due."""

    dots: list[bool]
    text: str
    tone: str


def due_words(item: "Item", last_at: Any, today: date) -> Due:
    """When `item` is for. last_at: of the last conversation, None for none."""
    if item.bucket == "late":
        days = (today - item.day).days
        return Due(ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}, "late")
    if item.kind == ReminderKind.INTENT and item.bucket == "hot":
        return Due(_moment_words(item.values, today), "")
    if item.kind == ReminderKind.WARNING and item.bucket == "warnings":
        return Due(pgettext("due", "verify"), "warn")
    if item.bucket == "losing" or item.bucket == "later":
        return _silence(item, last_at, today)
    days = (item.day - today).days
    if item.kind == ReminderKind.COMPLAINT and item.bucket == "complaints":
        left = ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
        return Due(left, "today" if days <= SOON else "coming")
    return _ahead(item, days)


def _ahead(item: "Item", days: int) -> Due:
    if days <= 0:
        return Due(f"{item.at_time:%H:%M}" if item.at_time else pgettext("due", "today"), "today")
    if days == 1:
        return Due(pgettext("due", "tomorrow"), "coming")
    return Due(ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}, "coming")


def _silence(item: "Item", last_at: Any, today: date) -> Due:
    """Out of touch: for how long."""
    if item.kind not in (ReminderKind.LOSING_TOUCH, ReminderKind.NOTHING_PLANNED):
        return _ahead(item, (item.day - today).days)
    if last_at is None:
        return Due(pgettext("due", "never"), "")
    days = (today - bank_day(last_at)).days
    tone = "late" if item.kind == ReminderKind.LOSING_TOUCH else ""
    return Due(ngettext("%(days)d day", "%(days)d days", days) % {"days": days}, tone)


def _moment_words(values: dict[str, Any], today: date) -> str:
    at = moment(values)
    if at is None:
        return ""
    if at.date() == today:
        return f"{at:%H:%M}"
    if at.date() == today - timedelta(days=1):
        return _("yest. %(time)s") % {"time": f"{at:%H:%M}"}
    return day_words(at.date())


def last_words(last_at: Any, channel: str | None, today: date) -> Last:
    """The last conversation in words."""
    if last_at is None:
        return Last(_("no conversation yet"), "")
    day = timezone.localtime(last_at).date()
    days = max((today - day).days, 0)
    label = str(Channel(channel).label) if channel in Channel.values else ""
    return Last(f"{label} {day_words(day)}".strip(), ngettext("%(days)d day", "%(days)d days", days) % {"days": days})


def left_words(standing: Standing | None) -> Left | None:
    """What a manager may still offer; None where nothing is known or there is no bound."""
    if standing is None:
        return None
    if standing.hold:
        return Left([], _("no offers: complaint"), "late")
    if standing.paused_until is not None:
        return Left([], _("no offers until %(day)s") % {"day": day_words(standing.paused_until)}, "today")
    budget = standing.budget
    if not budget.cap:
        return None
    dots = [place < budget.used for place in range(budget.cap)]
    if budget.spent and budget.next_free is not None:
        return Left(dots, _("offers from %(day)s") % {"day": day_words(budget.next_free)}, "today")
    return Left(dots, _("%(used)d/%(cap)d offers") % {"used": budget.used, "cap": budget.cap}, "")
