"""Who handles a complaint, and who is told of it: never the person it is about."""

from collections.abc import Container

from crm.staff.models import Branch, Role, User
from customers.models import Customer


def usual_handler(customer: Customer, about: User | None) -> User | None:
    """The owner; where there is none, or it is about them, the nearest supervisor above; else nobody yet."""
    if customer.owner is not None and customer.owner.is_active and customer.owner != about:
        return customer.owner
    return supervisor_above(customer.branch, {about.pk} if about else set())


def supervisor_above(branch: Branch, without: Container[int]) -> User | None:
    """The supervisor nearest above the customers of `branch`, other than those with ids in `without`."""
    above = list(Branch.objects.ancestors(branch, include_self=True))[::-1]
    supervisors = User.objects.filter(is_active=True, groups__name=Role.SUPERVISOR, branch__in=above)
    nearness = {one.pk: index for index, one in enumerate(above)}
    fit = [person for person in supervisors.order_by("employee_number") if person.pk not in without]
    return min(fit, key=lambda person: nearness[person.branch_id], default=None)
