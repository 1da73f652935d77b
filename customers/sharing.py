"""Sharing one customer with one colleague until a day, by a supervisor."""

from datetime import datetime

from django.contrib.auth.models import Permission
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from crm.staff.notices import tell
from customers.models import Customer, Share


@transaction.atomic
def share(customer: Customer, *, to: User, until: datetime, reason: str, by: User) -> Share:
    """Let `to` see and serve `customer` until `until`; sharing again replaces the end and the reason."""
    permission = Permission.objects.get(codename="serve_customer", content_type__app_label="customers")
    grant, _created = Share.objects.update_or_create(
        user=to,
        content_object=customer,
        permission=permission,
        defaults={"starts_at": timezone.now(), "expires_at": until, "reason": reason, "given_by": by},
    )
    record(
        Action.GRANT,
        by=by,
        object_type="customer",
        object_ids=[customer.pk],
        label=customer.number,
        reason=reason,
        detail={"to": str(to), "until": until.isoformat()},
    )
    tell(
        to,
        gettext_noop("%(who)s shared the customer %(customer)s with you until %(until)s."),
        {"who": by.display_name, "customer": customer.name, "until": f"{timezone.localtime(until):%Y-%m-%d}"},
        url=f"/customers/{customer.number}/",
    )
    return grant


@transaction.atomic
def end_share(grant: Share, *, by: User) -> None:
    """End a share now; its row stays as the record."""
    grant.expires_at = timezone.now()
    grant.save(update_fields=["expires_at"])
    customer = grant.content_object
    record(
        Action.REVOKE,
        by=by,
        object_type="customer",
        object_ids=[customer.pk],
        label=customer.number,
        detail={"from": str(grant.user)},
    )
