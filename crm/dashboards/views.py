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
from crm.dashboards.models import Measured, Parted
from crm.dashboards.reading import last_days, tree_of
from crm.lib import keyset
from crm.lib.dates import bank_day
from crm.lib.htmx import is_htmx
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role
from crm.staff.scope import scope
from customers import lists
from customers.access import visible_to
from customers.querysets import CustomerQuerySet
from interactions.models import EventChannel


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
    all_url = boards.link(branch.code, Measured.LEAVING, "part", asked["manager"])
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
        (Measured.NPS, "low"): _("Would not recommend us (0 to 6), 90 days"),
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
        (Measured.RETENTION, "part"): _("Matured in 30 days, and something stayed with us"),
        (Measured.RETENTION, "whole"): _("Matured in 30 days, looked at 30 days later"),
        (Measured.CHURN_WARNED, "part"): _("May be about to leave"),
        (Measured.CHURN_WARNED, "whole"): _("Customers in service"),
        (Measured.CHURN_RESCUED, "part"): _("Were about to leave and stayed, 90 days"),
        (Measured.CHURN_RESCUED, "whole"): _("Were about to leave, and stayed or were lost in 90 days"),
        (Measured.CHURN_LOST, "part"): _("Lost in 90 days"),
        (Measured.CHURN_LOST, "whole"): _("Were about to leave, and stayed or were lost in 90 days"),
        (Measured.NOTES, "part"): _("Conversations with a note in 30 days"),
        (Measured.NOTES, "whole"): _("Conversations in 30 days"),
        (Measured.SETTLED_DAYS, "whole"): _("Complaints settled in 90 days"),
        (Measured.KEPT_DAY, "part"): _("Complaints settled by their day in 90 days"),
        (Measured.KEPT_DAY, "whole"): _("Complaints settled in 90 days"),
        (Measured.MONTHLY, "part"): _("Used a channel in 30 days"),
        (Measured.ENGAGED, "part"): _("Took part in something in 90 days"),
        (Measured.TOUCH, "part"): _("Not spoken to for longer than their interval"),
        (Measured.TOUCH, "whole"): _("Customers to be spoken to at an interval"),
        (Measured.NO_PHONE, "part"): _("Without a phone number"),
        (Measured.NO_BIRTH, "part"): _("Without a date of birth"),
        (Measured.RISK_OLD, "part"): _("Risk assessment run out"),
        (Measured.RISK_OLD, "whole"): _("Customers with a risk assessment"),
        (Measured.UNVERIFIED, "part"): _("With a channel name nobody has made sure of"),
        (Measured.UNVERIFIED, "whole"): _("With a channel name"),
        (Measured.DOUBLES, "part"): _("Perhaps known twice"),
        (Measured.AUM, "whole"): _("Customers whose assets are known"),
        (Measured.LEAVING, "part"): _("Assets fell below their tier"),
        (Measured.LEAVING, "whole"): _("Customers in a tier"),
    }
    if measured == Parted.MOVED:
        return _("Moved to another segment in 90 days")
    if measured == Measured.MONTHLY and of in EventChannel.values:
        return _("Used this channel in 30 days: %(channel)s") % {"channel": EventChannel(of).label}
    return titles.get((Measured(measured), of), _("Customers in service"))
