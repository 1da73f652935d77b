"""Who is out of touch, as a query over customers: the rule of crm/dashboards/sql/touch.sql."""

from datetime import date

from django.db.models import Case, DateField, ExpressionWrapper, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, TruncDate

from customers.models import Customer
from interactions.cadence import NOTHING_KNOWN


def with_interval(customers: QuerySet[Customer], usual: int) -> QuerySet[Customer]:
    """Those of `customers` who are to be spoken to at an interval. usual: of whom nothing decides it, days."""
    return customers.alias(
        interval=Case(
            When(
                Q(membership__segment__contact_interval=None) & (Q(membership__segment=None) | NOTHING_KNOWN),
                then=Value(usual),
            ),
            default=F("membership__segment__contact_interval"),
            output_field=IntegerField(),
        ),
        touched=Coalesce(TruncDate("last_contact__at"), "since", "features__customer_since"),
    ).filter(interval__isnull=False)


def lost(day: date) -> Q:
    """Of `with_interval`: without a conversation for that long by `day`."""
    latest = ExpressionWrapper(Value(day, output_field=DateField()) - F("interval"), output_field=DateField())
    return Q(touched=None) | Q(touched__lte=latest)
