"""What the customer list can be narrowed to: segment, tier, lifecycle, and simple features."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.lib.dates import bank_day
from crm.lib.money import digits
from customers.models import Lifecycle, Segment, Tier

ANY = ("", _("any"))


class ListFilter(forms.Form):
    """All of it optional; amounts in units of BASE_CURRENCY."""

    segment = forms.ChoiceField(label=_("Segment"), required=False)
    tier = forms.ChoiceField(label=_("Tier"), required=False)
    lifecycle = forms.ChoiceField(label=_("Lifecycle"), required=False, choices=[ANY, *Lifecycle.choices])
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

    def condition(self) -> Q:
        """As a condition on customers; nothing where the form is not valid."""
        asked = self.cleaned_data if self.is_bound and self.is_valid() else {}
        scale = 10 ** digits(settings.BASE_CURRENCY)
        day, found = bank_day(), Q()
        if asked.get("segment"):
            found &= Q(membership__segment__code=asked["segment"])
        if asked.get("tier"):
            found &= Q(features__tier=asked["tier"])
        if asked.get("lifecycle"):
            found &= Q(features__lifecycle=asked["lifecycle"])
        if asked.get("aum_from") is not None:
            found &= Q(features__aum__gte=asked["aum_from"] * scale)
        if asked.get("aum_to") is not None:
            found &= Q(features__aum__lte=asked["aum_to"] * scale)
        if asked.get("matures_within") is not None:
            found &= Q(features__next_maturity_on__lte=day + timedelta(days=asked["matures_within"]))
        if asked.get("silent_for"):
            found &= Q(features__last_active_on__lt=day - timedelta(days=asked["silent_for"]))
        if asked.get("overdue"):
            found &= Q(features__overdue_days__gt=0)
        return found

    def chips(self) -> list[tuple[str, str, str]]:
        """What narrows the list now: (name, label, value in words)."""
        asked = self.cleaned_data if self.is_bound and self.is_valid() else {}
        found = []
        for name, value in asked.items():
            if value in (None, ""):
                continue
            field = self.fields[name]
            choices: Any = field.choices if isinstance(field, forms.ChoiceField) else ()
            found.append((name, str(field.label), str(dict(choices).get(value, value))))
        return found
