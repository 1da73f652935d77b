"""Earlier conversations about the same: told at the later one, with the way there."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from crm.lib.dates import bank_day
from customers.models import Customer
from interactions.models import Interaction
from interactions.timeline.parts import Earlier

SHOWN = 2  # of one conversation
READ = 400  # conversations looked through for those of a page


def earlier(customer: Customer, talks: Sequence[Interaction]) -> dict[int, list[Earlier]]:
    """For each of `talks` the last earlier ones with a topic in common, the latest first. One query.

    One whose promise was kept on the day of the later one comes first: there it was settled.
    """
    topics = sorted({topic for talk in talks for topic in talk.topics})
    if not topics:
        return {}
    newest = max(talk.at for talk in talks)
    asked = Interaction.objects.filter(customer=customer, topics__overlap=topics, at__lt=newest).order_by("-at", "-pk")
    known = list(asked.values_list("at", "topics", "promise", "promise_kept_at")[:READ])
    return {talk.pk: found for talk in talks if (found := _of(talk, known))}


def _of(talk: Interaction, known: Sequence[tuple[Any, ...]]) -> list[Earlier]:
    day, promised, alike = bank_day(talk.at), [], []
    for at, topics, promise, kept_at in known:
        if at >= talk.at or not set(topics) & set(talk.topics):
            continue
        if promise and kept_at is not None and bank_day(kept_at) == day:
            promised.append(Earlier(bank_day(at), _("the promise made then")))
        elif bank_day(at) != day:
            alike.append(Earlier(bank_day(at), _("about the same")))
    return _once([*promised, *alike])


def _once(found: Sequence[Earlier]) -> list[Earlier]:
    days: dict[date, Earlier] = {}
    for one in found:
        days.setdefault(one.day, one)
    return list(days.values())[:SHOWN]
