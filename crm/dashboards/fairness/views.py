"""Whether the bank treats people alike: the page for supervisors and compliance, month by month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_stubs_ext import StrOrPromise

from crm.audit.log import look
from crm.audit.models import Action
from crm.dashboards.fairness.comparing import Compared, compare
from crm.dashboards.formulas import Figure
from crm.dashboards.models import Dimension, FairnessCount, Treated
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role
from customers.models import Gender

MONTHS = 24
MOST_GROUPS = 20  # of districts, the largest


@dataclass(frozen=True)
class Line:
    """A group as the page shows it. low, high: the interval of its rate, percent."""

    name: StrOrPromise
    compared: Compared

    @property
    def rate(self) -> float | None:
        rate = self.compared.figure.fair
        return None if rate is None else 100 * rate

    @property
    def low(self) -> float:
        return 100 * (self.compared.interval or (0, 0))[0]

    @property
    def high(self) -> float:
        return 100 * (self.compared.interval or (0, 0))[1]

    @property
    def p(self) -> str:
        """p with its digits, as far as they say anything; "" where there is none."""
        p = self.compared.p
        return "" if p is None else "<0.0001" if p < 0.0001 else f"{p:.4f}"

    @property
    def p_told(self) -> str:
        return self.p if self.p.startswith("<") else f"= {self.p}"

    @property
    def width(self) -> float:
        return max(1.0, self.high - self.low)


@dataclass(frozen=True)
class Table:
    dimension: Dimension
    treated: Treated
    lines: Sequence[Line]

    @property
    def stands_out(self) -> Sequence[Line]:
        return [line for line in self.lines if line.compared.stands_out]


@requires_role(Role.SUPERVISOR, Role.COMPLIANCE)
@require_GET
def fairness(request: HttpRequest) -> HttpResponse:
    """Rates by sex, age and district over the whole bank: of a branch alone most groups would be too small."""
    months = list(FairnessCount.objects.order_by("-month").values_list("month", flat=True).distinct()[:MONTHS])
    month = _chosen(months, request.GET.get("month", ""))
    tables = _tables(month) if month else []
    look(Action.VIEW, by=signed_in(request), object_type="fairness", label=str(month or ""))
    context = {
        "months": months,
        "month": month,
        "tables": tables,
        "found": [table for table in tables if table.stands_out],
    }
    return render(request, "dashboards/fairness.html", context)


def _chosen(months: Sequence[date], asked: str) -> date | None:
    if not asked:
        return months[0] if months else None
    found = next((month for month in months if month.isoformat() == asked), None)
    if found is None:
        raise Http404
    return found


def _tables(month: date) -> list[Table]:
    counts: dict[tuple[str, str], dict[str, Figure]] = {}
    for count in FairnessCount.objects.filter(month=month).order_by("group"):
        counts.setdefault((count.treated, count.dimension), {})[count.group] = Figure(count.part, count.whole)
    return [
        Table(dimension, treated, _lines(dimension, counts[treated, dimension]))
        for treated in Treated for dimension in Dimension if (treated, dimension) in counts
    ]  # fmt: skip


def _lines(dimension: Dimension, groups: dict[str, Figure]) -> list[Line]:
    """Whose group is not known is counted among nobody's others: missing data are no group."""
    known = {group: figure for group, figure in groups.items() if group}
    found = compare(known)
    if len(found) > MOST_GROUPS:
        largest = sorted(found, key=lambda one: -one.figure.whole)[:MOST_GROUPS]
        found = [one for one in found if one in largest or one.stands_out]
    return [Line(_name(dimension, one.group), one) for one in found]


def _name(dimension: Dimension, group: str) -> StrOrPromise:
    if dimension == Dimension.GENDER:
        return Gender(group).label
    if dimension == Dimension.DISTRICT:
        return group
    first, last = group.split("-")
    if not first:
        return _("up to %(age)s") % {"age": last}
    return _("%(first)s to %(last)s") % {"first": first, "last": last} if last else _("from %(age)s") % {"age": first}
