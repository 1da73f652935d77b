"""The night's step that stages needs and what fits them: one a customer and need, with the evidence of its rule."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext_lazy

from crm.lib.night import Night, NightStep, Part
from customers.models import Status
from recommendations.arbitration import MOST_LIVE, Candidate, Weight, best, ranked, score, surely, weighing
from recommendations.chances import chance_of, chances, weight
from recommendations.facts import MET_RESTS, people
from recommendations.gate import Blocked, Person, Rule, decide
from recommendations.models import SuggestionState
from recommendations.night import aside, counting
from recommendations.night.matching import Looks, Ruling, event_key, looks, matches_of_sound_ones, rulebook
from recommendations.night.needs import meeting

_ORDER = {rule: place for place, rule in enumerate(Rule)}
Fell = dict[tuple[int, int], str]  # (customer, place of the ruling) -> the gate's rule, "other_rule" or "arbitration"


@dataclass
class Found:
    """A need of one customer: the first rule that has something to suggest for it, else the first that sees it.

    product: its place among the ruling's, None where nothing fits. seen_by: places of the rulings that hold.
    """

    person: Person
    place: int
    product: int | None = None
    seen_by: list[int] = field(default_factory=list)
    chance: float = 0.0

    @property
    def customer(self) -> int:
        return self.person.customer_id


class Suggestions(NightStep):
    """Finds by rule in SQL, decides by the gate in Python over all whom a rule has found, and stages in one statement.

    Customers whom no rule finds, most of them, are never fetched.
    """

    name = "suggestions"
    label = gettext_lazy("Suggestions")

    def work(self, cursor: CursorWrapper, night: Night, part: Part) -> int:
        book = rulebook(night.day)
        seen = looks(cursor, book.rulings, night, part)
        matched = matches_of_sound_ones(cursor, book, seen, night, part)
        aside.stage(cursor, night, part, book.aside)
        found = book.rulings
        if not matched:
            counting.stage(cursor, night, part, found, {}, {})
            return 0
        known = people([customer for customer, _places in matched], night.day, run=night.run)
        _close_met(cursor, night, part, known)
        segments = _segments(cursor, night, part)
        needs, fell = choose(found, matched, known, night.day)
        _arbitrate(needs, found, segments, _answered(cursor, part), fell)
        counting.stage(cursor, night, part, found, needs, fell)
        return _stage(cursor, night, part, found, list(needs.values()), seen)


def _close_met(cursor: CursorWrapper, night: Night, part: Part, known: dict[int, Person]) -> None:
    """Needs that this night's figures meet are closed already for the gate: a second run finds them met."""
    until = night.day + timedelta(days=MET_RESTS)
    for customer, need in meeting(cursor, night, part):
        if customer in known:
            person = known[customer]
            known[customer] = replace(person, closed_needs={**person.closed_needs, need: until})


def choose(
    found: Sequence[Ruling], matched: Sequence[tuple[int, Sequence[int]]], known: Mapping[int, Person], day: date
) -> tuple[dict[tuple[int, str], Found], Fell]:
    """The needs of each customer, with the product of the first rule, by order, that has one to suggest."""
    by_rule: dict[int, list[int]] = defaultdict(list)
    for customer, places in matched:
        for place in places:
            by_rule[place].append(customer)
    needs: dict[tuple[int, str], Found] = {}
    fell: Fell = {}
    for place, ruling in enumerate(found):
        asked = [known[who] for who in by_rule[place] if who in known]
        for person, blocked in zip(asked, decide(asked, ruling.offers, day), strict=True):
            key = person.customer_id, ruling.need
            if person.status != Status.ACTIVE or not person.profiling:
                fell[person.customer_id, place] = furthest(blocked)
                continue
            need = needs.setdefault(key, Found(person, place))
            need.seen_by.append(place)
            if need.product is not None:
                fell[person.customer_id, place] = "other_rule"
                continue
            product = best(person, ruling.offers, blocked, day)
            if product is None:
                fell[person.customer_id, place] = furthest(blocked)
            else:
                need.place, need.product = place, product
    return needs, fell


def furthest(blocked: Sequence[Blocked | None]) -> str:
    """The rule of the gate at which the product that came furthest fell."""
    return str(max((one.rule for one in blocked if one is not None), key=_ORDER.__getitem__).value)


def _arbitrate(
    needs: Mapping[tuple[int, str], Found],
    found: Sequence[Ruling],
    segments: Mapping[int, int],
    answered: Mapping[int, set[str]],
    fell: Fell,
) -> None:
    """Leave each customer the best suggestions: no more than MOST_LIVE with those a person has dealt with already."""
    known, weights = chances(), weight()
    by_customer: dict[int, list[Found]] = defaultdict(list)
    for one in needs.values():
        one.chance = chance_of(known, found[one.place].rule, segments.get(one.customer))
        if one.product is not None:
            by_customer[one.customer].append(one)
    for customer, ones in by_customer.items():
        theirs = answered.get(customer, set())
        fresh = [one for one in ones if found[one.place].need not in theirs]
        kept = ranked((candidate(one, found) for one in fresh), weights, max(0, MOST_LIVE - len(theirs)))
        places = {one.key for one in kept}
        for one in fresh:
            if one.place not in places:
                one.product = None
                fell[customer, one.place] = "arbitration"


def candidate(one: Found, found: Sequence[Ruling]) -> Candidate:
    """`one`, which has a product, as arbitration weighs it."""
    ruling = found[one.place]
    place = one.product or 0
    return Candidate(
        key=one.place, need=ruling.need, benefit=ruling.benefit, chance=one.chance,
        sure=surely(found[seen].sure for seen in one.seen_by), value=ruling.values[place], order=ruling.order,
        service=not ruling.offers[place].family,
    )  # fmt: skip


def _segments(cursor: CursorWrapper, night: Night, part: Part) -> dict[int, int]:
    cursor.execute(
        "SELECT customer_id, segment_id FROM customers_stagedmembership"
        " WHERE run = %s AND customer_id BETWEEN %s AND %s",
        [night.run, part.first, part.last],
    )
    return dict(cursor.fetchall())


_DEALT_WITH = (SuggestionState.OFFERED, SuggestionState.INTERESTED, SuggestionState.LATER)


def _answered(cursor: CursorWrapper, part: Part) -> dict[int, set[str]]:
    """Customer -> needs of suggestions that a person has dealt with, or made; they keep their place."""
    cursor.execute(
        "SELECT customer_id, need FROM recommendations_suggestion"
        " WHERE customer_id BETWEEN %s AND %s AND (state = ANY (%s) OR state = 'open' AND source = 'manager')",
        [part.first, part.last, list(_DEALT_WITH)],
    )
    found: dict[int, set[str]] = defaultdict(set)
    for customer, need in cursor.fetchall():
        found[customer].add(need)
    return found


def _stage(
    cursor: CursorWrapper, night: Night, part: Part, found: Sequence[Ruling], needs: Sequence[Found], seen: Looks
) -> int:
    if not needs:
        return 0
    weights = weight()
    evidence = " ".join(f"WHEN {ruling.rule} THEN {_object(ruling.columns)}" for ruling in found)
    rows = [_row(one, found, seen, weights) for one in needs]
    names = ("customers", "needs", "rules", "products", "more", "scores", "weighings", "found_by", "sure", "sources")
    given: dict[str, Any] = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    given |= {"run": night.run, "first": part.first, "last": part.last}
    cursor.execute(
        f"""
        INSERT INTO recommendations_stagedsuggestion
            (run, customer_id, need, rule_id, product_id, score, weighing, found_by, sure, source, evidence)
        SELECT %(run)s, s.customer, s.need, s.rule, s.product, s.score, s.weighing,
            CAST(s.found_by AS bigint[]), s.sure, s.source, CASE s.rule {evidence} END || s.more
        FROM unnest(%(customers)s::bigint[], %(needs)s::text[], %(rules)s::bigint[], %(products)s::bigint[],
            %(more)s::jsonb[], %(scores)s::double precision[], %(weighings)s::jsonb[], %(found_by)s::text[],
            %(sure)s::double precision[], %(sources)s::text[])
            AS s (customer, need, rule, product, more, score, weighing, found_by, sure, source)
        JOIN customers_stagedfeatures AS f ON f.run = %(run)s AND f.customer_id = s.customer
            AND f.customer_id BETWEEN %(first)s AND %(last)s
        """,
        given,
    )
    return int(cursor.rowcount)


def _row(one: Found, found: Sequence[Ruling], seen: Looks, weights: Weight) -> tuple[Any, ...]:
    ruling = found[one.place]
    weighed = candidate(one, found)
    more = {}
    if ruling.viewed:
        more["viewed"] = seen[ruling.viewed][one.customer].isoformat()
    if ruling.event:
        more["event"] = seen[event_key(ruling.event)][one.customer].isoformat()
    return (
        one.customer, ruling.need, ruling.rule, None if one.product is None else ruling.products[one.product],
        json.dumps(more), score(weighed, weights) if one.product is not None else None,
        json.dumps(weighing(weighed, one.person, ruling.offers[one.product or 0]) if one.product is not None else {}),
        "{" + ",".join(str(found[place].rule) for place in one.seen_by) + "}", weighed.sure,
        "life" if ruling.event else "night",
    )  # fmt: skip


def _object(columns: Sequence[str]) -> str:
    pairs = ", ".join(f"'{name}', f.{name}" for name in columns)
    return f"jsonb_build_object({pairs})"


SUGGESTIONS = Suggestions()
