"""The panel of a customer's complaints: receive, extend, close, and say sorry in person."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import reswap, retarget

from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import signed_in
from crm.staff.models import User
from customers.access import customer_read, customer_write
from customers.models import Customer
from interactions import complaints
from interactions.models import Complaint
from interactions.policy_forms import CloseForm, ExtendForm, ReceiveForm, colleagues
from interactions.views.telling import tells

SHOWN = 10


def _panel(request: HttpRequest, customer: Customer) -> HttpResponse:
    user = signed_in(request)
    asked = customer.complaints.select_related("about", "handler", "acknowledged_by").order_by("-received_at")
    context = {
        "customer": customer,
        "complaints": list(asked[:SHOWN]),
        "day": bank_day(),
        "user_id": user.pk,
        "may_acknowledge": complaints.looks_after(user, customer),
    }
    return render(request, "interactions/_complaints.html", context)


def _changed(request: HttpRequest, customer: Customer) -> HttpResponse:
    """The whole panel anew; the other panels are told."""
    return tells(reswap(retarget(_panel(request, customer), "#complaints-panel"), "innerHTML"))


@require_GET
def complaints_panel(request: HttpRequest, number: str) -> HttpResponse:
    return _panel(request, customer_read(signed_in(request), number))


@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    customer = customer_write(user, number)
    form = ReceiveForm(
        request.POST if request.method == "POST" else None,
        initial={"received_on": bank_day()},
        auto_id="complaint-%s",
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        complaints.receive(
            customer, text=data["text"], about=data["about"], handler=data["handler"], at=form.received_at(), by=user
        )
        return _changed(request, customer)
    context = {"customer": customer, "form": form, "colleagues": colleagues([customer.branch_id])}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "interactions/_complaint_receive.html", context, status=status)


def _on_one(request: HttpRequest, number: str, pk: int, form_class: type[Form], template: str,
            act: Callable[[Complaint, Form, User], None]) -> HttpResponse:  # fmt: skip
    """GET: the form for what is done with one complaint. POST: done, or why not."""
    user = signed_in(request)
    customer = customer_write(user, number)
    complaint = get_object_or_404(customer.complaints, pk=pk)
    form = form_class(request.POST if request.method == "POST" else None, auto_id=f"complaint-{pk}-%s")
    if form.is_bound and form.is_valid():
        try:
            act(complaint, form, user)
            return _changed(request, customer)
        except complaints.OwnComplaintError:
            form.add_error(None, _("The complaint is about you: somebody else handles it."))
        except complaints.AlreadyClosedError:
            form.add_error(None, _("Meanwhile somebody else closed it. Reload to read how it ended."))
    status = UNPROCESSABLE if form.errors else 200
    return render(request, template, {"customer": customer, "complaint": complaint, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    def act(complaint: Complaint, form: Form, user: User) -> None:
        complaints.close(complaint, **form.cleaned_data, by=user)

    return _on_one(request, number, pk, CloseForm, "interactions/_complaint_close.html", act)


@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    def act(complaint: Complaint, form: Form, user: User) -> None:
        complaints.extend(complaint, **form.cleaned_data, by=user)

    return _on_one(request, number, pk, ExtendForm, "interactions/_complaint_extend.html", act)


@require_POST
def acknowledge(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Who looks after the customer said sorry in person."""
    user = signed_in(request)
    customer = customer_write(user, number)
    complaint = get_object_or_404(customer.complaints, pk=pk)
    if not complaints.looks_after(user, customer):
        raise PermissionDenied(_("Who looks after the customer says sorry in person."))
    complaints.acknowledge(complaint, by=user)
    return _changed(request, customer)
