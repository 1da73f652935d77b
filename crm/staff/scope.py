"""Whose customers may a person see? Answered with ids; customers.access is the one place that makes a query of it."""

from dataclasses import dataclass, field

from crm.staff.models import CUSTOMER_ROLES, Branch, Cover, Role, User


@dataclass(frozen=True)
class Scope:
    """What `user` reaches, as ids. Empty sets reach nothing: a superuser without a customer role reaches nothing.

    owner_ids: the person (if a relationship manager) and the colleagues they cover.
    pool_branch_ids: branches whose customers without owner they serve.
    branch_ids: branches they supervise, the whole subtree; whole_bank: these are all there are.
    """

    user_id: int
    owner_ids: frozenset[int] = field(default_factory=frozenset)
    pool_branch_ids: frozenset[int] = field(default_factory=frozenset)
    branch_ids: frozenset[int] = field(default_factory=frozenset)
    whole_bank: bool = False
    takes_shares: bool = False
    takes_walk_ins: bool = False


def covered_ids(user: User) -> frozenset[int]:
    """Ids of the absent colleagues whom `user` covers just now."""
    fetched = getattr(user, "covered_list", None)  # see crm.staff.backends
    if fetched is not None:
        return frozenset(fetched)
    return frozenset(Cover.objects.live().filter(user=user).values_list("content_object_id", flat=True))


def subtree_ids(branch_id: int) -> frozenset[int]:
    """Ids of a branch and of every branch below it."""
    return frozenset(Branch.objects.descendants(branch_id, include_self=True).values_list("pk", flat=True))


def scope(user: User) -> Scope:
    """The scope of `user` now; kept on the user, that is for one request."""
    known: Scope | None = getattr(user, "_scope", None)
    if known is None:
        known = _scope(user)
        user._scope = known  # type: ignore[attr-defined]
    return known


def _scope(user: User) -> Scope:
    if not user.is_active or CUSTOMER_ROLES.isdisjoint(user.roles):
        return Scope(user_id=user.pk)
    manager = Role.MANAGER in user.roles
    branch = frozenset({user.branch_id}) if user.branch_id else frozenset()
    supervised: frozenset[int] = frozenset()
    if Role.SUPERVISOR in user.roles and user.branch_id:
        supervised = subtree_ids(user.branch_id)
    return Scope(
        user_id=user.pk,
        owner_ids=covered_ids(user) | {user.pk} if manager else frozenset(),
        pool_branch_ids=branch if manager else frozenset(),
        branch_ids=supervised,
        whole_bank=bool(supervised) and not Branch.objects.exclude(pk__in=supervised).exists(),
        takes_shares=manager or bool(supervised),
        takes_walk_ins=manager or Role.AGENT in user.roles,
    )
