"""Which of the products that pass the gate is suggested. Pure."""

from collections.abc import Sequence
from datetime import date

from recommendations.gate import WAITS, Blocked, Offer, Person, all_failed

MOST_LIVE = 5  # suggestions a customer has at one time


def best(person: Person, offers: Sequence[Offer], blocked: Sequence[Blocked | None], day: date) -> int | None:
    """The place in `offers` of the one to suggest, None where none may be.

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
