"""The form that plans a follow-up: when, for whom, and whether it comes back."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.lib.forms import DayInput
from crm.staff.models import User
from interactions.models import OffDays, Unit
from interactions.recurring import Rhythm
from interactions.teams import TEAM, Plan

AHEAD = timedelta(days=730)


class PlanForm(forms.Form):
    """people: for whom it may be (interactions.teams.choices); today: the bank's day."""

    text = forms.CharField(label=gettext_lazy("What for"), max_length=200)
    on = forms.DateField(label=gettext_lazy("Day"), widget=DayInput)
    at_time = forms.TimeField(
        label=gettext_lazy("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    to = forms.ChoiceField(label=gettext_lazy("For whom"))
    unit = forms.ChoiceField(
        label=gettext_lazy("Comes back"), required=False,
        choices=[("", pgettext_lazy("repeats", "never")), *((unit.value, unit.label) for unit in Unit)],
    )  # fmt: skip
    every = forms.IntegerField(label=gettext_lazy("every"), min_value=1, max_value=365, required=False, initial=1)
    off_days = forms.ChoiceField(
        label=gettext_lazy("On a day without work"), required=False, choices=OffDays.choices, initial=OffDays.AFTER
    )

    def __init__(self, *args: Any, people: Sequence[User | None], by: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk) if person else TEAM: person for person in people}
        self.today = today
        choice = self.fields["to"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(key, _label(person, by)) for key, person in self.people.items()]
        self.fields["on"].initial = today + timedelta(days=1)

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if not self.today <= day <= self.today + AHEAD:
            raise ValidationError(_("Choose a day from today to two years ahead."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("unit") and not cleaned.get("every") and "every" not in self.errors:
            self.add_error("every", _("Every how many?"))
        return cleaned

    def plan(self) -> Plan:
        """What was asked for. Only for a valid form."""
        data = self.cleaned_data
        rhythm = None
        if data["unit"]:
            rhythm = Rhythm(data["on"], data["every"], data["unit"], data["off_days"] or OffDays.AFTER)
        return Plan(data["on"], data["text"], data["at_time"], rhythm)

    def for_whom(self) -> User | None:
        """The person, None for the team. Only for a valid form."""
        return self.people[self.cleaned_data["to"]]


def _label(person: User | None, by: User) -> str:
    if person is None:
        return _("whoever of the branch takes it")
    return _("me") if person.pk == by.pk else person.display_name
