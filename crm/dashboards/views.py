"""The supervisors' pages: the board, and the customers behind each of its numbers."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.audit.log import look
from crm.audit.models import Action
from crm.dashboards import board as boards
from crm.dashboards.behind import behind as those_behind
from crm.dashboards.care.leaving import leaving as leavers
from crm.dashboards.models import Measured
from crm.dashboards.reading import last_days, tree_of
from crm.dashboards.titles import title
from crm.lib import keyset
from crm.lib.dates import bank_day
from crm.lib.htmx import is_htmx
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role
from crm.staff.scope import scope
from customers import lists
from customers.access import visible_to
from customers.querysets import CustomerQuerySet


@requires_role(Role.SUPERVISOR)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Satisfaction, activity and follow-up of the branches one supervises; a branch of others is not there."""
    tree = tree_of(scope(signed_in(request)).branch_ids)
    branch = boards.chosen(tree, request.GET.get("branch", ""))
    back = request.GET.get("back") or boards.USUAL_BACK
    if (branch is None and tree.branches) or back not in boards.BACK:
        raise Http404
    whom, until = request.GET.get("whom", ""), request.GET.get("until", "")
    try:
        read = boards.read_board(tree, boards.Asked(branch, back, whom, until), bank_day()) if branch else None
    except KeyError:
        raise Http404 from None
    context = {
        "board": read,
        "branch": branch,
        "branches": boards.choices(tree),
        "leaving_url": f"{reverse('dashboards:leaving')}?{urlencode({'branch': branch.code})}" if branch else "",
        "segments": [each for each in read.segments if each.active] if read else [],
        "whom": whom,
        "until": until,
        "back": back,
        "backs": {"1": _("a month ago"), "3": _("three months ago"), "12": _("a year ago")}.items(),
    }
    return render(request, "dashboards/board.html", context)


@requires_role(Role.SUPERVISOR)
@require_GET
def leaving(request: HttpRequest) -> HttpResponse:
    """The few customers of a branch, with all below it, who are about to leave."""
    user = signed_in(request)
    asked = {name: request.GET.get(name, "") for name in ("branch", "manager")}
    tree = tree_of(scope(user).branch_ids)
    branch = boards.chosen(tree, asked["branch"])
    if branch is None:
        raise Http404
    found = leavers(
        _of_manager(visible_to(user).filter(branch_id__in=sorted(tree.under(branch))), asked["manager"]), bank_day()
    )
    look(Action.LIST, by=user, object_type="customer", object_ids=[one.pk for one in found], detail=asked)
    all_url = boards.link(branch.code, Measured.CHURN_WARNED, "part", asked["manager"])
    return render(request, "dashboards/_leaving.html", {"leavers": found, "all_url": all_url})


def _of_manager(customers: CustomerQuerySet, number: str) -> CustomerQuerySet:
    """Those of `customers` whom the person of an employee number looks after; "pool": nobody, "": all."""
    if number == "pool":
        return customers.filter(owner=None)
    return customers.filter(owner__employee_number=number) if number else customers


@requires_role(Role.SUPERVISOR)
@require_GET
def behind(request: HttpRequest) -> HttpResponse:
    """The customers behind a number of the newest day: of a branch with all below it, and of one manager if named."""
    user = signed_in(request)
    asked = {name: request.GET.get(name, "") for name in ("measure", "of", "branch", "manager", "segment")}
    tree = tree_of(scope(user).branch_ids)
    branch = boards.chosen(tree, asked["branch"])
    day = next((day for day in reversed(last_days(bank_day())) if day), None)
    if branch is None or day is None:
        raise Http404
    customers = _of_manager(visible_to(user).filter(branch_id__in=sorted(tree.under(branch))), asked["manager"])
    if asked["segment"]:
        customers = customers.filter(membership__segment__code=asked["segment"])
    try:
        found = those_behind(customers, asked["measure"], asked["of"], day)
    except KeyError:
        raise Http404 from None
    cursor = request.GET.get("after", "")[:400]
    page = keyset.page(found, lists.FIELDS, lists.SORTS["name"], cursor, lists.PAGE_SIZE)
    shown = [row["pk"] for row in page.rows]
    look(Action.LIST, by=user, object_type="customer", object_ids=shown, detail=asked)
    following = request.GET.copy()
    following["after"] = page.next_cursor
    context = {
        "rows": lists.list_rows(page.rows),
        "following": following.urlencode() if page.next_cursor else "",
        "total": None if cursor else keyset.capped_count(found, lists.COUNT_CAP),
        "count_cap": lists.COUNT_CAP,
        "title": title(asked["measure"], asked["of"]),
        "branch": branch,
        "manager": asked["manager"],
        "manager_name": page.rows[0]["owner__display_name"] if page.rows and asked["manager"] else "",
        "day": day,
    }
    template = "dashboards/behind.html"
    return render(request, f"{template}#rows" if is_htmx(request) and cursor else template, context)
