"""Cases, for the role compliance alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib.htmx import UNPROCESSABLE, is_htmx
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role
from customers import cases
from customers.models import ComplianceCase
from customers.warnings import fact


@requires_role(Role.COMPLIANCE)
@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = cases.CaseFilter(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    cursor = request.GET.get("after", "")[:400]
    shown, following = cases.cases(asked, cursor)
    look(Action.LIST, by=user, object_type="case", object_ids=[case.pk for case in shown])
    query = request.GET.copy()
    query.pop("after", None)
    context = {
        "form": form,
        "cases": shown,
        "following": following,
        "query": query.urlencode(),
    }
    template = "customers/cases.html"
    if is_htmx(request) and cursor:
        template += "#rows"
    return render(request, template, context, status=UNPROCESSABLE if form.errors else 200)


@requires_role(Role.COMPLIANCE)
@require_http_methods(["GET", "POST"])
def case_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One case with its evidence and what was done; a step is added, never changed."""
    user = signed_in(request)
    case = get_object_or_404(ComplianceCase.objects.select_related("customer", "customer__branch"), pk=pk)
    look(Action.VIEW, by=user, object_type="case", object_ids=[case.pk], label=case.customer.number)
    form = cases.CaseStepForm(request.POST or None, initial={"state": case.state})
    if form.is_bound and form.is_valid():
        cases.take_step(case, state=form.cleaned_data["state"], note=form.cleaned_data["note"], by=user)
        return redirect("customers:case", pk=case.pk)
    context = {
        "case": case,
        "facts": [fact(item) for item in case.evidence],
        "steps": case.steps.select_related("by"),
        "form": form,
    }
    return render(request, "customers/case.html", context, status=UNPROCESSABLE if form.errors else 200)
