"""Bringing a list of customers: choose the file, say what its columns are, look at what would happen, import, undo."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from kombu.exceptions import OperationalError

from crm.audit.log import look, record
from crm.audit.models import Action
from crm.lib.htmx import UNPROCESSABLE, redirect_whole_page
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role
from customers import tasks
from customers.importing.kind import resolve
from customers.importing.refusals import ImportRefusedError
from customers.models import Upload, UploadState
from customers.uploading import columns, files, running, undo
from customers.uploading.forms import ColumnsForm, FileForm, HeadingForm

PROBLEMS_SHOWN = 100
LISTS_SHOWN = 10
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT = ("content", "found", "errors")


def _mine(request: HttpRequest, pk: int, *states: str, whole: bool = False) -> Upload:
    """The upload `pk` of this person in one of `states` (none: any), else Http404. whole: with what is sealed in it."""
    uploads = Upload.objects.filter(by=signed_in(request)).select_related("by__branch")
    if states:
        uploads = uploads.filter(state__in=states)
    return get_object_or_404(uploads if whole else uploads.defer(*CONTENT), pk=pk)


@requires_role(Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """The file; refused at its field before anything of it is read."""
    user = signed_in(request)
    form = FileForm(request.POST or None, request.FILES or None) if request.method == "POST" else FileForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = running.receive(file.chunks(), file.name, "customers", by=user)
            return redirect("customers:upload-page", pk=made.pk)
        except ImportRefusedError as error:
            form.add_error("file", str(error))
    earlier = Upload.objects.filter(by=user).defer(*CONTENT).order_by("-started_at")[:LISTS_SHOWN]
    context = {"form": form, "earlier": earlier, "most_rows": settings.UPLOAD_MOST_ROWS}
    return render(request, "customers/upload.html", context, status=UNPROCESSABLE if form.errors else 200)


@requires_role(Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def upload_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One list, as far as it has come: its columns, what a check found, or how the import ended."""
    kept = _mine(request, pk, whole=True)
    if request.method == "POST" or kept.state == UploadState.NEW or "columns" in request.GET:
        return _columns(request, kept)
    context: dict[str, Any] = {"upload": kept, "most": PROBLEMS_SHOWN}
    if not kept.running:
        found = running.found_of(kept)
        context |= {
            "first": [[(columns.label(name), value) for name, value in row] for row in found.first],
            "problems": Paginator(found.problems, PROBLEMS_SHOWN).get_page(1),
            "undo_possible": undo.possible(kept),
        }
        look(Action.LIST, by=kept.by, object_type="upload", object_ids=[kept.pk], label=kept.file_name)
    return render(request, "customers/upload_page.html", context)


def _columns(request: HttpRequest, kept: Upload) -> HttpResponse:
    """The choice of columns; a good one is kept for the next time, and the check begins."""
    if kept.state not in (UploadState.NEW, UploadState.CHECKED):
        raise Http404
    form = ColumnsForm(request.POST or None, upload=kept, by=kept.by)
    if form.is_bound and form.is_valid():
        choices = form.cleaned_data["choices"]
        kept.choices, kept.refusal = choices.kept(), ""
        kept.save(update_fields=["choices", "refusal", "changed_at"])
        columns.keep(resolve(kept.kind), kept.header, choices, kept.by)
        return _start(kept, UploadState.CHECKING, tasks.check_list)
    found = running.found_of(kept)
    rows = [
        (form[f"column_{place}"], found.samples[place], found.recognised.get(name, ""))
        for place, name in enumerate(kept.header)
        if f"column_{place}" in form.fields
    ]
    heading = HeadingForm(upload=kept, initial={"sheet": kept.sheet, "header_row": kept.header_row})
    context = {"upload": kept, "form": form, "rows": rows, "heading": heading}
    return render(request, "customers/upload_columns.html", context, status=UNPROCESSABLE if form.errors else 200)


def _start(kept: Upload, state: UploadState, task: Any) -> HttpResponse:
    """Give the list to a worker; where none can be reached it stays as it is and says so."""
    before = kept.state
    # Only one of two clicks starts it.
    if not Upload.objects.filter(pk=kept.pk, state=before).update(state=state):
        return redirect("customers:upload-page", pk=kept.pk)
    try:
        running.tell_progress(kept.pk, 0)
        task.apply_async(args=[kept.pk], retry=False)
    except OperationalError:
        refusal = _("Just now nothing can be worked on. Try again in a moment.")
        Upload.objects.filter(pk=kept.pk).update(state=before, refusal=refusal)
    return redirect("customers:upload-page", pk=kept.pk)


@requires_role(Role.SUPERVISOR)
@require_POST
def upload_heading(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file again with another sheet or another row of headings."""
    kept = _mine(request, pk, UploadState.NEW, UploadState.CHECKED, whole=True)
    heading = HeadingForm(request.POST, upload=kept)
    if heading.is_valid():
        data = heading.cleaned_data
        try:
            running.read_again(kept, sheet=data.get("sheet", ""), header_row=data["header_row"])
            return redirect("customers:upload-page", pk=kept.pk)
        except ImportRefusedError as error:
            heading.add_error("header_row", str(error))
    context: dict[str, Any] = {"upload": kept, "form": None, "rows": [], "heading": heading}
    return render(request, "customers/upload_columns.html", context, status=UNPROCESSABLE)


@requires_role(Role.SUPERVISOR)
@require_GET
def upload_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the worker is; when it has ended, the whole page anew."""
    kept = _mine(request, pk)
    if not kept.running:
        return redirect_whole_page(reverse("customers:upload-page", args=[pk]))
    context = {"upload": kept, "read": min(running.progress(kept.pk), kept.rows)}
    return render(request, "customers/upload_page.html#progress", context)


@requires_role(Role.SUPERVISOR)
@require_GET
def upload_problems(request: HttpRequest, pk: int) -> HttpResponse:
    """The next rows that cannot be imported."""
    kept = _mine(request, pk, UploadState.CHECKED, UploadState.DONE, whole=True)
    problems = Paginator(running.found_of(kept).problems, PROBLEMS_SHOWN).get_page(request.GET.get("page"))
    look(Action.LIST, by=kept.by, object_type="upload", object_ids=[kept.pk], label=kept.file_name)
    return render(request, "customers/upload_page.html#problems", {"upload": kept, "problems": problems})


@requires_role(Role.SUPERVISOR)
@require_GET
def upload_errors(request: HttpRequest, pk: int) -> HttpResponse:
    """The rejected rows as a sheet to be mended."""
    kept = _mine(request, pk, whole=True)
    if not kept.errors:
        raise Http404
    look(Action.LIST, by=kept.by, object_type="upload", object_ids=[kept.pk], label=kept.file_name, reason="errors")
    with translation.override(kept.by.language):
        name = _("%(name)s to be mended.xlsx") % {"name": kept.file_name.rsplit(".", 1)[0]}
    answer = HttpResponse(files.opened(kept, "errors"), content_type=WORKBOOK)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return answer


@requires_role(Role.SUPERVISOR)
@require_POST
def upload_import(request: HttpRequest, pk: int) -> HttpResponse:
    return _start(_mine(request, pk, UploadState.CHECKED), UploadState.IMPORTING, tasks.import_list)


@requires_role(Role.SUPERVISOR)
@require_POST
def upload_undo(request: HttpRequest, pk: int) -> HttpResponse:
    kept = _mine(request, pk, UploadState.DONE)
    if not undo.possible(kept):
        return redirect("customers:upload-page", pk=kept.pk)
    return _start(kept, UploadState.UNDOING, tasks.undo_list)


@requires_role(Role.SUPERVISOR)
@require_POST
def upload_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a list away that was not imported."""
    kept = _mine(request, pk, UploadState.NEW, UploadState.CHECKED)
    record(
        Action.DELETE, by=kept.by, object_type="upload", object_ids=[kept.pk], label=kept.file_name,
        detail={"rows": kept.rows},
    )  # fmt: skip
    kept.delete()
    return redirect("customers:upload")
