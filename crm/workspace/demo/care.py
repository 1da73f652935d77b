"""Whom to congratulate, reminders of a team and of a supervisor, and two events for society: one held, one planned.

All of it of drawn customers: the cast has stories of its own. A child was born to the first of R1001's, the second has
been a customer for ten years today.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from crm.staff.models import Branch, User
from crm.workspace.demo.population import NUMBER_PREFIX
from crm.workspace.demo.stories import CAST_SIZE
from customers import consent
from customers.models import Consent, Customer, LifeEvent, LifeKind, Means, Segment
from interactions import teams
from interactions.models import EventFeedback, Festival, Invitation, Outreach
from interactions.outreach.finding import ELDER_AGE, years_before
from interactions.recurring import Rhythm
from interactions.teams import Plan

BRANCH = "0101"
RATINGS = (5, 5, 4, 5, 4, 3, 5, 4, 5)
WORDS = {0: "以前老接到这种电话，现在知道怎么挂了。", 2: "讲得慢，听得懂，谢谢。", 5: "投影的字再大一点就好了。"}
NAMELESS = {5: 2, 4: 2}
CAME, STAYED = 12, 6


def tell_care(day: date) -> None:
    """Write it down for `day`. Wants customers, people and consents."""
    person = {one.employee_number: one for one in User.objects.all()}
    drawn = Customer.objects.filter(status="active", number__gt=f"{NUMBER_PREFIX}{CAST_SIZE:08}", branch__code=BRANCH)
    own = drawn.filter(owner=person["R1001"], pauses=None, complaints=None).order_by("number")
    young = own.filter(birth_date__range=(years_before(day, 40), years_before(day, 24))).first()
    others = [one for one in own.filter(birth_date__lt=years_before(day, 35))[:4] if one != young][:3]
    if young is None or len(others) < 3:
        return
    _congratulate(young, others[0], day)
    _remind(others[1], others[2], drawn.filter(owner=None).order_by("number").first(), person, day)
    for name in ("spring", "mid_autumn", "double_ninth"):
        Festival.objects.get(name=name).segments.set(Segment.objects.filter(active=True).order_by("order")[:2])
    guests = _guests(drawn.exclude(owner=None), day)
    _held(guests[4:], person["R1001"], day)
    _planned(guests[:4], person["R1001"], day)


def _guests(owned: QuerySet[Customer], day: date) -> list[Customer]:
    """Who was and will be invited: the elderly first, in a small bank some others along."""
    elder = Q(birth_date__lte=years_before(day, ELDER_AGE))
    wanted = CAME + STAYED + 4
    found = list(owned.filter(elder).order_by("number")[:wanted])
    return found + list(owned.exclude(elder).order_by("number")[: wanted - len(found)])


def _congratulate(parent: Customer, faithful: Customer, day: date) -> None:
    notice = consent.notices().current[consent.CHILD[0]]
    Consent.objects.create(
        customer=parent, purpose=consent.CHILD[0], data_kinds=notice.data_kinds, notice_version=notice.version,
        given_at=timezone.now(), given_by_means=Means.IN_PERSON, guardian_name=parent.name, recorded_by=parent.owner,
    )  # fmt: skip
    LifeEvent.objects.create(
        customer=parent,
        kind=LifeKind.BIRTH,
        on=day - timedelta(days=9),
        note="母子平安",
        of_child=True,
        by=parent.owner,
    )
    Customer.objects.filter(pk=faithful.pk).update(since=years_before(day, 10))


def _remind(first: Customer, second: Customer, pooled: Customer | None, person: dict[str, User], day: date) -> None:
    manager, head = person["R1001"], person["S2001"]
    every = Rhythm(day, 1, "month")
    teams.plan(first, Plan(day, "每月问一次装修进度", rhythm=every), to=manager, by=manager)
    teams.plan(second, Plan(day, "替我问候一声，听听对新柜台的意见"), to=manager, by=head)
    if pooled is not None:
        teams.plan(pooled, Plan(day, "行动不便，上门送新存折"), to=None, by=head)


def _at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 30)))


def _held(invited: list[Customer], by: User, day: date) -> None:
    held = day - timedelta(days=45)
    event = Outreach.objects.create(
        occasion="fraud", title="防骗课堂：认准这几种套路", branch=Branch.objects.get(code=BRANCH), place="徐家汇街道活动中心",
        starts_at=_at(held, 14), minutes=90, capacity=30, speaker="辖区民警", found="elders", state="held", guests=6,
        made_by=by, created_at=_at(held - timedelta(days=20), 10),
    )  # fmt: skip
    for place, customer in enumerate(invited):
        invitation = _invited(
            event, customer, by, day, reply="coming" if place < CAME else "invited", attended=place < CAME
        )
        if place < min(len(RATINGS), CAME):
            EventFeedback.objects.create(
                event=event, invitation=invitation, rating=RATINGS[place], words=WORDS.get(place, ""), by=by,
                at=_at(held, 16),
            )  # fmt: skip
    for rating, number in NAMELESS.items():
        EventFeedback.objects.create(event=event, rating=rating, number=number, by=by, at=_at(held, 16))


def _planned(invited: list[Customer], by: User, day: date) -> None:
    event = Outreach.objects.create(
        occasion="basics", title="看懂自己的账户：利率、期限和存款保险", branch=Branch.objects.get(code=BRANCH),
        place="城南支行二楼", starts_at=_at(day + timedelta(days=12), 14), capacity=24, speaker="林悦", made_by=by,
    )  # fmt: skip
    for place, customer in enumerate(invited):
        _invited(event, customer, by, day, reply="coming" if place < 2 else "invited", attended=None)


def _invited(
    event: Outreach, customer: Customer, by: User, day: date, *, reply: str, attended: bool | None
) -> Invitation:
    age = customer.age(day)
    return Invitation.objects.create(
        event=event, customer=customer, why={"age": age} if age else {}, by_hand=True, reply=reply, invited_by=by,
        attended=attended, attended_at=event.starts_at if attended is not None else None,
        attended_by=by if attended is not None else None,
    )  # fmt: skip
