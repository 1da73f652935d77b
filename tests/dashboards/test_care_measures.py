"""The measures of complaints, touch, channels, records and money, each against plain SQL over what was made."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from crm.dashboards.behind import BEHIND, behind
from crm.dashboards.models import Measured, PartedMeasure, SegmentMeasure
from crm.dashboards.night import SQL
from customers import knowing
from customers.models import Customer, DuplicatePair, Fact, Membership, RiskAssessment, Segment, SegmentMove
from interactions.models import ChannelEvent, ChannelIdentity, LastContact
from tests.dashboards.bank import DAY, ago, at, complain, feature, measured, publish, talk
from tests.factories import make_customer


def sums(measure: str, day=DAY) -> tuple[int, int]:
    """part and whole of the whole bank."""
    found = [value for key, value in measured(day).items() if key[0] == measure]
    return sum(part for part, _ in found), sum(whole for _, whole in found)


def asked(statement: str, *given):
    """One row of plain SQL."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchone()


@pytest.fixture
def people(bank):
    """Six customers of the owner, two of the pool, one of the other branch, and one who has left."""
    made = [make_customer(f"6301{n:08d}", "张伟明", bank.branch, owner=bank.owner) for n in range(6)]
    made += [make_customer(f"6302{n:08d}", "李明", bank.branch, since=DAY - timedelta(days=400)) for n in range(2)]
    made.append(make_customer("630300000001", "何远山", bank.other_branch, owner=bank.outsider))
    made.append(make_customer("630400000001", "王蕾", bank.branch, owner=bank.owner, status="closed"))
    return made


def parted(name: str, day=DAY) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for key, part, whole in PartedMeasure.objects.filter(day=day, parted=name).values_list("key", "part", "whole"):
        before = found.get(key, (0, 0))
        found[key] = before[0] + part, before[1] + whole
    return found


def test_complaints_settled_and_how_long_they_took(bank, people):
    for place, (took, ended, due) in enumerate(((2, 1, 5), (9, 3, 0), (30, 89, 60), (4, 90, 90))):
        complain(people[place % 3], ago(took + ended), DAY - timedelta(days=due), state="closed", closed_at=ago(ended))
    complain(people[9], ago(9), DAY, state="closed", closed_at=ago(1))
    complain(people[0], ago(9), DAY)
    publish()
    of_people = """ FROM interactions_complaint k JOIN customers_customer c ON c.id = k.customer_id
        WHERE c.status = 'active' AND k.closed_at >= %s AND k.closed_at < %s"""
    window = at(DAY - timedelta(days=89), 0), at(DAY + timedelta(days=1), 0)
    days = "(k.closed_at AT TIME ZONE 'Asia/Shanghai')::date - (k.received_at AT TIME ZONE 'Asia/Shanghai')::date"
    assert sums("settled_days") == asked(f"SELECT sum({days}), count(*)" + of_people, *window) == (41, 3)
    kept = "count(*) FILTER (WHERE (k.closed_at AT TIME ZONE 'Asia/Shanghai')::date <= k.due)"
    assert sums("kept_day") == asked(f"SELECT {kept}, count(*)" + of_people, *window)
    assert parted("settled") == {"2": (0, 1), "9": (0, 1), "30": (0, 1)}


def event(customer, when, channel="mobile", kind="login"):
    reference = f"E{ChannelEvent.objects.count():04d}"
    ChannelEvent.objects.create(customer=customer, channel=channel, kind=kind, at=when, reference=reference)


def test_who_used_which_channel_in_30_days_and_who_took_part_in_90(bank, people):
    for person, days, channel, kind in (
        (0, 0, "mobile", "login"), (0, 1, "mobile", "login"), (0, 29, "wechat", "joined"), (1, 30, "mobile", "coupon"),
        (8, 5, "branch", "queued"), (2, 90, "web", "learnt"), (9, 1, "web", "joined"),
    ):  # fmt: skip
        event(people[person], ago(days), channel, kind)
    event(None, ago(1))
    publish()
    statement = """SELECT count(DISTINCT e.customer_id), (SELECT count(*) FROM customers_customer WHERE status = 'active')
        FROM interactions_channelevent e JOIN customers_customer c ON c.id = e.customer_id
        WHERE c.status = 'active' AND e.at >= %s AND e.at < %s"""
    month = at(DAY - timedelta(days=29), 0), at(DAY + timedelta(days=1), 0)
    assert sums("monthly") == asked(statement, *month) == (2, 9)
    quarter = at(DAY - timedelta(days=89), 0), month[1]
    engaged = statement + " AND e.kind IN ('joined', 'coupon', 'learnt')"
    assert sums("engaged") == asked(engaged, *quarter) == (2, 9)
    assert parted("channel") == {"mobile": (1, 0), "wechat": (1, 0), "branch": (1, 0)}


def test_out_of_touch_is_who_was_not_spoken_to_for_the_interval(bank, people, settings):
    segment = Segment.objects.filter(contact_interval__isnull=False).order_by("order")[0]
    none = Segment.objects.filter(contact_interval=None).order_by("order")[0]
    days = segment.contact_interval
    for person, of in ((0, segment), (1, segment), (2, none), (3, none)):
        Membership.objects.create(customer=people[person], segment=of, rule=of.rule, since=DAY)
    feature(people[2], aum=500)  # served without an interval; of people[3] nothing is known
    for person, back in ((0, days), (1, days - 1), (3, settings.CONTACT_INTERVAL_DEFAULT), (4, 1)):
        LastContact.objects.create(customer=people[person], at=ago(back), channel="phone", by=bank.owner)
    publish()
    part, whole = measured()["touch", "0101", "R1001"]
    assert (part, whole) == (3, 5)  # 0, 3, and 5 with whom nobody ever spoke


def test_what_is_known_of_customers(bank, people):
    Customer.objects.filter(pk=people[0].pk).update(
        occupation="教师", employer="二中", marital_status="married", birth_date=DAY - timedelta(days=30 * 365),
        declined=["income_band", "pension"],
    )  # fmt: skip
    Fact.objects.create(customer=people[0], name="goal", value="house", on=DAY)
    Fact.objects.create(customer=people[0], name="origin", value="", on=DAY)
    Fact.objects.create(customer=people[0], name="occupation", value="教师", on=DAY)
    Fact.objects.create(customer=people[1], name="pension", value="own", on=DAY)
    publish()
    usual = len(knowing.FACTS) - 2
    assert measured()["known", "0101", "R1001"] == (5 + 1, 6 * (usual + 1) - 1)  # of who is 30, no pension
    columns = {fact.name for fact in knowing.FACTS if fact.column}
    statement = (SQL / "known.sql").read_text()
    assert all(f"c.{name} <> ''" in statement for name in columns)


def test_what_is_missing_in_the_records(bank, people):
    Customer.objects.filter(pk=people[0].pk).update(birth_date=DAY)
    with_phone = make_customer("630500000001", "安安", bank.branch, owner=bank.owner, phone="+8613800138000")
    for person, on, until in ((0, 400, 35), (0, 20, -345), (1, 380, 15), (9, 400, 30)):
        RiskAssessment.objects.create(
            customer=people[person], assessed_on=DAY - timedelta(days=on), level=2,
            valid_until=DAY - timedelta(days=until),
        )  # fmt: skip
    for number, verified in enumerate((None, ago(3), timezone.now() + timedelta(days=2))):
        ChannelIdentity.objects.create(
            customer=people[2],
            channel="mobile",
            external_index=bytes([number]),
            external_tail="0",
            verified_at=verified,
        )
    DuplicatePair.objects.create(a=people[0], b=people[1], reasons=["phone"], strength=1, found_on=DAY)
    DuplicatePair.objects.create(a=people[0], b=with_phone, reasons=["phone"], strength=1, found_on=DAY)
    DuplicatePair.objects.create(
        a=people[2], b=people[3], reasons=["phone"], strength=1, found_on=DAY, state="different"
    )
    publish()
    everybody = "FROM customers_customer WHERE status = 'active'"
    no_phone = asked(f"SELECT count(*) FILTER (WHERE phone_sealed IS NULL), count(*) {everybody}")
    assert sums("no_phone") == no_phone == (9, 10)
    assert sums("no_birth") == asked(f"SELECT count(*) FILTER (WHERE birth_date IS NULL), count(*) {everybody}")
    assert sums("risk_old") == (1, 2)
    assert sums("unverified") == (2, 3)
    assert sums("doubles") == (3, 10)


def test_assets_and_money_in_and_out(bank, people):
    feature(people[0], aum=900_00, tier="gold", inflow_month=70_00, outflow_month=20_00)
    feature(people[1], aum=100_00, tier="gold", inflow_month=None, outflow_month=5_00, churn="severe")
    feature(people[6], aum=50_00, inflow_month=1_00)
    feature(people[9], aum=1, tier="gold", inflow_month=1, churn="light")
    publish()
    plain = """SELECT sum(f.aum), count(f.aum) FROM customers_features f JOIN customers_customer c
        ON c.id = f.customer_id WHERE c.status = 'active'"""
    assert sums("aum") == asked(plain) == (1050_00, 3)
    assert parted("flow") == {"gold": (70_00, 25_00), "": (1_00, 0)}


def moved(customer, days, first, second):
    SegmentMove.objects.create(
        customer=customer, day=DAY - timedelta(days=days), from_segment=first, to_segment=second,
        from_rule=first.rule, to_rule=second.rule,
    )  # fmt: skip


def test_moves_are_from_where_one_stood_to_where_one_stands(bank, people):
    a, b, c = Segment.objects.filter(rule__isnull=False).order_by("order")[:3]
    moved(people[0], 80, a, b)
    moved(people[0], 10, b, c)
    moved(people[1], 50, a, b)
    moved(people[1], 20, b, a)
    moved(people[2], 90, a, b)
    moved(people[3], 0, a, c)
    publish()
    assert parted("moved") == {f"{a.code}>{c.code}": (2, 0)}


def test_segments_have_the_same_sums_as_managers(bank, people):
    segment = Segment.objects.order_by("order")[0]
    for person in people[:3]:
        Membership.objects.create(customer=person, segment=segment, rule=segment.rule, since=DAY)
        talk(person, bank.owner, ago(1), satisfaction=5)
    event(people[8], ago(1))
    complain(people[4], ago(9), DAY, state="closed", closed_at=ago(1))
    LastContact.objects.create(customer=people[4], at=ago(1), channel="phone", by=bank.owner)
    publish()
    found: dict[str, tuple[int, int]] = {}
    for name, part, whole in SegmentMeasure.objects.values_list("measured", "part", "whole"):
        before = found.get(name, (0, 0))
        found[name] = before[0] + part, before[1] + whole
    assert found == {name: sums(name) for name in found}
    assert {key[0] for key in measured()} - set(found) == {"used"}
    of_segment = SegmentMeasure.objects.get(measured="csat", segment=segment)
    assert (of_segment.part, of_segment.whole) == (3, 3)


def test_a_second_night_writes_nothing_and_the_days_of_a_month_give_way_to_its_newest(bank, people):
    event(people[0], ago(1))
    publish()
    assert publish() == 0
    old = DAY - timedelta(days=1)
    publish(old)
    publish()
    days = set(PartedMeasure.objects.values_list("day", flat=True))
    assert days == ({DAY} if old.month == DAY.month else {DAY, old})


@pytest.mark.parametrize(("measure", "of"), sorted(key for key in BEHIND if key[0] in list(Measured)[17:]))
def test_behind_each_stand_as_many_as_it_counts(measure, of, bank, people):
    segment = Segment.objects.filter(contact_interval__isnull=False).order_by("order")[0]
    Membership.objects.create(customer=people[0], segment=segment, rule=segment.rule, since=DAY)
    LastContact.objects.create(customer=people[0], at=ago(1), channel="phone", by=bank.owner)
    LastContact.objects.create(customer=people[1], at=ago(400), channel="phone", by=bank.owner)
    complain(people[1], ago(9), DAY, state="closed", closed_at=ago(1))
    complain(people[2], ago(30), DAY - timedelta(days=9), state="closed", closed_at=ago(1))
    event(people[0], ago(1), "mobile", "joined")
    RiskAssessment.objects.create(customer=people[0], assessed_on=DAY, level=2, valid_until=DAY)
    RiskAssessment.objects.create(customer=people[1], assessed_on=ago(400).date(), level=2, valid_until=ago(9).date())
    ChannelIdentity.objects.create(customer=people[2], channel="mobile", external_index=b"1", external_tail="0")
    DuplicatePair.objects.create(a=people[0], b=people[1], reasons=["phone"], strength=1, found_on=DAY)
    feature(people[0], aum=5, tier="gold")
    feature(people[1], aum=5, churn="light")
    publish()
    found = behind(Customer.objects.all(), measure, of, DAY).count()
    if of in ("part", "whole") and measure != "known":
        assert found == sums(measure)[0 if of == "part" else 1] or measure == "settled_days"
    elif measure == "monthly":
        assert found == parted("channel").get(of, (0, 0))[0]
