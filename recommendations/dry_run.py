"""Trying a rule before it is in use: whom it would find now, and what the gate would leave of that."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from crm.lib.dates import start_of_day
from customers.models import Customer, Features
from customers.query_language import read
from interactions.models import INTENTS, ChannelEvent
from recommendations.facts import offer, people
from recommendations.gate import Blocked, Rule, decide
from recommendations.models import Product

MOST_TRIED = 20_000  # customers
BATCH = 2_000
EXAMPLES = 5


@dataclass(frozen=True)
class Trial:
    """A rule as typed. condition: the query language; viewed: a topic looked at within viewed_days, or ""."""

    need: str
    condition: str
    products: Sequence[Product]
    viewed: str = ""
    viewed_days: int = 30


@dataclass
class DryRun:
    """What came of it. matching: customers whom the rule holds for, as far as it went (stopped: there are more).

    suggested: of those, who would get a suggestion. removed: rule of the gate -> customers whom it keeps from each
    product; counted is the rule at which the product that came furthest failed. examples: numbers of customers.
    """

    matching: int = 0
    stopped: bool = False
    suggested: int = 0
    removed: Counter[Rule] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    example_ids: list[int] = field(default_factory=list)


def dry_run(trial: Trial, day: date) -> DryRun:
    """Try `trial` on the figures of the last night; at most MOST_TRIED customers, in batches.

    Raises ValidationError where the condition cannot be read.
    """
    found = list(_matching(trial, day).values_list("pk", flat=True)[: MOST_TRIED + 1])
    result = DryRun(matching=min(len(found), MOST_TRIED), stopped=len(found) > MOST_TRIED)
    offers = [offer(product, trial.need) for product in trial.products]
    for first in range(0, result.matching, BATCH):
        known = people(found[first : min(first + BATCH, result.matching)], day)
        for person, verdicts in zip(known.values(), decide(list(known.values()), offers, day), strict=True):
            _count(result, person.customer_id, verdicts)
    numbers = Customer.objects.filter(pk__in=result.example_ids).order_by("number").values_list("number", flat=True)
    result.examples = list(numbers)
    return result


def _matching(trial: Trial, day: date) -> QuerySet[Features]:
    matching = Features.objects.filter(read(trial.condition, day).condition())
    if trial.viewed:
        looks = ChannelEvent.objects.filter(
            customer=OuterRef("pk"), topic=trial.viewed, kind__in=INTENTS,
            at__gte=start_of_day(day - timedelta(days=trial.viewed_days)),
        )  # fmt: skip
        matching = matching.filter(Exists(looks))
    return matching.order_by("pk")


def _count(result: DryRun, customer_id: int, verdicts: Sequence[Blocked | None]) -> None:
    failed = [verdict.rule for verdict in verdicts if verdict is not None]
    if len(failed) < len(verdicts):
        result.suggested += 1
        if len(result.example_ids) < EXAMPLES:
            result.example_ids.append(customer_id)
    elif failed:
        result.removed[max(failed, key=list(Rule).index)] += 1
