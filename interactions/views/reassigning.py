"""Handing a manager's reminders to a colleague for good, by who leads both. Leave is covered instead: that returns."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import requires_role, signed_in
from crm.staff.cover import team_of
from crm.staff.models import Role, User
from interactions import teams


class HandOverForm(forms.Form):
    away = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("From"))
    to = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("To"))

    def __init__(self, *args: Any, supervisor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("away", "to"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = team_of(supervisor).order_by("employee_number")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("away") and cleaned.get("away") == cleaned.get("to"):
            self.add_error("to", _("Choose another colleague."))
        return cleaned


@requires_role(Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def reassign(request: HttpRequest) -> HttpResponse:
    """First what would happen, then, with `sure`, it is done."""
    supervisor = signed_in(request)
    form = HandOverForm(request.POST or None, supervisor=supervisor)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        away, to = form.cleaned_data["away"], form.cleaned_data["to"]
        context |= {"away": away, "to": to}
        if "sure" in request.POST:
            context["done"] = teams.hand_over(away, to, by=supervisor)
        else:
            context["preview"] = teams.hand_over_preview(away, to)
    return render(request, "interactions/reassign.html", context, status=UNPROCESSABLE if form.errors else 200)
