"""All permission on customers. The one place that turns a scope into a query; denied looks like absent, and is audited.

A person reaches a customer as owner, as cover of the owner, through the pool of the branch, as supervisor of the
branch, through a share or a walk-in; the last two end by the minute. A superuser has no way in of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.audit.log import look
from crm.audit.models import Action, Result
from crm.staff.models import Cover, User
from crm.staff.scope import Scope, scope
from customers.models import Customer, Share, WalkIn
from customers.querysets import CustomerQuerySet

_SINGLE = """
SELECT content_object_id FROM customers_share
WHERE %(shares)s AND user_id = %(user)s AND starts_at <= %(now)s AND expires_at > %(now)s
UNION
SELECT customer_id FROM customers_walkin
WHERE %(walk_ins)s AND user_id = %(user)s AND opened_at <= %(now)s AND expires_at > %(now)s
"""


def single_ids(user: User) -> list[int]:
    """Ids of the customers shared with `user`, or opened by them as walk-ins, whose time is not over."""
    limits = scope(user)
    if not (limits.takes_shares or limits.takes_walk_ins):
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _SINGLE,
            {"user": user.pk, "now": timezone.now(), "shares": limits.takes_shares, "walk_ins": limits.takes_walk_ins},
        )
        return [pk for (pk,) in cursor.fetchall()]


def _within(limits: Scope, singles: Sequence[int]) -> Q:
    """`limits` and single customers as one condition. Ids are literal lists: each part can then use its own index,
    where a subquery would make Postgres read the whole table (1M customers: 0.3 ms against 160 ms)."""
    if limits.whole_bank:
        return Q()
    condition = Q(pk__in=[])
    if limits.owner_ids:
        condition |= Q(owner_id__in=sorted(limits.owner_ids))
    if limits.pool_branch_ids:
        condition |= Q(owner_id=None, branch_id__in=sorted(limits.pool_branch_ids))
    if limits.branch_ids:
        condition |= Q(branch_id__in=sorted(limits.branch_ids))
    if singles:
        condition |= Q(pk__in=singles)
    return condition


def visible_to(user: User) -> CustomerQuerySet:
    """The customers whom `user` may see now."""
    return Customer.objects.filter(_within(scope(user), single_ids(user)))


def customer_read(user: User, number: str, *, page: bool = False) -> Customer:
    """The customer `number` if `user` may see them; else Http404, the same for a denied and an unknown number.

    page: opening the customer's page is a look of its own in the audit; its panels belong to that look.
    """
    asked = visible_to(user).filter(number=number)
    customer: Customer | None = (asked.select_related("owner", "branch") if page else asked).first()
    if customer is None:
        hidden = Customer.objects.filter(number=number).values_list("pk", flat=True)
        look(
            Action.VIEW,
            by=user,
            object_type="customer",
            object_ids=list(hidden),
            label=number,
            result=Result.DENIED,
        )
        raise Http404(_("There is no such customer, or you do not look after them."))
    if page:
        look(Action.VIEW, by=user, object_type="customer", object_ids=[customer.pk], label=number)
    return customer


def customer_write(user: User, number: str) -> Customer:
    """As `customer_read`, for a change: a restricted customer is stored and shown, and takes part in nothing else."""
    customer = customer_read(user, number)
    if customer.restricted:
        look(
            Action.CHANGE,
            by=user,
            object_type="customer",
            object_ids=[customer.pk],
            label=number,
            result=Result.DENIED,
            reason=customer.status,
        )
        raise PermissionDenied(_("The data of this customer are only stored: nothing can be changed."))
    return customer


def books(user: User) -> dict[str, CustomerQuerySet]:
    """The lists a person can open, by key, in the order of their tabs: own, pool, branch, shared.

    Each is one simple condition, so that it is read along an index however large the bank.
    """
    reach = scope(user)
    lists: dict[str, CustomerQuerySet] = {}
    standing = Customer.objects.filter(merged_into=None)  # others are found in whom they were merged into
    if reach.owner_ids:
        lists["own"] = standing.filter(owner_id__in=sorted(reach.owner_ids))
    if reach.pool_branch_ids:
        lists["pool"] = standing.filter(owner_id=None, branch_id__in=sorted(reach.pool_branch_ids))
    if reach.whole_bank:
        lists["branch"] = standing.all()
    elif reach.branch_ids:
        lists["branch"] = standing.filter(branch_id__in=sorted(reach.branch_ids))
    if singles := single_ids(user):
        lists["shared"] = standing.filter(pk__in=singles)
    return lists


@dataclass(frozen=True)
class Reach:
    """Why a person sees a customer, for the page to say: a key of REACH, the name it concerns, and the end if any."""

    why: str
    name: str = ""
    until: datetime | None = None


def reach(user: User, customer: Customer) -> Reach:
    """The strongest reason why `user`, who may see `customer`, does."""
    limits = scope(user)
    if customer.owner_id == user.pk:
        return Reach("owner")
    if customer.owner is not None and customer.owner_id in limits.owner_ids:
        cover = Cover.objects.live().filter(user=user, content_object_id=customer.owner_id).first()
        return Reach("cover", customer.owner.display_name, cover.expires_at if cover else None)
    if customer.branch_id in limits.branch_ids:
        return Reach("supervisor")
    if customer.owner_id is None and customer.branch_id in limits.pool_branch_ids:
        return Reach("pool")
    share = Share.objects.live().filter(user=user, content_object=customer).first()
    if share is not None:
        return Reach("share", share.reason, share.expires_at)
    walk_in = WalkIn.objects.filter(user=user, customer=customer).order_by("-expires_at").first()
    return Reach("walk_in", walk_in.get_reason_display() if walk_in else "", walk_in.expires_at if walk_in else None)


def customer_in_care(user: User, number: str, *, change: bool = False) -> Customer:
    """As `customer_read`, or `customer_write` for a change, for who looks after the customer.

    Who opened them for a walk-in serves them for half an hour: warnings, needs, suggestions and credit are not theirs.
    """
    customer = customer_write(user, number) if change else customer_read(user, number)
    if reach(user, customer).why == "walk_in":
        look(
            Action.VIEW, by=user, object_type="customer", object_ids=[customer.pk], label=number, result=Result.DENIED,
            reason="walk_in",
        )  # fmt: skip
        raise Http404(_("There is no such customer, or you do not look after them."))
    return customer
