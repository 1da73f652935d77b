"""The night's step that stages suggestions: one a customer and need, with the evidence of its rule."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy

from crm.lib.night import Night, NightStep, Part
from recommendations.arbitration import MOST_LIVE, best
from recommendations.facts import people
from recommendations.gate import Person, decide
from recommendations.models import SuggestionState
from recommendations.night.matching import Looks, Ruling, looks, matches, rulings


@dataclass(frozen=True)
class Found:
    """What is suggested to one customer for one need. viewed: the day of the look that its rule asks for."""

    customer: int
    ruling: Ruling
    product: int
    viewed: date | None


class Suggestions(NightStep):
    """Finds by rule in SQL, decides by the gate in Python over all whom a rule has found, and stages in one statement.

    Customers whom no rule finds, most of them, are never fetched.
    """

    name = "suggestions"
    label = gettext_lazy("Suggestions")

    def work(self, cursor: CursorWrapper, night: Night, part: Part) -> int:
        found = rulings(night.day)
        seen = looks(cursor, found, night, part)
        matched = matches(cursor, found, seen, night, part)
        if not matched:
            return 0
        known = people([customer for customer, _places in matched], night.day, run=night.run)
        chosen = choose(found, matched, known, seen, night.day)
        kept = at_most(chosen, _answered(cursor, part))
        return _stage(cursor, night, part, found, kept)


def choose(
    found: Sequence[Ruling],
    matched: Sequence[tuple[int, Sequence[int]]],
    known: Mapping[int, Person],
    seen: Looks,
    day: date,
) -> list[Found]:
    """For each customer and need the product of the first rule, by order, that has one to suggest."""
    by_rule: dict[int, list[int]] = defaultdict(list)
    for customer, places in matched:
        for place in places:
            by_rule[place].append(customer)
    answered: set[tuple[int, str]] = set()
    chosen: list[Found] = []
    for place, ruling in enumerate(found):
        asked = [known[who] for who in by_rule[place] if who in known and (who, ruling.need) not in answered]
        for person, blocked in zip(asked, decide(asked, ruling.offers, day), strict=True):
            product = best(person, ruling.offers, blocked, day)
            if product is not None:
                customer = person.customer_id
                answered.add((customer, ruling.need))
                viewed = seen[ruling.viewed].get(customer) if ruling.viewed else None
                chosen.append(Found(customer, ruling, ruling.products[product], viewed))
    return chosen


def at_most(chosen: Sequence[Found], standing: Mapping[int, set[str]]) -> list[Found]:
    """`chosen`, in the order of their rules, as far as a customer has no more than MOST_LIVE suggestions.

    standing: customer -> needs of suggestions that a person has dealt with; they keep their place.
    """
    taken: dict[int, set[str]] = {}
    kept = []
    for item in chosen:
        needs = taken.setdefault(item.customer, set(standing.get(item.customer, ())))
        if item.ruling.need in needs or len(needs) < MOST_LIVE:
            needs.add(item.ruling.need)
            kept.append(item)
    return kept


_DEALT_WITH = (SuggestionState.OFFERED, SuggestionState.INTERESTED, SuggestionState.LATER)


def _answered(cursor: CursorWrapper, part: Part) -> dict[int, set[str]]:
    cursor.execute(
        "SELECT customer_id, need FROM recommendations_suggestion"
        " WHERE customer_id BETWEEN %s AND %s AND state = ANY (%s)",
        [part.first, part.last, list(_DEALT_WITH)],
    )
    found: dict[int, set[str]] = defaultdict(set)
    for customer, need in cursor.fetchall():
        found[customer].add(need)
    return found


def _stage(cursor: CursorWrapper, night: Night, part: Part, found: Sequence[Ruling], kept: Sequence[Found]) -> int:
    if not kept:
        return 0
    evidence = " ".join(f"WHEN {ruling.rule} THEN {_object(ruling.columns)}" for ruling in found)
    given: dict[str, Any] = {
        "run": night.run,
        "first": part.first,
        "last": part.last,
        # Joined by hand: the driver takes a tenth of a second for lists so long, and splitting them takes nothing.
        "customers": ",".join(str(item.customer) for item in kept),
        "needs": ",".join(item.ruling.need for item in kept),
        "rules": ",".join(str(item.ruling.rule) for item in kept),
        "products": ",".join(str(item.product) for item in kept),
        "viewed": ",".join(str(item.viewed or "") for item in kept),
    }
    cursor.execute(
        f"""
        INSERT INTO recommendations_stagedsuggestion (run, customer_id, need, rule_id, product_id, evidence)
        SELECT %(run)s, s.customer, s.need, s.rule, s.product,
            CASE s.rule {evidence} END
            || CASE WHEN s.viewed IS NULL THEN '{{}}' ELSE jsonb_build_object('viewed', s.viewed) END
        FROM unnest(string_to_array(%(customers)s, ',')::bigint[], string_to_array(%(needs)s, ','),
            string_to_array(%(rules)s, ',')::bigint[], string_to_array(%(products)s, ',')::bigint[],
            string_to_array(%(viewed)s, ',', '')::date[]) AS s (customer, need, rule, product, viewed)
        JOIN customers_stagedfeatures AS f ON f.run = %(run)s AND f.customer_id = s.customer
            AND f.customer_id BETWEEN %(first)s AND %(last)s
        """,
        given,
    )
    return int(cursor.rowcount)


def _object(columns: Sequence[str]) -> str:
    pairs = ", ".join(f"'{name}', f.{name}" for name in columns)
    return f"jsonb_build_object({pairs})"


SUGGESTIONS = Suggestions()
