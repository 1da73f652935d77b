"""Showing a masked identifier whole: in one tap with a reason, and never without a row in the audit."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from customers.models import Customer


class RevealReason(TextChoices):
    CALL = "call", _("To call or write to the customer")
    VERIFY = "verify", _("To verify who they are")
    FORM = "form", _("To fill in a form with them")
    CORRECT = "correct", _("To correct a mistake")


def reveal(customer: Customer, name: str, *, by: User, reason: str) -> str:
    """The plain identifier `name` of `customer`; the audit row is written first, so that none is shown without it."""
    record(
        Action.REVEAL,
        by=by,
        object_type="customer",
        object_ids=[customer.pk],
        label=customer.number,
        reason=reason,
        detail={"identifier": name},
    )
    return customer.identifier(name)
