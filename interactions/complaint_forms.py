"""Forms of complaints. Each error stands at its field, in the person's language."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.lib.dates import bank_day
from crm.lib.forms import DayInput
from crm.staff.models import CUSTOMER_ROLES, Branch, User
from customers.models import Channel
from interactions.complaints import Confirmed
from interactions.complaints.handling import following_days
from interactions.models import MEANINGS, Category, Complaint, ComplaintState, Confirmation, Severity, Via
from interactions.policy_forms import PersonField

OLDEST_RECEIPT = timedelta(days=365)
RATINGS = [(number, str(number)) for number in range(1, 6)]
ANY = ("", _("any"))


def _severities() -> list[tuple[str, Any]]:
    return [(value, f"{Severity(value).label}: {MEANINGS[Severity(value)]}") for value in Severity.values]


def _note(label: Any, rows: int = 3) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=forms.Textarea(attrs={"rows": rows}))


class ReceiveForm(forms.Form):
    text = _note(_("What the customer complains of"))
    severity = forms.ChoiceField(label=_("How severe"), choices=_severities, initial=Severity.MEDIUM)
    category = forms.ChoiceField(label=_("What it is about"), choices=Category.choices, initial=Category.QUEUE)
    via = forms.ChoiceField(label=_("Received by"), choices=Via.choices, initial=Via.VISIT)
    received_on = forms.DateField(label=_("Received on"), widget=DayInput)
    about = PersonField(label=_("About whom, if about a colleague"))
    handler = PersonField(label=_("Handled by (empty: the customer's manager)"))

    def clean_received_on(self) -> date:
        return _lately(self.cleaned_data["received_on"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("about") and cleaned.get("about") == cleaned.get("handler"):
            self.add_error("handler", _("Nobody handles a complaint about themselves."))
        return cleaned

    def received(self) -> dict[str, Any]:
        """What complaints.receive takes."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "received_on"}
        return {**told, "at": _moment(self.cleaned_data["received_on"])}


class CloseForm(forms.Form):
    ending = _note(_("How it ended"), 2)
    offer = forms.CharField(label=_("The remedy, and what to offer next time"), max_length=200)
    satisfaction = forms.TypedChoiceField(
        label=_("How satisfied is the customer? (1 to 5)"), choices=[("", _("not said")), *RATINGS],
        coerce=int, empty_value=None, required=False,
    )  # fmt: skip
    confirmation = forms.ChoiceField(
        label=_("Settled with the customer"), choices=Confirmation.choices, widget=forms.RadioSelect,
        initial=Confirmation.CONFIRMED,
    )  # fmt: skip
    confirmed_via = forms.ChoiceField(label=_("How they agreed"), choices=[("", "—"), *Channel.choices], required=False)
    confirmed_on = forms.DateField(label=_("When they agreed"), widget=DayInput, initial=bank_day, required=False)
    tries = forms.IntegerField(label=_("Tries, if not reached"), min_value=1, max_value=99, required=False)
    unreachable_reason = forms.CharField(label=_("Why they could not be reached"), max_length=200, required=False)

    def clean_confirmed_on(self) -> date | None:
        day = self.cleaned_data["confirmed_on"]
        return _lately(day) if day else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("confirmation") == Confirmation.CONFIRMED:
            wanted = {"confirmed_via": _("Say how the customer agreed."), "confirmed_on": _("Say when.")}
        else:
            wanted = {"tries": _("Say how often you tried."), "unreachable_reason": _("Say why.")}
        for name, words in wanted.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, words)
        return cleaned

    def closed(self) -> dict[str, Any]:
        """What complaints.close takes."""
        told = {name: self.cleaned_data[name] for name in ("ending", "offer", "satisfaction")}
        return {**told, "confirmed": self._confirmed()}

    def _confirmed(self) -> Confirmed:
        data = self.cleaned_data
        if data["confirmation"] == Confirmation.CONFIRMED:
            return Confirmed(via=data["confirmed_via"], at=_moment(data["confirmed_on"]))
        return Confirmed(tries=data["tries"], reason=data["unreachable_reason"])


class ExtendForm(forms.Form):
    """The next extension only: from 15 to 30, from 30 to 60 days."""

    days = forms.TypedChoiceField(label=_("Days from receipt"), coerce=int)
    reason = forms.CharField(label=_("Why it takes longer"), max_length=200)

    def __init__(self, *args: Any, complaint: Complaint, **options: Any) -> None:
        super().__init__(*args, **options)
        days = following_days(complaint)
        self.fields["days"].choices = [(days, str(days))] if days else []  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    handler = PersonField(label=_("Who handles it from now on"))
    reason = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, *args: Any, complaint: Complaint, **options: Any) -> None:
        super().__init__(*args, **options)
        self.about_id = complaint.about_id
        self.fields["handler"].required = True

    def clean_handler(self) -> User:
        person: User = self.cleaned_data["handler"]
        if person.pk == self.about_id:
            raise ValidationError(_("Nobody handles a complaint about themselves."))
        if CUSTOMER_ROLES.isdisjoint(person.roles):
            raise ValidationError(_("This colleague does not serve customers."))
        return person


class ClassifyForm(forms.Form):
    severity = forms.ChoiceField(label=_("How severe"), choices=_severities)
    category = forms.ChoiceField(label=_("What it is about"), choices=Category.choices)
    about = PersonField(label=_("About whom, if about a colleague"))
    reason = forms.CharField(label=_("Why"), max_length=200, required=False)

    def __init__(self, *args: Any, complaint: Complaint, **options: Any) -> None:
        known = {"severity": complaint.severity, "category": complaint.category, "about": complaint.about or ""}
        super().__init__(*args, **{"initial": known} | options)
        self.handler_id = complaint.handler_id

    def clean_about(self) -> User | None:
        person: User | None = self.cleaned_data["about"]
        if person is not None and person.pk == self.handler_id:
            raise ValidationError(_("They handle it: hand it over to somebody else first."))
        return person


class NoteForm(forms.Form):
    text = _note(_("What was done or found out"))


class ReopenForm(forms.Form):
    reason = _note(_("What the customer came back with"), 2)


class CaseFilter(forms.Form):
    """What a worklist shows. branch: one of those the person answers for, with all below it."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=ComplaintState.choices)
    severity = forms.ChoiceField(label=_("How severe"), required=False, choices=[ANY, *Severity.choices])
    category = forms.ChoiceField(label=_("What it is about"), required=False, choices=[ANY, *Category.choices])
    handler = PersonField(label=_("Handled by"))
    branch: forms.ModelChoiceField[Branch] = forms.ModelChoiceField(
        label=_("Branch"), required=False, queryset=Branch.objects.none(), empty_label=_("any")
    )

    def __init__(self, *args: Any, branch_ids: frozenset[int], **options: Any) -> None:
        super().__init__(*args, **options)
        if len(branch_ids) > 1:
            self.fields["branch"].queryset = Branch.objects.filter(pk__in=branch_ids)  # type: ignore[attr-defined]
        else:
            del self.fields["branch"]


def _lately(day: date) -> date:
    if not bank_day() - OLDEST_RECEIPT <= day <= bank_day():
        raise ValidationError(_("Choose a day from a year ago to today."))
    return day


def _moment(day: date) -> datetime:
    """Now for today, noon for an earlier day."""
    return timezone.now() if day == bank_day() else timezone.make_aware(datetime.combine(day, time(12)))
