"""The pages of scores: one's own with a way to object, and a supervisor's of the team."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.audit.log import look
from crm.audit.models import Action
from crm.dashboards.models import Objection, ScorePart
from crm.dashboards.scorecard.card import enough, read_card
from crm.dashboards.scorecard.forms import AnswerForm, ObjectionForm
from crm.dashboards.scorecard.objecting import (
    DAYS,
    AlreadyAnsweredError,
    AlreadyObjectedError,
    answer,
    object_to,
    of_manager,
    waiting,
)
from crm.dashboards.scorecard.team import read_team
from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role, User
from crm.staff.scope import scope


@requires_role(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """One's own card; posting objects to a figure of it."""
    user, today = signed_in(request), bank_day()
    card = read_card(user.pk, today)
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and card is not None and form.is_valid():
        part = ScorePart(form.cleaned_data["scored"])
        figure = next(line.figure for line in card.lines if line.part == part)
        try:
            object_to(part, figure, card.day, form.cleaned_data["text"], by=user, today=today)
            return redirect("scorecard:mine")
        except AlreadyObjectedError:
            form.add_error("scored", _("You have objected to this already; the answer is still to come."))
    context = {
        "card": card, "form": form, "objections": of_manager(user.pk), "few": enough(), "days": DAYS, "today": today
    }  # fmt: skip
    return render(request, "dashboards/score/mine.html", context, status=UNPROCESSABLE if form.errors else 200)


@requires_role(Role.SUPERVISOR)
@require_GET
def team(request: HttpRequest) -> HttpResponse:
    """The cards of one's team by name, and the objections that wait."""
    user, today = signed_in(request), bank_day()
    branches = scope(user).branch_ids
    look(Action.LIST, by=user, object_type="score")
    context = {
        "members": read_team(branches, today), "waiting": waiting(branches, user.pk), "few": enough(), "today": today
    }  # fmt: skip
    return render(request, "dashboards/score/team.html", context)


@requires_role(Role.SUPERVISOR)
@require_GET
def of(request: HttpRequest, number: str) -> HttpResponse:
    """The card of one manager of one's team."""
    return _one(request, _manager(signed_in(request), number), None, None)


@requires_role(Role.SUPERVISOR)
@require_http_methods(["POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer an objection of one's team, never one's own."""
    user = signed_in(request)
    asked = Objection.objects.filter(manager__branch_id__in=scope(user).branch_ids).exclude(manager=user)
    objection = get_object_or_404(asked.select_related("manager"), pk=pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        accepted = form.cleaned_data["decision"] == "accept"
        try:
            answer(objection.pk, accepted=accepted, text=form.cleaned_data["text"], by=user)
            return redirect("scorecard:of", objection.manager.employee_number)
        except AlreadyAnsweredError:
            form.add_error(None, _("Somebody has answered it meanwhile."))
    return _one(request, objection.manager, objection.pk, form)


def _manager(supervisor: User, number: str) -> User:
    """The manager `number` of the branches one supervises; raises Http404 for anybody else."""
    found = User.objects.filter(
        employee_number=number, branch_id__in=scope(supervisor).branch_ids, groups__name=Role.MANAGER
    ).first()
    if found is None:
        raise Http404
    return found


def _one(request: HttpRequest, manager: User, asked: int | None, form: AnswerForm | None) -> HttpResponse:
    user = signed_in(request)
    look(Action.VIEW, by=user, object_type="score", object_ids=[manager.pk], label=str(manager))
    objections = [
        (one, form if form is not None and one.pk == asked else AnswerForm(auto_id=f"id_{one.pk}_%s"))
        for one in of_manager(manager.pk)
    ]
    context = {
        "card": read_card(manager.pk, bank_day()), "manager": manager, "objections": objections, "few": enough(),
        "may_answer": manager.pk != user.pk, "today": bank_day(),
    }  # fmt: skip
    return render(request, "dashboards/score/of.html", context, status=UNPROCESSABLE if form else 200)
