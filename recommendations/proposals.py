"""A manager proposes a product by themselves: the same gate, no way around it."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from customers.models import Customer
from recommendations import needs
from recommendations.answers import GateRefusedError, NoLongerOpenError
from recommendations.facts import offer, people
from recommendations.gate import decide_one
from recommendations.models import LIVE, Product, Rule, Suggestion, SuggestionSource

RULE = "manager"  # the shipped rule whose words such a suggestion has


@transaction.atomic
def propose(customer: Customer, product: Product, need: str, note: str, *, by: User, day: date) -> Suggestion:
    """Keep `product` as a suggestion for `need`, which the customer spoke of.

    Raises GateRefusedError with the failed rule; NoLongerOpenError where the need has a live suggestion already.
    """
    Customer.objects.select_for_update().get(pk=customer.pk)
    person = people([customer.pk], day)[customer.pk]
    blocked = decide_one(person, offer(product, need), day)
    if blocked is not None:
        raise GateRefusedError(blocked)
    if Suggestion.objects.filter(customer=customer, need=need, state__in=LIVE).exists():
        raise NoLongerOpenError
    needs.add(customer, need, note, by=by)
    made = Suggestion.objects.create(
        customer=customer, need=need, rule=Rule.objects.get(code=RULE), product=product, since=day, asked_on=day,
        evidence={"note": " ".join(note.split())[:200]}, source=SuggestionSource.MANAGER, by=by,
        changed_at=timezone.now(),
    )  # fmt: skip
    record(
        Action.CREATE, by=by, object_type="suggestion", object_ids=[customer.pk], label=customer.number,
        detail={"product": product.code, "need": need, "source": "manager"},
    )  # fmt: skip
    return made
