"""Giving customers to a manager, by who leads the branch."""

from django.utils.translation import gettext as _

from crm.staff.models import User
from crm.staff.scope import scope
from customers.models import Customer


def assign_refusal(customer: Customer, to: User, *, by: User) -> str:
    """Why `by` cannot give `customer` to `to`; "" where they can."""
    if customer.branch_id not in scope(by).branch_ids:
        return _("is not of your branches")
    if customer.branch_id != to.branch_id:
        return _("belongs to another branch than the manager")
    return _("is looked after by them already") if customer.owner_id == to.pk else ""
