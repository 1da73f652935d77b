"""What conversations and follow-ups add to the customer list: two columns, two orders, filters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Exists,
    F,
    FilteredRelation,
    Func,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib import keyset
from crm.lib.dates import bank_day, start_of_day
from crm.lib.forms import DayInput
from customers import list_columns, list_filter, lists
from customers.models import Customer
from interactions import working_days
from interactions.keeping import lists as keeping
from interactions.models import Reminder, ReminderState
from interactions.reminders import BY_PEOPLE, EFFECTIVE_DUE

_OPEN: dict[str, Any] = {"state": ReminderState.OPEN, "kind__in": [kind.value for kind in BY_PEOPLE]}


def _planned_of(customer: OuterRef) -> Any:
    """The follow-ups and promises of a customer that are still to be done, each with its `day` (no type says so)."""
    return Reminder.objects.filter(customer=customer, **_OPEN).annotate(day=EFFECTIVE_DUE)


@dataclass(frozen=True)
class ByNextFollowUp(keyset.Sort):
    """The order by the soonest follow-up, of customers who have one.

    Read along the index of open follow-ups; of two of one customer the later is left out.
    """

    def among(self, queryset: QuerySet[keyset.Row]) -> QuerySet[keyset.Row]:
        planned = FilteredRelation("reminders", condition=Q(**{f"reminders__{name}": of for name, of in _OPEN.items()}))
        sooner = _planned_of(OuterRef("pk")).filter(
            Q(day__lt=OuterRef("planned_day")) | Q(day=OuterRef("planned_day"), pk__lt=OuterRef("planned_id"))
        )
        found: Any = queryset.alias(planned=planned).filter(planned__isnull=False)
        ordered: QuerySet[keyset.Row] = found.alias(planned_day=_PLANNED_DAY, planned_id=F("planned__id")).filter(
            ~Exists(sooner)
        )
        return ordered


_PLANNED_DAY = Greatest("planned__due", Coalesce("planned__snoozed_until", "planned__due"))
ORDERS = (
    keyset.Sort(
        "silent", gettext_lazy("Not spoken to for longest"), F("last_contact__at"), known="last_contact", moves=True
    ),
    ByNextFollowUp("next", gettext_lazy("Next follow-up"), _PLANNED_DAY, moves=True),
)
# The same by keys without an index, for one branch of many: see customers.lists.
_LATEST = {"silent": datetime.max.replace(tzinfo=UTC), "next": date.max}
ORDERS_OF_FEW = tuple(replace(sort, key=Coalesce(sort.key, Value(_LATEST[sort.name]))) for sort in ORDERS)


@dataclass(frozen=True)
class Tap:
    """A day to plan the next contact on, one tap away."""

    day: date
    label: str


@dataclass(frozen=True)
class NextUp:
    """The next follow-up of a row: its day, whether that is past, and days to move it to."""

    day: date | None
    late: bool
    taps: list[Tap]
    today: date

    def __str__(self) -> str:
        return self.day.isoformat() if self.day else ""


def taps(today: date) -> list[Tap]:
    """The next working day, and working days a week and a month on."""
    following = working_days.next_after(today)
    label = _("tomorrow") if following == today + timedelta(days=1) else format_date(following, "D")
    week, month = (working_days.on_or_after(today + timedelta(days=days)) for days in (7, 30))
    return [Tap(following, label), Tap(week, _("1 week")), Tap(month, _("1 month"))]


def contacts(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Last contact and next follow-up of the customers of a page, in one query."""
    today = bank_day()
    soonest = _planned_of(OuterRef("pk")).order_by().values("customer").annotate(first=Min("day")).values("first")
    rows = Customer.objects.filter(pk__in=ids).values_list("pk", "last_contact__at", Subquery(soonest))
    choices = taps(today)
    return {
        pk: {
            "last_contact": bank_day(at) if at else None,
            "next_up": NextUp(due, due is not None and due < today, choices, today),
        }
        for pk, at, due in rows
    }


PLANNED = [
    ("", gettext_lazy("any")),
    ("none", gettext_lazy("nothing planned")),
    ("late", gettext_lazy("overdue")),
    ("some", gettext_lazy("planned")),
]


def _due_before(day: date) -> Q:
    """Customers with something to do before `day`: few, so their ids are found first. As a plain subquery Postgres
    would walk the whole bank by name and ask for each (of 300,000 customers: 5 s)."""
    due = Reminder.objects.filter(**_OPEN).annotate(day=EFFECTIVE_DUE).filter(day__lt=day).values("customer")
    among = Func(
        F("pk"), ArraySubquery(due), template="(%(expressions)s))", arg_joiner=" = ANY (", output_field=BooleanField()
    )
    return Q(among)


def _planned(value: str, day: date) -> Q:
    if value == "late":
        return _due_before(day)
    planned = _planned_of(OuterRef("pk"))
    return Q(Exists(planned)) if value == "some" else Q(~Exists(planned))


def register() -> None:
    """Add them to the list; once, as the program starts."""
    for sort in ORDERS:
        lists.SORTS[sort.name] = sort
    for sort in ORDERS_OF_FEW:
        lists.FOR_FEW[sort.name] = sort
    columns = (
        list_columns.Column("last_contact", gettext_lazy("Last contact"), "nw", contacts, exported=True,
                            template="customers/_day_cell.html"),
        list_columns.Column("next_up", gettext_lazy("Next follow-up"), "nw whole", contacts, exported=True,
                            template="workspace/_next_cell.html"),
    )  # fmt: skip
    for column in columns:
        list_columns.register(column)
    for extra in (
        list_filter.Extra("unspoken_for", _days_field, _unspoken_for),
        list_filter.Extra("next_up", _planned_field, _planned),
        list_filter.Extra("next_before", _before_field, _next_before),
    ):
        list_filter.register(extra)
    keeping.register()


def _days_field() -> forms.Field:
    label = gettext_lazy("Not spoken to for days")
    return forms.IntegerField(label=label, required=False, min_value=1, max_value=3650)


def _planned_field() -> forms.Field:
    return forms.ChoiceField(label=gettext_lazy("Next follow-up"), required=False, choices=PLANNED)


def _before_field() -> forms.Field:
    return forms.DateField(label=gettext_lazy("Follow-up before"), required=False, widget=DayInput)


def _unspoken_for(value: int, day: date) -> Q:
    """Also those to whom nobody has spoken yet."""
    return Q(last_contact__at__lt=start_of_day(day - timedelta(days=value))) | Q(last_contact=None)


def _next_before(value: date, day: date) -> Q:
    return _due_before(value)
