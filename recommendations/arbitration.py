"""Which of the products that pass the gate are suggested, and in which order. Pure.

Score: benefit to the customer × chance that it is welcome × value to the bank. The value moves a score by at most
MOST_VALUE; benefits are whole numbers from 1 to 10, of which neighbours differ by more than that: at the same chance
the greater benefit comes first, whatever the bank gains. Age and sex are no part of it: they may define a need, and
never rank.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from recommendations.gate import WAITS, Blocked, Offer, Person, all_failed

MOST_LIVE = 5  # suggestions a customer has at one time
MOST_SHOWN = 3
MOST_VALUE = 0.1  # the share by which the value to the bank can raise a score
DIGITS = 6  # of a score: what differs less is the same
LONG_TERM = 365  # days from which on money is tied for long
MUCH = 0.5  # of the money at hand
MOST_REASONS = 3


@dataclass(frozen=True)
class Weight:
    """Exponents of benefit (1 to 3) and chance (0 to 3), and the share of MOST_VALUE that counts (0 to 1)."""

    benefit: float = 1.0
    chance: float = 1.0
    value: float = 1.0


@dataclass(frozen=True)
class Candidate:
    """What is weighed of one suggestion. benefit: 1 to 10; chance, sure (of the need): 0 to 1; value: 0 to 10.

    order: of its rule, and key (unique): what decides between equals. service: nothing for sale.
    """

    key: int
    need: str
    benefit: int
    chance: float
    sure: float
    value: int
    order: int = 0
    service: bool = False


def score(one: Candidate, weight: Weight) -> float:
    """The more the better. A need that is less sure makes the suggestion less likely to be welcome."""
    gained = 1 + MOST_VALUE * weight.value * min(max(one.value, 0), 10) / 10
    likely: float = pow(max(one.chance, 0.0) * max(one.sure, 0.0), weight.chance)
    gain: float = pow(one.benefit, weight.benefit)
    return round(gain * likely * gained, DIGITS)


def ranked(found: Iterable[Candidate], weight: Weight, most: int = MOST_SHOWN) -> list[Candidate]:
    """At most `most` of them, one a need, the highest score first; the same whatever their order was."""
    best_first = sorted(found, key=lambda one: (-score(one, weight), one.order, one.key))
    kept: dict[str, Candidate] = {}
    for one in best_first:
        if len(kept) < most:
            kept.setdefault(one.need, one)
    return list(kept.values())


def surely(chances: Iterable[float]) -> float:
    """How sure a need is that several rules see: each takes away its share of the doubt; never quite sure."""
    doubt = 1.0
    for chance in chances:
        doubt *= 1 - chance
    return round(min(1 - doubt, 0.95), 4)


def weighing(one: Candidate, person: Person, offer: Offer) -> dict[str, Any]:
    """What the score came of, and the weightiest reasons for and against it (codes: see words.WEIGHED)."""
    speaks_for = [
        ("matters", one.benefit >= 7),
        ("sure", one.sure >= 0.7),
        ("welcome", one.chance >= 0.4),
        ("service", one.service),
    ]
    speaks_against = [
        ("rarely_welcome", one.chance < 0.2),
        ("guess", one.sure < 0.5),
        ("much", bool(offer.minimum and person.liquid and offer.minimum >= MUCH * person.liquid)),
        ("tied", offer.term_days is not None and offer.term_days >= LONG_TERM),
        ("may_lose", offer.risk is not None and offer.risk >= 2),
    ]
    return {
        "benefit": one.benefit, "chance": one.chance, "sure": one.sure, "value": one.value,
        "for": [code for code, holds in speaks_for if holds][:MOST_REASONS],
        "against": [code for code, holds in speaks_against if holds][:MOST_REASONS],
    }  # fmt: skip


def best(person: Person, offers: Sequence[Offer], blocked: Sequence[Blocked | None], day: date) -> int | None:
    """The place in `offers` of the one to suggest for a need, None where none may be.

    blocked: the gate's answer to each. The least risk comes first, then the largest minimum that the customer can pay
    (made for who has that much), then the code, so that every night chooses alike.
    """
    fitting = [
        (offer.risk or 0, -offer.minimum, offer.code, place)
        for place, offer in enumerate(offers)
        if _may_be_kept(person, offer, blocked[place], day)
    ]
    return min(fitting)[3] if fitting else None


def _may_be_kept(person: Person, offer: Offer, blocked: Blocked | None, day: date) -> bool:
    """Whether nothing but what passes by itself is in the way: then it is kept, and waits unseen.

    A complaint acknowledged at noon opens the page's suggestions at once, not after another night.
    """
    if blocked is None:
        return True
    return blocked.rule in WAITS and all(failed.rule in WAITS for failed in all_failed(person, offer, day))


Chances = Mapping[tuple[int, int | None], float]
