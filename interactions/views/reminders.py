"""Reminders of one customer: done, put off, not needed, and the next contact. They say what changed by events."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import signed_in
from customers.access import customer_write
from customers.models import Customer
from interactions import cadence, reminders
from interactions.care.greetings import greeting
from interactions.ending import work_off
from interactions.hot import taken_up
from interactions.models import Reminder
from interactions.reasons import why
from interactions.reminder_forms import DayForm, DoneForm, NextForm

HOT = 0  # stands for the hot intent of a customer, which is no reminder until somebody acts on it


@require_http_methods(["GET", "POST"])
def done(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """GET: the form under the row. POST: the contact is logged, what was chosen is done, the next step is set."""
    user, customer = signed_in(request), customer_write(signed_in(request), number)
    today = bank_day()
    offered = _open(customer, pk)
    form = DoneForm(request.POST if request.method == "POST" else None, today=today, offered=offered)
    if not form.is_bound or not form.is_valid():
        shown = [(one, why(one.kind, one.values, one.text), _chosen(form, one, pk)) for one in offered]
        words = [said for one, _why, chosen in shown if chosen and (said := greeting(one.kind, one.values))]
        return _form(
            request, "interactions/_reminder_done.html", customer, pk, form, offered=shown, greetings=words[:2]
        )
    chosen = [one for one in offered if str(one.pk) in form.cleaned_data["chosen"]]
    if pk == HOT and (hot := taken_up(customer, user, today)) is not None:
        chosen.append(hot)
    work_off(customer, chosen, form.told(), by=user)
    return _changed(customer, "interactions-changed")


@require_http_methods(["GET", "POST"])
def snooze(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """GET: the days to choose from. POST: the reminder and what else was due before that day wait until then."""
    user, customer = signed_in(request), customer_write(signed_in(request), number)
    today = bank_day()
    offered = _open(customer, pk)
    form = DayForm(request.POST if request.method == "POST" else None, today=today)
    if not form.is_bound or not form.is_valid():
        return _form(request, "interactions/_reminder_snooze.html", customer, pk, form)
    until = form.cleaned_data["next_on"]
    waiting = [one for one in offered if one.pk == pk or reminders.day_of(one) < until]
    if pk == HOT and (hot := taken_up(customer, user, today)) is not None:
        waiting.append(hot)
    for one in waiting:
        reminders.snooze(one, until, by=user, reason=form.cleaned_data["reason"])
    return _changed(customer)


@require_POST
def dismiss(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """It was not needed: it does not come back."""
    user, customer = signed_in(request), customer_write(signed_in(request), number)
    offered = _open(customer, pk)
    reminder = next((one for one in offered if one.pk == pk), None)
    if pk == HOT:
        reminder = taken_up(customer, user, bank_day())
    if reminder is not None:
        reminders.dismiss(reminder, by=user, reason=request.POST.get("reason", "")[:200])
    return _changed(customer)


@require_http_methods(["GET", "POST"])
def next_contact(request: HttpRequest, number: str) -> HttpResponse:
    """The next contact with a customer: a day by one tap, with the cadence of the segment beside it."""
    user, customer = signed_in(request), customer_write(signed_in(request), number)
    form = NextForm(request.POST if request.method == "POST" else None, today=bank_day())
    if form.is_bound and form.is_valid():
        reminders.set_next(customer, form.cleaned_data["next_on"], by=user, text=form.cleaned_data["reason"])
        form = NextForm(today=bank_day())
        response = _next(request, customer, form)
        return trigger_client_event(response, "reminders-changed")
    return _next(request, customer, form)


def _next(request: HttpRequest, customer: Customer, form: NextForm) -> HttpResponse:
    context = {
        "customer": customer,
        "form": form,
        "planned": reminders.next_of(customer),
        "cadence": cadence.interval_of(customer),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "interactions/_next.html", context, status=status)


def _open(customer: Customer, pk: int) -> list[Reminder]:
    """The customer's open reminders by day; raises Http404 where `pk` names one of no reminder of theirs at all.

    One that somebody ended meanwhile is not among them: acting on it again changes nothing.
    """
    found = list(reminders.of_customer(customer))
    if pk != HOT and all(one.pk != pk for one in found) and not Reminder.objects.filter(customer=customer, pk=pk):
        raise Http404
    return found


def _chosen(form: DoneForm, reminder: Reminder, pk: int) -> bool:
    if isinstance(form.data, QueryDict) and form.is_bound:
        return str(reminder.pk) in form.data.getlist("chosen")
    return reminder.pk == pk or reminders.day_of(reminder) <= form.today


def _form(request: HttpRequest, template: str, customer: Customer, pk: int, form: DayForm, **more: Any) -> HttpResponse:
    status = UNPROCESSABLE if form.errors else 200
    return render(request, template, {"customer": customer, "pk": pk, "form": form, **more}, status=status)


def _changed(customer: Customer, *others: str) -> HttpResponse:
    """Nothing to swap in: whoever shows the customer's row fetches it anew."""
    response = HttpResponse(status=204)
    for event in ("reminders-changed", *others):
        trigger_client_event(response, event)
    return trigger_client_event(response, "row-saved", {"number": customer.number})
