"""Which customers the bank's rules find: all rules in one pass over the staged features."""

import logging
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.backends.utils import CursorWrapper
from django.db.models import Case, Func, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable

from crm.lib.dates import start_of_day
from crm.lib.night import Night, Part
from customers.feature_fields import FIELDS
from customers.models import StagedFeatures
from customers.query_language import Rule as Read
from customers.query_language import read
from interactions.models import INTENTS
from recommendations.facts import offer
from recommendations.gate import Offer
from recommendations.models import Product, Rule

log = logging.getLogger("zhike.night")

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
# Of each customer: the day of the last look at each topic that rules ask for.
Looks = dict[str, dict[int, date]]


@dataclass(frozen=True)
class Ruling:
    """A rule in use: its condition (None: holds for everybody), what it may suggest, and the columns it tells of."""

    rule: int
    need: str
    condition: Q | None
    columns: tuple[str, ...]
    products: tuple[int, ...]
    offers: tuple[Offer, ...]
    viewed: str
    viewed_days: int
    event: str
    event_days: int
    benefit: int
    sure: float
    order: int
    values: tuple[int, ...]


def rulings(day: date) -> list[Ruling]:
    """The rules in use on `day`, in their order. One that cannot be read, or suggests nothing, is left out.

    The admin refuses such rules; one that a newer version no longer understands must not stop a night.
    """
    since, until = Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_until=None) | Q(valid_until__gte=day)
    products = list(Product.objects.all())
    found = []
    for rule in Rule.objects.filter(since, until, active=True):
        try:
            condition = read(rule.condition, day)
        except ValidationError as error:
            log.error("rule %s is left out: %s", rule.code, " ".join(error.messages))
            continue
        fitting = _products_of(rule, products)
        if not fitting:
            log.error("rule %s is left out: there is no product to suggest", rule.code)
            continue
        found.append(_ruling(rule, condition, fitting))
    return found


def _products_of(rule: Rule, products: Sequence[Product]) -> list[Product]:
    if rule.product_id:
        return [product for product in products if product.pk == rule.product_id]
    return [product for product in products if rule.family and product.family == rule.family]


def _ruling(rule: Rule, condition: Read, products: Sequence[Product]) -> Ruling:
    return Ruling(
        rule=rule.pk,
        need=rule.need,
        condition=None if condition.tree is None else condition.condition(),
        columns=told_columns(rule, condition),
        products=tuple(product.pk for product in products),
        offers=tuple(offer(product, rule.need) for product in products),
        viewed=rule.viewed,
        viewed_days=rule.viewed_days,
        event=rule.event,
        event_days=rule.event_days,
        benefit=rule.benefit,
        sure=rule.sure / 100,
        order=rule.order,
        values=tuple(product.value for product in products),
    )


def told_columns(rule: Rule, condition: Read) -> tuple[str, ...]:
    """The columns of Features that are the evidence: those the condition names, and those its words tell of."""
    words = " ".join((rule.reason_zh, rule.reason_en, rule.talk_zh, rule.talk_en))
    told = [FIELDS[name].source for name in _PLACEHOLDER.findall(words) if name in FIELDS]
    return tuple(dict.fromkeys([*(field.source for field in condition.fields()), *told]))


def looks(cursor: CursorWrapper, found: Sequence[Ruling], night: Night, part: Part) -> Looks:
    """When customers of `part` last looked at what the rules ask for, up to the end of the night's day; and when a life
    event they ask for was, under the kind of the event."""
    asked = [ruling for ruling in found if ruling.viewed]
    seen: Looks = defaultdict(dict)
    if asked:
        cursor.execute(
            _LOOKS,
            {
                "first": part.first, "last": part.last, "kinds": list(INTENTS), "zone": settings.TIME_ZONE,
                "topics": sorted({ruling.viewed for ruling in asked}),
                "since": start_of_day(night.day - timedelta(days=max(ruling.viewed_days for ruling in asked))),
                "end": start_of_day(night.day + timedelta(days=1)),
            },
        )  # fmt: skip
        for customer, topic, day in cursor.fetchall():
            seen[topic][customer] = day
    happened = [ruling for ruling in found if ruling.event]
    if happened:
        cursor.execute(
            _EVENTS,
            {
                "first": part.first, "last": part.last, "day": night.day,
                "kinds": sorted({ruling.event for ruling in happened}),
                "since": night.day - timedelta(days=max(ruling.event_days for ruling in happened)),
            },
        )  # fmt: skip
        for customer, kind, day in cursor.fetchall():
            seen[event_key(kind)][customer] = day
    return seen


def event_key(kind: str) -> str:
    """Under what life events of `kind` stand among Looks."""
    return f"event:{kind}"


# What needs a consent of its own, health and children under 14, counts only while that stands (PIPL Art. 28-31).
_EVENTS = """
SELECT e.customer_id, e.kind, max(e.on) FROM customers_lifeevent AS e
WHERE e.customer_id BETWEEN %(first)s AND %(last)s AND e.state = 'confirmed' AND NOT e.planned
    AND e.kind = ANY (%(kinds)s) AND e.on BETWEEN %(since)s AND %(day)s
    AND (e.kind <> 'illness' AND NOT e.of_child OR coalesce((
        SELECT a.withdrawn_at IS NULL FROM customers_consent AS a
        WHERE a.customer_id = e.customer_id 
            AND a.purpose = CASE WHEN e.kind = 'illness' THEN 'sensitive' ELSE 'child' END
        ORDER BY greatest(a.given_at, a.withdrawn_at) DESC, a.id DESC LIMIT 1), false))
GROUP BY e.customer_id, e.kind
"""

_LOOKS = """
SELECT customer_id, topic, CAST(max(at) AT TIME ZONE %(zone)s AS date) FROM interactions_channelevent
WHERE customer_id BETWEEN %(first)s AND %(last)s AND at >= %(since)s AND at < %(end)s
    AND kind = ANY (%(kinds)s) AND topic = ANY (%(topics)s)
GROUP BY customer_id, topic
"""


def matches(
    cursor: CursorWrapper, found: Sequence[Ruling], seen: Looks, night: Night, part: Part
) -> list[tuple[int, list[int]]]:
    """The customers of `part` whom any rule finds: (id, places of those rules in `found`)."""
    cases: list[Combinable] = []
    for place, ruling in enumerate(found):
        condition = _condition(ruling, seen, night.day)
        if condition is not None:
            cases.append(Case(When(condition, then=Value(place)), default=None) if condition else Value(place))
    if not cases:
        return []
    which = Func(
        *cases, template="array_remove(ARRAY[%(expressions)s]::integer[], NULL)", output_field=_PLACES
    )  # fmt: skip
    staged = StagedFeatures.objects.filter(run=night.run, customer_id__range=(part.first, part.last))
    sql, given = staged.annotate(which=which).values_list("customer_id", "which").query.sql_with_params()
    # Materialised: inlined, every condition would be worked out once more to leave out whom none finds.
    cursor.execute(
        f"WITH found (customer_id, which) AS MATERIALIZED ({sql})"
        " SELECT customer_id, which FROM found WHERE cardinality(which) > 0 ORDER BY customer_id",
        given,
    )
    return [(customer, places) for customer, places in cursor.fetchall()]


_PLACES: "ArrayField[Any, Any]" = ArrayField(IntegerField())


def _condition(ruling: Ruling, seen: Looks, day: date) -> Q | None:
    """Whom `ruling` finds; an empty Q is everybody, None nobody."""
    condition = ruling.condition or Q()
    for key, days in ((ruling.viewed, ruling.viewed_days), (event_key(ruling.event), ruling.event_days)):
        if key in ("", event_key("")):
            continue
        since = day - timedelta(days=days)
        who = [customer for customer, on in seen[key].items() if on >= since]
        if not who:
            return None
        condition &= Q(customer_id__in=who)
    return condition
