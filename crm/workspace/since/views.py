"""The panel of what changed since one's last visit."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.staff.access import signed_in
from crm.workspace.since.changes import Since, since_last_visit
from customers.access import customer_read, reach


@require_GET
def since(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    customer = customer_read(user, number)
    serves_only = reach(user, customer).why == "walk_in"  # who serves a walk-in sees nothing that leads to an offer
    found = Since(None, []) if serves_only else since_last_visit(user, customer, timezone.now())
    context = {"customer": customer, "since": found}
    return render(request, "workspace/_since.html", context)
