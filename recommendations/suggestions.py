"""What a person sees of a customer's suggestions: the gate is asked again as they are shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.models import Customer
from recommendations import words
from recommendations.blocked import BlockedProduct, blocked_products
from recommendations.concerns import concerns
from recommendations.duties import duties
from recommendations.facts import offer, people
from recommendations.gate import WAITS, Blocked, Person, Rule, all_failed
from recommendations.models import LIVE, Answer, Need, Product, Regime, Suggestion, SuggestionSource, SuggestionState

MOST_SHOWN = 3
REVIEW = "review-talk"
MOST_LIVE = 30  # a customer has one a need
MOST_SAID = 20


@dataclass(frozen=True)
class Suggested:
    """A suggestion as a page says it. service: nothing for sale, and so nothing of the contact budget."""

    suggestion: Suggestion
    title: str
    need: str
    why: str
    concerns: list[str]
    talk: str
    service: bool
    duties: list[str]
    speaks_for: str
    by_hand: bool


@dataclass(frozen=True)
class Shown:
    """suggestions: at most MOST_SHOWN, services first; further: how many more there are.

    waiting: how many wait until a complaint is acknowledged or a pause ends; why_waiting says that in one sentence.
    blocked: what the gate refuses although a rule of the bank would have it. instead: the talk to invite to where
    nothing fits, for the panel.
    """

    suggestions: list[Suggested]
    waiting: int = 0
    why_waiting: str = ""
    further: int = 0
    blocked: tuple[BlockedProduct, ...] = ()
    instead: Product | None = None


def live(day: date) -> QuerySet[Suggestion]:
    """The live suggestions of everybody; what was put off comes back on its day."""
    put_off = Q(state=SuggestionState.LATER, later_until__gt=day)
    return Suggestion.objects.filter(state__in=LIVE).exclude(put_off).select_related("rule", "product")


def said_before(customer: Customer) -> list[Answer]:
    """What the customer said to suggestions, newest first, at most MOST_SAID; nothing that was taken back."""
    said = Answer.objects.filter(suggestion__customer=customer, undone_at=None).order_by("-at", "-pk")
    return list(said.select_related("suggestion__product")[:MOST_SAID])


def shown(customer: Customer, day: date, *, said: Sequence[Answer] | None = None, with_blocked: bool = False) -> Shown:
    """What is shown of `customer` on `day`. said: as `said_before` gives it, where the caller has it.

    with_blocked: also which products the gate refuses, for the panel.
    """
    if customer.restricted:
        return Shown([])
    found = list(live(day).filter(customer=customer).order_by("rule__order", "pk")[:MOST_LIVE])
    person = people([customer.pk], day).get(customer.pk) if found or with_blocked else None
    if person is None:
        return Shown([])
    verdicts = [all_failed(person, offer(one.product, one.need), day) for one in found]
    passed = [suggestion for suggestion, failed in zip(found, verdicts, strict=True) if not failed]
    passed.sort(key=_rank)
    # What fails otherwise too does not come back when the complaint is acknowledged.
    waits = [failed[0] for failed in verdicts if failed and all(one.rule in WAITS for one in failed)]
    refused = _last_refusals(said if said is not None else said_before(customer) if passed else [])
    return Shown(
        suggestions=[read(one, person, refused.get(one.need), day) for one in passed[:MOST_SHOWN]],
        waiting=len(waits),
        why_waiting=_why_waiting(waits),
        further=max(0, len(passed) - MOST_SHOWN),
        blocked=blocked_products(customer, person, found, day) if with_blocked else (),
        instead=_instead(person, day) if with_blocked and not passed and not waits else None,
    )


def _instead(person: Person, day: date) -> Product | None:
    """A review talk, which sells nothing: where nothing else fits and the person may be spoken to."""
    review = Product.objects.filter(code=REVIEW, active=True).first()
    allowed = review is not None and not all_failed(person, offer(review, Need.LITERACY), day)
    return review if allowed else None


def read(suggestion: Suggestion, person: Person, refused: Answer | None, day: date) -> Suggested:
    """`suggestion` in the language of the page."""
    return Suggested(
        suggestion=suggestion,
        title=suggestion.product.name,
        need=words.need_label(suggestion.need),
        why=words.reason(suggestion, day),
        concerns=concerns(person, suggestion.product, refused),
        talk=words.talk(suggestion, day),
        service=suggestion.product.regime == Regime.NONE,
        duties=duties(suggestion.product, person),
        speaks_for=words.weighed(suggestion.weighing.get("for", [])),
        by_hand=suggestion.source == SuggestionSource.MANAGER,
    )


def _rank(suggestion: Suggestion) -> tuple[bool, bool, float]:
    """Services first, then what was proposed in person, then the best score; equals as their rules are ordered."""
    sold = suggestion.product.regime != Regime.NONE
    return sold, suggestion.source != SuggestionSource.MANAGER, -(suggestion.score or 0)


def _last_refusals(said: Sequence[Answer]) -> dict[str, Answer]:
    """Need -> the customer's last refusal of it."""
    refused = [answer for answer in said if answer.state == SuggestionState.REFUSED]
    return {answer.suggestion.need: answer for answer in reversed(refused)}


def _why_waiting(waits: Sequence[Blocked]) -> str:
    """How many wait and for what, in one sentence; "" where none does."""
    if not waits:
        return ""
    count = ngettext("%(count)d suggestion waits", "%(count)d suggestions wait", len(waits)) % {"count": len(waits)}
    first = waits[0]
    if first.rule == Rule.PAUSE:
        why = words.blocked_words(first)
    elif first.facts["hold"] == "open":
        why = _("A complaint is still open.")
    else:
        why = _("The complaint is not acknowledged in person yet.")
    return _("%(count)s: %(why)s") % {"count": count, "why": why}
