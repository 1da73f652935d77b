"""Forms of the household, of life events and of what is still to learn. Each error stands at its field."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from customers.knowing import Fact
from customers.life_events import Told, last_day
from customers.models import Confidence, Customer, GroupKind, LifeKind, Means, Precision, RelationKind
from customers.relations import Guardian

ASKED_MEANS = Means.choices[:3]


class GuardedForm(forms.Form):
    """A form that may be about a child under 14: it then wants the guardian's name and their yes."""

    guardian = forms.CharField(label=_("Name of the guardian"), required=False, max_length=120)
    means = forms.ChoiceField(
        label=_("The guardian agrees"), required=False, choices=[("", _("not asked yet")), *ASKED_MEANS]
    )
    guarded: tuple[str, ...] = ("guardian", "means")

    def given(self) -> Guardian | None:
        """The guardian's consent, where both its parts are there."""
        name, means = self.cleaned_data.get("guardian", "").strip(), self.cleaned_data.get("means", "")
        return Guardian(name, means) if name and means else None

    def ask_guardian(self) -> None:
        """Refuse until the guardian agreed: nothing of a child is stored before (PIPL Art. 31)."""
        error = _("A child under 14: nothing is kept before its guardian agrees. Enter who agreed, and how.")
        self.add_error("means" if self.cleaned_data.get("guardian") else "guardian", error)

    def own_fields(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.guarded]

    def guardian_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.guarded]


class RelationForm(GuardedForm):
    kind = forms.ChoiceField(label=_("The other is the customer's"), choices=RelationKind.choices)
    who = forms.CharField(label=_("Customer number, or the name of who is no customer"), max_length=120)
    together = forms.BooleanField(label=_("Lives in the same household"), required=False)
    young = forms.BooleanField(label=_("A child under 14"), required=False)
    field_order = ("kind", "who", "together", "young", "guardian", "means")

    def clean_who(self) -> str:
        who: str = self.cleaned_data["who"].strip()
        if not any(character.isalpha() or character.isdigit() for character in who):
            raise ValidationError(_("Enter a customer number or a name."))
        return who


def is_number(who: str) -> bool:
    """Whether what was typed is meant as a customer number: names have no digits."""
    return any(character.isdigit() for character in who)


class GroupForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=GroupKind.choices)
    name = forms.CharField(label=_("Name of the group, if it has one"), max_length=60, required=False)
    members = forms.MultipleChoiceField(label=_("Members"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, others: list[Customer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["members"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(other.number, other.name) for other in others]


class LifeEventForm(GuardedForm):
    """When it is or was stands in up to three parts: what is not known is left out."""

    kind = forms.ChoiceField(label=_("What"), choices=LifeKind.choices)
    year = forms.IntegerField(label=_("Year"), min_value=1920, max_value=2120)
    month = forms.IntegerField(label=_("Month, if known"), min_value=1, max_value=12, required=False)
    day = forms.IntegerField(label=_("Day, if known"), min_value=1, max_value=31, required=False)
    note = forms.CharField(label=_("What was said"), max_length=200, required=False)
    confidence = forms.ChoiceField(label=_("How sure"), choices=Confidence.choices, initial=Confidence.SURE)
    young = forms.BooleanField(label=_("Of a child under 14"), required=False)
    planned = forms.BooleanField(required=False)  # by the button that is pressed
    field_order = ("kind", "year", "month", "day", "note", "confidence", "young", "guardian", "means")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["year"].initial = today.year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "year" not in cleaned or "month" not in cleaned or "day" not in cleaned:
            return cleaned
        if cleaned["day"] and not cleaned["month"]:
            self.add_error("month", _("A day needs its month."))
            return cleaned
        try:
            cleaned["on"] = date(cleaned["year"], cleaned["month"] or 1, cleaned["day"] or 1)
        except ValueError:
            self.add_error("day", _("This day does not exist."))
            return cleaned
        cleaned["precision"] = _precision(cleaned)
        self._check_time(cleaned)
        return cleaned

    def _check_time(self, cleaned: dict[str, Any]) -> None:
        over = last_day(cleaned["on"], cleaned["precision"]) < self.today
        if cleaned.get("planned") and over:
            self.add_error("year", _("This time is over: say that it happened."))
        elif not cleaned.get("planned") and cleaned["on"] > self.today:
            self.add_error("year", _("This time is ahead: say that it is planned."))

    def told(self) -> Told:
        data = self.cleaned_data
        return Told(
            data["kind"], data["on"], data["precision"], data["planned"], data["note"], data["young"],
            data["confidence"],
        )  # fmt: skip


def _precision(cleaned: dict[str, Any]) -> str:
    if cleaned["day"]:
        return Precision.DAY
    return Precision.MONTH if cleaned["month"] else Precision.YEAR


class AnswerForm(forms.Form):
    """The answer to the one question: a choice that was tapped, or a few words."""

    def __init__(self, *args: Any, fact: Fact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fact.choices:
            self.fields["value"] = forms.ChoiceField(label=fact.label, choices=list(fact.choices.items()))
        else:
            column: Any = Customer._meta.get_field(fact.name)
            self.fields["value"] = forms.CharField(label=fact.label, max_length=column.max_length)
