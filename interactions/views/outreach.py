"""Serving society: what was found, planning, inviting, the list at the door, and what became of it."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.audit.log import look, record
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role, User
from customers.access import visible_to
from interactions.models import Invitation, Outreach, OutreachState, Reply
from interactions.outreach import effect, finding, holding, inviting
from interactions.outreach.forms import EventForm, FeedbackForm
from interactions.outreach.reach import branches, event_of, events, runs

MOST_EVENTS = 30
MOST_NAMES = 300


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    shown = list(events(user).select_related("branch").order_by("-starts_at")[:MOST_EVENTS])
    context = {
        "districts": finding.districts(user),
        "savers": finding.savers(user),
        "planned": sorted((one for one in shown if one.state == OutreachState.PLANNED), key=lambda one: one.starts_at),
        "past": [one for one in shown if one.state != OutreachState.PLANNED],
        "long_years": finding.LONG_YEARS,
        "fewest": finding.FEWEST,
    }
    return render(request, "outreach/index.html", context)


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Plan an event, or change one that is planned by who runs it."""
    user = signed_in(request)
    event = _mine(user, pk) if pk is not None else None
    if event is not None and event.state != OutreachState.PLANNED:
        raise Http404
    start = {name: request.GET.get(name, "") for name in ("found", "district", "branch", "occasion")}
    start["branch"] = start["branch"] or str(user.branch_id)
    form = EventForm(request.POST or None, instance=event, user=user, initial=start if event is None else None)
    if request.method == "POST" and form.is_valid():
        return redirect("outreach:event", pk=_saved(form, user).pk)
    context = {"form": form, "event": event, "may_plan": branches(user).exists()}
    return render(request, "outreach/edit.html", context, status=UNPROCESSABLE if form.errors else 200)


@transaction.atomic
def _saved(form: EventForm, user: User) -> Outreach:
    event: Outreach = form.save(commit=False)
    event.starts_at = form.starts_at()
    made = event.pk is None
    if made:
        event.made_by = user
    event.save()
    record(
        Action.CREATE if made else Action.CHANGE, by=user, object_type="outreach", object_ids=[event.pk],
        label=event.title,
    )  # fmt: skip
    return event


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_GET
def event_page(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    event = event_of(user, pk)
    context = {"event": event, "runs": runs(user, event), "today": bank_day()}
    return render(request, "outreach/event.html", context)


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_GET
def candidates(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was found among one's own customers, and who of them is not to be asked and why."""
    user = signed_in(request)
    event = event_of(user, pk)
    return _candidates(request, user, event)


def _candidates(
    request: HttpRequest, user: User, event: Outreach, done: inviting.Invited | None = None
) -> HttpResponse:
    rows = inviting.candidates(user, event, bank_day()) if event.state == OutreachState.PLANNED else []
    look(
        Action.LIST, by=user, object_type="customer", object_ids=[one.found.customer_id for one in rows],
        detail={"page": "outreach"},
    )  # fmt: skip
    context = {
        "event": event,
        "rows": [(row, finding.why(row.found.why)) for row in rows],
        "free": sum(not row.refused for row in rows),
        "capped": len(rows) >= finding.MOST_FOUND,
        "places": max(event.capacity - inviting.places_taken(event), 0),
        "done": done,
    }
    response = render(request, "outreach/_candidates.html", context)
    if done is not None and done.number:
        response.headers["HX-Trigger"] = "guests-changed, reminders-changed"
    return response


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    event = event_of(user, pk)
    chosen = [int(word) for word in request.POST.getlist("customer") if word.isdecimal() and len(word) < 19]
    try:
        done = inviting.invite(event, chosen, by=user, by_hand="by_hand" in request.POST, day=bank_day())
    except inviting.NotPlannedError as error:
        raise Http404 from error
    return _candidates(request, user, event, done)


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_GET
def guests(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was invited. Of customers of colleagues only who runs the event is told the names."""
    user = signed_in(request)
    event = event_of(user, pk)
    shown, others = _names(user, event)
    return render(request, "outreach/_guests.html", {"event": event, "rows": shown, "others": others})


def _names(user: User, event: Outreach) -> tuple[list[dict[str, Any]], int]:
    """The invitations whose names `user` may read, and how many more there are. Names at the door are looks."""
    asked = event.invitations.select_related("customer", "customer__owner", "invited_by", "feedback")
    rows = list(asked.order_by("customer__sort_name", "pk")[:MOST_NAMES])
    own = set(visible_to(user).filter(invitations__event=event).values_list("pk", flat=True))
    seen = rows if runs(user, event) else [one for one in rows if one.customer_id in own]
    look(
        Action.LIST, by=user, object_type="customer", object_ids=[one.customer_id for one in seen],
        detail={"page": "outreach"},
    )  # fmt: skip
    shown = [{"invitation": one, "own": one.customer_id in own, "why": finding.why(one.why)} for one in seen]
    return shown, len(rows) - len(seen)


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_POST
def reply(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    user = signed_in(request)
    event = event_of(user, pk)
    said = request.POST.get("reply", "")
    if said not in Reply.values:
        raise Http404
    inviting.reply(_invitation(user, event, invitation), said, by=user)
    return _told("guests-changed, reminders-changed")


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_GET
def door(request: HttpRequest, pk: int) -> HttpResponse:
    """The list at the door, for a phone: one tap a guest."""
    user = signed_in(request)
    event = event_of(user, pk)
    shown, others = _names(user, event)
    shown = [row for row in shown if row["invitation"].reply != Reply.DECLINED or row["invitation"].attended]
    came = sum(bool(row["invitation"].attended) for row in shown)
    return render(request, "outreach/door.html", {"event": event, "rows": shown, "others": others, "came": came})


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_POST
def attend(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """`came` is how it is, not a switch: the same tap sent twice over a slow net changes nothing the second time."""
    user = signed_in(request)
    event = event_of(user, pk)
    holding.attended(_invitation(user, event, invitation), request.POST.get("came") == "1", by=user)
    return HttpResponse(status=204)


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_POST
def nameless(request: HttpRequest, pk: int) -> HttpResponse:
    """So many came without an invitation."""
    user = signed_in(request)
    event = event_of(user, pk)
    number = request.POST.get("guests", "")
    if not number.isdecimal() or int(number) > 1000:
        raise Http404
    holding.guests(event, int(number), by=user)
    return HttpResponse(status=204)


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_POST
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """It was held, or is cancelled, as who runs it says."""
    user = signed_in(request)
    event = _mine(user, pk)
    said = request.POST.get("state", "")
    if said not in OutreachState.values:
        raise Http404
    holding.end(event, said, by=user)
    return redirect("outreach:event", pk=pk)


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """What guests said: each of those with a name, and how many of the others gave which rating."""
    user = signed_in(request)
    event = event_of(user, pk)
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        invitation = request.POST.get("invitation", "")
        whose = _invitation(user, event, int(invitation)) if invitation.isdecimal() else None
        number = 1 if whose else data["number"] or 0
        holding.feedback(event, whose, data["rating"], data["words"], number=number, by=user)
        return _told("feedback-changed")
    shown, _others = _names(user, event)
    came = [row for row in shown if row["invitation"].attended]
    counted = dict(event.feedback.filter(invitation=None).values_list("rating", "number"))
    context = {
        "event": event, "rows": came, "ratings": range(1, 6), "form": form,
        "nameless": [(rating, counted.get(rating, 0)) for rating in range(5, 0, -1)],
    }  # fmt: skip
    return render(request, "outreach/_feedback.html", context, status=UNPROCESSABLE if form.errors else 200)


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_GET
def effect_panel(request: HttpRequest, pk: int) -> HttpResponse:
    event = event_of(signed_in(request), pk)
    found = effect.effect_of(event, bank_day())
    said = event.feedback.exclude(words="").order_by("-at").values_list("rating", "words")[:6]
    context = {"event": event, "effect": found, "said": list(said), "span": effect.SPAN, "small": effect.SMALL}
    return render(request, "outreach/_effect.html", context)


def _mine(user: User, pk: int) -> Outreach:
    """The event if `user` runs it; what others run is not theirs to change."""
    event = event_of(user, pk)
    if not runs(user, event):
        raise Http404
    return event


def _invitation(user: User, event: Outreach, pk: int) -> Invitation:
    """The invitation if `user` may read its name: of their own customers, or who runs the event."""
    invitation: Invitation = get_object_or_404(event.invitations, pk=pk)
    if not runs(user, event) and not visible_to(user).filter(pk=invitation.customer_id).exists():
        raise Http404
    return invitation


def _told(events_: str) -> HttpResponse:
    return HttpResponse(status=204, headers={"HX-Trigger": events_})
