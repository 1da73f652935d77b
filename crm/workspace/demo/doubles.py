"""Three people who are in the demo bank twice, one in each way in which the night finds such."""

from itertools import pairwise

from django.db.models import Q

from crm.staff.models import User
from customers.identifiers import sealed_columns
from customers.models import Customer
from customers.names import readings

OWNER = "R1001"
# Beyond the cast and the customers whom stories are told of.
FIRST_NUMBER = "620100000040"


def plant_doubles() -> int:
    """Make three pairs of customers whom one manager sees one person each; returns the pairs made. Nobody comes or goes.

    Those of their own come first, then those of the branch pool; a bank with too few of both gets fewer.
    """
    owner = User.objects.get(employee_number=OWNER)
    asked = Customer.objects.in_service().filter(
        Q(owner=owner) | Q(owner=None, branch=owner.branch), number__gte=FIRST_NUMBER
    )
    people = list(asked.order_by("gender", "birth_date", "number"))
    # Neighbours in age: what their lives are drawn as then fits both.
    neighbours = [(a, b) for a, b in pairwise(people) if a.gender == b.gender]
    neighbours.sort(key=lambda two: (_of_pool(*two), _days_apart(*two), two[0].number))
    made: list[tuple[Customer, Customer]] = []
    for two in neighbours:
        if len(made) < len(KINDS) and not any(each in pair for each in two for pair in made):
            KINDS[len(made)](*two)
            made.append(two)
    return len(made)


def _of_pool(*two: Customer) -> int:
    return sum(each.owner_id is None for each in two)


def _days_apart(one: Customer, two: Customer) -> int:
    return abs((one.birth_date - two.birth_date).days) if one.birth_date and two.birth_date else 10_000


def _same_document(known: Customer, double: Customer) -> None:
    """Entered anew at another counter under the same document, the name with a wrong character."""
    _become(known, double, known.name[:-1] + ("伟" if known.name[-1] != "伟" else "玮"))
    _seal(double, id_number=known.identifier("id_number"))


def _same_phone(known: Customer, double: Customer) -> None:
    """Taken over from a card file that knew no document."""
    _become(known, double, known.name)
    _seal(double, id_number="", phone=known.identifier("phone"))


def _same_birth(known: Customer, double: Customer) -> None:
    """Has another phone by now, and no document was asked for."""
    _become(known, double, known.name)
    _seal(double, id_number="")


KINDS = (_same_document, _same_phone, _same_birth)


def _become(known: Customer, double: Customer, name: str) -> None:
    usual, *others = readings(name)
    double.name, double.birth_date, double.gender = name, known.birth_date, known.gender
    double.pinyin, double.initials, double.sort_name = usual.pinyin, usual.initials, usual.sort_name
    double.pinyin_2, double.initials_2 = (others[0].pinyin, others[0].initials) if others else ("", "")
    double.since = max(filter(None, (double.since, known.since)), default=None)
    double.occupation, double.employer, double.education = "", "", ""
    double.save()


def _seal(double: Customer, **plain: str) -> None:
    Customer.objects.filter(pk=double.pk).update(**sealed_columns(double.number, plain))
