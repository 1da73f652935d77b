"""A supervisor's pages of the team: who carries what, splitting a book, and customers who changed hands."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import requires_role, signed_in
from crm.staff.cover import team_of
from crm.staff.models import Branch, Role, User
from crm.workspace.teams import books, briefs, load, moving
from crm.workspace.teams.forms import LOAD, SplitForm
from crm.workspace.teams.preview import preview, token
from crm.workspace.teams.splitting import Split, split
from customers.access import visible_to
from customers.models import Transfer

MOST_TEAM = 60
SHOWN = 30


@requires_role(Role.SUPERVISOR)
@require_GET
def workload(request: HttpRequest) -> HttpResponse:
    supervisor, day = signed_in(request), bank_day()
    branches = load.branches_of(supervisor)
    branch = next((one for one in branches if one.code == request.GET.get("branch")), None)
    page = load.page_of(supervisor, day, branch=branch, after=request.GET.get("after", "")[:20].replace("\0", ""))
    legend, bars = load.bars(page.rows, _("no segment yet"))
    context = {
        "branches": branches,
        "branch": branch,
        "page": page,
        "legend": legend,
        "rows": [(row, bars[row.manager.pk]) for row in page.rows],
        "day": day,
    }
    return render(request, "teams/load.html", context)


@requires_role(Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def split_book(request: HttpRequest) -> HttpResponse:
    """The form; sent once it shows what would happen, sent with that preview's token it is done."""
    supervisor, day = signed_in(request), bank_day()
    branches = load.branches_of(supervisor)
    asked = (request.POST or request.GET).get("branch")
    branch = next((one for one in branches if one.code == asked), branches[0] if branches and not asked else None)
    if branch is None:
        raise Http404
    team = list(team_of(supervisor).filter(branch=branch).order_by("employee_number")[:MOST_TEAM])
    carried = {row.manager.pk: row for row in load.booked(team, day)}
    sources = books.sources_of(supervisor, branch, _("Branch pool"))
    form = SplitForm(request.POST or None, sources=sources, team=team, initial=_draft(request))
    context: dict[str, Any] = {"form": form, "branches": branches, "branch": branch}
    if form.is_bound and form.is_valid():
        made = _decide(request, form, branch, carried, context)
        if made is not None:
            return redirect("teams:transfer", pk=made.pk)
    context["rows"] = [(carried[pk], tick, share) for pk, tick, share in form.rows()]
    return render(request, "teams/split.html", context, status=UNPROCESSABLE if form.errors else 200)


def _draft(request: HttpRequest) -> dict[str, str]:
    note = _(
        "Please greet them within two weeks, those with an open promise first. What to know of each is in the list."
    )
    return {"source": request.GET.get("from", ""), "how": LOAD, "note": note}


def _decide(
    request: HttpRequest, form: SplitForm, branch: Branch, carried: dict[int, load.Carried], context: dict[str, Any]
) -> Transfer | None:
    """Decide who gets whom; move them where `request` confirms that very plan, else put the preview into `context`."""
    supervisor, said, source = signed_in(request), form.cleaned_data, form.chosen_source()
    given = form.given()
    managers = [one.manager for one in given]
    people = books.people_of(
        books.customers_of(source, supervisor, branch), managers, together=said["together"],
        segments=[segment.pk for segment in said["segments"]],
    )  # fmt: skip
    plan = split(people, books.takers_of(given, carried), by_load=said["how"] == LOAD)
    sure = request.POST.get("sure", "")
    if sure == token(plan) and plan.to:
        was = {person.customer_id: person.owner_id for person in people}
        try:
            return _move(plan, was, managers, branch=branch, source=source.label, note=said["note"], by=supervisor)
        except moving.ChangedMeanwhileError:
            pass  # somebody moved some of them at this very moment: the preview is made anew on the next request
    context["changed"] = bool(sure)
    context["preview"] = preview(people, plan, carried, managers, _("no segment yet"))
    context["capped"] = len(people) == books.MOST
    shown = [one.pk for stays in context["preview"].stays for one in stays.named]
    look(Action.LIST, by=supervisor, object_type="customer", object_ids=shown, detail={"page": "split"})
    return None


def _move(
    plan: Split, was: dict[int, int | None], managers: list[User], *, branch: Branch, source: str, note: str, by: User
) -> Transfer:
    known = {manager.pk: manager for manager in managers}
    to = {pk: known[user] for pk, user in plan.to.items()}
    return moving.move(to, was, branch=branch, source=source, note=note, by=by)


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_GET
def transfers(request: HttpRequest) -> HttpResponse:
    """Who changed hands of late, for who leads and for who got customers."""
    found = moving.transfers_of(signed_in(request)).select_related("branch").order_by("-at", "-pk")[:SHOWN]
    return render(request, "teams/transfers.html", {"transfers": found})


@requires_role(Role.MANAGER, Role.SUPERVISOR)
@require_GET
def transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """The hand-over list: what to know of each customer, for who leads the branch and for who got them."""
    user, day = signed_in(request), bank_day()
    found = get_object_or_404(moving.transfers_of(user), pk=pk)
    after = request.GET.get("after", "")
    rows, following = briefs.page_of(moving.rows_for(found, user), int(after) if after.isdecimal() else 0)
    seen = set(visible_to(user).filter(pk__in=[row.customer_id for row in rows]).values_list("pk", flat=True))
    shown = [row for row in rows if row.customer_id in seen]
    look(
        Action.LIST, by=user, object_type="customer", object_ids=[row.customer_id for row in shown],
        detail={"page": "hand-over"},
    )  # fmt: skip
    context = {
        "transfer": found,
        "told": briefs.told(shown, day),
        "gone": len(rows) - len(shown),
        "following": following,
        "may_undo": moving.may_undo(found, user),
        "counts": moving.counts_of(found, user),
        "day": day,
    }
    return render(request, "teams/transfer.html", context)


@requires_role(Role.SUPERVISOR)
@require_POST
def transfer_undo(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    found = get_object_or_404(moving.transfers_of(user), pk=pk)
    if not moving.may_undo(found, user):
        raise Http404
    moving.undo(found, by=user)
    return redirect("teams:transfer", pk=pk)
