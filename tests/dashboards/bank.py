"""A small bank made by hand, whose measures one can count on one's fingers."""

from datetime import date, datetime, time, timedelta

from django.db import connection
from django.utils import timezone

from crm.audit.models import Action, Entry
from crm.dashboards.models import Measure
from crm.dashboards.night import PUBLISH_MEASURES
from crm.lib.dates import bank_day
from crm.lib.night import Night
from customers.models import Customer, Features
from interactions.models import ChannelEvent, Complaint, Interaction, Reminder, Survey
from recommendations.models import Answer, Product, Rule, Suggestion

DAY = bank_day() - timedelta(days=1)


def at(day: date, hour: int = 12) -> datetime:
    """Noon of `day`, at the bank."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


def ago(days: int, hour: int = 12) -> datetime:
    return at(DAY - timedelta(days=days), hour)


def publish(day: date = DAY) -> int:
    """The measures of the night of `day`; returns the rows written."""
    with connection.cursor() as cursor:
        return PUBLISH_MEASURES.publish(cursor, Night(run=1, day=day, full=False))


def measured(day: date = DAY) -> dict[tuple[str, str, str], tuple[int, int]]:
    """(measure, branch code, employee number or "") -> (part, whole)."""
    rows = Measure.objects.filter(day=day).exclude(measured="used_day")
    names = rows.values_list("measured", "branch__code", "manager__employee_number", "part", "whole")
    return {(name, branch, manager or ""): (part, whole) for name, branch, manager, part, whole in names}


def talk(customer: Customer, by, when: datetime, **fields) -> Interaction:
    return Interaction.objects.create(
        **{"customer": customer, "by": by, "at": when, "channel": "phone", "outcome": "talked", "summary": "ok"}
        | fields
    )


def remind(customer: Customer, assignee, due: date, **fields) -> Reminder:
    count = Reminder.objects.count()
    return Reminder.objects.create(
        **{
            "customer": customer, "assignee": assignee, "due": due, "kind": "follow_up", "cause": str(count),
            "created_at": ago(60),
        } | fields
    )  # fmt: skip


def complain(customer: Customer, received: datetime, due: date, **fields) -> Complaint:
    number = f"T{Complaint.objects.count():04d}"
    return Complaint.objects.create(
        **{"customer": customer, "number": number, "text": "排队太久", "received_at": received, "due": due} | fields
    )


def survey(customer: Customer, kind: str, score: int, when: datetime) -> Survey:
    return Survey.objects.create(
        customer=customer, kind=kind, about="branch", branch=customer.branch, about_day=when.date(), score=score,
        token_hash=f"{Survey.objects.count()}".encode(), invited_at=when, expires_at=when, answered_at=when,
    )  # fmt: skip


def event(customer: Customer, when: datetime) -> ChannelEvent:
    reference = f"E{ChannelEvent.objects.count():04d}"
    return ChannelEvent.objects.create(customer=customer, channel="mobile", kind="login", at=when, reference=reference)


def feature(customer: Customer, **fields) -> None:
    Features.objects.update_or_create(customer=customer, defaults=fields)


def suggest(customer: Customer, by, *answers: str, when: datetime | None = None, undone: bool = False) -> None:
    """A suggestion to `customer` with what they said to it, the newest last."""
    product = Product.objects.first() or Product.objects.create(
        code="t1", name_zh="面谈", name_en="Talk", regime="none"
    )
    rule = Rule.objects.first() or Rule.objects.create(code="t1", name_zh="储蓄", name_en="Saving", need="growth")
    suggestion = Suggestion.objects.create(
        customer=customer, need="growth", rule=rule, product=product, since=DAY, state="over"
    )
    for place, state in enumerate(answers):
        moment = (when or ago(3)) + timedelta(hours=place)
        Answer.objects.create(
            suggestion=suggestion, state_before="open", state=state, at=moment, by=by,
            undone_at=moment + timedelta(minutes=1) if undone and place == len(answers) - 1 else None,
        )  # fmt: skip


def act(user, when: datetime) -> None:
    Entry.objects.create(actor_id=user.pk, actor_label=str(user), action=Action.VIEW, at=when)
