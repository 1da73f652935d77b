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
from django.db import InterfaceError, OperationalError, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Case, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

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


@dataclass(frozen=True)
class Rulebook:
    """What the rules of a day come to. aside: rule -> why the night does without it."""

    rulings: list[Ruling]
    aside: dict[int, str]


def in_use(day: date) -> QuerySet[Rule]:
    """The rules in use on `day`, in their order."""
    since, until = Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_until=None) | Q(valid_until__gte=day)
    return Rule.objects.filter(since, until, active=True)


def rulebook(day: date) -> Rulebook:
    """The rules in use on `day`, in their order. One that cannot be read, or suggests nothing, is set aside.

    The admin refuses such rules; one that a newer version no longer understands must not stop a night.
    """
    products = list(Product.objects.all())
    book = Rulebook([], {})
    for rule in in_use(day):
        try:
            ruling = _readable(rule, products, day)
        except ValidationError as error:
            _set_aside(book, rule, " ".join(error.messages))
        except Exception as error:  # whatever is wrong with one rule, the others go on
            _set_aside(book, rule, _("It cannot be used (%(kind)s).") % {"kind": type(error).__name__})
        else:
            book.rulings.append(ruling)
    return book


def _set_aside(book: Rulebook, rule: Rule, why: str) -> None:
    log.error("rule %s is set aside: %s", rule.code, why)
    book.aside[rule.pk] = why


def _readable(rule: Rule, products: Sequence[Product], day: date) -> Ruling:
    condition = read(rule.condition, day)
    fitting = _products_of(rule, products)
    if not fitting:
        raise ValidationError(_("There is no product to suggest."))
    return _ruling(rule, condition, fitting)


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


def happened(kind: str, since: date, day: date) -> tuple[str, list[Any]]:
    """SQL, with its values in their order, for the ids of customers with such a life event from `since` to `day`."""
    given = {"first": -(2**63), "last": 2**63 - 1, "day": day, "since": since, "kinds": [kind]}
    values = [given[name] for name in _NAMED.findall(_EVENTS)]
    return f"SELECT customer_id FROM ({_NAMED.sub('%s', _EVENTS)}) AS happened", values


_NAMED = re.compile(r"%\((\w+)\)s")
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


def matches_of_sound_ones(
    cursor: CursorWrapper, book: Rulebook, seen: Looks, night: Night, part: Part
) -> list[tuple[int, list[int]]]:
    """`matches` of the book's rulings; those that the database refuses on these customers are set aside in it."""
    try:
        with transaction.atomic():
            return matches(cursor, book.rulings, seen, night, part)
    except (OperationalError, InterfaceError):
        raise  # the database's trouble, not a rule's
    except Exception:
        sound = [ruling for ruling in book.rulings if _sound(cursor, book, ruling, seen, night, part)]
        if len(sound) == len(book.rulings):
            raise
        book.rulings[:] = sound
        return matches(cursor, book.rulings, seen, night, part)


def _sound(cursor: CursorWrapper, book: Rulebook, ruling: Ruling, seen: Looks, night: Night, part: Part) -> bool:
    """Whether `ruling` alone goes through; else it is set aside. The server's words may quote a customer's data."""
    try:
        with transaction.atomic():
            matches(cursor, [ruling], seen, night, part)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        why = _("It fails on the customers' figures (%(kind)s).") % {"kind": type(error).__name__}
        log.exception("rule %s is set aside", ruling.rule)
        book.aside[ruling.rule] = why
        return False
    return True


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
