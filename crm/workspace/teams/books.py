"""What a book consists of before it is split: its customers with what decides, and who may get them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from crm.staff.models import Branch, User
from crm.workspace.teams.load import Carried, top_tier, visits_of
from crm.workspace.teams.splitting import Person, Taker
from customers.list_filter import ListFilter
from customers.lists import Asked, narrowed_book
from customers.models import Customer, HouseholdMember, SavedView, Status
from customers.saved_views import seen_by
from interactions.models import Complaint

MOST = 5000  # customers that change hands at once
POOL = "pool"


@dataclass(frozen=True)
class Source:
    """Whose customers are split: a manager's (who may have left), the pool's, or those a saved view finds."""

    key: str
    label: str
    manager: User | None = None
    view: SavedView | None = None


def sources_of(supervisor: User, branch: Branch, pool_label: str) -> list[Source]:
    """All sources of `branch`. Who left and still has customers there comes first: that is why one is here."""
    holds = Customer.objects.filter(branch=branch, owner__isnull=False).order_by().values("owner").distinct()
    holders = User.objects.filter(pk__in=holds).order_by("is_active", "employee_number")
    found = [Source(f"m{one.pk}", f"{one.employee_number} {one.display_name}", manager=one) for one in holders]
    found.append(Source(POOL, pool_label))
    return found + [Source(f"v{view.pk}", view.name, view=view) for view in seen_by(supervisor)]


def customers_of(source: Source, supervisor: User, branch: Branch) -> QuerySet[Customer]:
    """The customers of `source` in `branch`, which `supervisor` heads; merged ones are found where they went."""
    own = Customer.objects.filter(branch=branch, merged_into=None)
    if source.manager is not None:
        return own.filter(owner=source.manager)
    if source.view is None:
        return own.filter(owner=None)
    narrow = ListFilter(source.view.filters or None)
    if narrow.is_bound and not narrow.is_valid():
        return own.none()
    condition = narrow.condition() if narrow.is_bound else Q()
    found = narrowed_book(supervisor, Asked("branch", "name", narrowed=condition))
    return own.none() if found is None else found[0].filter(branch=branch)


def people_of(
    customers: QuerySet[Customer], takers: Sequence[User], *, together: bool, segments: Sequence[int] = ()
) -> list[Person]:
    """The first MOST of `customers` (by number), narrowed to `segments` if there are any. Five queries at most.

    together: households are kept as one.
    """
    narrowed = customers.filter(membership__segment__in=segments) if segments else customers
    best = ExpressionWrapper(Q(features__tier=top_tier()), BooleanField())
    columns = (
        narrowed.annotate(best=best)
        .order_by("number")
        .values_list("pk", "owner", "membership__segment", "membership__segment__contact_interval", "best", "status")
    )
    rows = list(columns[:MOST])
    ids = [row[0] for row in rows]
    against = _against(ids, takers)
    homes, kin = _homes(ids, takers) if together else ({}, {})
    return [
        Person(
            pk, owner, segment, visits_of(interval, segment=segment is not None), top=bool(top),
            stored_only=status != Status.ACTIVE, household=homes.get(pk), kin=kin.get(pk, frozenset()),
            against=against.get(pk, frozenset()),
        )
        for pk, owner, segment, interval, top, status in rows
    ]  # fmt: skip


def _against(ids: Sequence[int], takers: Sequence[User]) -> dict[int, frozenset[int]]:
    """Of whom of `takers` each customer ever complained."""
    found: dict[int, set[int]] = defaultdict(set)
    told = Complaint.objects.filter(customer__in=ids, about__in=[taker.pk for taker in takers])
    for customer, about in told.values_list("customer", "about"):
        if about is not None:
            found[customer].add(about)
    return {pk: frozenset(about) for pk, about in found.items()}


def _homes(ids: Sequence[int], takers: Sequence[User]) -> tuple[dict[int, int], dict[int, frozenset[int]]]:
    """The main household of each customer, and who of `takers` looks after others of it."""
    homes = dict(HouseholdMember.objects.filter(customer__in=ids, main=True).values_list("customer", "household"))
    others = HouseholdMember.objects.filter(
        household__in=set(homes.values()), main=True, customer__owner__in=[taker.pk for taker in takers]
    )
    near: dict[int, set[int]] = defaultdict(set)
    for household, owner in others.values_list("household", "customer__owner"):
        near[household].add(owner)
    return homes, {pk: frozenset(near[home]) for pk, home in homes.items() if home in near}


@dataclass(frozen=True)
class Given:
    """What a supervisor says of one who may get customers."""

    manager: User
    share: int
    most: int | None
    most_top: int | None


def takers_of(given: Sequence[Given], load: Mapping[int, Carried]) -> list[Taker]:
    """`given` with what each carries now, by the manager's id."""
    return [
        Taker(
            one.manager.pk, visits=load[one.manager.pk].visits, customers=load[one.manager.pk].customers,
            top=load[one.manager.pk].top, share=one.share, most=one.most, most_top=one.most_top,
        )
        for one in given
    ]  # fmt: skip
