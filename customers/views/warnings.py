"""Warnings for managers: on the customer page, and all of those one looks after."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib.htmx import UNPROCESSABLE, is_htmx
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role
from customers import warnings
from customers.access import customer_in_care
from customers.models import WarningState


@require_GET
def warnings_panel(request: HttpRequest, number: str) -> HttpResponse:
    customer = customer_in_care(signed_in(request), number)
    context = {"customer": customer, "warned": warnings.of_customer(customer)}
    return render(request, "customers/_warnings.html", context)


@require_http_methods(["GET", "POST"])
def warning_note(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """GET: the form for what the customer said. POST: kept; answers with the warning's row."""
    user = signed_in(request)
    customer = customer_in_care(user, number, change=True)
    asked = warnings.for_managers().select_related("customer", "noted_by")
    warning = get_object_or_404(asked, pk=pk, customer=customer)
    form = warnings.NoteForm(request.POST if request.method == "POST" else None)
    context = {
        "customer": customer,
        "item": warnings.read(warning),
        "with_customer": request.GET.get("of") == "many",  # the row stands among those of other customers
    }
    if form.is_bound and form.is_valid():
        try:
            warnings.explain(warning, note=form.cleaned_data["note"], by=user)
            return render(request, "customers/_warning.html", context)
        except warnings.AlreadyExplainedError:
            form.add_error("note", _("Meanwhile somebody else kept what the customer said. Reload to read it."))
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "customers/_warning.html", context | {"form": form}, status=status)


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_GET
def warning_list(request: HttpRequest) -> HttpResponse:
    """The warnings of all customers one looks after."""
    user = signed_in(request)
    state = request.GET.get("state") or WarningState.OPEN
    if state not in WarningState.values:
        raise Http404
    cursor = request.GET.get("after", "")[:400]
    shown, following = warnings.visible_warnings(user, state, cursor)
    look(
        Action.LIST, by=user, object_type="warning",
        object_ids=[item.warning.customer_id for item in shown], detail={"state": state},
    )  # fmt: skip
    context = {
        "warned": shown,
        "following": following,
        "state": state,
        "states": WarningState.choices,
    }
    template = "customers/warnings.html"
    return render(request, f"{template}#rows" if is_htmx(request) and cursor else template, context)
