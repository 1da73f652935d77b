"""Complaints as cases: the worklist, the page of one, and what is done on it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods
from django_stubs_ext import StrOrPromise

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE, is_htmx, redirect_whole_page
from crm.staff.access import requires_role, signed_in
from crm.staff.models import Role, User
from crm.staff.scope import scope
from customers.access import visible_to
from interactions import complaints
from interactions.complaint_forms import (
    AssignForm,
    CaseFilter,
    ClassifyForm,
    CloseForm,
    ExtendForm,
    NoteForm,
    ReopenForm,
)
from interactions.complaints.handling import following_days
from interactions.complaints.reach import case_read, case_write, worklist
from interactions.complaints.words import Row, step_words
from interactions.models import MEANINGS, Complaint, Severity
from interactions.policy_forms import colleagues


@requires_role(Role.MANAGER, Role.SUPERVISOR, Role.AGENT)
@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = CaseFilter(request.GET or None, branch_ids=scope(user).branch_ids)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    cursor = request.GET.get("after", "")[:400]
    shown = worklist(user, asked, cursor)
    look(Action.LIST, by=user, object_type="complaint", detail={"numbers": [row["number"] for row in shown.rows]})
    query = request.GET.copy()
    query.pop("after", None)
    today = bank_day()
    context = {
        "form": form, "rows": [Row.of(row, today) for row in shown.rows], "following": shown.next_cursor,
        "query": query.urlencode(), "narrowed": any(value for name, value in asked.items() if name != "state"),
    }  # fmt: skip
    template = "interactions/complaints.html#rows" if is_htmx(request) and cursor else "interactions/complaints.html"
    return render(request, template, context, status=UNPROCESSABLE if form.errors else 200)


@requires_role(Role.MANAGER, Role.SUPERVISOR, Role.AGENT)
@require_GET
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """One case with its steps. Who it is about reads what was said, and none of the notes."""
    user = signed_in(request)
    complaint = case_read(user, number)
    about_oneself = complaint.about_id == user.pk
    steps = complaint.steps.select_related("by", "person").order_by("-pk")
    context = {
        "complaint": complaint,
        "customer": complaint.customer,
        "row": Row.of_complaint(complaint, bank_day()),
        "meaning": MEANINGS[Severity(complaint.severity)],
        "steps": [] if about_oneself else [(step, step_words(step)) for step in steps],
        "about_oneself": about_oneself,
        "opens_customer": visible_to(user).filter(pk=complaint.customer_id).exists(),
        "following_days": following_days(complaint),
        "may_act": not about_oneself and not complaint.customer.restricted,
        "may_acknowledge": complaints.looks_after(user, complaint.customer),
    }
    return render(request, "interactions/complaint.html", context)


@dataclass(frozen=True)
class Act:
    """Something done on a case: its form, the button's words, and how it is done. of_case: the form asks the case."""

    form: type[forms.Form]
    button: StrOrPromise
    do: Callable[[Complaint, Any, User], None]
    of_case: bool = False


ACTS: dict[str, Act] = {
    "note": Act(NoteForm, gettext_lazy("Add the note"), lambda c, f, by: complaints.note(c, **f.cleaned_data, by=by)),
    "extend": Act(
        ExtendForm, gettext_lazy("Move the day"), lambda c, f, by: complaints.extend(c, **f.cleaned_data, by=by), True
    ),
    "assign": Act(
        AssignForm, gettext_lazy("Hand it over"), lambda c, f, by: complaints.assign(c, **f.cleaned_data, by=by), True
    ),
    "classify": Act(
        ClassifyForm, pgettext_lazy("a complaint", "Save"),
        lambda c, f, by: complaints.classify(c, **f.cleaned_data, by=by), True,
    ),
    "close": Act(
        CloseForm, gettext_lazy("Close the complaint"), lambda c, f, by: complaints.close(c, **f.closed(), by=by)
    ),
    "reopen": Act(
        ReopenForm, gettext_lazy("Open it again"), lambda c, f, by: complaints.reopen(c, **f.cleaned_data, by=by)
    ),
}  # fmt: skip


@requires_role(Role.MANAGER, Role.SUPERVISOR, Role.AGENT)
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    """GET: the form of `act`. POST: done, and the page of the case anew; or why not."""
    user = signed_in(request)
    complaint = case_write(user, number)
    doing = ACTS.get(act)
    if doing is None:
        raise Http404
    more: dict[str, Any] = {"complaint": complaint} if doing.of_case else {}
    form = doing.form(request.POST if request.method == "POST" else None, auto_id="case-%s", **more)
    if form.is_bound and form.is_valid():
        try:
            doing.do(complaint, form, user)
            return redirect_whole_page(reverse("complaints:case", args=[number]))
        except complaints.OwnComplaintError:
            form.add_error(None, _("Nobody handles a complaint about themselves."))
        except (complaints.AlreadyClosedError, complaints.NotClosedError):
            form.add_error(None, _("Meanwhile somebody else changed it. Reload to read how it stands."))
    context = {
        "complaint": complaint, "form": form, "act": act, "button": doing.button,
        "colleagues": colleagues([complaint.customer.branch_id]) if act in ("assign", "classify") else [],
    }  # fmt: skip
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "interactions/_complaint_act.html", context, status=status)


@requires_role(Role.MANAGER, Role.SUPERVISOR, Role.AGENT)
@require_http_methods(["POST"])
def acknowledge(request: HttpRequest, number: str) -> HttpResponse:
    """Who looks after the customer said sorry in person."""
    user = signed_in(request)
    complaint = case_read(user, number)
    if complaint.customer.restricted or not complaints.looks_after(user, complaint.customer):
        raise Http404
    complaints.acknowledge(complaint, by=user)
    return redirect_whole_page(reverse("complaints:case", args=[number]))
