"""What makes a whole customer of the cast: coupons and learning, papers of assessment, and a visit of some days ago.

| n  | who    | what is to be seen |
|----|--------|--------------------|
| 2  | 李静   | learns in the app and uses coupons; she wrote to a colleague since her manager's last visit |
| 9  | 单晓明 | assessed three times, each level another; two authorisations of credit enquiries, one of them over |
"""

from datetime import date, timedelta

from crm.audit.models import Action, Entry
from crm.lib.dates import start_of_day
from crm.staff.models import User
from crm.workspace.demo.population import NUMBER_PREFIX
from customers.models import CreditScore, Customer, RiskAssessment
from interactions.models import ChannelEvent, Interaction

# (n, kind, channel, topic, subject, days ago, hour)
ENGAGED = (
    (2, "learnt", "mobile", "fx", "境外用卡小课堂", 12, 21), (2, "coupon", "mobile", "card", "机场贵宾厅体验券", 34, 8),
    (2, "joined", "branch", "activity", "外汇理财沙龙", 61, 15), (1, "learnt", "mobile", "house", "公积金怎么组合贷", 4, 22),
    (1, "coupon", "wechat", "card", "超市满减券", 25, 18), (6, "joined", "branch", "fraud", "防诈骗讲座", 40, 10),
    (9, "learnt", "wechat", "fund", "定投入门三讲", 8, 20), (3, "coupon", "mobile", "card", "电影票立减券", 15, 19),
)  # fmt: skip
ASSESSED = ((9, 400, 2), (9, 760, 3))  # n, days ago, level
AUTHORISED = ((9, "贷后管理", 30, 335), (9, "个人消费贷款审批", 820, -455))  # n, for, days ago, valid for days from now
VISITED_AGO = timedelta(days=2, hours=14)


def make_whole(day: date) -> None:
    """Write it down as of `day`; `cast` has to be there."""
    cast = {
        one.number: one for one in Customer.objects.filter(number__startswith=NUMBER_PREFIX, number__lte=_number(19))
    }
    ChannelEvent.objects.bulk_create(
        ChannelEvent(
            customer=cast[_number(n)], kind=kind, channel=channel, topic=topic, subject=subject, reference=f"DW{place:04}",
            at=start_of_day(day - timedelta(days=ago)) + timedelta(hours=hour, minutes=13),
        )
        for place, (n, kind, channel, topic, subject, ago, hour) in enumerate(ENGAGED)
    )  # fmt: skip
    for n, ago, level in ASSESSED:
        on = day - timedelta(days=ago)
        RiskAssessment.objects.get_or_create(
            customer=cast[_number(n)],
            assessed_on=on,
            defaults={"level": level, "valid_until": on + timedelta(days=364)},
        )
    for n, purpose, ago, ahead in AUTHORISED:
        CreditScore.objects.create(
            customer=cast[_number(n)], scored_on=day - timedelta(days=ago), score=712, authorised_for=purpose,
            authorised_on=day - timedelta(days=ago), authorised_until=day + timedelta(days=ahead),
        )  # fmt: skip
    _visited(cast, day)


def _number(n: int) -> str:
    return f"{NUMBER_PREFIX}{n:08}"


def _visited(cast: dict[str, Customer], day: date) -> None:
    """Owners had the pages of their cast open three days ago; since then 李静 wrote to a colleague."""
    seen = start_of_day(day) - VISITED_AGO
    for customer in cast.values():
        if customer.owner_id:
            Entry.objects.create(
                at=seen, action=Action.VIEW, actor_id=customer.owner_id, actor_label=str(customer.owner),
                object_type="customer", object_ids=[customer.pk], object_label=customer.number,
            )  # fmt: skip
    Interaction.objects.create(
        customer=cast[_number(2)], channel="email", direction="in", kind="service", topics=["fx"],
        by=User.objects.filter(employee_number="R1003").first(), at=start_of_day(day) - timedelta(hours=9),
        summary="来信问机场贵宾厅怎么约，已回复流程；说下月去东京",
    )  # fmt: skip
