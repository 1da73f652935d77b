"""What Today's list reads: reminders and customers with hot intents, as plain rows with the customer's columns."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.utils.translation import get_language

from crm.staff.models import User
from customers.models import Membership, Tier
from interactions import hot, reminders
from interactions.models import Reminder

MOST = 500  # reminders of a page; a day has REMINDERS_A_DAY, so only what lies ahead can be more
AHEAD = timedelta(days=30)

_COLUMNS = (
    "pk", "kind", "values", "text", "at_time", "day", "priority", "snoozed_until", "assignee_id", "made_by_id",
    "customer_id", "series_id",
)  # fmt: skip
_CUSTOMER = {
    "number": "number",
    "name": "name",
    "birth_date": "birth_date",
    "owner_id": "owner_id",
    "owner_name": "owner__display_name",
    "last_at": "last_contact__at",
    "last_channel": "last_contact__channel",
}


def asked(user: User, day: date, *, later: bool, number: str) -> tuple[list[dict[str, Any]], int]:
    """The reminders for `day`, before it and in the month after it; and how many customers wait for later.

    later: those beyond the day's cap instead. number: of that customer alone.
    """
    mine = reminders.of(user, team=True)
    waiting = mine.filter(later=True, day__lte=day)
    rows = mine.filter(day__lte=day + AHEAD)
    rows = rows.filter(customer__number=number) if number else rows.filter(later=later)
    named = rows.annotate(waiting=_customers(waiting), **_words("customer__"))
    found = list(
        named.order_by("day", "priority", "pk").values(
            *_COLUMNS,
            "waiting",
            "tier",
            "segment",
            whose=F("assignee__display_name"),
            maker=F("made_by__display_name"),
            **_paths("customer__"),
        )[:MOST]
    )
    if found or number:
        return found, (found[0]["waiting"] or 0) if found else 0
    return found, waiting.values("customer_id").distinct().count()


def thinking(user: User, day: date, number: str) -> list[dict[str, Any]]:
    """Customers of `user` with an intent of these days, consent not asked yet (interactions.hot)."""
    found = hot.thinking(user, day)
    if number:
        found = found.filter(number=number)
    names = [name for name, path in _CUSTOMER.items() if name == path]
    rows = found.annotate(**_words("")).values("tier", "segment", *names, customer_id=F("pk"), **_paths(""))
    return list(rows[: hot.MOST])


def _paths(prefix: str) -> dict[str, F]:
    return {name: F(f"{prefix}{path}") for name, path in _CUSTOMER.items() if prefix or name != path}


def _words(prefix: str) -> dict[str, Any]:
    """Tier and segment as the page's language names them.

    Asked one by one and not joined: with eight tables joined the planner (join_collapse_limit) reads the reminders of
    all managers first and picks the person's own last, half a second at 200,000 customers.
    """
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    tier = Tier.objects.filter(code=OuterRef(f"{prefix}features__tier")).values(f"name_{language}")[:1]
    segment = Membership.objects.filter(customer=OuterRef(f"{prefix}pk")).values(f"segment__name_{language}")
    return {"tier": Subquery(tier), "segment": Subquery(segment)}


def _customers(waiting: QuerySet[Reminder]) -> Subquery:
    """How many customers `waiting` is of, as a column: the database works it out once for all rows."""
    grouped = waiting.order_by().annotate(one=Value(1)).values("one")
    return Subquery(grouped.annotate(customers=Count("customer_id", distinct=True)).values("customers"))
