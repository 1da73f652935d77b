"""A customer's needs: the panel, decisions in one tap, proposals, reasons; and the funnel for supervisors."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.audit.log import look, record
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE, is_htmx
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role, User
from customers.access import customer_in_care
from customers.models import Customer
from recommendations import explanation, needs, proposals, words
from recommendations.answers import GateRefusedError, NoLongerOpenError
from recommendations.forms import InvestorForm, NeedForm, ProposalForm
from recommendations.funnel import behind, funnel, label_of
from recommendations.gate import Rule as GateRule
from recommendations.models import CustomerNeed, InvestorStanding, Product, Rule

CHANGED = {"HX-Trigger": "suggestions-changed"}


@require_GET
def panel(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    return _panel(request, user, customer_in_care(user, number))


@require_POST
def decide(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Confirmed, not so, or later: in one tap."""
    user = signed_in(request)
    customer = customer_in_care(user, number, change=True)
    need = get_object_or_404(CustomerNeed, pk=pk, customer=customer)
    state = request.POST.get("state", "")
    if state not in needs.DECISIONS:
        return _panel(request, user, customer, refused=_("This cannot be decided about a need."))
    try:
        needs.decide(need, state, by=user)
    except needs.TooLateError:
        return _panel(request, user, customer, refused=_("This need has ended meanwhile."))
    return HttpResponse(status=204, headers=CHANGED)


@require_POST
def undo(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    user = signed_in(request)
    customer = customer_in_care(user, number, change=True)
    need = get_object_or_404(CustomerNeed, pk=pk, customer=customer)
    try:
        needs.undo(need, by=user)
    except needs.TooLateError:
        return _panel(request, user, customer, refused=_("It is too late to take this back."))
    return HttpResponse(status=204, headers=CHANGED)


@require_POST
def add(request: HttpRequest, number: str) -> HttpResponse:
    """Keep a need that the customer spoke of."""
    user = signed_in(request)
    customer = customer_in_care(user, number, change=True)
    form = NeedForm(request.POST)
    if not form.is_valid():
        return _panel(request, user, customer, form=form)
    needs.add(customer, form.cleaned_data["need"], form.cleaned_data["said"], by=user)
    return HttpResponse(status=204, headers=CHANGED)


def _panel(
    request: HttpRequest, user: User, customer: Customer, *, refused: str = "", form: NeedForm | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "customer": customer,
        "shown": needs.shown(customer, bank_day()),
        "decided": needs.just_decided(customer, user),
        "refused": refused,
        "form": form or NeedForm(),
        "typed": form is not None,
    }
    status = UNPROCESSABLE if refused or form is not None else 200
    return render(request, "recommendations/_needs.html", context, status=status)


@require_POST
def propose(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Propose a product by oneself. Refused by the gate, the form comes back with the failed rule."""
    user = signed_in(request)
    customer = customer_in_care(user, number, change=True)
    product = get_object_or_404(Product, code=code)
    form, refused = ProposalForm(request.POST), ""
    if form.is_valid():
        try:
            proposals.propose(customer, product, form.cleaned_data["need"], form.cleaned_data["note"], by=user,
                              day=bank_day())  # fmt: skip
            return HttpResponse(status=204, headers=CHANGED)
        except GateRefusedError as error:
            refused = words.blocked_words(error.blocked)
        except NoLongerOpenError:
            refused = _("There is a suggestion for this need already.")
    context = {"customer": customer, "product": product, "form": form, "refused": refused}
    return render(request, "recommendations/_proposal.html", context, status=UNPROCESSABLE)


@require_GET
def why(request: HttpRequest, number: str) -> HttpResponse:
    """Why this, why not the others: a part of the page, or a page of its own to print."""
    customer = customer_in_care(signed_in(request), number)
    told = explanation.explain(customer, bank_day())
    context = {"customer": customer, "told": told, "spoken": explanation.for_the_customer(told)}
    return render(request, f"recommendations/{'_why' if is_htmx(request) else 'why'}.html", context)


@require_http_methods(["GET", "POST"])
def investor(request: HttpRequest, number: str) -> HttpResponse:
    """Civil capacity, qualified investor, changed level confirmed."""
    user = signed_in(request)
    customer = customer_in_care(user, number, change=request.method == "POST")
    held = InvestorStanding.objects.filter(customer=customer).first() or InvestorStanding(customer=customer)
    form = InvestorForm(request.POST if request.method == "POST" else None, instance=held)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.instance.by, form.instance.changed_at = user, timezone.now()
            form.save()
            record(
                Action.CHANGE, by=user, object_type="investor", object_ids=[customer.pk], label=customer.number,
                detail={"changed": form.changed_data},
            )  # fmt: skip
        response = render(request, "recommendations/_investor.html", {"customer": customer, "form": form, "kept": True})
        response.headers["HX-Trigger"] = "suggestions-changed"
        return response
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "recommendations/_investor.html", {"customer": customer, "form": form}, status=status)


@requires_role(Role.SUPERVISOR)
@require_GET
def funnel_page(request: HttpRequest) -> HttpResponse:
    """Customers without suggestions: where they fell, by step, rule and branch."""
    return render(request, "recommendations/funnel.html", {"funnel": funnel(signed_in(request))})


@requires_role(Role.SUPERVISOR)
@require_GET
def funnel_behind(request: HttpRequest, code: str, outcome: str) -> HttpResponse:
    """The customers behind a number, as the gate stands now."""
    user = signed_in(request)
    rule = get_object_or_404(Rule.objects.select_related("product"), code=code)
    if outcome not in GateRule.values:
        raise Http404
    found = behind(user, rule, outcome, bank_day())
    look(
        Action.LIST, by=user, object_type="customer", object_ids=[one.pk for one in found],
        detail={"rule": code, "outcome": outcome},
    )  # fmt: skip
    context = {"rule": rule, "outcome": label_of(outcome), "found": found}
    return render(request, "recommendations/behind.html", context)
