"""Forms of messages. Each error stands at its field; what was typed stays."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib.forms import DayInput
from interactions.messaging.wording import ASKED, check_words
from interactions.messaging.writing import asked_names
from interactions.models import MessageLanguage, TemplateVersion

MOST = {"place": 60, "product": 60, "survey_link": 200, "note": 300}
_TEXTS = ("place", "product", "note")


class WriteForm(forms.Form):
    """One message: a template, a language, and the open places of that template.

    usable: the versions to choose from. chosen: the one whose open places are asked, None before one is chosen.
    """

    template = forms.ChoiceField(label=gettext_lazy("Template"))
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=MessageLanguage.choices, initial=MessageLanguage.CHINESE
    )

    def __init__(
        self, data: Any = None, *, usable: Sequence[TemplateVersion], chosen: TemplateVersion | None, language: str,
        today: date, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, **options)
        self.today = today
        self.fields["template"].choices = [("", "—"), *_by_channel(usable)]  # type: ignore[attr-defined]
        self.open_places = asked_names(chosen, language) if chosen is not None else []
        for name in self.open_places:
            self.fields[name] = _field(name)

    def places(self) -> list[forms.BoundField]:
        return [self[name] for name in self.open_places]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.open_places:
            value = cleaned.get(name)
            try:
                if name in _TEXTS:
                    check_words(value or "")
                    _check_braces(value or "")
                elif name == "date" and value is not None and value < self.today:
                    raise ValidationError(_("This day is past."))
                elif name == "survey_link" and value and not value.startswith("https://"):
                    raise ValidationError(_("A link begins with https://"))
            except ValidationError as error:
                self.add_error(name, error)
        return cleaned

    def values(self) -> dict[str, Any]:
        """What is valid of the open places, whether or not all of them are."""
        return {name: self.cleaned_data.get(name) for name in self.open_places}


def _check_braces(text: str) -> None:
    if "{" in text or "}" in text:
        raise ValidationError(_("Braces belong to templates: leave them out."))


def _field(name: str) -> forms.Field:
    label = ASKED[name]
    if name == "date":
        return forms.DateField(label=label, widget=DayInput)
    if name == "time":
        return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    widget = forms.Textarea(attrs={"rows": 3}) if name == "note" else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=MOST[name], widget=widget)


def _by_channel(usable: Sequence[TemplateVersion]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for version in usable:
        template = version.template
        words = f"{template.name} · {template.get_kind_display()}"
        groups.setdefault(template.get_channel_display(), []).append((str(template.pk), words))
    return list(groups.items())


class ReasonForm(forms.Form):
    """Why a person decides so about a message."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=160)
