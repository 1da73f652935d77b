"""Handing a customer over to a colleague, and taking them over."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import signed_in
from crm.staff.models import User
from customers.access import customer_write
from interactions import handover
from interactions.handover_forms import HandOverForm, who_may_take
from interactions.models import Handover
from interactions.views.telling import tells


@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """GET: to whom, where, and the sentence. POST: handed over, and the panel is told."""
    user = signed_in(request)
    customer = customer_write(user, number)
    form = HandOverForm(request.POST if request.method == "POST" else None, auto_id="hand-over-%s")
    if form.is_bound and form.is_valid():
        try:
            handover.hand_over(customer, by=user, **form.cleaned_data)
            return tells(HttpResponse(""), "handed-over")
        except handover.CannotTakeError:
            form.add_error("to", _("Choose a colleague who serves customers, other than yourself."))
    context = {"customer": customer, "form": form, "colleagues": who_may_take(user, customer)}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "interactions/_hand_over.html", context, status=status)


@require_http_methods(["GET", "POST"])
def handed_over(request: HttpRequest, pk: int) -> HttpResponse:
    """What was handed to this person. POST: they take the customer over, and their page opens."""
    user = signed_in(request)
    asked = get_object_or_404(_to(user), pk=pk)
    over = False
    if request.method == "POST":
        try:
            return redirect("customer", number=handover.take(asked, by=user).number)
        except handover.OverError:
            over = True
    context = {"handover": asked, "over": over or not asked.lasts}
    return render(request, "interactions/handed_over.html", context, status=UNPROCESSABLE if over else 200)


def _to(user: User) -> QuerySet[Handover]:
    return Handover.objects.filter(to=user).select_related("customer", "by")
