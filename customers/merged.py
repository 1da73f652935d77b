"""Where the number of a customer leads who was merged into another one."""

from crm.staff.models import User
from customers.access import visible_to
from customers.models import Customer


def survivor_number(user: User, number: str) -> str | None:
    """The number of the customer whom `number` was merged into, if it was and `user` may see them."""
    into = Customer.objects.filter(number=number, merged_into__isnull=False).values("merged_into")
    found: str | None = visible_to(user).filter(pk__in=into).values_list("number", flat=True).first()
    return found
