"""Forms of pauses, refusals and identities. Each error stands at its field, in the person's language."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.lib.dates import bank_day
from crm.lib.forms import DayInput
from crm.staff.models import CUSTOMER_ROLES, User
from interactions.models import PauseReason, Topic

LONGEST_PAUSE = timedelta(days=730)


class PersonField(forms.CharField):
    """A colleague by employee number; what a browser offers from a list ("R1001 林悦") is read as well."""

    def __init__(self, **options: Any) -> None:
        attrs = {"list": "colleagues", "autocomplete": "off"}
        super().__init__(max_length=80, required=False, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        person = User.objects.filter(employee_number__iexact=typed.split()[0], is_active=True).first()
        if person is None:
            raise ValidationError(_("Nobody who works here has this employee number."))
        return person


class PauseForm(forms.Form):
    """Of an illness nothing but the pause is kept: health is sensitive (PIPL Art. 28)."""

    reason = forms.ChoiceField(label=_("Reason"), choices=PauseReason.choices)
    until = forms.DateField(label=_("Sales may go on from"), widget=DayInput)

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if not bank_day() < day <= bank_day() + LONGEST_PAUSE:
            raise ValidationError(_("Choose a day from tomorrow to two years ahead."))
        return day


class RefuseForm(forms.Form):
    topic = forms.ChoiceField(label=_("Does not want to hear of"), choices=[("", "—"), *Topic.choices])
    reason = forms.CharField(label=_("In the customer's words"), max_length=200, required=False)
    open_ended = forms.BooleanField(label=_("until the customer asks for it again"), required=False)


class AttachForm(forms.Form):
    number = forms.CharField(
        label=_("Customer number"), max_length=32, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reason = forms.CharField(label=_("How do you know?"), max_length=200)


def colleagues(branch_ids: list[int]) -> list[User]:
    """Whom a form about a customer of these branches offers first; others are named by employee number."""
    names = User.objects.filter(is_active=True, branch__in=branch_ids, groups__name__in=list(CUSTOMER_ROLES))
    return list(names.distinct().order_by("employee_number")[:60])
