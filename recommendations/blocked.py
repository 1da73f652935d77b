"""Products that a customer may not be offered, with the rules that say so. There is no way around them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from customers.models import Customer, Features
from customers.query_language import read
from recommendations import words
from recommendations.facts import offer, people
from recommendations.gate import WAITS, Blocked, Person, Rule, all_failed
from recommendations.models import Need, Product, Regime, Suggestion
from recommendations.models import Rule as BankRule

MOST_BLOCKED = 3
MOST_FOUND = 6
MOST_PRODUCTS = 500  # of a bank's catalogue, in use
# Of what rests, or is not for sale, a page is silent: only what does not suit is told without being asked.
_SILENT = frozenset({*WAITS, Rule.IN_SERVICE, Rule.CONSENT, Rule.REFUSAL, Rule.ON_SALE, Rule.PRIVATE})
# What weighs most is told first.
_WEIGHT = (Rule.RISK, Rule.SENIOR, Rule.ASSESSMENT)


@dataclass(frozen=True)
class BlockedProduct:
    """A product that may not be offered: each rule that fails, in words with both values."""

    product: Product
    failed: list[str]


@dataclass(frozen=True)
class Looked:
    """What the look-up says of one product; suitable: no rule fails for the need it fits best."""

    product: Product
    need: str
    failed: list[str]

    @property
    def suitable(self) -> bool:
        return not self.failed


def blocked_products(
    customer: Customer, person: Person, found: Sequence[Suggestion], day: date
) -> tuple[BlockedProduct, ...]:
    """At most MOST_BLOCKED products that do not suit `customer`: those suggested before first, then by the risk.

    found: the customer's live suggestions. Nothing is told of who has not agreed to be told anything.
    """
    if not person.profiling:
        return ()
    asked = {suggestion.product_id: (suggestion.product, suggestion.need) for suggestion in found}
    catalogue = Product.objects.filter(active=True, private=False).order_by("-risk", "code")
    for product, need in _wanted(customer, list(catalogue[:MOST_PRODUCTS]), day):
        asked.setdefault(product.pk, (product, need))
    refused = [(product, all_failed(person, offer(product, need), day)) for product, need in asked.values()]
    unsuited = [(product, failed) for product, failed in refused if any(one.rule not in _SILENT for one in failed)]
    suggested = {suggestion.product_id for suggestion in found}
    unsuited.sort(key=lambda one: (one[0].pk not in suggested, min(_weight(blocked.rule) for blocked in one[1])))
    return tuple(
        BlockedProduct(product, [words.blocked_words(one) for one in failed if one.rule not in WAITS])
        for product, failed in _weightiest(unsuited)
    )


def _weightiest(unsuited: list[tuple[Product, list[Blocked]]]) -> list[tuple[Product, list[Blocked]]]:
    """The first of them; that an assessment is missing is said once, not of every product."""
    told, once = [], True
    for product, failed in unsuited:
        if Rule.ASSESSMENT in {one.rule for one in failed}:
            if not once:
                continue
            once = False
        told.append((product, failed))
    return told[:MOST_BLOCKED]


def _weight(rule: Rule) -> int:
    return _WEIGHT.index(rule) if rule in _WEIGHT else len(_WEIGHT)


def _wanted(customer: Customer, products: Sequence[Product], day: date) -> Iterator[tuple[Product, str]]:
    """Those of `products` that the bank's rules would have for `customer` by the last night's figures, with the need;
    then those with a risk that no rule asks for."""
    values: Mapping[str, Any] = Features.objects.filter(customer=customer).values().first() or {}
    rules = [rule for rule in rules_of(day) if values and holds(rule, values, day)]
    for rule in rules:
        for product in products:
            if rule.product_id == product.pk or (rule.family and rule.family == product.family):
                yield product, rule.need
    for product in products:
        if product.risk is not None:
            yield product, Need.GROWTH.value


def rules_of(day: date) -> list[BankRule]:
    begun = Q(valid_from=None) | Q(valid_from__lte=day)
    not_over = Q(valid_until=None) | Q(valid_until__gte=day)
    return list(BankRule.objects.filter(begun, not_over, active=True).order_by("order", "code"))


def holds(rule: BankRule, values: Mapping[str, Any], day: date) -> bool:
    """Whether the rule's condition holds for the customer's `values` (column -> value)."""
    try:
        condition = read(rule.condition, day)
    except ValidationError:  # a name that a newer version no longer knows
        return False
    return condition.tree is None or bool(condition.reasons(dict(values)))


def look_up(customer: Customer, query: str, day: date) -> list[Looked]:
    """Whether the products that `query` (a code, or a part of a name) finds would suit `customer`, and why not."""
    query = " ".join(query.replace("\x00", "").split())
    if not query:
        return []
    named = Q(code__istartswith=query) | Q(name_zh__icontains=query) | Q(name_en__icontains=query)
    products = list(Product.objects.filter(named).order_by("-active", "code")[:MOST_FOUND])
    person = people([customer.pk], day).get(customer.pk) if products else None
    if person is None:
        return []
    rules = rules_of(day)
    return [_looked(person, product, rules, day) for product in products]


def _looked(person: Person, product: Product, rules: Sequence[BankRule], day: date) -> Looked:
    """The verdict for the need that fits best: the one for which the fewest rules fail."""
    tried = [(need, all_failed(person, offer(product, need), day)) for need in _needs(product, rules)]
    need, failed = min(tried, key=lambda one: len(one[1]))
    return Looked(product, words.need_label(need), [words.blocked_words(one) for one in failed])


def _needs(product: Product, rules: Sequence[BankRule]) -> list[str]:
    """The needs that `product` answers by the bank's rules; one that fits any product where there is none."""
    named = [
        rule.need for rule in rules if rule.product_id == product.pk or (rule.family and rule.family == product.family)
    ]
    usual = Need.LITERACY if product.regime == Regime.NONE else Need.GROWTH
    return list(dict.fromkeys(named)) or [usual.value]
