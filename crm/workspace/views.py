"""Pages that several rooms fill: the way in, the customer page, the search palette."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.staff.access import requires_role, signed_in
from crm.staff.models import CUSTOMER_ROLES, Role, User
from crm.staff.scope import scope
from crm.workspace.brief import brief
from crm.workspace.first_start.steps import unfinished
from crm.workspace.handoff import card, meeting
from crm.workspace.header import header
from crm.workspace.recent import find_recent_first
from crm.workspace.walking.views import carried
from customers.access import customer_read, reach, visible_to
from customers.merged import survivor_number
from customers.models import Customer
from customers.search import masked_query, normal_query

PALETTE_SIZE = 8


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where a person's day begins: their list of today, the board for who leads, the customers of who serves others, or
    the admin site for who serves none."""
    user = signed_in(request)
    if Role.MANAGER in user.roles:
        return redirect("today")
    if Role.SUPERVISOR in user.roles:
        return redirect("dashboards:board")
    if user.roles & CUSTOMER_ROLES:
        return redirect("customers:walk-in" if user.roles == {Role.AGENT} else "customers:list")
    if Role.COMPLIANCE in user.roles:
        return redirect("customers:cases")
    if not user.is_staff:
        return render(request, "workspace/no_role.html")
    return redirect("first-start" if unfinished() else "console")


@require_GET
def customer_page(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    try:
        customer = customer_read(user, number, page=True)
    except Http404:
        return _to_survivor(user, number)
    if customer.merged_into_id is not None and survivor_number(user, number):
        return _to_survivor(user, number)
    context = {
        **_head(user, customer),
        "may_share": customer.branch_id in scope(user).branch_ids,
        "walk": carried(request),
    }
    return render(request, "workspace/customer.html", context)


def _to_survivor(user: User, number: str) -> HttpResponse:
    """The number of a customer who was merged into another one leads there, for who may see that one."""
    if (survivor := survivor_number(user, number)) is None:
        raise Http404(_("There is no such customer, or you do not look after them."))
    return redirect("customer", number=survivor)


@require_GET
def timeline_page(request: HttpRequest, number: str) -> HttpResponse:
    """The line of time on a page of its own; what is asked of it goes on to the panel."""
    customer = customer_read(signed_in(request), number, page=True)
    return render(request, "workspace/timeline.html", {"customer": customer, "query": request.GET.urlencode()})


@require_GET
def header_panel(request: HttpRequest, number: str) -> HttpResponse:
    """The head of the customer page again, after something in it changed; not a look of its own."""
    user = signed_in(request)
    customer = customer_read(user, number)
    return render(request, "workspace/_header.html", _head(user, customer))


def _head(user: User, customer: Customer) -> dict[str, Any]:
    day = bank_day()
    reached = reach(user, customer)
    return {
        "customer": customer,
        "day": day,
        "age": customer.age(day),
        "years": day.year - customer.since.year if customer.since else None,
        "reach": reached,
        "head": header(customer, reached, day),
    }


@require_GET
def brief_panel(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    customer = customer_read(user, number)
    context = {"customer": customer, "brief": brief(customer, user, bank_day())}
    return render(request, "workspace/_brief.html", context)


@require_GET
def handoff_panel(request: HttpRequest, number: str) -> HttpResponse:
    """The card for whoever serves the customer next. Who looks after them has the brief, and sees it as others would
    when they ask for it (?card). How to meet them follows by itself (?meet)."""
    user = signed_in(request)
    customer = customer_read(user, number)
    if "meet" in request.GET:
        context: dict[str, Any] = {"meeting": meeting(customer, user, bank_day())}
        return render(request, "workspace/_handoff.html#meet", context)
    context = {"customer": customer, "card": card(customer, user, bank_day(), whole="card" in request.GET)}
    return render(request, "workspace/_handoff.html", context)


@requires_role(Role.MANAGER, Role.AGENT, Role.SUPERVISOR)
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """The palette's results as one types. By POST: what is typed may be a phone number, and addresses are logged."""
    user = signed_in(request)
    query = normal_query(request.POST.get("q", ""))
    customers = find_recent_first(user, visible_to(user), query, PALETTE_SIZE) if query else []
    if query:
        look(
            Action.SEARCH,
            by=user,
            object_type="customer",
            object_ids=[customer.pk for customer in customers],
            detail={"query": masked_query(query)},
        )
    return render(request, "workspace/_search.html", {"customers": customers, "query": query})


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent after its session ended: says so, instead of Django's technical page."""
    return render(request, "csrf_failed.html", status=403)
