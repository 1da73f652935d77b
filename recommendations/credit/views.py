"""Loans a customer asks for: the panel on their page, the question, and what a person decides."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role
from customers.access import customer_in_care
from customers.models import Customer
from interactions.models import ChannelEvent, EventKind, Topic
from recommendations.credit import requests, words
from recommendations.credit.forms import DecisionForm, WishForm
from recommendations.credit.scorecard import Assessment, Facts
from recommendations.models import CreditRequest
from recommendations.words import blocked_words

SHOWN = 3
PANEL = "recommendations/credit/_panel.html"


@dataclass(frozen=True)
class Reading:
    """A request as the panel shows it: what speaks for and against it in sentences, and what the gate says."""

    request: CreditRequest
    found: Assessment
    speaks_for: list[str]
    speaks_against: list[str]
    failed: list[str]
    to_the_customer: str
    decision: DecisionForm


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_GET
def panel(request: HttpRequest, number: str) -> HttpResponse:
    customer = customer_in_care(signed_in(request), number)
    return _panel(request, customer)


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """GET: the form. POST: the assessment, at once."""
    user = signed_in(request)
    customer = customer_in_care(user, number, change=True)
    form = WishForm(request.POST if request.method == "POST" else None, auto_id="credit-%s")
    if form.is_bound and form.is_valid():
        requests.ask(customer, form.wish(), by=user)
        return _panel(request, customer)
    return _panel(request, customer, asking=form)


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_POST
def decide(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    user = signed_in(request)
    customer = customer_in_care(user, number, change=True)
    asked = get_object_or_404(CreditRequest, pk=pk, customer=customer)
    form = DecisionForm(request.POST, auto_id=f"credit-{pk}-%s")
    if not form.is_valid():
        return _panel(request, customer, deciding={pk: form})
    requests.decide(asked, form.cleaned_data["decided"], reason=form.cleaned_data["reason"], by=user)
    return _panel(request, customer)


def _panel(
    request: HttpRequest,
    customer: Customer,
    *,
    asking: WishForm | None = None,
    deciding: dict[int, DecisionForm] | None = None,
) -> HttpResponse:
    asked = requests.latest(customer, SHOWN)
    if asked:
        look(Action.VIEW, by=signed_in(request), object_type="credit_request", object_ids=[customer.pk])
    forms = deciding or {}
    context: dict[str, Any] = {
        "customer": customer,
        "readings": [_reading(customer, one, forms.get(one.pk)) for one in asked],
        "applied": _applied(customer),
        "form": asking,
        "currency": settings.BASE_CURRENCY,
    }
    refused = bool(forms) or (asking is not None and asking.is_bound)
    return render(request, PANEL, context, status=UNPROCESSABLE if refused else 200)


def _reading(customer: Customer, asked: CreditRequest, form: DecisionForm | None) -> Reading:
    found, facts = requests.assessment(asked), Facts(**asked.facts)
    failed = requests.lending_rules_failed(customer, asked.product, bank_day()) if not asked.decisions.all() else []
    return Reading(
        request=asked,
        found=found,
        speaks_for=[words.sentence(mark, facts) for mark in found.speaks_for],
        speaks_against=[words.sentence(mark, facts) for mark in found.speaks_against],
        failed=[blocked_words(blocked) for blocked in failed],
        to_the_customer=words.for_the_customer(found, facts),
        decision=form or DecisionForm(auto_id=f"credit-{asked.pk}-%s"),
    )


def _applied(customer: Customer) -> ChannelEvent | None:
    """The last time the customer applied for a loan on a channel, if that came after the last request."""
    event = (
        ChannelEvent.objects.filter(customer=customer, kind=EventKind.APPLIED, topic__in=[Topic.LOAN, Topic.HOUSE])
        .order_by("-at")
        .first()
    )
    answered = event is not None and CreditRequest.objects.filter(customer=customer, made_at__gte=event.at).exists()
    return None if answered else event
