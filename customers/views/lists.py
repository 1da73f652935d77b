"""The customer list: its page, the help of its query language, saved views, and the list as a file."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE, is_htmx, redirect_whole_page
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role
from customers import export as exporting
from customers import list_columns, lists, saved_views, walking
from customers.forms import ExportForm, ViewForm
from customers.list_filter import ListFilter
from customers.models import SavedView
from customers.query_language import check, completions
from customers.rule_typing import completed
from customers.search import MOST_FOUND, normal_query

SERVES = (Role.MANAGER, Role.AGENT, Role.SUPERVISOR)
WORKS_WITH_LISTS = (Role.MANAGER, Role.SUPERVISOR)
PAGING = ("after", "seen", "of")  # of a query string what is of one page of the list alone
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires_role(*SERVES)
@require_http_methods(["GET", "POST"])
def customer_list(request: HttpRequest) -> HttpResponse:
    """The list; a search comes by POST, since names and phone numbers in an address would end up in logs."""
    user = signed_in(request)
    narrow = ListFilter(request.GET or None)
    kept = saved_views.seen_by(user)
    view = next((one for one in kept if str(one.pk) == request.GET.get("view")), None)
    asked = lists.Asked(
        book=request.GET.get("book", ""),
        sort=request.GET.get("sort", ""),
        query=normal_query(request.POST.get("q", "")),
        cursor=request.GET.get("after", "")[:400],
        narrowed=narrow.condition(),
        columns=request.GET.getlist("col"),
    )
    found = lists.read_list(user, asked)
    seen, total = _so_far(request, found)
    within = _without(request, *PAGING)
    if not found.asked.query:
        found = replace(found, rows=walking.linked(found.rows, within, seen, total))
    template = "customers/list.html"
    if is_htmx(request):
        template += "#rows" if asked.cursor else "#results"
    context = {
        "list": found,
        "sorts": lists.SORTS.values(),
        "books": [(name, lists.BOOK_LABELS[name]) for name in found.book_names],
        "filter": narrow,
        "chips": [(label, words, _without(request, name, *PAGING)) for name, label, words in narrow.chips()],
        "narrowing": _without(request, "book", "sort", *PAGING),
        "asked": within,
        "seen": seen + len(found.rows),
        "total": total,
        "may_bulk": not user.roles.isdisjoint(WORKS_WITH_LISTS),
        "leads": Role.SUPERVISOR in user.roles,
        "all_columns": list_columns.COLUMNS.values(),
        "count_cap": lists.COUNT_CAP,
        "found_cap": MOST_FOUND,
        "today": bank_day(),
        **_views(request, kept, view),
    }
    status = UNPROCESSABLE if narrow.is_bound and narrow.errors else 200
    return render(request, template, context, status=status)


def _so_far(request: HttpRequest, found: lists.CustomerList) -> tuple[int, int]:
    """How many rows were shown before these, and of how many, as far as it was counted; 0 where it was not."""
    if found.total is not None:
        return 0, found.total
    return walking.number_in(request.GET.get("seen", "")), walking.number_in(request.GET.get("of", ""))


def _views(request: HttpRequest, kept: list[SavedView], view: SavedView | None) -> dict[str, Any]:
    """The tabs of saved views. What was typed beside a view goes along to the next one."""
    typed = saved_views.typed_beside(saved_views.asked_list(request.GET).filters, view)
    beside = QueryDict(mutable=True)
    beside.update(typed)
    return {
        "view": view,
        "views": [(one, saved_views.query_of(one, typed)) for one in kept],
        "beside": beside.urlencode(),
    }


def _without(request: HttpRequest, *names: str) -> str:
    """The query string without `names`, and without what was left empty."""
    asked = request.GET.copy()
    for name in [*names, *(name for name in asked if not any(asked.getlist(name)))]:
        asked.pop(name, None)
    return asked.urlencode()


@requires_role(*SERVES)
@require_GET
def rule_help(request: HttpRequest) -> HttpResponse:
    """What the condition typed so far says: where it cannot be read, and names to go on with; `pick` completes it."""
    picked = completed(request, ListFilter, "rule")
    if picked is not None:
        return picked
    text = request.GET.get("rule", "")
    context: dict[str, Any] = {"offered": list(completions(text)), "text": text}
    try:
        check(text, bank_day())
    except ValidationError as error:
        context["error"] = " ".join(error.messages)
    return render(request, "customers/_rule_help.html", context)


@requires_role(*WORKS_WITH_LISTS)
@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is now under a name."""
    user = signed_in(request)
    form = ViewForm(request.POST)
    if form.is_valid():
        asked = saved_views.asked_list(QueryDict(form.cleaned_data["asked"]))
        try:
            view = saved_views.save(user, form.cleaned_data["name"], asked, share=form.cleaned_data["share"])
        except ValidationError as error:
            form.add_error("name", error)
        else:
            address = f"{reverse('customers:list')}?{saved_views.query_of(view, {})}"
            return redirect_whole_page(address) if is_htmx(request) else redirect(address)
    context = {"view_form": form, "leads": Role.SUPERVISOR in user.roles, "asked": form["asked"].value()}
    return render(request, "customers/_view_form.html", context, status=UNPROCESSABLE)


@requires_role(*WORKS_WITH_LISTS)
@require_POST
def view_pin(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    saved_views.pin(get_object_or_404(SavedView, user=user, pk=pk), by=user)
    return redirect("customers:list")


@requires_role(*WORKS_WITH_LISTS)
@require_POST
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    saved_views.delete(get_object_or_404(SavedView, user=user, pk=pk), by=user)
    return redirect("customers:list")


@requires_role(*WORKS_WITH_LISTS)
@require_http_methods(["GET", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """GET: what the file will hold, and the question why. POST with a reason: the file."""
    user = signed_in(request)
    query = request.GET
    form = ExportForm(request.POST or None)
    narrow = ListFilter(query or None)
    columns = list_columns.chosen(query.getlist("col"))
    if form.is_bound and form.is_valid() and not (narrow.is_bound and narrow.errors):
        asked = lists.Asked(query.get("book", ""), query.get("sort", ""), narrowed=narrow.condition())
        content = exporting.export(user, asked, columns, reason=form.cleaned_data["reason"])
        name = f"customers-{bank_day():%Y%m%d}.xlsx"
        return HttpResponse(content, XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
    context = {
        "form": form,
        "columns": [column for column in columns if column.exported],
        "chips": narrow.chips(),
        "asked": _without(request, *PAGING),
        "most": exporting.MOST,
    }
    return render(request, "customers/export.html", context, status=UNPROCESSABLE if form.errors else 200)
