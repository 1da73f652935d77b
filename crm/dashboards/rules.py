"""How each of the bank's rules fares with customers: welcome, annoying, and whether that is changing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from django_stubs_ext import StrOrPromise

from crm.audit.log import look
from crm.audit.models import Action
from crm.dashboards.formulas import Figure, surely_above, surely_below, wilson
from crm.lib.charts import Spark, spark
from crm.lib.dates import bank_day, month_of, months_before
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role
from recommendations.models import Rule, RuleChance, RuleMonth

MONTHS, RECENT = 12, 3
RISING, FALLING, STEADY, FEW = _("rising"), _("falling"), _("steady"), _("too few to say")


@dataclass(frozen=True)
class Standing:
    """A rule's year. intervals: percent, 95 %. standing: the last months against those before, beyond chance."""

    rule: Rule
    offered: int
    welcome: Figure
    annoyed: Figure
    standing: StrOrPromise
    weight: float | None
    line: Spark | None

    @property
    def welcome_interval(self) -> tuple[float, float] | None:
        return _percent(self.welcome)

    @property
    def annoyed_interval(self) -> tuple[float, float] | None:
        return _percent(self.annoyed)


def _percent(figure: Figure) -> tuple[float, float] | None:
    interval = wilson(figure)
    return None if interval is None or figure.small else (100 * interval[0], 100 * interval[1])


@requires_role(Role.SUPERVISOR, Role.ADMIN)
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """All rules of the bank, the most annoying first: a rule is the bank's, not a branch's."""
    look(Action.LIST, by=signed_in(request), object_type="rule")
    found = standings(bank_day())
    return render(request, "dashboards/rules.html", {"found": found, "months": MONTHS, "recent": RECENT})


def standings(day: date) -> list[Standing]:
    """Every rule that is in use or was offered within MONTHS."""
    months = [months_before(month_of(day), back) for back in range(MONTHS - 1, -1, -1)]
    counts: dict[int, dict[date, Mapping[str, Any]]] = {}
    totals = RuleMonth.objects.filter(month__gte=months[0]).values("rule", "month").annotate(
        offered=Sum("offered"), welcome=Sum("welcome"), unwelcome=Sum("unwelcome"), annoyed=Sum("annoyed")
    )  # fmt: skip
    for row in totals:
        counts.setdefault(row["rule"], {})[row["month"]] = row
    lowered = {one.rule_id: one.chance * (1 - one.annoyance) for one in RuleChance.objects.filter(segment=None)}
    found = [
        _standing(rule, counts.get(rule.pk, {}), months, lowered.get(rule.pk))
        for rule in Rule.objects.order_by("order", "code") if rule.active or rule.pk in counts
    ]  # fmt: skip
    return sorted(found, key=lambda one: -(one.annoyed.fair or 0))


def _standing(
    rule: Rule, counts: dict[date, Mapping[str, Any]], months: Sequence[date], weight: float | None
) -> Standing:
    welcome = [Figure(row["welcome"], row["welcome"] + row["unwelcome"]) if (row := counts.get(month)) else Figure()
               for month in months]  # fmt: skip
    offered = sum(row["offered"] for row in counts.values())
    return Standing(
        rule=rule,
        offered=offered,
        welcome=sum(welcome, Figure()),
        annoyed=Figure(sum(row["annoyed"] for row in counts.values()), offered),
        standing=_moving(sum(welcome[-RECENT:], Figure()), sum(welcome[:-RECENT], Figure())),
        weight=weight,
        line=spark([None if one.small else round(1000 * (one.rate or 0)) for one in welcome]),
    )


def _moving(now: Figure, before: Figure) -> StrOrPromise:
    if now.small or before.small:
        return FEW
    if surely_above(now, before.rate):
        return RISING
    return FALLING if surely_below(now, before.rate) else STEADY
