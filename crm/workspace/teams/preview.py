"""What a split would do, in figures: who gets how many of which segment, and who stays and why."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm.staff.models import User
from crm.workspace.teams.load import Carried
from crm.workspace.teams.splitting import Person, Split, Why
from customers.models import Customer, Segment

NAMED = 40  # exceptions that are named, of each reason
REASONS: dict[Why, StrOrPromise] = {
    Why.COMPLAINED: _("complained about everybody who could get them, or someone of their household did"),
    Why.FULL: _("nobody chosen has room for them"),
    Why.STORED_ONLY: _("is only stored"),
    Why.ALREADY: _("is looked after by one of the chosen already"),
}


@dataclass(frozen=True)
class Gets:
    """What one manager gets. counts: by segment, in the order of the columns; visits: contacts a month."""

    manager: User
    counts: list[int]
    total: int
    customers: tuple[int, int]
    visits: tuple[float, float]
    top: int


@dataclass(frozen=True)
class Stays:
    """Customers who stay for one reason: how many, and the first of them."""

    reason: StrOrPromise
    count: int
    named: list[Customer]


@dataclass(frozen=True)
class Preview:
    """token: stands for exactly this plan: what is confirmed is what was seen."""

    segments: list[str]
    gets: list[Gets]
    stays: list[Stays]
    total: int
    token: str


def preview(
    people: Sequence[Person], plan: Split, load: Mapping[int, Carried], managers: Sequence[User], none: str
) -> Preview:
    """`plan` for `people` in figures; none: what stands for no segment. Two queries."""
    columns, labels = _columns(people, none)
    given: dict[int, list[Person]] = defaultdict(list)
    for person in people:
        if (to := plan.to.get(person.customer_id)) is not None:
            given[to].append(person)
    return Preview(
        labels, [_gets(one, given[one.pk], load[one.pk], columns) for one in managers], _stays(plan), len(plan.to),
        token(plan),
    )  # fmt: skip


def token(plan: Split) -> str:
    return sha256(json.dumps(sorted(plan.to.items())).encode()).hexdigest()[:24]


def _columns(people: Sequence[Person], none: str) -> tuple[list[int | None], list[str]]:
    held = {person.segment for person in people}
    found: list[tuple[int | None, str]] = [(one.pk, one.name) for one in Segment.objects.order_by("order")]
    shown = [(pk, name) for pk, name in [*found, (None, none)] if pk in held]
    return [pk for pk, _name in shown], [name for _pk, name in shown]


def _gets(manager: User, given: Sequence[Person], now: Carried, columns: Sequence[int | None]) -> Gets:
    counted = Counter(person.segment for person in given)
    return Gets(
        manager=manager,
        counts=[counted[segment] for segment in columns],
        total=len(given),
        customers=(now.customers, now.customers + len(given)),
        visits=(now.visits, now.visits + sum(person.visits for person in given)),
        top=sum(person.top for person in given),
    )


def _stays(plan: Split) -> list[Stays]:
    by_reason: dict[Why, list[int]] = defaultdict(list)
    for pk, why in plan.stays.items():
        by_reason[why].append(pk)
    wanted = [pk for ids in by_reason.values() for pk in ids[:NAMED]]
    named = {customer.pk: customer for customer in Customer.objects.filter(pk__in=wanted).only("number", "name")}
    return [
        Stays(REASONS[why], len(by_reason[why]), [named[pk] for pk in by_reason[why][:NAMED] if pk in named])
        for why in REASONS
        if why in by_reason
    ]
