"""Forms about reminders: how it went, until when it waits, and the next contact."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.lib.forms import DayInput
from interactions import working_days
from interactions.ending import Result, Told
from interactions.models import Reminder
from interactions.reasons import day_words

AHEAD = timedelta(days=730)  # further away it is a slip of the keyboard
_DISTANCES = {"tomorrow": 1, "three": 3, "week": 7}
NO_NEXT_STEP = [
    ("settled", pgettext_lazy("no next step", "all is settled")),
    ("customer", pgettext_lazy("no next step", "the customer will get in touch")),
    ("declined", pgettext_lazy("no next step", "does not want to be contacted about it")),
    ("wrong", pgettext_lazy("no next step", "does not fit this customer")),
]


@dataclass(frozen=True)
class Tap:
    """A day one tap away. value: as forms send it."""

    value: str
    day: date

    @property
    def label(self) -> str:
        return f"{format_date(self.day, 'D')} {day_words(self.day)}"


def taps(today: date) -> list[Tap]:
    """Tomorrow, in three days and in a week, each on a working day; no day twice."""
    found: dict[date, Tap] = {}
    for value, distance in _DISTANCES.items():
        day = working_days.on_or_after(today + timedelta(days=distance))
        found.setdefault(day, Tap(value, day))
    return list(found.values())


class DayForm(forms.Form):
    """A day by tap (`next`) or picked (`next_on`). today: the bank's day, from which tomorrow counts."""

    next = forms.CharField(max_length=12, required=False)
    next_on = forms.DateField(label=gettext_lazy("Day"), widget=DayInput, required=False)
    reason = forms.CharField(max_length=120, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.taps = taps(today)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "next_on" not in self.errors:
            self._choose(cleaned)
        return cleaned

    def _choose(self, cleaned: dict[str, Any]) -> None:
        tap = next((tap for tap in self.taps if tap.value == cleaned.get("next")), None)
        if tap is not None:
            cleaned["next_on"] = tap.day
        elif cleaned.get("next_on") is None:
            self.add_error("next_on", _("Which day?"))
        elif not self.earliest <= cleaned["next_on"] <= self.today + AHEAD:
            self.add_error("next_on", _("Choose a day from tomorrow to two years ahead."))

    @property
    def earliest(self) -> date:
        return self.today + timedelta(days=1)


class NextForm(DayForm):
    """The next contact; that may be today."""

    @property
    def earliest(self) -> date:
        return self.today


class DoneForm(DayForm):
    """How it went. `offered`: the open reminders of the customer; those for today or before are chosen at first."""

    result = forms.ChoiceField(label=gettext_lazy("Result"), choices=Result.choices, initial=Result.REACHED)
    summary = forms.CharField(label=gettext_lazy("What was said"), max_length=1000, required=False)
    reason = forms.ChoiceField(
        label=gettext_lazy("Why no next step"), choices=[("", "…"), *NO_NEXT_STEP], required=False
    )  # type: ignore[assignment]  # the choices of a reason
    chosen = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, offered: Sequence[Reminder], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["chosen"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = [(str(reminder.pk), str(reminder.pk)) for reminder in offered]

    def _choose(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("next") == "none":
            cleaned["next_on"] = None
            if not cleaned.get("reason"):
                self.add_error("reason", _("Choose a reason, or the day of the next contact."))
            return
        if not cleaned.get("next"):
            self.add_error("next_on", _("What comes next? Choose a day, or a reason for none."))
            return
        super()._choose(cleaned)

    def clean_summary(self) -> str:
        summary: str = self.cleaned_data["summary"].strip()
        if not summary and self.cleaned_data.get("result") not in (None, Result.NOT_REACHED):
            raise ValidationError(_("What was said? A sentence is enough."))
        return summary

    def told(self) -> Told:
        """What was told. Only for a valid form."""
        data = self.cleaned_data
        reason = str(dict(NO_NEXT_STEP)[data["reason"]]) if data["next_on"] is None else ""
        return Told(data["result"], data["summary"], data["next_on"], reason)
