"""What might help a customer: the panel on their page, the answers in one tap, and the look-up of any product."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE, is_htmx
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role, User
from customers.access import customer_in_care
from customers.models import Customer
from recommendations import answers, words
from recommendations.blocked import look_up
from recommendations.forms import AnswerForm, DetailForm, ProposalForm
from recommendations.models import Answer, Need, Suggestion, SuggestionState
from recommendations.opportunities import opportunities
from recommendations.suggestions import said_before, shown

LATER_CHOICES = (7, 30, 90)  # days, in one tap


@requires_role(Role.MANAGER)
@require_GET
def opportunity_list(request: HttpRequest) -> HttpResponse:
    """The suggestions of all customers one looks after."""
    user = signed_in(request)
    need = request.GET.get("need", "")
    if need and need not in Need.values:
        raise Http404
    cursor = request.GET.get("after", "")[:400]
    found = opportunities(user, bank_day(), need=need, cursor=cursor)
    look(
        Action.LIST, by=user, object_type="suggestion", object_ids=[row.customer.pk for row in found.rows],
        detail={"need": need},
    )  # fmt: skip
    context = {"found": found, "need": need, "needs": Need.choices}
    template = "recommendations/list.html"
    return render(request, f"{template}#rows" if is_htmx(request) and cursor else template, context)


@require_GET
def panel(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    return _panel(request, user, customer_in_care(user, number))


@require_POST
def answer(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Keep the customer's answer. The panel loads itself anew; refused by the gate, it comes back with the reason."""
    user = signed_in(request)
    customer = customer_in_care(user, number, change=True)
    suggestion = get_object_or_404(Suggestion, pk=pk, customer=customer)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _panel(request, user, customer, refused=_all_errors(form))
    try:
        said = answers.answer(
            suggestion, form.cleaned_data["state"], by=user, reason=form.cleaned_data["reason"],
            later_until=form.cleaned_data["later_until"],
        )  # fmt: skip
    except answers.GateRefusedError as error:
        return _panel(request, user, customer, refused=words.blocked_words(error.blocked))
    except answers.NoLongerOpenError:
        return _panel(request, user, customer, refused=_("This suggestion has ended meanwhile."))
    return _changed(said)


@require_POST
def undo(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Take back the answer just given."""
    user = signed_in(request)
    customer = customer_in_care(user, number, change=True)
    said = get_object_or_404(Answer, pk=pk, by=user, suggestion__customer=customer)
    try:
        answers.undo(said, by=user)
    except answers.NoLongerOpenError:
        return _panel(request, user, customer, refused=_("It is too late to take this back."))
    return _changed(said)


@require_POST
def detail(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Add why, what is wrong, or another day, to the answer just given."""
    user = signed_in(request)
    customer = customer_in_care(user, number, change=True)
    said = get_object_or_404(Answer, pk=pk, by=user, suggestion__customer=customer)
    form = DetailForm(request.POST)
    if not form.is_valid():
        return _panel(request, user, customer, detail=form)
    try:
        answers.explain(said, by=user, **form.cleaned_data)
    except answers.NoLongerOpenError:
        return _panel(request, user, customer, refused=_("It is too late to change this."))
    return _changed(said)


@require_GET
def blocked(request: HttpRequest, number: str) -> HttpResponse:
    """Whether a product would suit the customer, by its name or code, and every rule that it fails."""
    customer = customer_in_care(signed_in(request), number)
    query = request.GET.get("q", "")[:60]
    context = {
        "customer": customer,
        "query": query,
        "looked": look_up(customer, query, bank_day()),
        "form": ProposalForm(),
    }
    return render(request, "recommendations/_blocked.html", context)


def _changed(said: Answer) -> HttpResponse:
    """Nothing to swap in: the panel and its neighbours load what has changed."""
    events = ["suggestions-changed", "interactions-changed"]
    if said.state == SuggestionState.INTERESTED:
        events.append("reminders-changed")
    return HttpResponse(status=204, headers={"HX-Trigger": ", ".join(events)})


def _panel(
    request: HttpRequest, user: User, customer: Customer, *, refused: str = "", detail: DetailForm | None = None
) -> HttpResponse:
    day, said = bank_day(), said_before(customer)
    context: dict[str, Any] = {
        "customer": customer,
        "shown": shown(customer, day, said=said, with_blocked=True),
        "said": answers.just_given(said, user),
        "why": words.Why.choices,
        "later": [(days, day + timedelta(days=days)) for days in LATER_CHOICES],
        "refused": refused,
        "detail": detail,
    }
    status = UNPROCESSABLE if refused or detail is not None else 200
    return render(request, "recommendations/_panel.html", context, status=status)


def _all_errors(form: AnswerForm) -> str:
    return " ".join(str(error) for errors in form.errors.values() for error in errors)
