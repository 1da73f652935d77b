"""The timeline of a customer: a page of it, pins, and what is settled in it with one tap."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE, tells
from crm.staff.access import signed_in
from customers.access import customer_read, customer_write
from interactions import log
from interactions.models import Interaction
from interactions.timeline import pins
from interactions.timeline.density import months
from interactions.timeline.forms import TimelineForm
from interactions.timeline.reading import entry
from interactions.timeline.showing import show, shown
from interactions.timeline.sight import sight
from interactions.timeline.sources import CHANNELS, SOURCES, TALKS, kinds_of, shown_to


@require_GET
def timeline(request: HttpRequest, number: str) -> HttpResponse:
    """Everything between the bank and the customer: filtered, from a day on, and the rows before or after a page."""
    user = signed_in(request)
    customer = customer_read(user, number)
    form = TimelineForm(request.GET, auto_id="tl-%s")
    valid, today, sees = form.is_valid(), bank_day(), sight(user, customer)
    if {"kind", "channel"} & set(form.errors):
        raise Http404
    asked = form.asked()
    rows_alone = valid and (form.cleaned_data["more"] or asked.since is not None)
    context = {
        "customer": customer,
        "form": form,
        "kinds": kinds_of(shown_to(sees)),
        "channels": CHANNELS,
        "asked": asked,
        "sight": sees,
        "today": today,
        "showing": show(customer, asked, sees, today, with_pins=not rows_alone),
        "may_pin": not (sees.serves_only or customer.restricted),
    }
    if rows_alone:
        return render(request, f"interactions/_timeline.html#{'later' if asked.since else 'rows'}", context)
    context["months"] = months(customer, asked, sees, today)
    return render(request, "interactions/_timeline.html", context, status=200 if valid else UNPROCESSABLE)


@require_POST
def pin(request: HttpRequest, number: str, source: str, pk: int) -> HttpResponse:
    return _pinned(request, number, source, pk, on=True)


@require_POST
def unpin(request: HttpRequest, number: str, source: str, pk: int) -> HttpResponse:
    return _pinned(request, number, source, pk, on=False)


def _pinned(request: HttpRequest, number: str, source: str, pk: int, *, on: bool) -> HttpResponse:
    """Who looks after the customer pins; who serves them for a moment does not."""
    user = signed_in(request)
    customer = customer_write(user, number)
    sees = sight(user, customer)
    if sees.serves_only:
        raise Http404
    try:
        if on:
            pins.pin(customer, source, pk, sees, by=user)
        else:
            pins.unpin(customer, source, pk, by=user)
    except pins.UnknownEntryError:
        raise Http404 from None
    return tells(HttpResponse(status=204), "timeline-changed")


@require_POST
def promise_kept(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    return _settled(request, number, pk, log.keep_promise)


@require_POST
def question_answered(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    return _settled(request, number, pk, log.answer_question)


def _settled(request: HttpRequest, number: str, pk: int, settle: Callable[..., None]) -> HttpResponse:
    """Settle what the interaction `pk` left open; answers with its line."""
    user = signed_in(request)
    customer = customer_write(user, number)
    interaction = get_object_or_404(Interaction.objects.select_related("by"), pk=pk, customer=customer)
    settle(interaction, by=user)
    today = bank_day()
    one = shown([entry(SOURCES[TALKS], (interaction,))], pins.pins_of(customer), {}, today)[0]
    context = {"customer": customer, "one": one, "line": one.line, "today": today, "may_pin": True}
    response = render(request, "interactions/_timeline.html#line", context)
    trigger_client_event(response, "interactions-changed")
    return trigger_client_event(response, "reminders-changed")
