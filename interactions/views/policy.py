"""The panel of the contact policy: what not to talk about, pauses, channels, and the contact budget."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import signed_in
from customers.access import customer_read, customer_write
from customers.models import Channel
from interactions import policy_rules, policy_words, refusals
from interactions.contact_policy import Code, usable_hours
from interactions.policy_forms import PauseForm, RefuseForm
from interactions.standing import standing_of
from interactions.views.telling import tells


@require_GET
def policy_panel(request: HttpRequest, number: str) -> HttpResponse:
    customer = customer_read(signed_in(request), number)
    standing = standing_of(customer, bank_day())
    context = {
        "customer": customer,
        "standing": standing,
        "budget": policy_words.budget_words(standing.budget),
        "dots": range(standing.budget.cap or 0) if (standing.budget.cap or 0) <= 10 else (),
        "said": [policy_words.sentence(reason) for reason in standing.reasons if reason.code in _AT_THE_TOP],
        "resting": [
            {**reason.facts, "label": policy_words.topic_label(reason.facts["topic"])}
            for reason in standing.reasons
            if reason.code is Code.TOPIC_RESTS
        ],
        "refused": [str(Channel(name).label) for name in Channel.values if name in standing.refused_channels],
        "channel_budgets": [policy_words.channel_budget_words(*one) for one in standing.channel_budgets.items()],
        "quiet": policy_words.quiet_words(standing.quiet),
        "best_hours": policy_words.hours_words(usable_hours(standing.active, standing.quiet)),
        "preferred": str(Channel(standing.preferred).label) if standing.preferred else "",
        "unasked": [str(Channel(name).label) for name in Channel.values if name in standing.unasked_channels],
    }
    return render(request, "interactions/_policy.html", context)


_AT_THE_TOP = (Code.COMPLAINT_OPEN, Code.COMPLAINT_UNACKNOWLEDGED, Code.PAUSED)


def _done() -> HttpResponse:
    """Nothing to swap: the panel listens to what changed, like the others."""
    return tells(HttpResponse(status=204))


@require_http_methods(["GET", "POST"])
def pause(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    customer = customer_write(user, number)
    form = PauseForm(request.POST if request.method == "POST" else None, auto_id="pause-%s")
    if form.is_bound and form.is_valid():
        refusals.pause(customer, form.cleaned_data["reason"], form.cleaned_data["until"], by=user)
        return _done()
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "interactions/_pause.html", {"customer": customer, "form": form}, status=status)


@require_POST
def pause_end(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    refusals.end_pause(customer_write(user, number), by=user)
    return _done()


@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    """The customer does not want to hear of a topic."""
    user = signed_in(request)
    customer = customer_write(user, number)
    form = RefuseForm(request.POST if request.method == "POST" else None, auto_id="refuse-%s")
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        refusals.refuse(customer, data["topic"], reason=data["reason"], open_ended=data["open_ended"], by=user)
        return _done()
    status = UNPROCESSABLE if form.errors else 200
    context = {"customer": customer, "form": form, "days": policy_rules.in_force().rest_days}
    return render(request, "interactions/_refuse.html", context, status=status)


@require_POST
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """The customer wishes to hear of a topic again."""
    user = signed_in(request)
    refusals.reopen(customer_write(user, number), request.POST.get("topic", "")[:24], by=user)
    return _done()
