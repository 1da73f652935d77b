"""What the customer list can be narrowed to: the person, segment, tier, figures, tags, and a rule in the query
language. Rooms above add fields of their own by `register`."""

from calendar import isleap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.lib.dates import bank_day
from crm.lib.money import digits
from customers.models import Features, Gender, Lifecycle, Segment, Tier
from customers.query_language import read
from customers.rule_typing import RuleField

ANY = ("", _("any"))
OLDEST = 130


@dataclass(frozen=True)
class Extra:
    """A field of the filter that another room adds: how to make it, and its condition for a value on a day."""

    name: str
    field: Callable[[], forms.Field]
    condition: Callable[[Any, date], Q]


EXTRAS: dict[str, Extra] = {}


def register(extra: Extra) -> None:
    EXTRAS[extra.name] = extra


def _units(value: int) -> int:
    return value * int(10 ** digits(settings.BASE_CURRENCY))


def _years_before(day: date, years: int) -> date:
    """The last day on which somebody of `years` is born; a birthday of 29 February counts from 1 March."""
    year = day.year - years
    leap_day = (day.month, day.day) == (2, 29) and not isleap(year)
    return day.replace(year=year, day=28 if leap_day else day.day)


def _holding(text: str, day: date) -> Q:
    """The rule `text` holds, by the figures of the last night."""
    return Q(pk__in=Features.objects.filter(read(text, day).condition()).values("pk"))


# field -> condition on customers for a value that was typed, on a day
CONDITIONS: dict[str, Callable[[Any, date], Q]] = {
    "segment": lambda value, day: Q(membership__segment__code=value),
    "tier": lambda value, day: Q(features__tier=value),
    "lifecycle": lambda value, day: Q(features__lifecycle=value),
    "aum_from": lambda value, day: Q(features__aum__gte=_units(value)),
    "aum_to": lambda value, day: Q(features__aum__lte=_units(value)),
    "matures_within": lambda value, day: Q(features__next_maturity_on__lte=day + timedelta(days=value)),
    "silent_for": lambda value, day: Q(features__last_active_on__lt=day - timedelta(days=value)),
    "overdue": lambda value, day: Q(features__overdue_days__gt=0),
    "gender": lambda value, day: Q(gender=value),
    "age_from": lambda value, day: Q(birth_date__lte=_years_before(day, value)),
    "age_to": lambda value, day: Q(birth_date__gt=_years_before(day, value + 1)),
    "district": lambda value, day: Q(district__icontains=value),
    "work": lambda value, day: Q(occupation__icontains=value) | Q(employer__icontains=value),
    "tag": lambda value, day: Q(tags__tag__name=value),
    "rule": _holding,
}


class ListFilter(forms.Form):
    """All of it optional; amounts in units of BASE_CURRENCY."""

    segment = forms.ChoiceField(label=_("Segment"), required=False)
    tier = forms.ChoiceField(label=_("Tier"), required=False)
    lifecycle = forms.ChoiceField(label=_("Lifecycle"), required=False, choices=[ANY, *Lifecycle.choices])
    gender = forms.ChoiceField(label=_("Gender"), required=False, choices=[ANY, *Gender.choices])
    age_from = forms.IntegerField(label=_("Age from"), required=False, min_value=0, max_value=OLDEST)
    age_to = forms.IntegerField(label=_("Age to"), required=False, min_value=0, max_value=OLDEST)
    district = forms.CharField(label=_("District"), required=False, max_length=60)
    work = forms.CharField(label=_("Work contains"), required=False, max_length=60)
    tag = forms.CharField(label=_("Tag"), required=False, max_length=20)
    aum_from = forms.IntegerField(label=_("Assets from"), required=False, min_value=0, max_value=10**12)
    aum_to = forms.IntegerField(label=_("Assets to"), required=False, min_value=0, max_value=10**12)
    matures_within = forms.IntegerField(label=_("Matures within days"), required=False, min_value=0, max_value=3650)
    silent_for = forms.IntegerField(label=_("Not active for days"), required=False, min_value=1, max_value=3650)
    overdue = forms.ChoiceField(label=_("Overdue"), required=False, choices=[ANY, ("yes", _("yes"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in (("segment", Segment.objects.filter(active=True)), ("tier", Tier.objects.all())):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [ANY, *((item.code, item.name) for item in found)]
        for extra in EXTRAS.values():
            self.fields[extra.name] = extra.field()
        self.fields["rule"] = RuleField("customers:list-rule", label=_("Condition in the query language"))
        self.fields["rule"].widget.attrs |= {"rows": 1, "hx-trigger": "input changed delay:250ms"}

    @staticmethod
    def names() -> list[str]:
        """The names of all fields."""
        return [*CONDITIONS, *EXTRAS]

    def asked(self) -> dict[str, Any]:
        """What was asked for, field -> value; nothing where the form is not valid."""
        if not (self.is_bound and self.is_valid()):
            return {}
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}

    def condition(self) -> Q:
        """As a condition on customers; nothing where the form is not valid."""
        day, found = bank_day(), Q()
        for name, value in self.asked().items():
            made = EXTRAS[name].condition if name in EXTRAS else CONDITIONS[name]
            found &= made(value, day)
        return found

    def chips(self) -> list[tuple[str, str, str]]:
        """What narrows the list now: (name, label, value in words)."""
        found = []
        for name, value in self.asked().items():
            field = self.fields[name]
            choices: Any = field.choices if isinstance(field, forms.ChoiceField) else ()
            found.append((name, str(field.label), str(dict(choices).get(value, value))))
        return found
