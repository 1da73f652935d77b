"""Why this, why not the others: every product considered for one customer, with the step at which it fell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.translation import gettext_lazy as _

from customers.models import Customer, Features
from recommendations import words
from recommendations.blocked import holds, rules_of
from recommendations.duties import duties
from recommendations.facts import offer, people
from recommendations.gate import Person, Rule, decide_one
from recommendations.models import LIVE, Product, Suggestion
from recommendations.models import Rule as BankRule

MOST_PRODUCTS = 500
MOST_TOLD = 60


class Step(TextChoices):
    """The steps in their order."""

    ELIGIBILITY = "eligibility", _("may it be offered at all")
    APPLICABILITY = "applicability", _("is there a need")
    SUITABILITY = "suitability", _("does it suit the person")
    CONTACT = "contact", _("may we speak of it now")
    ARBITRATION = "arbitration", _("is it the best of what fits")
    SUGGESTED = "suggested", _("suggested")


_STEP_OF = {
    Rule.IN_SERVICE: Step.ELIGIBILITY, Rule.CONSENT: Step.ELIGIBILITY, Rule.ON_SALE: Step.ELIGIBILITY,
    Rule.PRIVATE: Step.ELIGIBILITY, Rule.CIVIL: Step.ELIGIBILITY, Rule.AGE_KNOWN: Step.ELIGIBILITY,
    Rule.MINOR: Step.ELIGIBILITY, Rule.NEED: Step.APPLICABILITY, Rule.COMPLAINT: Step.CONTACT,
    Rule.PAUSE: Step.CONTACT, Rule.REFUSAL: Step.CONTACT,
}  # fmt: skip


def step_of(rule: str) -> Step:
    """The step a rule of the gate belongs to."""
    return _STEP_OF.get(Rule(rule), Step.SUITABILITY)


@dataclass(frozen=True)
class Considered:
    """One product. why: in words; suggestion: where it is one; duties: what the sale would ask for."""

    product: Product
    need: str
    step: Step
    why: str
    suggestion: Suggestion | None = None
    duties: tuple[str, ...] = ()


def explain(customer: Customer, day: date) -> list[Considered]:
    """Every product in use, those that came furthest first. A constant number of queries."""
    person = people([customer.pk], day).get(customer.pk)
    if person is None:
        return []
    products = list(Product.objects.filter(active=True).order_by("code")[:MOST_PRODUCTS])
    rules = rules_of(day)
    values: Mapping[str, Any] = Features.objects.filter(customer=customer).values().first() or {}
    seen = {rule.pk for rule in rules if values and holds(rule, values, day)}
    kept = set(customer.needs.filter(Q(state="found") | Q(state="confirmed")).values_list("need", flat=True))
    live = Suggestion.objects.filter(customer=customer, state__in=LIVE).select_related("rule", "product")
    suggested = {one.product_id: one for one in live}
    told = [_considered(one, person, rules, seen, kept, suggested.get(one.pk), day) for one in products]
    order = list(Step)
    return sorted(told, key=lambda one: -order.index(one.step))[:MOST_TOLD]


def _considered(
    product: Product,
    person: Person,
    rules: Sequence[BankRule],
    seen: set[int],
    kept: set[str],
    suggestion: Suggestion | None,
    day: date,
) -> Considered:
    answering = [one for one in rules if one.product_id == product.pk or (one.family and one.family == product.family)]
    wanted = [one for one in answering if one.need in kept or (one.pk in seen and not (one.viewed or one.event))]
    need = suggestion.need if suggestion else wanted[0].need if wanted else answering[0].need if answering else ""
    label = words.need_label(need) if need else ""
    blocked = decide_one(person, offer(product, need), day)
    if blocked is not None and (wanted or suggestion or step_of(blocked.rule) == Step.ELIGIBILITY):
        return Considered(product, label, step_of(blocked.rule), words.blocked_words(blocked))
    if suggestion is not None:
        told = tuple(duties(product, person))
        return Considered(product, label, Step.SUGGESTED, words.reason(suggestion, day), suggestion, told)
    if not wanted:
        return Considered(product, label, Step.APPLICABILITY, _nothing_asks(label))
    return Considered(product, label, Step.ARBITRATION, _comes_first())


def _comes_first() -> str:
    return str(_("Something else answers this need better, or comes first."))


def _nothing_asks(label: str) -> str:
    if not label:
        return str(_("No rule asks for it: it is only talked about when the customer asks."))
    return str(_("Nothing points to this need: %(need)s.")) % {"need": label}


def for_the_customer(told: Sequence[Considered]) -> str:
    """Why, in a few sentences to print and hand over (PIPL Art. 24: explained, and a person can review it)."""
    found = [one for one in told if one.step == Step.SUGGESTED]
    if found:
        first = found[0]
        why = str(_("We thought of “%(product)s” for you, because: %(why)s")) % {
            "product": first.product.name, "why": first.why,
        }  # fmt: skip
    else:
        why = str(_("Just now we suggest nothing to you: nothing fits better than what you have."))
    rest = _(
        "Others were left out since they did not fit your plans, your tolerance of risk or your wishes about contact."
        " Your age and sex play no part in the order. You may say no at any time, and ask a person to look again."
    )
    return f"{why} {rest}"
