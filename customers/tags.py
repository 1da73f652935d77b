"""Words that people of the bank put on customers, to find them again."""

from collections.abc import Sequence

from django.db import transaction

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from customers.models import Customer, CustomerTag, Tag


def tagged(customers: Sequence[Customer], name: str) -> set[int]:
    """The ids of those of `customers` who carry the tag `name`."""
    found = CustomerTag.objects.filter(tag__name=name, customer__in=[customer.pk for customer in customers])
    return set(found.values_list("customer_id", flat=True))


@transaction.atomic
def tag(customers: Sequence[Customer], name: str, *, by: User) -> None:
    """Put the tag `name` on `customers`; it is made if it is new, and nobody carries it twice."""
    word, _created = Tag.objects.get_or_create(name=name, defaults={"by": by})
    CustomerTag.objects.bulk_create(
        [CustomerTag(customer=customer, tag=word, by=by) for customer in customers], ignore_conflicts=True
    )
    record(
        Action.CHANGE,
        by=by,
        object_type="customer",
        object_ids=[customer.pk for customer in customers],
        detail={"tag": name},
    )
