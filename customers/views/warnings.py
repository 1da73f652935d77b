"""Warnings for managers: on the customer page, and all of those one looks after."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib.htmx import UNPROCESSABLE, is_htmx
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role
from customers import warnings
from customers.access import customer_read, customer_write
from customers.models import WarningState


@require_GET
def warnings_panel(request: HttpRequest, number: str) -> HttpResponse:
    customer = customer_read(signed_in(request), number)
    context = {"customer": customer, "warned": warnings.of_customer(customer)}
    return render(request, "customers/_warnings.html", context)


@require_http_methods(["GET", "POST"])
def warning_note(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """GET: the form for what the customer said. POST: kept; answers with the warning's row."""
    user = signed_in(request)
    customer = customer_write(user, number)
    warning = get_object_or_404(warnings.for_managers(), pk=pk, customer=customer)
    form = warnings.NoteForm(request.POST or None, initial={"note": warning.note})
    if form.is_bound and form.is_valid():
        warnings.explain(warning, note=form.cleaned_data["note"], by=user)
        context = {"customer": customer, "item": warnings.read(warning)}
        return render(request, "customers/_warning.html", context)
    context = {"customer": customer, "item": warnings.read(warning), "form": form}
    return render(request, "customers/_warning.html", context, status=UNPROCESSABLE if form.errors else 200)


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_GET
def warning_list(request: HttpRequest) -> HttpResponse:
    """The warnings of all customers one looks after."""
    user = signed_in(request)
    state = request.GET.get("state") or WarningState.OPEN
    if state not in WarningState.values:
        raise Http404
    before = request.GET.get("before", "")
    found = warnings.visible_warnings(user, state, int(before) if before.isdecimal() and len(before) < 19 else None)
    shown = found[: warnings.PAGE_SIZE]
    look(
        Action.LIST, by=user, object_type="warning",
        object_ids=[item.warning.customer_id for item in shown], detail={"state": state},
    )  # fmt: skip
    context = {
        "warned": shown,
        "following": shown[-1].warning.pk if len(found) > len(shown) else None,
        "state": state,
        "states": WarningState.choices,
    }
    template = "customers/warnings.html"
    return render(request, f"{template}#rows" if is_htmx(request) and before else template, context)
