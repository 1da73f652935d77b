"""What is posted about a suggestion."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib.dates import bank_day
from crm.lib.forms import DayInput
from recommendations.answers import ANSWERS, MOST_LATER_DAYS
from recommendations.models import SuggestionState


class AnswerForm(forms.Form):
    """One of the answers, in one tap; a reason and a day may come with it."""

    state = forms.ChoiceField(
        choices=[(state.value, state.label) for state in SuggestionState if state in ANSWERS],
        error_messages={"invalid_choice": gettext_lazy("This is no answer to a suggestion.")},
    )
    reason = forms.CharField(required=False, max_length=200)
    later_until = forms.DateField(required=False)

    def clean_later_until(self) -> date | None:
        return ahead(self.cleaned_data["later_until"])


class DetailForm(forms.Form):
    """What is added to the answer just given: why, what is wrong, or when to come back."""

    reason = forms.CharField(label=gettext_lazy("Which fact is wrong?"), required=False, max_length=200)
    later_until = forms.DateField(label=gettext_lazy("Back on"), required=False, widget=DayInput)

    def clean_later_until(self) -> date | None:
        return ahead(self.cleaned_data["later_until"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(cleaned.values()):
            raise ValidationError(_("There is nothing to keep."))
        return cleaned


def ahead(day: date | None) -> date | None:
    """`day`, if it is one after today and within a year. Raises ValidationError."""
    if day is None:
        return None
    today = bank_day()
    if not today < day <= today + timedelta(days=MOST_LATER_DAYS):
        raise ValidationError(_("Choose a day after today, within a year."))
    return day
