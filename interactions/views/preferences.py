"""The customer's link to the preference centre, as a manager makes, hands over and takes it back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from crm.staff.access import signed_in
from customers.access import customer_read, customer_write
from customers.models import Customer
from interactions.preferences.links import live_link, make_link, revoke_link
from interactions.qr import qr_svg


@require_GET
def preference_link(request: HttpRequest, number: str) -> HttpResponse:
    return _shown(request, customer_read(signed_in(request), number))


@require_POST
def preference_link_make(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    customer = customer_write(user, number)
    return _shown(request, customer, address=make_link(customer, by=user).address)


@require_POST
def preference_link_revoke(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    customer = customer_write(user, number)
    revoke_link(customer, by=user)
    return _shown(request, customer)


def _shown(request: HttpRequest, customer: Customer, address: str = "") -> HttpResponse:
    context = {
        "customer": customer, "live": live_link(customer, timezone.now()), "address": address,
        "qr": qr_svg(address) if address else "",
    }  # fmt: skip
    return render(request, "interactions/_preference_link.html", context)
