"""Coaching: a supervisor picks how a customer was served, and says a word; the manager reads and answers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import requires_role, signed_in
from crm.staff.cover import team_of
from crm.staff.models import Role, User
from crm.workspace.teams import coaching, news
from crm.workspace.teams.forms import CoachingForm, ReplyForm
from customers.access import customer_read, visible_to
from customers.models import CoachingKind


@requires_role(Role.SUPERVISOR)
@require_GET
def manager(request: HttpRequest, pk: int) -> HttpResponse:
    """The last contacts of one manager, each with a way to say a word about it."""
    supervisor = signed_in(request)
    member = get_object_or_404(team_of(supervisor), pk=pk)
    talks = coaching.talks_of(member, supervisor)
    look(
        Action.LIST, by=supervisor, object_type="customer", object_ids=sorted({talk.customer_id for talk in talks}),
        detail={"page": "coaching", "manager": member.pk},
    )  # fmt: skip
    return render(request, "teams/manager.html", {"manager": member, "talks": talks})


@requires_role(Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def say(request: HttpRequest, number: str) -> HttpResponse:
    """`?talk=` one conversation of the customer, or the customer as a whole."""
    supervisor = signed_in(request)
    customer = customer_read(supervisor, number)
    asked = request.GET.get("talk", "")
    talk = get_object_or_404(customer.interactions, pk=asked) if asked.isdecimal() and len(asked) < 19 else None
    to = coaching.addressee(customer, talk, supervisor)
    if to is None:
        raise Http404
    kind = request.GET.get("kind", "")
    initial = {"kind": kind if kind in CoachingKind.values else CoachingKind.ADVICE}
    form = CoachingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        coaching.say(customer, talk=talk, to=to, kind=said["kind"], text=said["text"], by=supervisor)
        return redirect("teams:coaching")
    look(Action.VIEW, by=supervisor, object_type="customer", object_ids=[customer.pk], label=number)
    context = {"form": form, "customer": customer, "talk": talk, "to": to}
    return render(request, "teams/say.html", context, status=UNPROCESSABLE if form.errors else 200)


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """What was said to a manager, and what a supervisor said, with the answers."""
    user = signed_in(request)
    return render(request, "teams/coaching.html", {**_said(user), "form": ReplyForm()})


def _said(user: User) -> dict[str, Any]:
    """What was said, and whose page can be opened: who changed hands meanwhile has a name only."""
    said = coaching.latest(user)
    ids = [one.customer_id for one in said]
    look(Action.LIST, by=user, object_type="customer", object_ids=sorted(set(ids)), detail={"page": "coaching"})
    return {"said": said, "seen": set(visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))}


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    found = get_object_or_404(coaching.of_both(user).select_related("customer", "manager", "by"), pk=pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        context = {**_said(user), "form": form, "answered": found.pk}
        return render(request, "teams/coaching.html", context, status=UNPROCESSABLE)
    coaching.reply(found, text=form.cleaned_data["text"], by=user)
    return redirect("teams:coaching")


@requires_role(Role.MANAGER)
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """The manager has read it; the card on Today answers with what is left."""
    user = signed_in(request)
    coaching.read(get_object_or_404(coaching.of_both(user).filter(manager=user), pk=pk), by=user)
    return today(request) if getattr(request, "htmx", False) else redirect("teams:coaching")


@requires_role(Role.MANAGER)
def today(request: HttpRequest) -> HttpResponse:
    """The cards on Today: customers who are new to the manager, and unread words of who leads them."""
    user = signed_in(request)
    context = {"new": news.new_to(user, bank_day()), "words": news.unread(user)}
    return render(request, "teams/_today.html", context)
