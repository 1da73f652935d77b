"""The portrait of a customer: its tags with their evidence, each of which can be said to be wrong."""

from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from crm.lib.dates import bank_day
from crm.lib.htmx import tells
from crm.staff.access import signed_in
from customers.access import customer_read, customer_write
from customers.models import Customer, PortraitTag
from customers.portrait import tags
from customers.views.people import CHANGED


@require_GET
def portrait_panel(request: HttpRequest, number: str) -> HttpResponse:
    return _panel(request, customer_read(signed_in(request), number))


@require_POST
def portrait_judge(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A person says that a tag is wrong (`said=wrong`), or takes that back (`said=right`)."""
    user = signed_in(request)
    customer = customer_write(user, number)
    act = {"wrong": tags.say_wrong, "right": tags.take_back}.get(request.POST.get("said", ""))
    if act is None:
        raise Http404
    with suppress(PortraitTag.DoesNotExist):  # the night took it away meanwhile: the panel says what is
        act(customer, pk, by=user)
    return tells(_panel(request, customer), CHANGED)


def _panel(request: HttpRequest, customer: Customer) -> HttpResponse:
    context = {"customer": customer, "portrait": tags.portrait(customer, bank_day())}
    return render(request, "customers/_portrait.html", context)
