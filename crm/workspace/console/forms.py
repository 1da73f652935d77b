"""What is asked of the audit log."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.audit.models import Action, Result
from crm.audit.searching import LONGEST, Asked
from crm.lib.dates import bank_day
from crm.lib.forms import DayInput
from crm.staff.models import Role, User
from customers.models import Customer


class AuditForm(forms.Form):
    """The filters. Without any, the last seven days."""

    first = forms.DateField(label=_("from day"), widget=DayInput)
    last = forms.DateField(label=_("to day"), widget=DayInput)
    who = forms.CharField(
        label=_("who (employee number)"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    whom = forms.CharField(
        label=_("whom (customer number) or what"), required=False, max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    action = forms.ChoiceField(label=_("action"), required=False, choices=[("", _("any")), *Action.choices])
    result = forms.ChoiceField(label=_("result"), required=False, choices=[("", _("any")), *Result.choices])
    reason = forms.CharField(label=_("reason contains"), required=False, max_length=60)

    def __init__(self, data: Any = None) -> None:
        usual = {"first": bank_day() - timedelta(days=6), "last": bank_day()}
        super().__init__(data if data and "first" in data else usual)
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "field"
            if name in ("first", "last"):
                field.widget.attrs["required"] = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and first > last:
            self.add_error("last", gettext("The last day is before the first."))
        elif first and last and (last - first).days >= LONGEST:
            self.add_error("last", gettext("At most a year at once."))
        return data

    def asked(self, user: User) -> Asked:
        """What was asked, by ids. Numbers that nobody has are looked for as they were typed."""
        data = self.cleaned_data
        actor = User.objects.filter(employee_number=data["who"]).values_list("pk", flat=True).first()
        ids = Customer.objects.filter(number=data["whom"]).values_list("pk", flat=True) if data["whom"] else ()
        return Asked(
            data["first"], data["last"], data["who"], actor if data["who"] else None, data["whom"], tuple(ids),
            data["action"], data["result"], data["reason"], reads_cases=Role.COMPLIANCE in user.roles,
        )  # fmt: skip

    def words(self) -> dict[str, str]:
        """What was asked, as the audit keeps it."""
        return {name: str(value) for name, value in self.cleaned_data.items() if value}
