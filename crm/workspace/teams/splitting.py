"""Who gets which customer when a book is split. Pure: columns in, a plan with reasons out, the same for the same input.

A household is dealt as one. By load the next goes to whoever has least to do; by shares every segment is dealt evenly,
so that nobody gets the best customers alone.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Why(StrEnum):
    """Why a customer stays where they are."""

    STORED_ONLY = "stored"
    COMPLAINED = "complained"
    FULL = "full"
    ALREADY = "already"


@dataclass(frozen=True)
class Person:
    """A customer's columns. segment: None where no night has put them into one. visits: contacts a month that it asks
    for. top: of the highest tier. household: None for who lives alone. kin: who looks after others of the household.
    against: of whom they have complained."""

    customer_id: int
    owner_id: int | None
    segment: int | None
    visits: float
    top: bool = False
    stored_only: bool = False
    household: int | None = None
    kin: frozenset[int] = frozenset()
    against: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Taker:
    """Somebody who may get customers. visits, customers, top: what they have now. share: their part where it goes by
    shares. most, most_top: customers they can have at most, all and of the highest tier; None: no limit."""

    user_id: int
    visits: float = 0
    customers: int = 0
    top: int = 0
    share: int = 1
    most: int | None = None
    most_top: int | None = None


@dataclass(frozen=True)
class Split:
    """to: customer id -> who gets them. stays: customer id -> why not."""

    to: dict[int, int]
    stays: dict[int, Why]


@dataclass
class _Hand:
    """What a taker has in the course of dealing."""

    taker: Taker
    visits: float
    customers: int
    top: int
    dealt: dict[int | None, int] = field(default_factory=lambda: defaultdict(int))
    all_dealt: int = 0

    def fits(self, unit: Sequence[Person]) -> bool:
        full = self.taker.most is not None and self.customers + len(unit) > self.taker.most
        top = sum(person.top for person in unit)
        return not full and not (top and self.taker.most_top is not None and self.top + top > self.taker.most_top)

    def take(self, unit: Sequence[Person]) -> None:
        self.customers += len(unit)
        self.all_dealt += len(unit)
        for person in unit:
            self.visits += person.visits
            self.top += person.top
            self.dealt[person.segment] += 1


def split(people: Iterable[Person], takers: Sequence[Taker], *, by_load: bool) -> Split:
    """Deal `people` to `takers`, who are ordered; ties go to the first. Costs people x takers."""
    stays: dict[int, Why] = {}
    to: dict[int, int] = {}
    hands = [_Hand(taker, taker.visits, taker.customers, taker.top) for taker in takers if taker.share > 0 or by_load]
    for unit in _units(people, stays, {taker.user_id for taker in takers}):
        against = frozenset[int]().union(*(person.against for person in unit))
        willing = [hand for hand in hands if hand.taker.user_id not in against]
        fitting = [hand for hand in willing if hand.fits(unit)]
        if not fitting:
            stays.update(dict.fromkeys((p.customer_id for p in unit), Why.FULL if willing else Why.COMPLAINED))
            continue
        kin = frozenset[int]().union(*(person.kin for person in unit))
        near = [hand for hand in fitting if hand.taker.user_id in kin] or fitting
        chosen = min(near, key=lambda hand: _order(hand, unit, by_load=by_load))
        chosen.take(unit)
        to.update(dict.fromkeys((person.customer_id for person in unit), chosen.taker.user_id))
    return Split(to, stays)


def _order(hand: _Hand, unit: Sequence[Person], *, by_load: bool) -> tuple[float, float]:
    if by_load:  # whom no segment wants to be visited weighs by number alone
        visited = any(person.visits for person in unit)
        return (hand.visits, hand.customers) if visited else (hand.customers, hand.visits)
    share = max(hand.taker.share, 1)
    return (hand.dealt[unit[0].segment] + len(unit)) / share, (hand.all_dealt + len(unit)) / share


def _units(people: Iterable[Person], stays: dict[int, Why], takers: set[int]) -> list[list[Person]]:
    """Households and singles who can move, those who need most first. Who cannot is written into `stays`."""
    groups: dict[tuple[str, int], list[Person]] = defaultdict(list)
    for person in sorted(people, key=lambda one: one.customer_id):
        if person.stored_only:
            stays[person.customer_id] = Why.STORED_ONLY
        elif person.owner_id in takers:
            stays[person.customer_id] = Why.ALREADY
        elif person.household is None:
            groups["single", person.customer_id].append(person)
        else:
            groups["household", person.household].append(person)
    return sorted(groups.values(), key=lambda unit: (-sum(one.visits for one in unit), unit[0].customer_id))
