"""Whom an event may serve, each with the reason: who has saved for years and knows nothing else, and the elderly.

Only facts of the contract and the profile are read: years with the bank, product families held, age. Nothing of it
ranks or values anybody, and no product follows from it (domain.md 6: an invitation to a public lecture, not a product).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lib.dates import age_on
from crm.staff.models import User
from customers.access import visible_to
from customers.models import Family
from customers.querysets import CustomerQuerySet
from interactions.models import DistrictAge, Outreach
from interactions.outreach.reach import branch_ids

DEPOSITORS, ELDERS = "depositors", "elders"
LONG_YEARS = 8
ELDER_AGE = 60  # 老年人权益保障法 Art. 2
DEPOSITS = (Family.CURRENT, Family.TIME, Family.CERTIFICATE)
OTHERS = "|".join(str(family) for family in Family if family not in DEPOSITS)
FEWEST = 20  # customers of a district below which a share says little
MOST_DISTRICTS = 12
MOST_FOUND = 120


@dataclass(frozen=True)
class District:
    """One district of one branch. n: the customers counted; small: too few to say much."""

    branch_id: int
    branch: str
    name: str
    n: int
    aged_60: int
    aged_65: int
    depositors: int
    day: date

    @property
    def share_60(self) -> int:
        return round(100 * self.aged_60 / self.n) if self.n else 0

    @property
    def share_65(self) -> int:
        return round(100 * self.aged_65 / self.n) if self.n else 0

    @property
    def small(self) -> bool:
        return self.n < FEWEST

    @property
    def bar(self) -> int:
        return min(self.share_60, 100)


def districts(user: User) -> list[District]:
    """The districts of the branches of `user`, those with the largest share of elderly first, small ones last."""
    small = Q(customers__lt=FEWEST)
    rows = DistrictAge.objects.filter(branch_id__in=branch_ids(user), customers__gt=0).exclude(district="")
    ordered = rows.annotate(share=F("aged_60") * 1000 / F("customers")).select_related("branch")
    found = list(ordered.exclude(small).order_by("-share", "pk")[:MOST_DISTRICTS])
    found += list(ordered.filter(small).order_by("-share", "pk")[: max(MOST_DISTRICTS - len(found), 0)])
    return [_district(row) for row in found]


def _district(row: DistrictAge) -> District:
    return District(
        row.branch_id, row.branch.name, row.district, row.customers, row.aged_60, row.aged_65, row.depositors, row.day
    )


@dataclass(frozen=True)
class Savers:
    """The long-time depositors of one branch, of n customers."""

    branch_id: int
    branch: str
    number: int
    n: int


def savers(user: User) -> list[Savers]:
    """How many long-time depositors the branches of `user` have, as the last night counted; the most first."""
    rows = DistrictAge.objects.filter(branch_id__in=branch_ids(user)).values("branch_id", "branch__name")
    summed = rows.annotate(number=Sum("depositors"), n=Sum("customers")).filter(number__gt=0).order_by("-number")
    return [Savers(row["branch_id"], row["branch__name"], row["number"], row["n"]) for row in summed[:MOST_DISTRICTS]]


def years_before(day: date, years: int) -> date:
    """The same day `years` years before; 29 February counts as the 28th there."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


@dataclass(frozen=True)
class Found:
    """A customer who may be invited. why: values of the reason (see `why`), kept with the invitation."""

    customer_id: int
    number: str
    name: str
    owner: str
    why: dict[str, Any]


def found_for(user: User, event: Outreach, day: date) -> list[Found]:
    """Up to MOST_FOUND customers whom `user` looks after at the branch of `event` and who are not invited yet: those it
    is meant for; of an event for anybody, both kinds."""
    asked = visible_to(user).in_service().filter(branch_id=event.branch_id).exclude(invitations__event=event)
    if event.district:
        asked = asked.filter(district=event.district)
    matching = _meant(asked, event.found, day)
    rows = matching.order_by("pk").values(
        "pk", "number", "name", "birth_date", "since", "features__customer_since", "features__families",
        owner_name=F("owner__display_name"),
    )[:MOST_FOUND]  # fmt: skip
    return [_one(row, day) for row in rows]


def _one(row: Mapping[str, Any], day: date) -> Found:
    return Found(row["pk"], row["number"], row["name"], row["owner_name"] or "", _why(row, day))


def _meant(asked: CustomerQuerySet, found: str, day: date) -> CustomerQuerySet:
    long = years_before(day, LONG_YEARS)
    deposits_only = Q(features__family_count__gte=1) & ~Q(features__families__regex=f"({OTHERS})")
    saver = deposits_only & (Q(since__lte=long) | Q(since=None, features__customer_since__lte=long))
    elder = Q(birth_date__lte=years_before(day, ELDER_AGE))
    if found == DEPOSITORS:
        return asked.filter(saver)
    return asked.filter(elder) if found == ELDERS else asked.filter(saver | elder)


def _why(row: Mapping[str, Any], day: date) -> dict[str, Any]:
    since = row["since"] or row["features__customer_since"]
    families = row["features__families"] or ""
    values: dict[str, Any] = {}
    if since and since <= years_before(day, LONG_YEARS) and families and not _other_families(families):
        values["years"] = (day - since) // timedelta(days=365.25)
    if row["birth_date"] and (age := age_on(row["birth_date"], day)) >= ELDER_AGE:
        values["age"] = age
    return values


def _other_families(families: str) -> bool:
    return any(str(family) in families for family in Family if family not in DEPOSITS)


def why(values: dict[str, Any]) -> str:
    """Why somebody was found, as one might say it."""
    parts = []
    if years := values.get("years"):
        words = ngettext(
            "with us for %(years)d year, deposits alone", "with us for %(years)d years, deposits alone", years
        )
        parts.append(words % {"years": years})
    if age := values.get("age"):
        parts.append(_("aged %(age)d") % {"age": age})
    return _("; ").join(parts) or _("added by hand")
