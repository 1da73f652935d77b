"""The customers behind a number, by the definitions that the night's statements have (crm/dashboards/sql)."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import TruncDate

from crm.dashboards import touch
from crm.dashboards.models import Measured, Parted
from crm.dashboards.night import windows
from customers.models import Customer, DuplicatePair, Features, PairState, RiskAssessment, SegmentMove, Status
from customers.querysets import CustomerQuerySet
from interactions.keeping import maturities
from interactions.models import (
    ENGAGEMENTS,
    ChannelEvent,
    ChannelIdentity,
    ChurnEpisode,
    Complaint,
    EpisodeState,
    EventChannel,
    Interaction,
    Reminder,
    ReminderState,
    Survey,
    SurveyKind,
)
from recommendations.models import Answer, SuggestionState

PART, WHOLE, LOW = "part", "whole", "low"
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


def _matured(w: Window, condition: str = "true") -> Q:
    """Customers whose assets matured in the window, by a condition on `maturing` and `stayed`."""
    named = re.findall(r"%\((\w+)\)s", maturities.statement())
    sql = re.sub(r"%\(\w+\)s", "%s", maturities.statement())  # an expression takes its values by place
    found = RawSQL(  # noqa: S611 - the code's own file, values are parameters
        f"SELECT customer_id FROM ({sql}) AS matured WHERE {condition}",  # noqa: S608
        [w[name] for name in named],
        output_field=BigIntegerField(),
    )
    return Q(pk__in=found)


def _leaving(w: Window) -> QuerySet[Any, Any]:
    open_then = Q(ended_on=None) | Q(ended_on__gt=w["day"])
    return ChurnEpisode.objects.filter(open_then, day__lte=w["day"]).values("customer_id")


def _decided(w: Window, *states: EpisodeState) -> QuerySet[Any, Any]:
    ended = ChurnEpisode.objects.filter(ended_on__range=(w["ninety_day"], w["day"]), state__in=states)
    return ended.values("customer_id")


def _settled(w: Window) -> QuerySet[Complaint]:
    return Complaint.objects.filter(closed_at__gte=w["ninety"], closed_at__lt=w["end"])


def _used(w: Window, since: str, **more: Any) -> QuerySet[ChannelEvent]:
    return ChannelEvent.objects.filter(customer__isnull=False, at__gte=w[since], at__lt=w["end"], **more)


def _by_channel(channel: str) -> Of:
    return lambda w: _used(w, "thirty", channel=channel).values("customer_id")


def _assessed(w: Window) -> QuerySet[RiskAssessment]:
    newest = RiskAssessment.objects.filter(assessed_on__lte=w["day"]).order_by("customer_id", "-assessed_on")
    return RiskAssessment.objects.filter(pk__in=newest.distinct("customer_id").values("pk"))


def _touch(w: Window) -> QuerySet[Customer]:
    return touch.with_interval(Customer.objects.filter(owner__isnull=False), w["usual_interval"])


def _moved(key: str, w: Window) -> list[int]:
    """Who came from one segment into another, "from>to" by code, by the rule of sql/parted/moved.sql. One query."""
    source, arrow, target = key.partition(">")
    if not arrow:
        raise KeyError(key)
    first: dict[int, str] = {}
    last: dict[int, str] = {}
    moves = SegmentMove.objects.filter(day__range=(w["ninety_day"], w["day"])).order_by("day", "pk")
    either = Q(from_segment__code=source) | Q(to_segment__code=target)
    for pk, one, other in moves.filter(
        customer_id__in=SegmentMove.objects.filter(either, day__range=(w["ninety_day"], w["day"])).values("customer_id")
    ).values_list("customer_id", "from_segment__code", "to_segment__code"):
        first.setdefault(pk, one)
        last[pk] = other
    return [pk for pk, one in first.items() if (one, last[pk]) == (source, target)]


_OPEN_PAIRS = DuplicatePair.objects.filter(state=PairState.OPEN)
_UNWANTED = (SuggestionState.REFUSED, SuggestionState.WRONG)
BEHIND: dict[tuple[str, str], Of] = {
    (Measured.CSAT, PART): lambda w: _said(w, satisfaction__gte=4),
    (Measured.CSAT, WHOLE): _said,
    (Measured.NPS, PART): lambda w: _surveyed(w, SurveyKind.NPS, score__gte=9).values("customer_id"),
    (Measured.NPS, LOW): lambda w: _surveyed(w, SurveyKind.NPS, score__lte=6).values("customer_id"),
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
    (Measured.RETENTION, PART): lambda w: _matured(w, "stayed > 0"),
    (Measured.RETENTION, WHOLE): _matured,
    (Measured.CHURN_WARNED, PART): _leaving,
    (Measured.CHURN_WARNED, WHOLE): lambda w: Q(),
    (Measured.CHURN_RESCUED, PART): lambda w: _decided(w, EpisodeState.RESCUED),
    (Measured.CHURN_RESCUED, WHOLE): lambda w: _decided(w, EpisodeState.RESCUED, EpisodeState.LOST),
    (Measured.CHURN_LOST, PART): lambda w: _decided(w, EpisodeState.LOST),
    (Measured.CHURN_LOST, WHOLE): lambda w: _decided(w, EpisodeState.RESCUED, EpisodeState.LOST),
    (Measured.NOTES, PART): lambda w: _talks(w, "thirty").exclude(summary="").values("customer_id"),
    (Measured.NOTES, WHOLE): lambda w: _talks(w, "thirty").values("customer_id"),
    (Measured.SETTLED_DAYS, WHOLE): lambda w: _settled(w).values("customer_id"),
    (Measured.KEPT_DAY, PART): lambda w: (
        _settled(w).alias(on=TruncDate("closed_at")).filter(on__lte=F("due")).values("customer_id")
    ),
    (Measured.KEPT_DAY, WHOLE): lambda w: _settled(w).values("customer_id"),
    (Measured.MONTHLY, PART): lambda w: _used(w, "thirty").values("customer_id"),
    (Measured.MONTHLY, WHOLE): lambda w: Q(),
    (Measured.ENGAGED, PART): lambda w: _used(w, "ninety", kind__in=ENGAGEMENTS).values("customer_id"),
    (Measured.ENGAGED, WHOLE): lambda w: Q(),
    (Measured.TOUCH, PART): lambda w: _touch(w).filter(touch.lost(w["day"])).values("pk"),
    (Measured.TOUCH, WHOLE): lambda w: _touch(w).values("pk"),
    (Measured.KNOWN, WHOLE): lambda w: Q(),
    (Measured.NO_PHONE, PART): lambda w: Q(phone_sealed=None),
    (Measured.NO_PHONE, WHOLE): lambda w: Q(),
    (Measured.NO_BIRTH, PART): lambda w: Q(birth_date=None),
    (Measured.NO_BIRTH, WHOLE): lambda w: Q(),
    (Measured.RISK_OLD, PART): lambda w: _assessed(w).exclude(valid_until__gte=w["day"]).values("customer_id"),
    (Measured.RISK_OLD, WHOLE): lambda w: _assessed(w).values("customer_id"),
    (Measured.UNVERIFIED, PART): lambda w: ChannelIdentity.objects.filter(
        Q(verified_at=None) | Q(verified_at__gte=w["end"])
    ).values("customer_id"),
    (Measured.UNVERIFIED, WHOLE): lambda w: ChannelIdentity.objects.values("customer_id"),
    (Measured.DOUBLES, PART): lambda w: Q(pk__in=_OPEN_PAIRS.values("a_id")) | Q(pk__in=_OPEN_PAIRS.values("b_id")),
    (Measured.DOUBLES, WHOLE): lambda w: Q(),
    (Measured.AUM, WHOLE): lambda w: Q(features__aum__isnull=False),
}
BEHIND |= {(Measured.MONTHLY, channel): _by_channel(channel) for channel in EventChannel.values}


def behind(customers: CustomerQuerySet, measured: str, of: str, day: date) -> CustomerQuerySet:
    """Those of `customers` whom `of` ("part" or "whole") of the measure of `day` counts. Raises KeyError for another.

    A number may count a customer more than once (two answers of one person); the list has each once.
    """
    if measured == Parted.MOVED:
        return customers.in_service().filter(pk__in=_moved(of, windows(day)))
    found = BEHIND[measured, of](windows(day))
    condition = found if isinstance(found, Q) else Q(pk__in=found)
    # Who closed their accounts is lost, and no longer in service.
    kept = measured in (Measured.CHURN_RESCUED, Measured.CHURN_LOST)
    among = customers.filter(status__in=[Status.ACTIVE, Status.CLOSED]) if kept else customers.in_service()
    return among.filter(condition)
