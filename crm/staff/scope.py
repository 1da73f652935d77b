"""Whose customers may a person see? Answered with ids; customers.access is the one place that makes a query of it."""

from dataclasses import dataclass, field
from datetime import datetime

from crm.staff.models import CUSTOMER_ROLES, Branch, Cover, Role, User


@dataclass(frozen=True)
class Scope:
    """What `user` reaches, as ids. Empty sets reach nothing: a superuser without a customer role reaches nothing.

    owner_ids: the person (if a relationship manager) and the colleagues they cover.
    pool_branch_ids: branches whose customers without owner they serve.
    branch_ids: branches they supervise, the whole subtree.
    """

    user_id: int
    owner_ids: frozenset[int] = field(default_factory=frozenset)
    pool_branch_ids: frozenset[int] = field(default_factory=frozenset)
    branch_ids: frozenset[int] = field(default_factory=frozenset)
    takes_shares: bool = False
    takes_walk_ins: bool = False


def covered_ids(user: User, at: datetime | None = None) -> frozenset[int]:
    """Ids of the absent colleagues whom `user` covers at `at`."""
    return frozenset(Cover.objects.live(at).filter(user=user).values_list("content_object_id", flat=True))


def subtree_ids(branch_id: int) -> frozenset[int]:
    """Ids of a branch and of every branch below it."""
    branch = Branch.objects.filter(pk=branch_id).first()
    if branch is None:
        return frozenset()
    return frozenset(Branch.objects.descendants(branch, include_self=True).values_list("pk", flat=True))


def scope(user: User, at: datetime | None = None) -> Scope:
    """The scope of `user` at `at` (default now). At most four short queries; cached on the user for the request."""
    if at is None and (cached := getattr(user, "_scope", None)) is not None:
        assert isinstance(cached, Scope)
        return cached
    result = _scope(user, at)
    if at is None:
        user._scope = result  # type: ignore[attr-defined]
    return result


def _scope(user: User, at: datetime | None) -> Scope:
    if not user.is_active or CUSTOMER_ROLES.isdisjoint(user.roles):
        return Scope(user_id=user.pk)
    manager = Role.MANAGER in user.roles
    branch = frozenset({user.branch_id}) if user.branch_id else frozenset()
    supervised = Role.SUPERVISOR in user.roles and user.branch_id is not None
    return Scope(
        user_id=user.pk,
        owner_ids=covered_ids(user, at) | {user.pk} if manager else frozenset(),
        pool_branch_ids=branch if manager else frozenset(),
        branch_ids=subtree_ids(user.branch_id) if supervised and user.branch_id else frozenset(),
        takes_shares=manager or supervised,
        takes_walk_ins=manager or Role.AGENT in user.roles,
    )
