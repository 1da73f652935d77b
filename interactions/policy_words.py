"""What the contact policy found, in the language of the page."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from customers.consent import Answer
from customers.models import Channel
from interactions.contact_policy import Budget, Code, QuietHours, Reason
from interactions.models import PauseReason, Topic


@lru_cache(maxsize=1)
def _vocabularies() -> tuple[type[Topic], ...]:
    """Topics, and the words for them of other rooms (settings.TOPIC_WORDS: dotted paths of TextChoices)."""
    return Topic, *(import_string(path) for path in settings.TOPIC_WORDS)


def topic_label(topic: str) -> str:
    """`topic` in words: a Topic, or a code that another room knows."""
    for vocabulary in _vocabularies():
        if topic in vocabulary.values:
            return str(vocabulary(topic).label)
    return topic


def day_words(day: date) -> str:
    """A day of this or the next year, short: 14 May, 5月14日."""
    return date_format(day, pgettext("format of a day", "j F"))


def budget_words(budget: Budget) -> str:
    """`2 of 3 used, next free 14 May`, where the next place comes back then; or that there is none, or no bound."""
    if budget.cap is None:
        return ngettext("%(used)d offer made", "%(used)d offers made", budget.used) % {"used": budget.used}
    if budget.cap == 0:
        return _("No offers are made")
    used = pgettext("contact budget", "%(used)d of %(cap)d used") % {"used": budget.used, "cap": budget.cap}
    if budget.spent and budget.next_free:
        facts = {"used": used, "day": day_words(budget.next_free)}
        return pgettext("budget spent", "%(used)s, next free %(day)s") % facts
    if budget.frees_on:
        facts = {"used": used, "day": day_words(budget.frees_on)}
        return pgettext("budget left", "%(used)s, next free %(day)s") % facts
    return used


def channel_budget_words(channel: str, budget: Budget) -> str:
    """The limit that a channel has besides the one over all: `SMS: 1 of 2 used`."""
    return _("%(channel)s: %(budget)s") % {"channel": Channel(channel).label, "budget": budget_words(budget)}


def quiet_words(hours: QuietHours) -> str:
    """`21:00–09:00`, "" where it is never quiet."""
    return f"{hours.start:%H:%M}–{hours.end:%H:%M}" if hours.start != hours.end else ""


def hours_words(hours: Iterable[int]) -> str:
    """Hours of the day as ranges: `09:00–11:00, 19:00–20:00`."""
    ranges: list[list[int]] = []
    for hour in sorted(hours):
        if ranges and ranges[-1][1] == hour:
            ranges[-1][1] = hour + 1
        else:
            ranges.append([hour, hour + 1])
    return _(", ").join(f"{first:02}:00–{end:02}:00" for first, end in ranges)


def sentence(reason: Reason) -> str:
    """Why sales wait, as a manager may read it."""
    return _SENTENCES[reason.code](reason)


def _complaint_open(reason: Reason) -> str:
    return _("Complaint %(number)s is open: sales wait.") % reason.facts


def _complaint_unacknowledged(reason: Reason) -> str:
    return _("Nobody has said sorry in person for complaint %(number)s yet: sales wait.") % reason.facts


def _paused(reason: Reason) -> str:
    why = PauseReason(reason.facts["reason"]).label if reason.facts["reason"] else ""
    return _("Sales are paused until %(day)s (%(why)s).") % {"day": day_words(reason.facts["until"]), "why": why}


def _topic_rests(reason: Reason) -> str:
    label, until = topic_label(reason.facts["topic"]), reason.facts["until"]
    if until is None:
        return _("Does not want to hear of “%(topic)s” until asking for it again.") % {"topic": label}
    return _("Did not want to hear of “%(topic)s”: it rests until %(day)s.") % {"topic": label, "day": day_words(until)}


def _channel_refused(reason: Reason) -> str:
    channel = Channel(reason.facts["channel"]).label
    if reason.facts["answer"] == Answer.WITHDRAWN:
        return _("Took back the consent to offers by %(channel)s.") % {"channel": channel}
    return _("Refused offers by %(channel)s.") % {"channel": channel}


def _channel_unasked(reason: Reason) -> str:
    channel = Channel(reason.facts["channel"]).label
    return _("Has not agreed to offers by %(channel)s yet: ask first.") % {"channel": channel}


def _budget_spent(reason: Reason) -> str:
    facts = reason.facts
    if facts["next_free"] is None:
        return _("No offers are made at present.")
    return _("%(used)d of %(cap)d offers within %(days)d days are used: the next one from %(day)s.") % {
        **facts, "day": day_words(facts["next_free"]),
    }  # fmt: skip


def _channel_budget_spent(reason: Reason) -> str:
    facts = {**reason.facts, "channel": Channel(reason.facts["channel"]).label}
    if facts["next_free"] is None:
        return _("No offers are made by %(channel)s.") % facts
    words = _("%(used)d of %(cap)d offers by %(channel)s within %(days)d days are used: the next one from %(day)s.")
    return words % {**facts, "day": day_words(facts["next_free"])}


def _not_served(reason: Reason) -> str:
    return _("The data of this customer are only stored: no contact.")


def _inactive_hours(reason: Reason) -> str:
    at = timezone.localtime(reason.facts["until"])
    return _("Usually reads messages at other hours: next at %(time)s.") % {"time": f"{at:%H:%M}"}


def _quiet_hours(reason: Reason) -> str:
    return _("Quiet hours: nothing before %(time)s.") % {"time": f"{reason.facts['until']:%H:%M}"}


_SENTENCES: dict[Code, Callable[[Reason], str]] = {
    Code.COMPLAINT_OPEN: _complaint_open,
    Code.COMPLAINT_UNACKNOWLEDGED: _complaint_unacknowledged,
    Code.PAUSED: _paused,
    Code.TOPIC_RESTS: _topic_rests,
    Code.CHANNEL_REFUSED: _channel_refused,
    Code.CHANNEL_UNASKED: _channel_unasked,
    Code.BUDGET_SPENT: _budget_spent,
    Code.QUIET_HOURS: _quiet_hours,
    Code.CHANNEL_BUDGET_SPENT: _channel_budget_spent,
    Code.NOT_SERVED: _not_served,
    Code.INACTIVE_HOURS: _inactive_hours,
}
