"""The customers behind a number, by the definitions that the night's statements have (crm/dashboards/sql)."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate

from crm.dashboards.models import Measured
from crm.dashboards.night import windows
from customers.models import Features
from customers.querysets import CustomerQuerySet
from interactions.models import ChannelEvent, Complaint, Interaction, Reminder, ReminderState, Survey, SurveyKind
from recommendations.models import Answer, SuggestionState

PART, WHOLE = "part", "whole"
Window = dict[str, Any]
Of = Callable[[Window], QuerySet[Any, Any] | Q]


def _said(w: Window, **more: Any) -> Q:
    contacts = Interaction.objects.filter(satisfaction__isnull=False, at__gte=w["ninety"], at__lt=w["end"], **more)
    closed = Complaint.objects.filter(
        satisfaction__isnull=False, closed_at__gte=w["ninety"], closed_at__lt=w["end"], **more
    )
    scores = {name.replace("satisfaction", "score"): value for name, value in more.items()}
    rows = (contacts, closed, _surveyed(w, SurveyKind.CSAT, **scores))
    return (
        Q(pk__in=rows[0].values("customer_id"))
        | Q(pk__in=rows[1].values("customer_id"))
        | Q(pk__in=rows[2].values("customer_id"))
    )


def _surveyed(w: Window, kind: SurveyKind, **more: Any) -> QuerySet[Survey]:
    return Survey.objects.filter(kind=kind, answered_at__gte=w["ninety"], answered_at__lt=w["end"], **more)


def _complaints(w: Window, **more: Any) -> QuerySet[Any, Any]:
    open_then = Q(closed_at=None) | Q(closed_at__gte=w["end"])
    return Complaint.objects.filter(open_then, received_at__lt=w["end"], **more).values("customer_id")


def _active(w: Window) -> Q:
    moved = Features.objects.filter(last_active_on__range=(w["ninety_day"], w["day"])).values("customer_id")
    used = ChannelEvent.objects.filter(customer__isnull=False, at__gte=w["ninety"], at__lt=w["end"])
    return Q(pk__in=moved) | Q(pk__in=used.values("customer_id"))


def _talks(w: Window, since: str, **more: Any) -> QuerySet[Interaction]:
    return Interaction.objects.filter(
        outcome="talked", channel__in=w["conversations"], at__gte=w[since], at__lt=w["end"], **more
    )


def _due(w: Window) -> QuerySet[Reminder]:
    asked = Reminder.objects.filter(due__range=(w["thirty_day"], w["day"]), later=False)
    return asked.exclude(state=ReminderState.DISMISSED)


def _done_in_time(w: Window) -> QuerySet[Any, Any]:
    ended = TruncDate("ended_at")
    return _due(w).filter(state=ReminderState.DONE).alias(on=ended).filter(on__lte=F("due")).values("customer_id")


def _open(w: Window, **more: Any) -> QuerySet[Any, Any]:
    open_then = Q(ended_at=None) | Q(ended_at__gte=w["end"])
    return Reminder.objects.filter(open_then, later=False, created_at__lt=w["end"], **more).values("customer_id")


def _answered(w: Window, *states: str) -> QuerySet[Any, Any]:
    standing = Q(undone_at=None) | Q(undone_at__gte=w["end"])
    asked = Answer.objects.filter(standing, at__gte=w["ninety"], at__lt=w["end"])
    last = asked.order_by("suggestion_id", "-at", "-pk").distinct("suggestion_id").values("pk")
    found = Answer.objects.filter(pk__in=last)
    return (found.filter(state__in=states) if states else found).values("suggestion__customer_id")


def _holders(w: Window) -> QuerySet[Any, Any]:
    return Features.objects.filter(family_count__gt=0).values("customer_id")


_UNWANTED = (SuggestionState.REFUSED, SuggestionState.WRONG)
BEHIND: dict[tuple[str, str], Of] = {
    (Measured.CSAT, PART): lambda w: _said(w, satisfaction__gte=4),
    (Measured.CSAT, WHOLE): _said,
    (Measured.NPS, PART): lambda w: _surveyed(w, SurveyKind.NPS, score__gte=9).values("customer_id"),
    (Measured.NPS, WHOLE): lambda w: _surveyed(w, SurveyKind.NPS).values("customer_id"),
    (Measured.CES, WHOLE): lambda w: _surveyed(w, SurveyKind.CES).values("customer_id"),
    (Measured.COMPLAINTS_OPEN, PART): lambda w: _complaints(w, due__lte=w["day"]),
    (Measured.COMPLAINTS_OPEN, WHOLE): _complaints,
    (Measured.ACTIVE, PART): _active,
    (Measured.ACTIVE, WHOLE): lambda w: Q(),
    (Measured.CONTACTED, PART): lambda w: Q(
        pk__in=_talks(w, "month").filter(by_id=F("customer__owner_id")).values("customer_id")
    ),
    (Measured.CONTACTED, WHOLE): lambda w: Q(owner__isnull=False),
    (Measured.CARED, PART): lambda w: Q(
        pk__in=_talks(w, "ninety").filter(by_id=F("customer__owner_id")).values("customer_id")
    ),
    (Measured.CARED, WHOLE): lambda w: Q(owner__isnull=False),
    (Measured.ON_TIME, PART): _done_in_time,
    (Measured.ON_TIME, WHOLE): lambda w: _due(w).values("customer_id"),
    (Measured.LATE, PART): lambda w: _open(w, due__lte=w["day"]),
    (Measured.LATE, WHOLE): _open,
    (Measured.WELCOMED, PART): lambda w: _answered(w, SuggestionState.INTERESTED),
    (Measured.WELCOMED, WHOLE): _answered,
    (Measured.REFUSED, PART): lambda w: _answered(w, *_UNWANTED),
    (Measured.REFUSED, WHOLE): _answered,
    (Measured.PRODUCTS, WHOLE): _holders,
    (Measured.NOTES, PART): lambda w: _talks(w, "thirty").exclude(summary="").values("customer_id"),
    (Measured.NOTES, WHOLE): lambda w: _talks(w, "thirty").values("customer_id"),
}


def behind(customers: CustomerQuerySet, measured: str, of: str, day: date) -> CustomerQuerySet:
    """Those of `customers` whom `of` ("part" or "whole") of the measure of `day` counts. Raises KeyError for another.

    A number may count a customer more than once (two answers of one person); the list has each once.
    """
    found = BEHIND[measured, of](windows(day))
    condition = found if isinstance(found, Q) else Q(pk__in=found)
    return customers.in_service().filter(condition)
