"""Forms about events for society."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.lib.dates import bank_day
from crm.lib.forbidden_words import forbidden
from crm.lib.forms import DayInput
from crm.staff.models import User
from interactions.models import Occasion, Outreach
from interactions.outreach.finding import DEPOSITORS, ELDERS
from interactions.outreach.reach import branches

AHEAD = timedelta(days=400)
MEANT_FOR = [
    (DEPOSITORS, gettext_lazy("who has saved for years and holds deposits alone")),
    (ELDERS, gettext_lazy("the elderly")),
    ("", pgettext_lazy("meant for", "both")),
]


class EventForm(forms.ModelForm[Outreach]):
    """What, for whom, where and when. The words are read by customers: none that promise."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=DayInput)
    time = forms.TimeField(
        label=gettext_lazy("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), initial="14:30"
    )
    found = forms.ChoiceField(label=gettext_lazy("Meant for"), choices=MEANT_FOR, required=False)

    class Meta:
        model = Outreach
        fields = ["occasion", "title", "branch", "place", "minutes", "capacity", "speaker", "found", "district"]

    field_order = (
        "occasion", "title", "found", "district", "branch", "place", "day", "time", "minutes", "capacity", "speaker",
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branch = self.fields["branch"]
        assert isinstance(branch, forms.ModelChoiceField)
        branch.queryset, branch.empty_label = branches(user), None
        occasion = self.fields["occasion"]
        assert isinstance(occasion, forms.ChoiceField)
        occasion.choices = Occasion.choices
        self.fields["minutes"].widget = forms.NumberInput(attrs={"min": 15, "max": 480, "step": 15})
        if self.instance.pk:
            at = timezone.localtime(self.instance.starts_at)
            self.initial.update(day=at.date(), time=at.time())

    def clean_title(self) -> str:
        title = str(self.cleaned_data["title"])
        if found := forbidden(title):
            raise ValidationError(
                _("“%(word)s” promises something. No product is spoken of here.") % {"word": found[0].word}
            )
        return title

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("day") and not bank_day() <= cleaned["day"] <= bank_day() + AHEAD:
            self.add_error("day", _("Choose a day from today to a year ahead."))
        return cleaned

    def starts_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["time"]))


class FeedbackForm(forms.Form):
    """One guest's rating with words, or how many nameless guests gave it."""

    rating = forms.IntegerField(min_value=1, max_value=5)
    words = forms.CharField(max_length=300, required=False)
    number = forms.IntegerField(min_value=0, max_value=1000, required=False)
