"""Who is about to leave, with the reasons: a few of those whose fall is open, who fell furthest first."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Case, F, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.lib.money import short_amount
from customers.querysets import CustomerQuerySet
from interactions.events import profiled
from interactions.models import Complaint, EpisodeState, Fall

MOST = 5
_FIELDS = (
    "pk", "number", "name", "owner__display_name", "churn_episodes__kind", "features__aum", "features__aum_year_ago",
    "features__to_other_banks_3", "features__moves_3", "features__moves_previous_3", "last_contact__at",
)  # fmt: skip


@dataclass(frozen=True)
class Leaver:
    """owner: "" for the pool. reasons: the gravest first, each a few words."""

    pk: int
    url: str
    name: str
    owner: str
    reasons: list[str]


def leaving(customers: CustomerQuerySet, day: date) -> list[Leaver]:
    """MOST of `customers` with an open fall, of which nobody has more than one. Five queries.

    What their figures say beyond that is told only of who agreed to a portrait.
    """
    gravest = Case(When(churn_episodes__kind=Fall.SEVERE, then=Value(0)), default=Value(1))
    found = customers.in_service().filter(churn_episodes__state=EpisodeState.OPEN)
    rows = list(found.order_by(gravest, F("features__aum").desc(nulls_last=True), "pk").values(*_FIELDS)[:MOST])
    ids = [row["pk"] for row in rows]
    agreed = profiled(ids) if ids else set()
    hurt = set(Complaint.objects.filter(customer__in=ids, closed_at=None).values_list("customer_id", flat=True))
    return [
        Leaver(
            row["pk"], reverse("customer", args=[row["number"]]), row["name"], row["owner__display_name"] or "",
            _reasons(row, day, portrait=row["pk"] in agreed, hurt=row["pk"] in hurt),
        )
        for row in rows
    ]  # fmt: skip


def _reasons(row: dict[str, Any], day: date, *, portrait: bool, hurt: bool) -> list[str]:
    reasons = [str(Fall(row["churn_episodes__kind"]).label)]
    if hurt:
        reasons.append(_("a complaint is open"))
    if portrait:
        reasons += _of_figures(row)
    last = row["last_contact__at"]
    if last is None:
        reasons.append(_("nobody has spoken with them"))
    elif (days := (day - last.date()).days) > 30:
        reasons.append(_("last spoken to %(days)d days ago") % {"days": days})
    return reasons


def _of_figures(row: dict[str, Any]) -> list[str]:
    reasons = []
    gone, now, then = row["features__to_other_banks_3"] or 0, row["features__aum"], row["features__aum_year_ago"]
    if gone > 0:
        amount = short_amount(gone, settings.BASE_CURRENCY)
        reasons.append(_("%(amount)s moved to other banks in three months") % {"amount": amount})
    if now is not None and then is not None and 0 < then > now:
        fell = f"{min(1, (then - now) / then):.0%}"  # who is overdrawn has lost all of it, not more
        reasons.append(_("assets %(share)s lower than a year ago") % {"share": fell})
    moves, before = row["features__moves_3"], row["features__moves_previous_3"]
    if moves is not None and before and moves * 2 < before:
        reasons.append(_("half as active as three months ago, or less"))
    return reasons
