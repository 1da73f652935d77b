"""Forms about customers. Each error stands at its field, in the person's language."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.lib.dates import age_on, bank_day, start_of_day
from crm.lib.forms import DayInput
from crm.staff.cover import team_of
from crm.staff.models import User
from customers import consent, identifiers
from customers.models import Consent, ConsentPurpose, Customer, Means, WalkInReason
from customers.profile import FIELDS
from customers.reveal import RevealReason

MAX_SHARE_DAYS = 365


class ProfileFieldForm(forms.Form):
    """One profile field of one customer, called `value`."""

    def __init__(self, *args: Any, customer: Customer, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer
        self.name = name
        self.fields["value"] = self._field()

    def _field(self) -> forms.Field:
        profile = FIELDS[self.name]
        if profile.sealed:
            autofill = {"autocomplete": "off", "placeholder": self.customer.masked(self.name)}
            return forms.CharField(label=profile.label, max_length=200, widget=forms.TextInput(attrs=autofill))
        model_field: Any = Customer._meta.get_field(self.name)
        initial = getattr(self.customer, self.name)
        if model_field.choices:
            choices = [("", "—"), *model_field.choices]
            return forms.ChoiceField(label=profile.label, choices=choices, initial=initial)
        if self.name == "birth_date":
            return forms.DateField(label=profile.label, initial=initial, widget=DayInput)
        return forms.CharField(label=profile.label, max_length=model_field.max_length, initial=initial)

    def clean_value(self) -> Any:
        value = self.cleaned_data["value"]
        if self.name == "id_number":
            return identifiers.normal_id_number(value, self.customer.id_kind or "resident")
        if self.name in identifiers.IDENTIFIERS:
            return identifiers.IDENTIFIERS[self.name].normal(value)
        if self.name == "birth_date":
            self._check_birth_date(value)
        return value

    def _check_birth_date(self, born: date) -> None:
        today = bank_day()
        if born > today or born.year < today.year - 130:
            raise ValidationError(_("This cannot be a birth date."))
        guardian = Consent.objects.filter(customer=self.customer, purpose=ConsentPurpose.CHILD, withdrawn_at=None)
        if age_on(born, today) < consent.GUARDED_AGE and not guardian.exists():
            raise ValidationError(_("A child under 14: record the guardian's consent first."))


class RevealForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why do you need it?"), choices=RevealReason.choices)


class ConsentForm(forms.Form):
    """The answer of a customer to one topic, and how it reached the bank."""

    purpose = forms.ChoiceField(choices=ConsentPurpose.choices)
    channel = forms.CharField(required=False)
    recipient = forms.CharField(label=_("Recipient"), required=False, max_length=80)
    answer = forms.ChoiceField(choices=[("give", "give"), ("withdraw", "withdraw")])
    means = forms.ChoiceField(label=_("How did the customer tell you?"), choices=Means.choices)
    guardian = forms.CharField(label=_("Name of the guardian"), required=False, max_length=120)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.child = consent.needs_guardian(customer) or self.data.get("purpose") == ConsentPurpose.CHILD

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        topic = (cleaned.get("purpose", ""), cleaned.get("channel", ""), cleaned.get("recipient", ""))
        if topic[0] == ConsentPurpose.SHARING and not topic[1]:
            if not topic[2]:
                self.add_error("recipient", _("Which company? A consent names its recipient (Art. 23 PIPL)."))
        elif topic not in [*consent.topics(), consent.CHILD]:
            raise ValidationError(_("This consent does not exist."))
        if cleaned.get("answer") == "give" and self.child and not cleaned.get("guardian"):
            self.add_error("guardian", _("A child under 14: its guardian answers. Enter their name."))
        return cleaned

    @property
    def topic(self) -> consent.Topic:
        data = self.cleaned_data
        return data["purpose"], data["channel"], data["recipient"]


class WalkInForm(forms.Form):
    """Who stands there, by a whole identifier: a name alone would let anybody browse the bank."""

    identifier = forms.CharField(
        label=_("Customer number, phone or ID number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    reason = forms.ChoiceField(
        label=_("Why do you open this customer?"), choices=WalkInReason.choices, widget=forms.RadioSelect
    )


class ShareForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label=_("Colleague"))
    last_day = forms.DateField(label=_("Last day"), widget=DayInput)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, supervisor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = team_of(supervisor)

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if not bank_day() <= day <= bank_day() + timedelta(days=MAX_SHARE_DAYS):
            raise ValidationError(_("Choose a day from today to a year ahead."))
        return day

    def until(self) -> datetime:
        return start_of_day(self.cleaned_data["last_day"] + timedelta(days=1))


class ViewForm(forms.Form):
    """A name for the list as it is now. asked: its query string. share: with the branch, by who leads it."""

    name = forms.CharField(label=_("Name of the view"), max_length=20)
    asked = forms.CharField(required=False, max_length=8000, widget=forms.HiddenInput)
    share = forms.BooleanField(label=_("Everybody in the branch sees it"), required=False)


class ExportForm(forms.Form):
    reason = forms.CharField(
        label=_("What do you need the file for?"),
        min_length=4,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
