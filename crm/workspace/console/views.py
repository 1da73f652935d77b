"""The admin console, and the audit log searched and exported."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from crm.audit import searching
from crm.audit.log import look, record
from crm.audit.models import Action, Result
from crm.lib import keyset, sheets
from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE, is_htmx
from crm.staff.access import signed_in
from crm.staff.models import Role, User
from crm.workspace.console import machine, work
from crm.workspace.console.forms import AuditForm
from customers.export import watermark
from customers.forms import ExportForm

View = Callable[[HttpRequest], HttpResponse]


def administers(user: User) -> bool:
    """Whether the console is theirs: an admin's, and that of the account a new bank begins with."""
    return user.is_superuser or Role.ADMIN in user.roles


def for_admins(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not administers(signed_in(request)):
            raise PermissionDenied
        return view(request)

    return guarded


def for_auditors(view: View) -> View:
    """Who may read the audit log in the admin site may search it here."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not signed_in(request).has_perm("audit.view_entry"):
            raise PermissionDenied
        return view(request)

    return guarded


@for_admins
@require_GET
def console(request: HttpRequest) -> HttpResponse:
    """How the system fares and what waits for somebody; the machine itself is asked by a panel of its own."""
    context = {
        "nights": work.nights(),
        "imports": work.imports(),
        "outbox": work.outbox(),
        "approvals": work.approvals(),
        "drafts": work.drafts(),
    }
    return render(request, "console/console.html", context)


@for_admins
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    return render(request, "console/_health.html", {"parts": machine.parts(), "at": timezone.localtime()})


@for_auditors
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """The newest entries that answer the question; the question itself is a look."""
    user, form = signed_in(request), AuditForm(request.GET)
    page, much = keyset.Page([], ""), False
    cursor = request.GET.get("after", "")[:400]
    if form.is_valid():
        look(Action.SEARCH, by=user, object_type="audit", label=form.cleaned_data["whom"], detail=form.words())
        try:
            page = searching.page(form.asked(user), cursor)
        except searching.TooMuchError:
            much = True
    following = request.GET.copy()
    following["after"] = page.next_cursor
    context = {
        "form": form,
        "rows": [_named(row) for row in page.rows],
        "much": much,
        "following": following.urlencode() if page.next_cursor else "",
        "asked": _asked(request),
    }
    template = "console/audit.html#rows" if is_htmx(request) and cursor else "console/audit.html"
    return render(request, template, context, status=UNPROCESSABLE if form.errors else 200)


def _asked(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("after", None)
    return asked.urlencode()


def _named(row: dict[str, Any]) -> dict[str, Any]:
    """`row` with its choices in words; a list of many is their number."""
    return row | {
        "action": Action(row["action"]).label,
        "result": Result(row["result"]).label,
        "tone": "" if row["result"] == Result.OK else "late",
        "many": len(row["object_ids"]),
    }


@for_auditors
@require_http_methods(["GET", "POST"])
def audit_export(request: HttpRequest) -> HttpResponse:
    """GET: what the file will hold, and the question why. POST with a reason: the file."""
    user, form, why = signed_in(request), AuditForm(request.GET), ExportForm(request.POST or None)
    context = {"form": form, "why": why, "asked": _asked(request), "most": searching.MOST, "much": False}
    if why.is_bound and why.is_valid() and form.is_valid():
        try:
            rows = list(searching.all_rows(form.asked(user)))
        except searching.TooMuchError:
            return render(request, "console/audit_export.html", context | {"much": True}, status=UNPROCESSABLE)
        reason = why.cleaned_data["reason"]
        detail = form.words() | {"rows": len(rows)}
        record(Action.EXPORT, by=user, object_type="audit", reason=reason, detail=detail)
        name = f"audit-{bank_day():%Y%m%d}.xlsx"
        content = sheets.sheet(
            _("Audit"), watermark(user, timezone.localtime(), reason), _headings(), map(_cells, rows)
        )
        return HttpResponse(content, sheets.XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
    bad = form.errors or why.errors
    return render(request, "console/audit_export.html", context, status=UNPROCESSABLE if bad else 200)


def _headings() -> list[str]:
    return [
        _("Time"), _("Who"), _("Action"), _("Result"), _("Kind"), pgettext("audit", "Object"), _("Ids"), _("Reason"),
        _("Address"),
    ]  # fmt: skip


def _cells(row: dict[str, Any]) -> list[str]:
    named = _named(row)
    ids = ", ".join(map(str, row["object_ids"]))
    at = date_format(timezone.localtime(row["at"]), "Y-m-d H:i:s")
    return [
        at, str(row["actor_label"]), str(named["action"]), str(named["result"]), str(row["object_type"]),
        str(row["object_label"]), ids[:1000], str(row["reason"]), str(row["address"] or ""),
    ]  # fmt: skip
