"""The quick log: the bar to tell a contact in, its autosave, and the notes that are parked."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE, redirect_whole_page
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role, User
from customers.access import customer_write
from customers.models import Channel, Customer
from interactions import drafts, policy_words
from interactions.forms import LogForm
from interactions.log import Said, log_contact
from interactions.models import Direction, Interaction, Kind
from interactions.standing import reasons_against

CONFLICT = 409
TOLD_ASIDE = ("direction", "kind", "outcome", "topics", "mood", "satisfaction", "promise", "promise_due", "question")


@require_http_methods(["GET", "POST"])
def log(request: HttpRequest, number: str) -> HttpResponse:
    """GET: the bar with the note one was writing. POST: the contact, kept; answers with an empty bar."""
    user = signed_in(request)
    customer = customer_write(user, number)
    if request.method == "GET":
        return _bar(request, user, customer)
    form = _form(request, customer, request.POST)
    if not form.is_valid():
        return _bar(request, user, customer, form=form, status=UNPROCESSABLE)
    said = form.said()
    outside = _outside_policy(customer, said)  # asked before: what is kept counts
    kept = log_contact(customer, by=user, said=said)
    response = _bar(request, user, customer, kept=kept, next_on=said.next_on, outside=outside)
    for event in ("interactions-changed", "reminders-changed"):
        trigger_client_event(response, event)
    return trigger_client_event(response, "note-saved", {"number": customer.number})


@require_POST
def log_check(request: HttpRequest, number: str) -> HttpResponse:
    """What stands against the offer being told of in the bar, in words; empty for service, and where nothing does."""
    customer = customer_write(signed_in(request), number)
    form = _form(request, customer, request.POST)
    form.is_valid()  # the other fields may still be empty
    told = form.cleaned_data
    said = Said(
        channel=told.get("channel") or "", kind=told.get("kind") or "", direction=told.get("direction") or "",
        topics=tuple(told.get("topics") or ()),
    )  # fmt: skip
    return render(request, "interactions/_log_check.html", {"outside": _outside_policy(customer, said)})


def _outside_policy(customer: Customer, said: Said) -> list[str]:
    """Why the contact policy would not have made this contact: said, never a bar, since it happened."""
    if said.kind != Kind.MARKETING or said.direction == Direction.IN or not said.channel:
        return []
    at = said.at or timezone.now()
    against = [
        reason
        for topic in said.topics or ("",)
        for reason in reasons_against(customer, channel=said.channel, moment=at, topic=topic)
    ]
    return list(dict.fromkeys(policy_words.sentence(reason) for reason in against))


@require_POST
def draft(request: HttpRequest, number: str) -> HttpResponse:
    """Keep the note as typed; ?park puts it aside and ?reopen fetches it back, both answer with the bar."""
    user = signed_in(request)
    customer = customer_write(user, number)
    if "reopen" in request.GET:
        drafts.reopen(user, customer)
        here = request.GET["reopen"] == "here"
        page = reverse("customer", args=[customer.number])
        return _bar(request, user, customer) if here else redirect_whole_page(page)
    parking = "park" in request.GET
    try:
        drafts.keep(user, customer, drafts.as_typed(request.POST), parked=parking)
    except drafts.ParkedAlreadyError:
        return HttpResponse(_("A parked note waits here. Open it first."), status=CONFLICT, content_type="text/plain")
    if not parking:
        return HttpResponse(status=204)
    return trigger_client_event(_bar(request, user, customer), "note-saved", {"number": customer.number})


@requires_role(Role.MANAGER, Role.AGENT, Role.SUPERVISOR)
@require_GET
def parked(request: HttpRequest) -> HttpResponse:
    """The notes one has parked; each opens again with one tap."""
    return render(request, "interactions/_parked.html", {"parked": drafts.parked_of(signed_in(request))})


def _in_row(request: HttpRequest) -> bool:
    return request.GET.get("in") == "row"


def _form(request: HttpRequest, customer: Customer, data: Any = None, initial: dict[str, Any] | None = None) -> LogForm:
    usual = Channel.PHONE if _in_row(request) else Channel.VISIT  # a row is called, a page is opened for who is there
    return LogForm(
        data, today=bank_day(), initial={"channel": usual.value} | (initial or {}), auto_id=f"log-{customer.number}-%s"
    )


def _bar(
    request: HttpRequest, user: User, customer: Customer, *, form: LogForm | None = None,
    kept: Interaction | None = None, status: int = 200, **more: Any,
) -> HttpResponse:  # fmt: skip
    note = drafts.of_customer(user, customer) if form is None else None
    waiting = note if note is not None and note.parked else None
    if form is None:
        form = _form(request, customer, initial=note.data if note is not None and not note.parked else None)
    context = {
        "customer": customer,
        "form": form,
        "waiting": drafts.beginning(waiting) if waiting else None,
        "in_row": _in_row(request),
        "unfolded": any(form.errors.get(name) for name in TOLD_ASIDE) or _told_aside(note),
        "parked_count": drafts.count_parked(user),
        "noted_at": note.updated_at if note else None,
        "kept": kept,
        **more,
    }
    return render(request, "interactions/_log.html", context, status=status)


def _told_aside(note: Any) -> bool:
    """Whether a note says more than the bar shows folded."""
    return note is not None and any(note.data.get(name) for name in ("promise", "question", "topics", "mood"))
