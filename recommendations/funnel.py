"""Customers without a suggestion: how many fell at which step, by branch and rule, and who they are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from crm.staff.models import User
from crm.staff.scope import scope
from customers.access import visible_to
from customers.models import Customer, Features
from customers.query_language import read
from recommendations import words
from recommendations.explanation import Step, step_of
from recommendations.facts import offer, people
from recommendations.gate import Rule, decide
from recommendations.models import FunnelCount, Product
from recommendations.models import Rule as BankRule
from recommendations.night.counting import NO_RULE, SUGGESTED
from recommendations.night.suggestions import furthest

MOST_BEHIND = 50
BATCH = 1_000
MOST_ASKED = 10_000  # customers of one's scope whom a rule finds, that are asked the gate for the list behind a number


@dataclass(frozen=True)
class Line:
    """One outcome. share: of all in service, 0 to 1; width: of its bar, in 20 steps."""

    outcome: str
    label: str
    step: str
    customers: int
    share: float
    width: int


@dataclass(frozen=True)
class RuleLine:
    """One rule: matched customers, those suggested, and the gates that took most away."""

    rule: BankRule
    need: str
    matched: int
    suggested: int
    removed: list[Line]


@dataclass(frozen=True)
class BranchLine:
    name: str
    in_service: int
    suggested: int
    share: float


@dataclass(frozen=True)
class Funnel:
    in_service: int
    suggested: int
    lines: list[Line]
    rules: list[RuleLine]
    branches: list[BranchLine]


def label_of(outcome: str) -> str:
    """An outcome in words."""
    if outcome in Rule.values:
        return str(Rule(outcome).label)
    return words.outcome_label(outcome)


def funnel(user: User) -> Funnel:
    """The counts of the last night over the branches `user` supervises."""
    counts = FunnelCount.objects.all()
    limits = scope(user)
    if not limits.whole_bank:
        counts = counts.filter(branch__in=sorted(limits.branch_ids))
    whole: Counter[str] = Counter()
    branches: dict[str, Counter[str]] = defaultdict(Counter)
    for name, outcome, customers in counts.filter(rule=None).values_list("branch__name", "outcome", "customers"):
        whole[outcome] += customers
        branches[name][outcome] += customers
    total = sum(whole.values())
    return Funnel(
        in_service=total,
        suggested=whole[SUGGESTED],
        lines=_lines(whole, total),
        rules=_of_rules(counts.exclude(rule=None).values_list("rule", "outcome").annotate(many=Sum("customers"))),
        branches=[
            BranchLine(name, sum(found.values()), found[SUGGESTED], found[SUGGESTED] / (sum(found.values()) or 1))
            for name, found in sorted(branches.items())
        ],
    )


def _lines(counts: Counter[str], total: int) -> list[Line]:
    order = {outcome: place for place, outcome in enumerate([NO_RULE, *Rule.values, "other_rule", "arbitration"])}
    known = sorted((one for one in counts if one in order and counts[one]), key=order.__getitem__)
    return [_line(outcome, counts[outcome], total) for outcome in known]


def _line(outcome: str, customers: int, total: int) -> Line:
    share = customers / total if total else 0.0
    step = step_of(outcome) if outcome in Rule.values else Step.ARBITRATION
    if outcome == NO_RULE:
        step = Step.APPLICABILITY
    return Line(outcome, label_of(outcome), str(step.label), customers, share, max(1, round(share * 20)))


def _of_rules(rows: Iterable[tuple[Any, ...]]) -> list[RuleLine]:
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for rule, outcome, customers in rows:
        found[rule][outcome] += customers
    rules = BankRule.objects.in_bulk(list(found))
    told = []
    for pk, counts in found.items():
        if pk not in rules:
            continue
        matched = sum(counts.values())
        removed = [_line(one, many, matched) for one, many in counts.most_common() if one != SUGGESTED]
        told.append(RuleLine(rules[pk], words.need_label(rules[pk].need), matched, counts[SUGGESTED], removed))
    return sorted(told, key=lambda one: (one.rule.order, one.rule.pk))


def behind(user: User, rule: BankRule, outcome: str, day: date) -> list[Customer]:
    """At most MOST_BEHIND customers of `user`'s scope whom `rule` finds by the last figures and who fall at `outcome`.

    The gate is asked as it stands now: a complaint closed this morning no longer counts.
    """
    found: list[int] = []
    products = [rule.product] if rule.product else list(Product.objects.filter(family=rule.family).order_by("code"))
    offers = [offer(product, rule.need) for product in products if product is not None]
    for batch in _matching(user, rule, day):
        known = people(batch, day)
        verdicts = decide(list(known.values()), offers, day)
        for person, blocked in zip(known.values(), verdicts, strict=True):
            if all(one is not None for one in blocked) and furthest(blocked) == outcome:
                found.append(person.customer_id)
        if len(found) >= MOST_BEHIND:
            break
    return list(
        Customer.objects.filter(pk__in=found[:MOST_BEHIND]).select_related("owner", "branch").order_by("number")
    )


def _matching(user: User, rule: BankRule, day: date) -> Iterator[list[int]]:
    visible = visible_to(user).filter(status="active").values("pk")
    matching = Features.objects.filter(read(rule.condition, day).condition(), customer__in=visible).order_by("pk")
    after = 0
    for _turn in range(MOST_ASKED // BATCH):
        batch = list(matching.filter(pk__gt=after).values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        yield batch
        after = batch[-1]
