"""What each person settles for themselves."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from crm.audit.log import record
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.lib.htmx import UNPROCESSABLE
from crm.staff.access import signed_in
from crm.staff.models import Role
from crm.workspace import digest
from interactions.models import MailChoice


class SettingsForm(forms.Form):
    daily_mail = forms.BooleanField(label=gettext_lazy("A mail each working day at 07:30"), required=False)


@require_http_methods(["GET", "POST"])
def my_settings(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    gets_mail = not user.roles.isdisjoint({Role.MANAGER, Role.SUPERVISOR})
    if request.GET.get("part") == "preview" and gets_mail:
        return render(request, "workspace/_mail.html", {"preview": digest.preview(user, bank_day())})
    choice = MailChoice.objects.filter(user=user).first()
    form = SettingsForm(request.POST or None, initial={"daily_mail": choice is None or choice.wanted})
    if request.method == "POST":
        wanted = "daily_mail" in request.POST
        MailChoice.objects.update_or_create(user=user, defaults={"wanted": wanted})
        record(Action.CHANGE, by=user, object_type="user", label=str(user), detail={"daily_mail": wanted})
        return redirect("my-settings")
    context = {
        "form": form,
        "gets_mail": gets_mail,
        "languages": settings.LANGUAGES,
    }
    return render(request, "workspace/my_settings.html", context, status=UNPROCESSABLE if form.errors else 200)
