"""The panel of a customer's record of repaying, assessments and authorisations."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.lib.dates import bank_day
from crm.staff.access import signed_in
from customers.access import customer_read
from customers.records.reading import records


@require_GET
def records_panel(request: HttpRequest, number: str) -> HttpResponse:
    customer = customer_read(signed_in(request), number)
    context = {"customer": customer, "records": records(customer, bank_day())}
    return render(request, "customers/_records.html", context)
