"""Relations between people: stored once, seen from both sides, and what of them a person may see.

A child under 14 is written down only once its guardian agreed (PIPL Art. 31): `add` refuses without.
"""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.staff.models import User
from customers import consent
from customers.access import visible_to
from customers.models import Consent, Customer, Gender, Relation, RelationKind

MINOR = 18
MOST = 60  # relations of one customer that are read
# What the customer is to the other person, by what the other is to the customer; all else is mutual.
_INVERSES = {
    RelationKind.CHILD: RelationKind.PARENT,
    RelationKind.GUARANTOR: RelationKind.GUARANTEED,
    RelationKind.INTRODUCED_BY: RelationKind.INTRODUCED,
}
_BY_GENDER: dict[tuple[str, str], StrOrPromise] = {
    (RelationKind.SPOUSE.value, Gender.FEMALE.value): _("wife"),
    (RelationKind.SPOUSE.value, Gender.MALE.value): _("husband"),
    (RelationKind.CHILD.value, Gender.FEMALE.value): _("daughter"),
    (RelationKind.CHILD.value, Gender.MALE.value): _("son"),
    (RelationKind.PARENT.value, Gender.FEMALE.value): _("mother"),
    (RelationKind.PARENT.value, Gender.MALE.value): _("father"),
}
INVERSE: dict[str, str] = {
    **{kind: kind for kind in RelationKind.values},
    **{one.value: other.value for one, other in _INVERSES.items()},
    **{other.value: one.value for one, other in _INVERSES.items()},
}


class AlreadyRelatedError(Exception):
    """This relation of the two is there already."""


class GuardianNeededError(Exception):
    """A child under 14, and its guardian was not asked."""


@dataclass(frozen=True)
class Guardian:
    """Who agreed for a child, and by what means (Means)."""

    name: str
    means: str


@dataclass(frozen=True)
class Person:
    """Who a relation leads to. name: "" where the viewer may not see them; customer: None too where they are none.

    aum: minor units of BASE_CURRENCY, None where unknown or hidden.
    """

    relation: Relation
    kind: str
    name: str
    customer: Customer | None
    hidden: bool
    minor: bool
    age: int | None
    aum: int | None

    @property
    def label(self) -> str:
        """What they are, by their gender where it is known: wife, son, mother."""
        gender = self.customer.gender if self.customer else ""
        return str(_BY_GENDER.get((self.kind, gender), RelationKind(self.kind).label))

    @property
    def dashed(self) -> bool:
        """Drawn as not to be talked about lightly: a minor, or not authorised."""
        return self.hidden or self.minor


def canonical(first: int, second: int, kind: str) -> tuple[int, int, str]:
    """How "`second` is the `kind` of `first`" (ids) is stored: the lower id first. Pure.

    Raises ValueError where both are the same.
    """
    if first == second:
        raise ValueError("nobody is related to themselves")
    return (first, second, kind) if first < second else (second, first, INVERSE[kind])


def children_to_ask_for(
    customer: Customer, other: Customer | None, kind: str, *, young: bool, agreed: frozenset[int], day: date
) -> list[Customer]:
    """On whose record a guardian's consent is missing before the relation may be written. Pure.

    young: the other is no customer and a child under 14: its guardian's consent stands with `customer`, for each child.
    agreed: ids of the customers among them whose guardian has agreed.
    """
    people = [customer] if other is None else [customer, other]
    under = [one for one in people if _is_young(one, day) and one.pk not in agreed]
    return [*under, customer] if other is None and young and kind == RelationKind.CHILD else under


def _is_young(customer: Customer, day: date) -> bool:
    age = customer.age(day)
    return age is not None and age < consent.GUARDED_AGE


def agreed_for(customers: list[Customer]) -> frozenset[int]:
    """Ids of those of `customers` for whom a guardian's consent stands today. Two queries."""
    known = consent.notices()
    rows: dict[int, list[Consent]] = {}
    for row in Consent.objects.filter(customer__in=customers, purpose=consent.CHILD[0]):
        rows.setdefault(row.customer_id, []).append(row)
    standing = {pk: consent.standings(kept, known.valid_from).get(consent.CHILD) for pk, kept in rows.items()}
    return frozenset(pk for pk, answer in standing.items() if answer is not None and answer.allows)


@transaction.atomic
def add(
    customer: Customer,
    kind: str,
    *,
    by: User,
    other: Customer | None = None,
    name: str = "",
    young: bool = False,
    guardian: Guardian | None = None,
) -> Relation:
    """Keep that `other`, or the person called `name`, is the `kind` of `customer`.

    Raises GuardianNeededError for a child under 14 without `guardian`, AlreadyRelatedError, and ValueError for oneself.
    """
    people = [customer] if other is None else [customer, other]
    asked = children_to_ask_for(customer, other, kind, young=young, agreed=agreed_for(people), day=bank_day())
    if asked and guardian is None:
        raise GuardianNeededError
    given = None
    for child in asked:
        assert guardian is not None
        given = consent.give(child, consent.CHILD, means=guardian.means, by=by, guardian=guardian.name)
    first, second, stored = (customer.pk, None, kind) if other is None else canonical(customer.pk, other.pk, kind)
    written = Relation(customer_id=first, other_id=second, kind=stored, name="" if other else name, by=by)
    written.young = young and other is None and kind == RelationKind.CHILD
    written.consent = given if written.young else None
    try:
        with transaction.atomic():
            written.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyRelatedError from error
    _record(written, customer, by, "added")
    return written


@transaction.atomic
def remove(relation: Relation, *, customer: Customer, by: User) -> None:
    """Take `relation` away, seen from `customer`."""
    _record(relation, customer, by, "removed")
    relation.delete()


def _record(relation: Relation, customer: Customer, by: User, what: str) -> None:
    # A name that goes away with its child's consent shall not stay in the audit.
    record(
        Action.CHANGE, by=by, object_type="customer", label=customer.number,
        object_ids=[pk for pk in (relation.customer_id, relation.other_id) if pk],
        detail={"relation": relation.kind, "what": what, "named": bool(relation.name)},
    )  # fmt: skip


def of(customer: Customer) -> list[Relation]:
    """The relations of `customer` from either side, oldest first, MOST at most."""
    mine = Relation.objects.filter(Q(customer=customer) | Q(other=customer))
    return list(mine.select_related("consent").order_by("pk")[:MOST])


def others(customer: Customer, relations: list[Relation]) -> set[int]:
    """Ids of the customers at the other ends of `relations`."""
    ends = {end for relation in relations for end in (relation.customer_id, relation.other_id)}
    return {end for end in ends if end is not None and end != customer.pk}


def shown(user: User, ids: set[int]) -> dict[int, Customer]:
    """Those of the customers `ids` whom `user` may see and who are in service, with their features."""
    if not ids:
        return {}
    found = visible_to(user).in_service().filter(pk__in=ids).select_related("features")
    return {one.pk: one for one in found}


def people(customer: Customer, relations: list[Relation], visible: dict[int, Customer], day: date) -> list[Person]:
    """`relations` as `customer` has them, in the order of kinds; who is not in `visible` has neither name nor amount.

    Pure. A child whose guardian took the consent back has no name any more.
    """
    found = [_person(customer, relation, visible, day) for relation in relations]
    order = list(RelationKind.values)
    return sorted(found, key=lambda person: (order.index(person.kind), person.relation.pk))


def _person(customer: Customer, relation: Relation, visible: dict[int, Customer], day: date) -> Person:
    mine = relation.customer_id == customer.pk
    kind = relation.kind if mine else INVERSE[relation.kind]
    other_id = relation.other_id if mine else relation.customer_id
    if other_id is None:
        agreed = not relation.young or (relation.consent is not None and relation.consent.withdrawn_at is None)
        name = relation.name if agreed else ""
        return Person(relation, kind, name, None, not agreed, relation.young, None, None)
    other = visible.get(other_id)
    if other is None:
        return Person(relation, kind, "", None, True, False, None, None)
    age = other.age(day)
    return Person(relation, kind, other.name, other, False, age is not None and age < MINOR, age, assets_of(other))


def assets_of(customer: Customer) -> int | None:
    """Assets by the last night, of a customer fetched with features; None where unknown."""
    features = getattr(customer, "features", None)
    return features.aum if features else None


def children_of(customer: Customer) -> int:
    """How many children of `customer` are written down. One query."""
    told = Q(customer=customer, kind=RelationKind.CHILD) | Q(other=customer, kind=RelationKind.PARENT)
    return Relation.objects.filter(told).count()
