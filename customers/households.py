"""Groups that a customer is in: one main household, any number of others, and what a group has together."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from crm.audit.log import record
from crm.audit.models import Action
from crm.staff.models import User
from customers.models import Customer, GroupKind, Household, HouseholdMember
from customers.relations import assets_of

MOST_GROUPS = 10
MOST_MEMBERS = 200  # of all groups of a customer together


@dataclass(frozen=True)
class Total:
    """What a group has together. amount: minor units of BASE_CURRENCY, None where nobody's is known.

    partial: it is less than the whole, since `hidden` members are not shown or `unknown` ones have no figure.
    """

    amount: int | None
    hidden: int
    unknown: int

    @property
    def partial(self) -> bool:
        return bool(self.hidden or self.unknown)


@dataclass(frozen=True)
class Group:
    """A group as one person sees it. mine: the membership of the customer whose page it is."""

    household: Household
    mine: HouseholdMember
    members: list[Customer]
    total: Total


def total(assets: Sequence[int | None], hidden: int) -> Total:
    """The sum of the known `assets` of visible members, and how honest it is. Pure."""
    known = [amount for amount in assets if amount is not None]
    return Total(sum(known) if known else None, hidden, len(assets) - len(known))


def memberships_around(customer: Customer) -> list[HouseholdMember]:
    """Everybody's membership of the groups that `customer` is in. One query."""
    around = HouseholdMember.objects.filter(household__members__customer=customer).select_related("household")
    return list(around.order_by("household_id", "pk")[:MOST_MEMBERS])


def groups(customer: Customer, rows: Sequence[HouseholdMember], visible: dict[int, Customer]) -> list[Group]:
    """The groups of `customer`, the main one first; `visible` holds who may be seen, the customer included. Pure."""
    by_group: dict[int, list[HouseholdMember]] = {}
    for row in rows:
        by_group.setdefault(row.household_id, []).append(row)
    found = [_group(customer, members, visible) for members in by_group.values()]
    return sorted(found, key=lambda group: (not group.mine.main, group.household.pk))[:MOST_GROUPS]


def _group(customer: Customer, rows: list[HouseholdMember], visible: dict[int, Customer]) -> Group:
    members = [visible[row.customer_id] for row in rows if row.customer_id in visible]
    mine = next(row for row in rows if row.customer_id == customer.pk)
    together = total([assets_of(member) for member in members], len(rows) - len(members))
    return Group(mine.household, mine, members, together)


@transaction.atomic
def live_together(customer: Customer, other: Customer, *, by: User) -> Household:
    """Put `other` into the main household of `customer`; where there is none, both found one.

    Who has a main household of their own keeps it, and is in this one too.
    """
    mine = HouseholdMember.objects.select_related("household").filter(customer=customer, main=True).first()
    household = mine.household if mine else Household.objects.create()
    for one in (customer, other):
        has_main = HouseholdMember.objects.filter(customer=one, main=True).exists()
        HouseholdMember.objects.get_or_create(household=household, customer=one, defaults={"main": not has_main})
    _record(household, [customer.pk, other.pk], customer, by, "joined")
    return household


@transaction.atomic
def found(customer: Customer, name: str, kind: str, members: Sequence[Customer], *, by: User) -> Household:
    """A new group of `customer` and `members`. It is the main one of nobody who has one, and no circle is."""
    household = Household.objects.create(name=name, kind=kind)
    everybody = {one.pk: one for one in (customer, *members)}
    taken = set(HouseholdMember.objects.filter(customer__in=everybody, main=True).values_list("customer_id", flat=True))
    HouseholdMember.objects.bulk_create(
        HouseholdMember(
            household=household, customer=one, main=kind == GroupKind.HOUSEHOLD and one.pk not in taken
        )
        for one in everybody.values()
    )  # fmt: skip
    _record(household, sorted(everybody), customer, by, "founded")
    return household


@transaction.atomic
def make_main(member: HouseholdMember, *, by: User) -> None:
    """The customer is counted in this group from now on."""
    HouseholdMember.objects.select_for_update().filter(customer_id=member.customer_id, main=True).update(main=False)
    member.main = True
    member.save(update_fields=["main"])
    _record(member.household, [member.customer_id], member.customer, by, "main")


@transaction.atomic
def leave(member: HouseholdMember, *, by: User) -> None:
    """The customer is no longer in the group; a group of one is none, and goes."""
    household = member.household
    _record(household, [member.customer_id], member.customer, by, "left")
    member.delete()
    if household.members.count() < 2:
        household.delete()


def _record(household: Household, ids: list[int], customer: Customer, by: User, what: str) -> None:
    record(
        Action.CHANGE, by=by, object_type="customer", object_ids=ids, label=customer.number,
        detail={"group": household.pk, "what": what},
    )  # fmt: skip
