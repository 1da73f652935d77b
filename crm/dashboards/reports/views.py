"""The board as a file: for what, in which form; audited."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from crm.audit.log import record
from crm.audit.models import Action
from crm.dashboards import board as boards
from crm.dashboards.reading import tree_of
from crm.dashboards.reports.content import report
from crm.dashboards.reports.excel import excel
from crm.dashboards.reports.pdf import pdf
from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE
from crm.lib.sheets import XLSX
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role
from crm.staff.scope import scope
from customers.export import watermark
from customers.forms import ExportForm

FORMS = {"xlsx": (excel, XLSX), "pdf": (pdf, "application/pdf")}


@requires_role(Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def board_file(request: HttpRequest) -> HttpResponse:
    """GET: the question why. POST with a reason: the board of a branch one supervises as .xlsx or .pdf."""
    user, form = signed_in(request), ExportForm(request.POST or None)
    tree = tree_of(scope(user).branch_ids)
    branch, back = boards.chosen(tree, request.GET.get("branch", "")), request.GET.get("back") or boards.USUAL_BACK
    if branch is None or back not in boards.BACK:
        raise Http404
    kind = request.POST.get("kind", "pdf")
    if form.is_bound and form.is_valid() and kind in FORMS:
        board = boards.read_board(tree, boards.Asked(branch, back), bank_day())
        if board is None:
            raise Http404
        write, mime = FORMS[kind]
        reason = form.cleaned_data["reason"]
        content = write(report(board, branch), watermark(user, timezone.localtime(), reason))
        with transaction.atomic():
            record(
                Action.EXPORT, by=user, object_type="board", label=branch.code, reason=reason,
                detail={"kind": kind, "day": str(board.day), "back": back},
            )  # fmt: skip
        name = f"board-{branch.code}-{board.day:%Y%m%d}.{kind}"
        return HttpResponse(content, mime, headers={"Content-Disposition": f'attachment; filename="{name}"'})
    context: dict[str, Any] = {"form": form, "branch": branch, "back": back}
    return render(request, "dashboards/board_file.html", context, status=UNPROCESSABLE if form.errors else 200)
