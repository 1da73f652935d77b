"""What one may ask of the line of time."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.lib.forms import DayInput
from interactions.timeline.reading import Asked
from interactions.timeline.sources import CHANNELS, KINDS


class TimelineForm(forms.Form):
    """until: back from this day. since: on from that one; with it, or with `more`, only the rows are answered."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    words = forms.CharField(label=_("Words"), max_length=60, required=False)
    until = forms.DateField(label=_("Up to"), widget=DayInput, required=False)
    since = forms.DateField(required=False)
    more = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, groups in (("kind", KINDS), ("channel", CHANNELS)):
            field: Any = self.fields[name]
            field.choices = [("", _("All")), *((key, group.label) for key, group in groups.items())]

    def clean_until(self) -> date | None:
        return self._within("until")

    def clean_since(self) -> date | None:
        return self._within("since")

    def _within(self, name: str) -> date | None:
        day: date | None = self.cleaned_data[name]
        if day is not None and not date(1900, 1, 1) <= day <= date(9999, 1, 1) - timedelta(days=1):
            raise forms.ValidationError(_("Choose a day since 1900."))
        return day

    def asked(self) -> Asked:
        """What was asked; of an invalid form what is valid of it."""
        data = self.cleaned_data
        return Asked(
            data.get("kind", ""), data.get("channel", ""), data.get("words", ""), data.get("until"), data.get("since")
        )
