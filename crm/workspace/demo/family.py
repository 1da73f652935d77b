"""The cast's families and lives: who belongs to whom, what happened, what is ahead, and what they told of themselves.

| n  | who    | what is to be seen |
|----|--------|--------------------|
| 1  | 张伟明 | wife and mother-in-law are customers, the mother-in-law of a colleague's; a daughter; an exam ahead |
| 4  | 周明   | his wife; a child of two whose guardian agreed; the house just bought waits for a yes |
| 5  | 陈宇航 | brought by 张伟明; a business partner; founded a business |
| 8  | 王蕾   | a daughter was born |
| 9  | 单晓明 | his wife 冯雅琴 works at the same hospital and stands surety |
| 10 | 赵国强 | retires soon |
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from crm.lib.dates import months_before
from crm.staff.models import User
from crm.workspace.demo.population import NUMBER_PREFIX
from customers import consent
from customers.models import (
    Confidence,
    Consent,
    Customer,
    Fact,
    Household,
    HouseholdMember,
    LifeEvent,
    LifeKind,
    LifeState,
    Means,
    Precision,
    Relation,
    RelationKind,
    Source,
)
from customers.relations import canonical

# (n, kind, n of the other)
RELATIONS = (
    (1, "spouse", 16), (1, "parent", 12), (5, "introduced_by", 1), (5, "partner", 7), (9, "spouse", 18), (9, "guarantor", 18),
    (2, "spouse", 17), (4, "parent", 10),
)  # fmt: skip
# (n, kind, name, a child under 14, guardian)
NAMED = (
    (1, "child", "张可", False, ""), (4, "spouse", "孙悦", False, ""), (4, "child", "周一诺", True, "周明"),
    (8, "child", "王小满", True, "王蕾"), (8, "spouse", "徐立", False, ""),
)  # fmt: skip
HOUSEHOLDS = ((1, 16), (9, 18), (2, 17))


@dataclass(frozen=True)
class Happened:
    """An event. months: from the demo's month, negative before it."""

    n: int
    kind: str
    months: int
    note: str = ""
    precision: str = Precision.MONTH
    child: bool = False


EVENTS = (
    Happened(1, LifeKind.MOVE, -26, "搬到徐汇，离单位近"),
    Happened(1, LifeKind.EXAM, 7, "女儿中考，想上市重点"),
    Happened(1, LifeKind.ABROAD, 46, "高中毕业后可能出国，还没定", Precision.YEAR),
    Happened(4, LifeKind.MARRIAGE, -40),
    Happened(5, LifeKind.BUSINESS, -30, "宇航智造工作室"),
    Happened(8, LifeKind.BIRTH, -2, "女儿，母女平安", child=True),
    Happened(9, LifeKind.JOB, -9, "升副主任，夜班更多"),
    Happened(10, LifeKind.RETIREMENT, 3, "二月正式办手续"),
    Happened(2, LifeKind.MOVE, -1, "打算秋天搬到新房，定下来再说"),
)
PLANNED = {(2, LifeKind.MOVE)}  # planned, though its time is over: asks what became of it
HOUSE_AGO = 150  # when the loan of 周明 began; nobody has answered since
FACTS = (
    (1, "children", "one", 300), (1, "home", "paid", 300), (1, "parents", "partly", 58), (1, "invested", "safe", 98),
    (4, "home", "loan", 150), (4, "parents", "no", 42), (5, "career_plans", "own", 96), (6, "children", "grown", 210),
    (8, "home", "family", 160), (10, "pension", "state", 70),
)  # fmt: skip


def tell_families(day: date) -> None:
    """Write down the families, events and facts of the cast, as their managers learnt them."""
    numbers = {f"{NUMBER_PREFIX}{n:08}": n for n in range(1, 20)}
    cast = {numbers[one.number]: one for one in Customer.objects.filter(number__in=numbers).select_related("owner")}
    for n, kind, other in RELATIONS:
        first, second, stored = canonical(cast[n].pk, cast[other].pk, kind)
        Relation.objects.create(customer_id=first, other_id=second, kind=stored, by=cast[n].owner)
    for n, kind, name, young, guardian in NAMED:
        given = _agreed(cast[n], guardian, day) if young else None
        Relation.objects.create(
            customer=cast[n], kind=RelationKind(kind), name=name, young=young, consent=given, by=cast[n].owner
        )
    for members in HOUSEHOLDS:
        household = Household.objects.create()
        for n in members:
            HouseholdMember.objects.create(household=household, customer=cast[n], main=True)
    for event in EVENTS:
        _happened(cast[event.n], event, day)
    bought = day - timedelta(days=HOUSE_AGO)
    LifeEvent.objects.create(
        customer=cast[4], kind=LifeKind.HOUSE, on=bought, state=LifeState.PROPOSED, source=Source.SYSTEM,
        confidence=Confidence.LIKELY, cause=f"mortgage:{bought.isoformat()}",
    )  # fmt: skip
    for n, name, value, ago in FACTS:
        by: User | None = cast[n].owner
        Fact.objects.create(customer=cast[n], name=name, value=value, on=day - timedelta(days=ago), by=by)


def _agreed(parent: Customer, guardian: str, day: date) -> Consent:
    notice = consent.notices().current[consent.CHILD[0]]
    return Consent.objects.create(
        customer=parent, purpose=consent.CHILD[0], data_kinds=notice.data_kinds, notice_version=notice.version,
        given_at=timezone.now(), given_by_means=Means.IN_PERSON, guardian_name=guardian, recorded_by=parent.owner,
    )  # fmt: skip


def _happened(customer: Customer, event: Happened, day: date) -> None:
    on = months_before(day, -event.months)
    on = on.replace(month=1) if event.precision == Precision.YEAR else on
    LifeEvent.objects.create(
        customer=customer, kind=event.kind, on=on, precision=event.precision, note=event.note, by=customer.owner,
        planned=event.months > 0 or (event.n, event.kind) in PLANNED, of_child=event.child,
    )  # fmt: skip
