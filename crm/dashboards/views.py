"""The supervisors' pages: the board, and the customers behind each of its numbers."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.audit.log import look
from crm.audit.models import Action
from crm.dashboards import board as boards
from crm.dashboards.behind import behind as those_behind
from crm.dashboards.models import Measured
from crm.dashboards.reading import last_days, tree_of
from crm.lib import keyset
from crm.lib.dates import bank_day
from crm.lib.htmx import is_htmx
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role
from crm.staff.scope import scope
from customers import lists
from customers.access import visible_to


@requires_role(Role.SUPERVISOR)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Satisfaction, activity and follow-up of the branches one supervises; a branch of others is not there."""
    tree = tree_of(scope(signed_in(request)).branch_ids)
    branch = boards.chosen(tree, request.GET.get("branch", ""))
    back = request.GET.get("back") or boards.USUAL_BACK
    if (branch is None and tree.branches) or back not in boards.BACK:
        raise Http404
    context = {
        "board": boards.read_board(tree, branch, back, bank_day()) if branch else None,
        "branch": branch,
        "branches": boards.choices(tree),
        "back": back,
        "backs": {"1": _("a month ago"), "3": _("three months ago"), "12": _("a year ago")}.items(),
    }
    return render(request, "dashboards/board.html", context)


@requires_role(Role.SUPERVISOR)
@require_GET
def behind(request: HttpRequest) -> HttpResponse:
    """The customers behind a number of the newest day: of a branch with all below it, and of one manager if named."""
    user = signed_in(request)
    asked = {name: request.GET.get(name, "") for name in ("measure", "of", "branch", "manager")}
    tree = tree_of(scope(user).branch_ids)
    branch = boards.chosen(tree, asked["branch"])
    day = next((day for day in reversed(last_days(bank_day())) if day), None)
    if branch is None or day is None:
        raise Http404
    customers = visible_to(user).filter(branch_id__in=sorted(tree.under(branch)))
    if asked["manager"] == "pool":
        customers = customers.filter(owner=None)
    elif asked["manager"]:
        customers = customers.filter(owner__employee_number=asked["manager"])
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
        "title": _title(asked["measure"], asked["of"]),
        "branch": branch,
        "manager": asked["manager"],
        "manager_name": page.rows[0]["owner__display_name"] if page.rows and asked["manager"] else "",
        "day": day,
    }
    template = "dashboards/behind.html"
    return render(request, f"{template}#rows" if is_htmx(request) and cursor else template, context)


def _title(measured: str, of: str) -> str:
    """What the customers of a list have in common."""
    titles = {
        (Measured.CSAT, "part"): _("Answered 4 or 5 of 5 in 90 days"),
        (Measured.CSAT, "whole"): _("Said how satisfied they are in 90 days"),
        (Measured.NPS, "part"): _("Would recommend us (9 or 10), 90 days"),
        (Measured.NPS, "whole"): _("Asked whether they would recommend us, 90 days"),
        (Measured.CES, "whole"): _("Said how much effort it took them, 90 days"),
        (Measured.COMPLAINTS_OPEN, "part"): _("Complaints open past their day"),
        (Measured.COMPLAINTS_OPEN, "whole"): _("Complaints open"),
        (Measured.ACTIVE, "part"): _("Active by themselves in 90 days"),
        (Measured.ACTIVE, "whole"): _("Customers in service"),
        (Measured.CONTACTED, "part"): _("Spoken to this month by their own manager"),
        (Measured.CONTACTED, "whole"): _("Customers with a manager of their own"),
        (Measured.CARED, "part"): _("Spoken to in 90 days by their own manager"),
        (Measured.CARED, "whole"): _("Customers with a manager of their own"),
        (Measured.ON_TIME, "part"): _("Follow-ups done on their day in 30 days"),
        (Measured.ON_TIME, "whole"): _("Follow-ups due in 30 days"),
        (Measured.LATE, "part"): _("Follow-ups late and open"),
        (Measured.LATE, "whole"): _("Follow-ups open"),
        (Measured.WELCOMED, "part"): _("Interested in a suggestion in 90 days"),
        (Measured.WELCOMED, "whole"): _("Offered a suggestion in 90 days"),
        (Measured.REFUSED, "part"): _("Suggestion not wanted or wrong in 90 days"),
        (Measured.REFUSED, "whole"): _("Offered a suggestion in 90 days"),
        (Measured.PRODUCTS, "whole"): _("Customers with a product"),
        (Measured.NOTES, "part"): _("Conversations with a note in 30 days"),
        (Measured.NOTES, "whole"): _("Conversations in 30 days"),
    }
    return titles[Measured(measured), of]
