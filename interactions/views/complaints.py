"""The panel of a customer's complaints: receive, and say sorry in person. The rest is done on the case's own page."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import signed_in
from customers.access import customer_read, customer_write
from customers.models import Customer
from interactions import complaints
from interactions.complaint_forms import ReceiveForm
from interactions.policy_forms import colleagues
from interactions.views.telling import tells

SHOWN = 10


def _panel(request: HttpRequest, customer: Customer) -> HttpResponse:
    user = signed_in(request)
    asked = customer.complaints.select_related("about", "handler", "acknowledged_by").order_by("-received_at")
    context = {
        "customer": customer,
        "complaints": list(asked[:SHOWN]),
        "day": bank_day(),
        "user_id": user.pk,
        "may_acknowledge": complaints.looks_after(user, customer),
    }
    return render(request, "interactions/_complaints.html", context)


def _changed(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The whole panel anew; the other panels are told."""
    return tells(reswap(retarget(_panel(request, customer), "#complaints-panel"), "innerHTML"))


@require_GET
def complaints_panel(request: HttpRequest, number: str) -> HttpResponse:
    return _panel(request, customer_read(signed_in(request), number))


@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    customer = customer_write(user, number)
    form = ReceiveForm(
        request.POST if request.method == "POST" else None,
        initial={"received_on": bank_day()},
        auto_id="complaint-%s",
    )
    if form.is_bound and form.is_valid():
        complaints.receive(customer, **form.received(), by=user)
        return _changed(request, customer)
    context = {"customer": customer, "form": form, "colleagues": colleagues([customer.branch_id])}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "interactions/_complaint_receive.html", context, status=status)


@require_POST
def acknowledge(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Who looks after the customer said sorry in person."""
    user = signed_in(request)
    customer = customer_write(user, number)
    complaint = get_object_or_404(customer.complaints, pk=pk)
    if not complaints.looks_after(user, customer):
        raise PermissionDenied(_("Who looks after the customer says sorry in person."))
    complaints.acknowledge(complaint, by=user)
    return _changed(request, customer)
