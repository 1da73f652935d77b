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
from recommendations.models import Civil, InvestorStanding, Need, SuggestionState


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


class NeedForm(forms.Form):
    """A need that the customer spoke of."""

    need = forms.ChoiceField(label=gettext_lazy("Need"), choices=Need.choices)
    said = forms.CharField(label=gettext_lazy("What was said"), required=False, max_length=200)


class ProposalForm(forms.Form):
    """A product that a manager proposes by themselves, and why."""

    need = forms.ChoiceField(label=gettext_lazy("Need"), choices=Need.choices)
    note = forms.CharField(label=gettext_lazy("Why it may help"), max_length=200)


class InvestorForm(forms.ModelForm[InvestorStanding]):
    """Civil capacity, the qualified investor, and a changed risk level that the customer confirmed."""

    class Meta:
        model = InvestorStanding
        fields = ["civil", "represented_until", "qualified_until", "qualified_by", "reconfirmed_on"]
        widgets = dict.fromkeys(("represented_until", "qualified_until", "reconfirmed_on"), DayInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("qualified_until") and not cleaned.get("qualified_by"):
            self.add_error("qualified_by", _("Say by which proof."))
        if cleaned.get("civil") != Civil.LIMITED and cleaned.get("represented_until"):
            self.add_error("represented_until", _("Only where the capacity is limited."))
        if (cleaned.get("reconfirmed_on") or date.min) > bank_day():
            self.add_error("reconfirmed_on", _("Not a day to come."))
        return cleaned
