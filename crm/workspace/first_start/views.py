"""The pages of a new bank: its steps, and the list of branches and people."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.lib import sheets
from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import signed_in
from crm.staff.models import Role
from crm.workspace.console.views import for_admins
from crm.workspace.first_start import people as persons
from crm.workspace.first_start.steps import DONE, steps
from customers.importing.refusals import ImportRefusedError
from customers.uploading.forms import FileForm


@for_admins
@require_GET
def first_start(request: HttpRequest) -> HttpResponse:
    """What a new bank has still to do."""
    found = steps()
    return render(
        request, "console/first_start.html", {"steps": found, "done": sum(one.state == DONE for one in found)}
    )


@for_admins
@require_http_methods(["GET", "POST"])
def first_people(request: HttpRequest) -> HttpResponse:
    """GET: the question for the file. POST: its problems by line, or everything created and the passwords, once."""
    user = signed_in(request)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    checked = None
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            checked = persons.check(persons.read(file.chunks(), file.name))
        except ImportRefusedError as error:
            form.add_error("file", str(error))
    if checked is not None and not checked.problems:
        context = {
            "created": persons.create(checked, by=user),
            "branches": len(checked.branches),
            "known": checked.known,
            "at": timezone.localtime(),
        }
        return render(request, "console/first_passwords.html", context)
    problems = checked.problems if checked else []
    context = {
        "form": form,
        "problems": sorted(problems)[: persons.MOST_PROBLEMS],
        "more": max(len(problems) - persons.MOST_PROBLEMS, 0),
        "most": persons.MOST,
        "roles": [role.label for role in Role],
    }
    status = UNPROCESSABLE if form.errors or problems else 200
    return render(request, "console/first_people.html", context, status=status)


@for_admins
@require_GET
def first_template(request: HttpRequest) -> HttpResponse:
    """The empty sheet, its headings in the reader's language."""
    mark = _("A row a person; a row without employee number is a branch alone. Roles: %(roles)s") % {
        "roles": _(", ").join(str(role.label) for role in Role)
    }
    content = sheets.sheet(_("Branches and people"), mark, [_(heading) for heading in persons.HEADINGS], [])
    name = 'attachment; filename="people.xlsx"'
    return HttpResponse(content, sheets.XLSX, headers={"Content-Disposition": name})
