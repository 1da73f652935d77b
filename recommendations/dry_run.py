"""Trying a rule before it is in use: whom it would find now, and what the gate would leave of that."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from crm.lib.dates import start_of_day
from customers.models import Customer, Features
from customers.query_language import read
from interactions.models import INTENTS, ChannelEvent
from recommendations.facts import offer, people
from recommendations.gate import Blocked, Rule, decide
from recommendations.models import Product
from recommendations.night.matching import happened, in_use

MOST_TRIED = 20_000  # customers
BATCH = 2_000
EXAMPLES = 5


@dataclass(frozen=True)
class Trial:
    """A rule as typed. condition: the query language; viewed: a topic looked at within viewed_days, or ""; event: a
    life event not older than event_days, or "". rule: the id of the rule itself, which is no other to overlap with.
    """

    need: str
    condition: str
    products: Sequence[Product]
    viewed: str = ""
    viewed_days: int = 30
    event: str = ""
    event_days: int = 180
    rule: int | None = None


@dataclass(frozen=True)
class Overlap:
    """Another rule in use, and how many of those tried it finds too."""

    code: str
    name: str
    found_too: int


@dataclass
class DryRun:
    """What came of it. matching: customers whom the rule holds for, as far as it went (stopped: there are more).

    suggested: of those, who would get a suggestion. removed: rule of the gate -> customers whom it keeps from each
    product; counted is the rule at which the product that came furthest failed. examples: numbers of customers.
    overlap: rules in use for the same need or family, those that find most of the same customers first.
    """

    matching: int = 0
    stopped: bool = False
    suggested: int = 0
    removed: Counter[Rule] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    example_ids: list[int] = field(default_factory=list)
    overlap: list[Overlap] = field(default_factory=list)


def dry_run(trial: Trial, day: date) -> DryRun:
    """Try `trial` on the figures of the last night; at most MOST_TRIED customers, in batches.

    Raises ValidationError where the condition cannot be read.
    """
    matching = Features.objects.filter(_whom(trial, day)).order_by("pk")
    found = list(matching.values_list("pk", flat=True)[: MOST_TRIED + 1])
    result = DryRun(matching=min(len(found), MOST_TRIED), stopped=len(found) > MOST_TRIED)
    offers = [offer(product, trial.need) for product in trial.products]
    for first in range(0, result.matching, BATCH):
        known = people(found[first : min(first + BATCH, result.matching)], day)
        for person, verdicts in zip(known.values(), decide(list(known.values()), offers, day), strict=True):
            _count(result, person.customer_id, verdicts)
    numbers = Customer.objects.filter(pk__in=result.example_ids).order_by("number").values_list("number", flat=True)
    result.examples = list(numbers)
    result.overlap = _overlap(trial, found[:MOST_TRIED], day)
    return result


def _whom(trial: Trial, day: date) -> Q:
    """Whom the rule holds for, among Features."""
    whom: Q = read(trial.condition, day).condition()
    if trial.viewed:
        looks = ChannelEvent.objects.filter(
            customer=OuterRef("pk"), topic=trial.viewed, kind__in=INTENTS,
            at__gte=start_of_day(day - timedelta(days=trial.viewed_days)),
        )  # fmt: skip
        whom &= Q(Exists(looks))
    if trial.event:
        whom &= Q(pk__in=RawSQL(*happened(trial.event, day - timedelta(days=trial.event_days), day)))  # noqa: S611 - no text of people is in it
    return whom


def _overlap(trial: Trial, found: Sequence[int], day: date) -> list[Overlap]:
    """How many of `found` each other rule in use for the same need, or a family of the trial's, finds: one query."""
    families = {product.family for product in trial.products if product.family}
    same = Q(need=trial.need) | Q(family__in=families) | Q(product__family__in=families)
    others = {}
    for rule in in_use(day).filter(same, aside_since=None).exclude(pk=trial.rule or 0):
        try:
            others[rule] = _whom(
                Trial(
                    rule.need, rule.condition, (), rule.viewed, rule.viewed_days, rule.event, rule.event_days, rule.pk
                ),
                day,
            )
        except ValidationError:
            continue  # the night sets it aside, and says so
    if not others or not found:
        return []
    counts = {f"rule_{rule.pk}": Count("pk", filter=whom) for rule, whom in others.items()}
    counted = Features.objects.filter(pk__in=found).aggregate(**counts)
    overlap = [Overlap(rule.code, rule.name, counted[f"rule_{rule.pk}"]) for rule in others]
    return sorted(overlap, key=lambda one: (-one.found_too, one.code))


def _count(result: DryRun, customer_id: int, verdicts: Sequence[Blocked | None]) -> None:
    failed = [verdict.rule for verdict in verdicts if verdict is not None]
    if len(failed) < len(verdicts):
        result.suggested += 1
        if len(result.example_ids) < EXAMPLES:
            result.example_ids.append(customer_id)
    elif failed:
        result.removed[max(failed, key=list(Rule).index)] += 1
