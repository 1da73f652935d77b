"""Forms about people."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.lib.dates import bank_day, start_of_day
from crm.lib.forms import DayInput
from crm.staff.cover import team_of
from crm.staff.models import User

MAX_COVER_DAYS = 180


class PasswordForm(PasswordChangeForm):
    """Django's; the new one is another than the old one."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("new_password1") and data.get("new_password1") == data.get("old_password"):
            self.add_error("new_password1", gettext("Choose another password than the present one."))
        return data


class SignInForm(AuthenticationForm):
    username = forms.CharField(
        label=_("Employee number"),
        max_length=20,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username", "autocapitalize": "none"}),
    )
    error_messages = {
        "invalid_login": _(
            "Employee number or password is wrong. After five failures the account is locked for 30 minutes."
        ),
        "inactive": _("This account is closed."),
    }


class CoverForm(forms.Form):
    """Who is away, who stands in, from when until when (both days included), and why."""

    absent = forms.ModelChoiceField(User.objects.none(), label=_("Absent colleague"))
    to = forms.ModelChoiceField(User.objects.none(), label=_("Covered by"))
    first_day = forms.DateField(label=_("First day"), widget=DayInput)
    last_day = forms.DateField(label=_("Last day"), widget=DayInput)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, supervisor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = team_of(supervisor)
        for name in ("absent", "to"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = team
        self.fields["first_day"].initial = self.fields["last_day"].initial = bank_day()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if cleaned.get("absent") and cleaned.get("absent") == cleaned.get("to"):
            self.add_error("to", _("Nobody covers for themselves: choose another colleague."))
        if first and last and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        elif last and last < bank_day():
            self.add_error("last_day", _("This day is past."))
        elif first and last and last - first > timedelta(days=MAX_COVER_DAYS):
            self.add_error("last_day", _("A cover lasts at most %(days)d days.") % {"days": MAX_COVER_DAYS})
        return cleaned

    def starts_at(self) -> datetime:
        """Midnight of the first day, or now if that day has begun."""
        return max(start_of_day(self.cleaned_data["first_day"]), timezone.now())

    def until(self) -> datetime:
        """The midnight that ends the last day."""
        return start_of_day(self.cleaned_data["last_day"] + timedelta(days=1))
