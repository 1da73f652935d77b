"""Views around the customer list that need more than customers: actions on many, and the next follow-up of a row,
and what the bank knows of a customer."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role, User
from crm.workspace import bulk
from crm.workspace.known import PROFILING, known_page
from crm.workspace.known_parts import MANY
from crm.workspace.lists import contacts
from customers import consent
from customers.access import customer_read, customer_write
from customers.list_filter import ListFilter
from customers.lists import Asked
from customers.models import Means


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_POST
def bulk_action(request: HttpRequest) -> HttpResponse:
    """Selected rows and an action: its form, then what would happen and what is refused; confirmed, done."""
    user = signed_in(request)
    act = bulk.acts_of(user).get(request.POST.get("action", ""))
    if act is None:
        raise Http404
    ids = _selected(request, user)
    filled = "value" in request.POST
    form = act.form(request.POST if filled else None, user=user)
    context: dict[str, Any] = {"act": act, "form": form, "ids": ids, "cap": bulk.MOST}
    if filled and form.is_valid():
        confirmed = "confirm" in request.POST
        context["done"] = confirmed
        context["preview"] = (bulk.do if confirmed else bulk.preview)(user, act, ids, form.cleaned_data)
    return render(request, "workspace/_bulk.html", context, status=UNPROCESSABLE if form.errors else 200)


def _selected(request: HttpRequest, user: User) -> list[int]:
    """The rows ticked, or all of the list: what was shown is what is acted on."""
    if "all" in request.POST:
        query = QueryDict(request.POST.get("asked", "")[:8000])
        narrow = ListFilter(query or None)
        if narrow.is_bound and narrow.errors:
            return []
        return bulk.all_of(user, Asked(query.get("book", ""), query.get("sort", ""), narrowed=narrow.condition()))
    ids = [int(pk) for pk in request.POST.getlist("id") if pk.isdecimal() and len(pk) < 19]
    return list(dict.fromkeys(ids))[: bulk.MOST]


@require_GET
def next_cell(request: HttpRequest, number: str) -> HttpResponse:
    """The next follow-up of one row again, after it was set."""
    customer = customer_read(signed_in(request), number)
    found = contacts([customer.pk])[customer.pk]["next_up"]
    return render(request, "workspace/_next_cell.html", {"row": customer, "cell": {"value": found}})


@require_http_methods(["GET", "POST"])
def known(request: HttpRequest, number: str) -> HttpResponse:
    """What the bank knows of a customer, to hand over. POST: the customer stands here and wants no more suggestions."""
    user = signed_in(request)
    if request.method == "POST":
        customer = customer_write(user, number)
        consent.withdraw(customer, PROFILING, means=Means.IN_PERSON, by=user)
        return redirect("known", number=number)
    customer = customer_read(user, number, page=True)
    day = bank_day()
    context = {"customer": customer, "page": known_page(customer, day), "day": day, "many": MANY}
    return render(request, "workspace/known.html", context)
