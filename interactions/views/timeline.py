"""The timeline of a customer, and what is settled in it with one tap."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from crm.lib.dates import bank_day
from crm.staff.access import signed_in
from customers.access import customer_read, customer_write
from interactions import log
from interactions.models import Interaction
from interactions.timeline import GROUPS, Entry, read
from interactions.timeline_words import line


@require_GET
def timeline(request: HttpRequest, number: str) -> HttpResponse:
    """Everything between the bank and the customer; ?channel= narrows it, ?after= goes on."""
    customer = customer_read(signed_in(request), number)
    channel, cursor = request.GET.get("channel", ""), request.GET.get("after", "")[:400]
    if channel and channel not in GROUPS:
        raise Http404
    page = read(customer, channel, cursor)
    today = bank_day()
    context = {
        "customer": customer,
        "groups": GROUPS,
        "channel": channel,
        "page": page,
        "lines": [line(entry, today) for entry in page.entries],
        "today": today,
    }
    return render(request, f"interactions/_timeline.html{'#rows' if cursor else ''}", context)


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
    context = {"customer": customer, "line": line(Entry(interaction), today), "today": today}
    response = render(request, "interactions/_timeline.html#line", context)
    trigger_client_event(response, "interactions-changed")
    return trigger_client_event(response, "reminders-changed")
