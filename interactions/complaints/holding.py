"""For which complaints sales wait, and who says sorry."""

from django.db.models import Q, QuerySet

from crm.staff.models import User
from crm.staff.scope import scope
from customers.models import Customer
from interactions.models import Complaint, ComplaintState


def looks_after(user: User, customer: Customer) -> bool:
    """Whether `user` looks after `customer`: as owner or their cover, in the branch pool, or as head of the branch."""
    reach = scope(user)
    if customer.branch_id in reach.branch_ids:
        return True
    if customer.owner_id is None:
        return customer.branch_id in reach.pool_branch_ids
    return customer.owner_id in reach.owner_ids


def holding() -> QuerySet[Complaint]:
    """The complaints for which sales wait."""
    return Complaint.objects.filter(Q(state=ComplaintState.OPEN) | Q(acknowledged_at=None))


def on_hold(customer: Customer) -> Complaint | None:
    """The complaint for which sales to `customer` wait: an open one first, then the newest; None: none does."""
    return holding().filter(customer=customer).order_by("-state", "-received_at").first()
