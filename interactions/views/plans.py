"""The panel of a customer's open reminders: planning one, taking one of the team, and series that come back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import signed_in
from crm.staff.scope import scope
from customers.access import customer_read, customer_write
from customers.models import Customer
from interactions import recurring, reminders, teams
from interactions.care.greetings import greeting
from interactions.models import Reminder, Series
from interactions.plan_forms import PlanForm
from interactions.reasons import why
from interactions.series_words import rhythm_words

MOST = 12


@require_GET
def panel(request: HttpRequest, number: str) -> HttpResponse:
    user = signed_in(request)
    customer = customer_read(user, number)
    found = reminders.of_customer(customer).select_related("assignee", "made_by", "series", "series__made_by")[
        : MOST + 1
    ]
    shown = [
        {
            "reminder": one,
            "why": why(one.kind, one.values, one.text),
            "greeting": greeting(one.kind, one.values),
            "rhythm": rhythm_words(one.series) if one.series else "",
            "day": reminders.day_of(one),
            "late": reminders.day_of(one) < bank_day(),
            "may_take": one.assignee_id is None and one.team_id in scope(user).pool_branch_ids,
            "given": one.made_by if one.made_by and one.made_by_id != one.assignee_id else None,
        }
        for one in found
    ]
    context = {"customer": customer, "shown": shown[:MOST], "more": len(shown) > MOST}
    return render(request, "interactions/_reminders.html", context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, number: str) -> HttpResponse:
    """Plan a follow-up for oneself, for the team, or, as head of the branch, for a manager."""
    user = signed_in(request)
    customer = customer_write(user, number)
    if "close" in request.GET:
        return HttpResponse("")
    people = teams.choices(customer, user)
    if not people:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = PlanForm(data, people=people, by=user, today=bank_day(), auto_id="plan-%s")
    if form.is_bound and form.is_valid():
        teams.plan(customer, form.plan(), to=form.for_whom(), by=user)
        return trigger_client_event(HttpResponse(""), "reminders-changed")
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "interactions/_plan.html", {"customer": customer, "form": form}, status=status)


@require_POST
def take(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One tap. Who comes second is told who was first."""
    user, customer = signed_in(request), customer_write(signed_in(request), number)
    reminder = get_object_or_404(Reminder, customer=customer, pk=pk, team_id__in=scope(user).pool_branch_ids)
    if not teams.take(reminder, by=user):
        reminder.refresh_from_db()
        return render(request, "interactions/_taken.html", {"reminder": reminder, "by_me": reminder.assignee == user})
    return _changed(customer)


@require_POST
def give_back(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    user, customer = signed_in(request), customer_write(signed_in(request), number)
    teams.give_back(get_object_or_404(Reminder, customer=customer, pk=pk), by=user)
    return _changed(customer)


@require_POST
def stop(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The series ends; what it has made and was not done goes."""
    user, customer = signed_in(request), customer_write(signed_in(request), number)
    recurring.stop(get_object_or_404(Series, customer=customer, pk=pk), by=user)
    return _changed(customer)


def _changed(customer: Customer) -> HttpResponse:
    response = trigger_client_event(HttpResponse(status=204), "reminders-changed")
    return trigger_client_event(response, "row-saved", {"number": customer.number})
