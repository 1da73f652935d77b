"""Customers about to leave: the list of those one looks after, and the panel of one customer."""

from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE, is_htmx
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role
from crm.staff.scope import scope
from customers.access import customer_read, customer_write, reach
from customers.models import Customer
from interactions.keeping import episodes, maturities
from interactions.keeping.forms import WithdrawForm
from interactions.models import ChurnEpisode, EpisodeState
from interactions.reminder_forms import NextForm, taps


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Those of the customers one looks after; a head of branches also reads how many each manager has."""
    user, today = signed_in(request), bank_day()
    state, manager = request.GET.get("state") or EpisodeState.OPEN, request.GET.get("manager", "")[:20]
    if state not in EpisodeState.values:
        raise Http404
    cursor = request.GET.get("after", "")[:400]
    shown, following = episodes.visible(user, state, manager, cursor)
    look(
        Action.LIST, by=user, object_type="churn_episode",
        object_ids=[one.episode.customer_id for one in shown], detail={"state": state, "manager": manager},
    )  # fmt: skip
    context = {"shown": shown, "following": following, "state": state, "manager": manager, "taps": taps(today)}
    if is_htmx(request) and cursor:
        return render(request, "keeping/index.html#rows", context)
    found = episodes.counts(user, today)
    context["states"] = [(value, label, found[value]) for value, label in EpisodeState.choices]
    context["managers"] = episodes.by_manager(user, today) if scope(user).branch_ids else []
    return render(request, "keeping/index.html", context)


@require_GET
def panel(request: HttpRequest, number: str) -> HttpResponse:
    """Nothing for who serves a walk-in: it is for whoever looks after the customer."""
    user = signed_in(request)
    customer = customer_read(user, number)
    serves_only = reach(user, customer).why == "walk_in"
    context = {
        "customer": customer,
        "shown": [] if serves_only else episodes.of_customer(customer),
        "matured": None if serves_only else maturities.of_customer(customer, bank_day()),
        "taps": taps(bank_day()),
        "currency": settings.BASE_CURRENCY,
    }
    return render(request, "keeping/_panel.html", context)


@require_POST
def plan(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """One tap: a day to speak with the customer, who is then taken care of by whoever tapped."""
    user = signed_in(request)
    customer = customer_write(user, number)
    episode = _episode(customer, pk)
    form = NextForm(request.POST, today=bank_day())
    if not form.is_valid():
        return _answer(request, customer, episode, status=UNPROCESSABLE)
    planned = form.cleaned_data["next_on"]
    done = episodes.plan(episode, planned, by=user)
    return _answer(request, customer, episode, planned=planned if done else None)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """GET: the form for why there is no cause for worry. POST: it ends."""
    user = signed_in(request)
    customer = customer_write(user, number)
    episode = _episode(customer, pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        episodes.withdraw(episode, form.cleaned_data["note"], by=user)
        return _answer(request, customer, episode)
    if "close" in request.GET:
        return _answer(request, customer, episode)
    return _answer(request, customer, episode, form=form, status=UNPROCESSABLE if form.errors else 200)


def _episode(customer: Customer, pk: int) -> ChurnEpisode:
    return get_object_or_404(ChurnEpisode.objects.select_related("customer"), pk=pk, customer=customer)


def _answer(
    request: HttpRequest, customer: Customer, episode: ChurnEpisode, *, form: WithdrawForm | None = None,
    planned: date | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The episode's row as it stands now."""
    fresh = ChurnEpisode.objects.select_related("customer", "customer__owner", "handled_by", "ended_by")
    many = request.GET.get("of") == "many"  # the row stands among those of other customers
    context = {
        "item": episodes.read([fresh.get(pk=episode.pk)])[0],
        "customer": customer,
        "with_customer": many,
        "taps": taps(bank_day()),
        "form": form,
        "planned": planned,
    }
    response = render(request, "keeping/_episode.html", context, status=status)
    return response if status != 200 or request.method == "GET" else trigger_client_event(response, "reminders-changed")
