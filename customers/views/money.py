"""Panels about what a customer has and what moved."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django_htmx.http import reswap, retarget

from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import signed_in
from customers import assets, movements
from customers.access import customer_read
from customers.models import Features, Membership, SegmentMove, Tier
from customers.night.reasons import changes, reasons

MOVES_SHOWN = 10


@require_GET
def holdings_panel(request: HttpRequest, number: str) -> HttpResponse:
    """What the customer has by product family, and two years of assets."""
    customer = customer_read(signed_in(request), number)
    day = bank_day()
    shown = assets.months(customer, day)
    total = shown[-1].assets
    month_before = shown[-2].assets
    context = {
        "customer": customer,
        "groups": assets.holdings(customer, day),
        "orders": assets.standing_orders(customer, day),
        "months": shown[::-1],
        "total": total,
        "change": total - month_before if total is not None and month_before is not None else None,
        "chart": assets.assets_chart(shown),
        "currency": settings.BASE_CURRENCY,
    }
    return render(request, "customers/_holdings.html", context)


@require_GET
def movements_panel(request: HttpRequest, number: str) -> HttpResponse:
    """Money in and out by month, and the movements with their filters; `after` gives the next rows alone."""
    customer = customer_read(signed_in(request), number)
    form = movements.MovementFilter(request.GET or None, customer=customer)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    context = {"customer": customer, "form": form, "currency": settings.BASE_CURRENCY}
    if form.is_bound and form.errors:
        refused = render(request, "customers/_movements.html#filter", context, status=UNPROCESSABLE)
        return reswap(retarget(refused, "#movement-filter"), "outerHTML")
    cursor = request.GET.get("after", "")[:400]
    context["page"] = movements.movements(customer, asked, cursor)
    context["query"] = _query(request)
    if cursor or form.is_bound:
        part = "rows" if cursor else "mended" if "refused" in request.GET else "found"
        return render(request, f"customers/_movements.html#{part}", context)
    shown = assets.months(customer, bank_day())
    context |= {"months": shown[::-1], "chart": assets.flow_chart(shown)}
    return render(request, "customers/_movements.html", context)


def _query(request: HttpRequest) -> str:
    """The filters as a query string, without the place and without what was wrong before."""
    asked = request.GET.copy()
    for name in ("after", "refused"):
        asked.pop(name, None)
    return asked.urlencode()


@require_GET
def segment_panel(request: HttpRequest, number: str) -> HttpResponse:
    """Which segment the customer is served in, why, and how it came to that."""
    customer = customer_read(signed_in(request), number)
    membership = Membership.objects.filter(customer=customer).select_related("segment", "rule").first()
    features = Features.objects.filter(customer=customer).first()
    moves = SegmentMove.objects.filter(customer=customer).select_related("from_segment", "to_segment")
    context = {
        "customer": customer,
        "membership": membership,
        "features": features,
        "tier": Tier.objects.filter(code=features.tier).first() if features and features.tier else None,
        "why": reasons(membership.rule.text, membership.values, bank_day()) if membership else [],
        "moves": [(move, changes(move.changed, move.day)) for move in moves.order_by("-day")[:MOVES_SHOWN]],
    }
    return render(request, "customers/_segment.html", context)
