"""Two customers with everything that can hang on them, and dumps of whole rows to compare."""

import itertools
import json
import uuid
from collections.abc import Collection, Mapping
from datetime import date, time, timedelta

from django.apps import apps
from django.db import connection
from django.utils import timezone

from crm.lib.dates import start_of_day
from customers.models import (
    Coaching,
    ComplianceCase,
    Consent,
    CreditScore,
    Customer,
    CustomerTag,
    Fact,
    Features,
    Holding,
    Household,
    HouseholdMember,
    LifeEvent,
    Loan,
    Membership,
    PortraitRule,
    PortraitTag,
    Relation,
    RiskAssessment,
    RiskWarning,
    Segment,
    SegmentMove,
    SegmentRule,
    StandingOrder,
    Tag,
    Transfer,
    Transferred,
)  # fmt: skip
from customers.relations import canonical
from interactions import complaints
from interactions.models import (
    ActiveHours,
    ChannelEvent,
    ChannelIdentity,
    ChurnEpisode,
    ContactWish,
    Draft,
    Handover,
    Interaction,
    Invitation,
    LastContact,
    Outreach,
    Pause,
    Pin,
    PreferenceLink,
    Refusal,
    Reminder,
    Series,
    Survey,
)
from recommendations.models import Answer, CreditRequest, CustomerNeed, InvestorStanding, Product, Rule, Suggestion
from tests.customers.money import hold, make_account, move
from tests.factories import make_customer
from tests.interactions.messages import make_template, queued

DAY = date(2026, 11, 1)
_numbers = itertools.count(1)
NOON = start_of_day(DAY) + timedelta(hours=12)
# Not of the two themselves: what the night is told, what was decided, the journal.
LEFT_OUT = {"customers_changedday", "customers_duplicatepair", "customers_merge", "customers_mergechange"}


def make_two(bank, **fields):
    """Two entries of one person: the second knows an ID number and an e-mail, the first does not."""
    number = next(_numbers)
    return [
        make_customer(f"6209{number:06d}{side:02d}", "张伟明", bank.branch, owner=bank.owner, birth_date=date(1980, 5, 17),
                      phone="+8613800138000", **more)
        for side, more in ((1, {"district": "徐汇区"}), (2, {"email": "z@example.com", **fields}))
    ]  # fmt: skip


def make_family(bank):
    """Two entries of one person, and three people whose ids are below, between and above theirs."""
    people = [make_customer(f"6210{next(_numbers):08d}", f"张{n}", bank.branch, owner=bank.owner) for n in range(5)]
    return [people[1], people[3]], [people[0], people[2], people[4]]


def customer_tables() -> list[tuple[str, str]]:
    """(table, column) of everything in the database that says to which customer it belongs."""
    found = []
    for model in apps.get_models():
        table = model._meta.db_table
        if table in LEFT_OUT or "staged" in table or table == "nightly_setaside":
            continue
        columns = [
            field.column
            for field in model._meta.concrete_fields
            if field.column == "customer_id" or field.related_model is Customer
        ]
        found += [(table, column) for column in columns]
    return sorted(found)


def dump(*customers: Customer) -> dict[str, list[str]]:
    """Every row of these customers, whole: their own and all that hangs on them."""
    ids = [each.pk for each in customers]
    found = {}
    with connection.cursor() as cursor:
        for table, column in [*customer_tables(), ("customers_customer", "id"), ("recommendations_answer", "")]:
            where = f"{column} = ANY (%s)" if column else (
                "suggestion_id IN (SELECT id FROM recommendations_suggestion WHERE customer_id = ANY (%s))"
            )  # fmt: skip
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} AS t WHERE {where}", [ids])
            rows = [row if isinstance(row, str) else json.dumps(row) for (row,) in cursor.fetchall()]
            found[f"{table}.{column}"] = sorted(rows)
    return found


def count(customer: Customer, table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE customer_id = %s", [customer.pk])
        return cursor.fetchone()[0]


def give_contacts(customer: Customer, by, how_many: int, *, base: int = 0) -> None:
    for n in range(how_many):
        Interaction.objects.create(
            customer=customer, channel="phone", by=by, at=NOON - timedelta(days=base + n), summary=f"said {n}",
            promise="ring" if n % 2 else "",
        )  # fmt: skip
    if how_many:
        LastContact.objects.create(customer=customer, at=NOON - timedelta(days=base), channel="phone", by=by)


def give_consents(customer: Customer, moments: list[tuple[int, bool]]) -> None:
    """Answers about profiling of so many days ago, some withdrawn; the same moments for two customers meet."""
    for days, withdrawn in moments:
        given = NOON - timedelta(days=days)
        Consent.objects.create(
            customer=customer, purpose="profiling", notice_version=1, given_at=given, given_by_means="phone",
            withdrawn_at=given + timedelta(hours=customer.pk % 5 + 1) if withdrawn else None,
        )  # fmt: skip


def give_reminders(customer: Customer, by, causes: list[tuple[str, bool]]) -> None:
    for cause, done in causes:
        Reminder.objects.create(
            customer=customer, kind="birthday", cause=cause, due=DAY, assignee=by, state="done" if done else "open",
            ended_by=by if done else None, ended_at=NOON if done else None, values={"years": 46},
        )  # fmt: skip


def give_rest(customer: Customer, by) -> None:
    """One of everything else; the two then meet in every place where only one may be."""
    number = uuid.uuid4().hex[:12]
    _give_money(customer, number)
    _give_talk(customer, by, number)
    _give_advice(customer, by)
    _give_portrait(customer, by, number)


def _give_money(customer: Customer, number: str) -> None:
    account = make_account(customer)
    move(account, DAY, -50)
    hold(account, DAY, 1000)
    Holding.objects.create(reference=number, customer=customer, account=account, family="time", amount=5)
    Loan.objects.create(reference=number, customer=customer, amount=100, started_on=DAY)
    StandingOrder.objects.create(reference=number, account=account, customer=customer, amount=7)
    CreditScore.objects.create(
        customer=customer, scored_on=DAY, score=600, authorised_for="loan", authorised_on=DAY, authorised_until=DAY
    )
    RiskAssessment.objects.create(customer=customer, assessed_on=DAY, level=customer.pk % 5 + 1, valid_until=DAY)
    for model in (RiskWarning, ComplianceCase):
        model.objects.create(customer=customer, detector="large_move", cause="one day", day=DAY, evidence=[{"n": 1.5}])


def _give_talk(customer: Customer, by, number: str) -> None:
    complaints.receive(customer, text="waited", about=by, by=by)
    Refusal.objects.create(customer=customer, topic="fund", by=by)
    Pause.objects.create(customer=customer, reason="wish", since=DAY, until=DAY)
    Series.objects.create(customer=customer, first=DAY, every=1, unit="month", made_by=by)
    event = Outreach.objects.create(
        occasion="fraud", title="x", place="x", branch=customer.branch, starts_at=timezone.now(), made_by=by
    )
    Invitation.objects.create(event=event, customer=customer, invited_by=by)
    ChannelEvent.objects.create(customer=customer, channel="web", kind="viewed", reference=number)
    Draft.objects.create(user=by, customer=customer, data={"summary": number})
    ContactWish.objects.create(customer=customer, quiet_from=time(20), quiet_until=time(8), by=by)
    ActiveHours.objects.create(customer=customer, hours=[9, 10])
    PreferenceLink.objects.create(customer=customer, token_hash=number.encode(), expires_at=NOON)
    Survey.objects.create(
        customer=customer, kind="csat", about="branch", branch=customer.branch, about_day=DAY, expires_at=NOON,
        token_hash=number.encode(),
    )  # fmt: skip
    queued(customer, make_template(by, None, code=f"t{number}").versions.get(), by=by)
    ChurnEpisode.objects.create(customer=customer, day=DAY, kind="light", reached=DAY, fell_from="gold", floor=1)
    Pin.objects.create(customer=customer, source="talk", entry=1, by=by)
    Handover.objects.create(customer=customer, by=by, to=by, place="counter", text="x", expires_at=timezone.now())
    ChannelIdentity.objects.create(customer=customer, channel="web", external_index=number.encode(), external_tail="x")


def _give_advice(customer: Customer, by) -> None:
    CustomerNeed.objects.create(customer=customer, need="house", state="confirmed", first_seen=DAY, by=by)
    InvestorStanding.objects.create(customer=customer)
    CreditRequest.objects.create(
        customer=customer, product=Product.objects.get(code="consumer-loan"), amount=1, months=3, rate=1, payment=1,
        purpose="x", day=DAY, authorised_by="in_person", authorised_until=DAY, grade="open", made_by=by,
    )  # fmt: skip
    Coaching.objects.create(customer=customer, manager=by, by=by, kind="praise", text="x")
    moved = Transfer.objects.create(branch=customer.branch, source="x", by=by)
    Transferred.objects.create(transfer=moved, customer=customer, after=by)


def _give_portrait(customer: Customer, by, number: str) -> None:
    Features.objects.create(customer=customer, aum=123, inflow_growth=0.1)
    family = Household.objects.create(name="张家")
    HouseholdMember.objects.create(household=family, customer=customer, main=True)
    Fact.objects.create(customer=customer, name="hobby", value=number, on=DAY)
    LifeEvent.objects.create(customer=customer, kind="house", on=DAY, cause="mortgage", state="proposed")
    Relation.objects.create(customer=customer, name="小宝", kind="child")
    segment = Segment.objects.get_or_create(
        code="m", defaults={"name_zh": "x", "name_en": "x", "order": 991, "service_model": "pool"}
    )[0]
    rule = SegmentRule.objects.get_or_create(segment=segment, text="true")[0]
    Membership.objects.create(customer=customer, segment=segment, rule=rule, since=DAY, values={"aum": 1})
    SegmentMove.objects.create(
        customer=customer, day=DAY, from_segment=segment, to_segment=segment, from_rule=rule, to_rule=rule
    )
    for word in ("golf", number):
        tag = Tag.objects.get_or_create(name=word, defaults={"by": by})[0]
        CustomerTag.objects.create(customer=customer, tag=tag, by=by)
    PortraitTag.objects.create(customer=customer, rule=PortraitRule.objects.get(code="saver"), since=DAY)


def relate(first: Customer, second: Customer, kind: str) -> Relation:
    """`second` is the `kind` of `first`."""
    customer, other, stored = canonical(first.pk, second.pk, kind)
    return Relation.objects.create(customer_id=customer, other_id=other, kind=stored)


def give_children(customer: Customer, names: Mapping[str, bool]) -> None:
    """Children who are no customers (name -> under 14), the young ones with their guardian's consent of one moment."""
    consent = None
    for name, young in names.items():
        if young and consent is None:
            consent = Consent.objects.create(
                customer=customer, purpose="child", notice_version=1, given_at=NOON, guardian_name="x",
                withdrawn_at=NOON + timedelta(hours=customer.pk % 3) if customer.pk % 3 else None,
            )  # fmt: skip
        Relation.objects.create(
            customer=customer, name=name, kind="child", young=young, consent=consent if young else None
        )


def give_groups(customer: Customer, names: Collection[str], main: str = "") -> None:
    for name in names:
        group = Household.objects.get_or_create(name=name)[0]
        HouseholdMember.objects.create(household=group, customer=customer, main=name == main)


def give_facts(customer: Customer, told: Mapping[str, tuple[int, str]]) -> None:
    """Facts by name: of how many days ago, and the answer; "" for "not now"."""
    for name, (ago, value) in told.items():
        Fact.objects.create(
            customer=customer, name=name, value=value, on=DAY - timedelta(days=ago), later_until=None if value else DAY
        )


def give_events(customer: Customer, states: Mapping[str, str]) -> None:
    """Events by cause, in a state; "" is an event that somebody wrote down."""
    for cause, state in states.items():
        decided = None if state == "proposed" else NOON + timedelta(hours=customer.pk % 3)
        LifeEvent.objects.create(customer=customer, kind="house", on=DAY, cause=cause, state=state, decided_at=decided)


def give_suggestions(customer: Customer, by, states: list[str]) -> None:
    rule, product = Rule.objects.first(), Product.objects.first()
    for need, state in zip(("house", "pension", "travel"), states, strict=False):
        made = Suggestion.objects.create(
            customer=customer, need=need, rule=rule, product=product, state=state, since=DAY
        )
        if state != "open":
            Answer.objects.create(suggestion=made, state_before="open", state=state, by=by)
