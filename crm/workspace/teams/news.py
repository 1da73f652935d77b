"""What a manager finds on Today: customers who are new to them, and what was said about how they served."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from crm.lib.dates import start_of_day
from crm.staff.models import User
from customers.models import Coaching, Transferred

NEW_FOR = timedelta(days=14)
MOST = 3


@dataclass(frozen=True)
class NewToYou:
    """Customers of one transfer whom a manager has still: where from, since when, how many, how many met since."""

    transfer: int
    source: str
    at: datetime
    number: int
    met: int

    @property
    def unmet(self) -> int:
        return self.number - self.met


def new_to(user: User, day: date) -> list[NewToYou]:
    """The transfers of late that gave `user` customers, the newest first, until all of these were spoken with."""
    since = start_of_day(day - NEW_FOR)
    rows = Transferred.objects.filter(after=user, back_at=None, customer__owner=user, transfer__at__gte=since)
    found = (
        rows.values("transfer", "transfer__source", "transfer__at")
        .annotate(n=Count("pk"), met=Count("pk", filter=Q(customer__last_contact__at__gte=F("transfer__at"))))
        .order_by("-transfer__at")[:MOST]
    )
    made = [NewToYou(r["transfer"], r["transfer__source"], r["transfer__at"], r["n"], r["met"]) for r in found]
    return [one for one in made if one.unmet]


def unread(user: User) -> QuerySet[Coaching]:
    """What was said to `user` and not read yet, the oldest first."""
    return (
        Coaching.objects.filter(manager=user, read_at=None).select_related("customer", "by").order_by("at", "pk")[:MOST]
    )
