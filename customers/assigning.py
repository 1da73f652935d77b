"""Giving customers to a manager, by who leads the branch."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from crm.staff.notices import tell
from crm.staff.scope import scope
from customers.models import Customer


def assign_refusal(customer: Customer, to: User, *, by: User) -> str:
    """Why `by` cannot give `customer` to `to`; "" where they can."""
    if customer.branch_id not in scope(by).branch_ids:
        return _("is not of your branches")
    if customer.branch_id != to.branch_id:
        return _("belongs to another branch than the manager")
    return _("is looked after by them already") if customer.owner_id == to.pk else ""


@transaction.atomic
def assign(customers: Sequence[Customer], to: User, *, by: User) -> None:
    """Make `to` the manager of `customers`, whom assign_refusal found nothing against. They are told."""
    if not customers:
        return
    ids = [customer.pk for customer in customers]
    before = {str(customer.pk): customer.owner_id for customer in customers}
    Customer.objects.filter(pk__in=ids).update(owner=to, updated_at=timezone.now())
    record(
        Action.CHANGE,
        by=by,
        object_type="customer",
        object_ids=ids,
        label=str(to),
        detail={"owner": to.pk, "was": before},
    )
    tell(
        to,
        gettext_noop("%(who)s gave you %(count)d customers to look after."),
        {"who": by.display_name, "count": len(ids)},
        url="/customers/?sort=updated",
    )
