"""Who sees a case: whoever sees the customer, and who handles it. Denied looks like absent, and is audited."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.audit.log import look
from crm.audit.models import Action, Result
from crm.lib.keyset import Page, Sort, page
from crm.staff.models import User
from crm.staff.scope import scope, subtree_ids
from customers.access import visible_to
from interactions.models import Complaint, ComplaintState

PAGE_SIZE = 40
SORTS = {
    ComplaintState.OPEN: Sort("due", gettext_lazy("answer due"), F("due")),
    ComplaintState.CLOSED: Sort("closed", gettext_lazy("closed"), F("closed_at"), descending=True, known="closed_at"),
}
_COLUMNS = (
    "number", "text", "severity", "category", "due", "received_at", "closed_at", "reopened_at", "state", "days",
    "customer__number", "customer__name", "customer__branch__name", "handler__display_name", "handler_id",
)  # fmt: skip


def case_read(user: User, number: str) -> Complaint:
    """The case `number` if `user` may see it; else Http404, the same for a denied and an unknown number."""
    asked = Complaint.objects.select_related("customer", "customer__branch", "customer__owner", "handler", "about")
    asked = asked.select_related("acknowledged_by").filter(number=number)
    complaint = asked.filter(Q(handler=user) | Q(customer__in=visible_to(user))).first()
    hidden = asked.first() if complaint is None else None
    look(
        Action.VIEW, by=user, object_type="complaint", label=number,
        object_ids=[one.customer_id for one in (complaint, hidden) if one is not None],
        result=Result.DENIED if complaint is None else Result.OK,
    )  # fmt: skip
    if complaint is None:
        raise Http404(_("There is no such complaint, or you do not look after its customer."))
    return complaint


def case_write(user: User, number: str) -> Complaint:
    """As `case_read`, for a change: of a customer in service, and not by the person it is about (PermissionDenied)."""
    complaint = case_read(user, number)
    if complaint.customer.restricted:
        raise PermissionDenied(_("The data of this customer are only stored: nothing can be changed."))
    if complaint.about_id == user.pk:
        raise PermissionDenied(_("The complaint is about you: somebody else handles it."))
    return complaint


def worklist(user: User, asked: dict[str, Any], cursor: str) -> Page:
    """The cases `user` handles or answers for, as `asked` for (CaseFilter), after `cursor`: the nearest day first.

    Of managers: those they handle, and those of their customers, of colleagues they cover as well. Of supervisors:
    those of their branches. One query; without a count.
    """
    state = ComplaintState(asked.get("state") or ComplaintState.OPEN)
    found = _of(user).filter(state=state)
    if branch := asked.get("branch"):
        found = found.filter(customer__branch_id__in=sorted(subtree_ids(branch.pk)))
    if handler := asked.get("handler"):
        found = found.filter(handler=None) if handler == "nobody" else found.filter(handler=handler)
    for name in ("category", "severity"):
        if asked.get(name):
            found = found.filter(**{name: asked[name]})
    return page(found, _COLUMNS, SORTS[state], cursor, PAGE_SIZE)


def _of(user: User) -> QuerySet[Complaint]:
    """Along the order for supervisors, whose share of the rows is large; else a union of ids, each half by an index."""
    reach = scope(user)
    people = sorted(reach.owner_ids | {user.pk})
    if reach.whole_bank:
        return Complaint.objects.all()
    if reach.branch_ids:
        theirs = Q(customer__branch_id__in=sorted(reach.branch_ids)) | Q(handler__in=people)
        return Complaint.objects.filter(theirs | Q(customer__owner_id__in=sorted(reach.owner_ids)))
    handled = Complaint.objects.filter(handler__in=people)
    owned = Complaint.objects.filter(customer__owner_id__in=sorted(reach.owner_ids))
    return Complaint.objects.filter(pk__in=handled.values("pk").union(owned.values("pk")))
