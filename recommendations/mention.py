"""Whether a message, a call list or a campaign may speak of a product family or a topic to these customers."""

from collections.abc import Iterable
from datetime import date

from customers.models import Family
from interactions.models import Topic
from recommendations.facts import offer, people
from recommendations.gate import Blocked, Offer, Rule, all_failed, decide
from recommendations.models import Need, Product, Regime

# What a person decides about their own needs is not asked where nothing but a topic is known.
_NEED = ""


def may_mention(customer_ids: Iterable[int], what: str, day: date) -> dict[int, Blocked | None]:
    """Customer -> the rule that forbids to speak of `what` (a Family, a Topic or a Need) to them, None where allowed.

    A family is allowed where at least one of its products on sale passes the gate; private products never count: they
    are no matter for a broadcast. A family of which there is no such product is not on sale. Who is not known is left
    out. Queries do not grow with the customers.
    """
    known = people(customer_ids, day)
    offers = _offers(what)
    if not offers:
        return dict.fromkeys(known, Blocked(Rule.ON_SALE, {"active": False, "sold_from": None, "sold_until": None}))
    order = {rule: place for place, rule in enumerate(Rule)}
    found: dict[int, Blocked | None] = {}
    for person, verdicts in zip(known.values(), decide(list(known.values()), offers, day), strict=True):
        failed = [verdict for verdict in verdicts if verdict is not None]
        far = len(failed) == len(verdicts)
        found[person.customer_id] = max(failed, key=lambda one: order[one.rule]) if far else None
    return found


def _offers(what: str) -> list[Offer]:
    if what in Family.values:
        products = Product.objects.filter(family=what, active=True, private=False).order_by("code")
        return [offer(product, _NEED) for product in products]
    if what not in Topic.values and what not in Need.values:
        raise ValueError(what)
    need = what if what in Need.values else _NEED
    return [
        Offer(
            code="", family="", regime=Regime.NONE, risk=None, minimum=0, private=False, sold_from=None,
            sold_until=None, active=True, topic=what, need=need,
        )
    ]  # fmt: skip


def gate_of_topic(customer_id: int, what: str, day: date) -> list[Blocked]:
    """Every rule that forbids to speak of `what` to one customer; empty where nothing does."""
    person = people([customer_id], day).get(customer_id)
    verdicts = [all_failed(person, one, day) for one in _offers(what)] if person is not None else []
    return min(verdicts, key=len) if verdicts else []
