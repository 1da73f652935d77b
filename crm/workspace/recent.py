"""Whom a person opened lately: they come first in what a search finds."""

from crm.audit.models import Action, Entry, Result
from crm.staff.models import User
from customers.models import Customer
from customers.querysets import CustomerQuerySet
from customers.search import find

REMEMBERED = 30  # opened pages


def recent_numbers(user: User) -> list[str]:
    """The numbers of the customers whose pages `user` opened last, newest first."""
    looks = Entry.objects.filter(
        actor_id=user.pk, action=Action.VIEW, result=Result.OK, object_type="customer"
    ).order_by("-at")
    return list(dict.fromkeys(looks.values_list("object_label", flat=True)[:REMEMBERED]))


def find_recent_first(user: User, visible: CustomerQuerySet, query: str, limit: int) -> list[Customer]:
    """Up to `limit` of `visible` that match `query`: those opened lately before all others."""
    numbers = recent_numbers(user)
    known = {one.number: one for one in find(visible.filter(number__in=numbers), query, limit)} if numbers else {}
    first = [known[number] for number in numbers if number in known]
    others = [one for one in find(visible, query, limit) if one.number not in known]
    return (first + others)[:limit]
