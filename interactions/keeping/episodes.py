"""Episodes as people read and act on them: who is about to leave, who took it up, what was done, how it ended."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day, start_of_day
from crm.lib.keyset import newest_first
from crm.staff.models import User
from customers.access import visible_to
from customers.models import Customer, Tier
from interactions import reminders
from interactions.care.greetings import Greeting, greeting
from interactions.keeping import words
from interactions.models import (
    CONVERSATIONS,
    ChurnEpisode,
    EpisodeState,
    Interaction,
    Outcome,
    Reminder,
    ReminderKind,
    ReminderState,
)

PAGE_SIZE = 30
ENDED_DAYS = timedelta(days=90)  # counts of what ended look so far back
MOST_TALKS = 600  # read of the customers of one page
MOST_MANAGERS = 60
ENDED = (EpisodeState.RESCUED, EpisodeState.LOST, EpisodeState.WITHDRAWN)


@dataclass(frozen=True)
class Read:
    """An episode with its reasons, the words to begin with, and the conversations from its first day to its end."""

    episode: ChurnEpisode
    tier: str
    sentence: str
    facts: list[str]
    say: Greeting | None
    talks: list[Interaction] = field(default_factory=list)

    @property
    def last_talk(self) -> Interaction | None:
        return self.talks[-1] if self.talks else None


@dataclass(frozen=True)
class OfManager:
    """Episodes of one manager's customers: open now; ended in ENDED_DAYS. number: "" for the pool."""

    number: str
    name: str
    open: int
    rescued: int
    lost: int


def _of(user: User) -> QuerySet[ChurnEpisode]:
    """Those of the customers whom `user` sees; open ones of customers in service alone."""
    return ChurnEpisode.objects.filter(customer__in=visible_to(user).values("pk"))


def _within(state: str, day: date) -> Q:
    return Q(state=state) if state == EpisodeState.OPEN else Q(state=state, ended_on__gt=day - ENDED_DAYS)


def visible(user: User, state: str, manager: str, cursor: str) -> tuple[list[Read], str]:
    """The episodes in `state` that `user` sees, newest first, after `cursor`, and the next cursor.

    manager: of the customers of the manager with that number, "pool" for those without one, "" of all.
    """
    found = _of(user).filter(state=state)
    if manager == "pool":
        found = found.filter(customer__owner=None)
    elif manager:
        found = found.filter(customer__owner__employee_number=manager)
    found = found.select_related("customer", "customer__owner", "customer__last_contact", "handled_by", "ended_by")
    rows, following = newest_first(found, cursor, PAGE_SIZE)
    return read(rows), following


def of_customer(customer: Customer) -> list[Read]:
    """The customer's episodes, the newest first; at most a page of them."""
    found = customer.churn_episodes.select_related("customer", "handled_by", "ended_by")
    return read(list(found.order_by("-day", "-pk")[:PAGE_SIZE]))


def counts(user: User, day: date) -> dict[str, int]:
    """State -> how many `user` sees: open now, ended in ENDED_DAYS."""
    asked = {str(state): Count("pk", filter=_within(state, day)) for state in EpisodeState}
    return dict(_of(user).aggregate(**asked))


def by_manager(user: User, day: date) -> list[OfManager]:
    """The counts of each manager whose customers `user` sees, most open ones first; at most MOST_MANAGERS."""
    rows = (
        _of(user)
        .order_by()
        .values_list("customer__owner__employee_number", "customer__owner__display_name")
        .annotate(
            opened=Count("pk", filter=_within(EpisodeState.OPEN, day)),
            stayed=Count("pk", filter=_within(EpisodeState.RESCUED, day)),
            left=Count("pk", filter=_within(EpisodeState.LOST, day)),
        )
        .order_by("-opened", "customer__owner__employee_number")[:MOST_MANAGERS]
    )
    return [OfManager(number or "", name or "", *found) for number, name, *found in rows]


def read(episodes: Sequence[ChurnEpisode]) -> list[Read]:
    """`episodes` in words, with what was done in between; two queries, whatever their number."""
    tiers = {tier.code: tier.name for tier in Tier.objects.all()} if episodes else {}
    talks = _talks(episodes)
    return [
        Read(
            one,
            tiers.get(one.fell_from, one.fell_from),
            words.sentence(one.kind),
            words.facts(one.reasons),
            greeting(ReminderKind.KEEPING, {"reasons": one.reasons}),
            [talk for talk in talks[one.customer_id] if _between(talk, one)],
        )
        for one in episodes
    ]


def _talks(episodes: Sequence[ChurnEpisode]) -> dict[int, list[Interaction]]:
    """Customer -> conversations since the first of `episodes`, the oldest first."""
    found: dict[int, list[Interaction]] = defaultdict(list)
    if not episodes:
        return found
    since = start_of_day(min(one.day for one in episodes))
    asked = Interaction.objects.filter(
        customer__in=[one.customer_id for one in episodes], at__gte=since, outcome=Outcome.TALKED,
        channel__in=CONVERSATIONS,
    ).select_related("by").order_by("-at", "-pk")[:MOST_TALKS]  # fmt: skip
    for talk in reversed(asked):
        found[talk.customer_id].append(talk)
    return found


def _between(talk: Interaction, episode: ChurnEpisode) -> bool:
    day = bank_day(talk.at)
    return day >= episode.day and (episode.ended_on is None or day <= episode.ended_on)


@transaction.atomic
def plan(episode: ChurnEpisode, day: date, *, by: User) -> bool:
    """`by` takes it up and speaks with the customer on `day`. False, and nothing is planned, where it has ended."""
    locked = ChurnEpisode.objects.select_for_update().filter(pk=episode.pk, state=EpisodeState.OPEN).first()
    if locked is None:
        return False
    locked.handled_by = by
    locked.save(update_fields=["handled_by"])
    reminders.set_next(episode.customer, day, by=by)
    _record(locked, by, planned=day.isoformat())
    return True


@transaction.atomic
def withdraw(episode: ChurnEpisode, note: str, *, by: User) -> bool:
    """There is no cause for worry, as `note` says: it ends, and no night opens it again. False where it has ended."""
    locked = ChurnEpisode.objects.select_for_update().filter(pk=episode.pk, state=EpisodeState.OPEN).first()
    if locked is None:
        return False
    locked.state, locked.note, locked.ended_by = EpisodeState.WITHDRAWN, note[:200], by
    locked.ended_on, locked.handled_by = bank_day(), locked.handled_by or by
    locked.save(update_fields=["state", "note", "ended_by", "ended_on", "handled_by"])
    asked = Reminder.objects.filter(
        customer_id=locked.customer_id, kind=ReminderKind.KEEPING, cause=str(locked.pk), state=ReminderState.OPEN
    ).first()
    if asked is not None:
        reminders.finish(asked, by=by, outcome=note)
    _record(locked, by, state=str(locked.state))
    return True


def _record(episode: ChurnEpisode, by: User, **detail: str) -> None:
    record(
        Action.CHANGE, by=by, object_type="churn_episode", object_ids=[episode.customer_id], label=str(episode.pk),
        detail=detail,
    )  # fmt: skip
