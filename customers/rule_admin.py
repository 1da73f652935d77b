"""Segments and detectors in the admin: rules are checked as they are typed and kept version by version."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import DetectorSetting, Segment, SegmentRule, Tier
from customers.query_language import minor
from customers.rule_typing import RuleField, RuleHelp


class SegmentForm(forms.ModelForm[Segment]):
    rule_text = RuleField(
        "admin:customers_segment_rule",
        label=gettext_lazy("Rule"),
        help_text=gettext_lazy(
            "Empty: everybody whom no segment before this one took. Names are completed as you type; “and” binds closer"
            " than “or”."
        ),
    )

    class Meta:
        model = Segment
        fields = ["code", "name_zh", "name_en", "order", "active", "service_model", "contact_interval"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.rule is not None:
            self.initial["rule_text"] = self.instance.rule.text

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if self.instance.pk and code != self.initial["code"]:
            raise ValidationError(_("The code stays: files and rules name it."))
        return code


class RuleVersions(admin.TabularInline[SegmentRule, Segment]):
    """What the rule was before, read only."""

    model = SegmentRule
    fk_name = "segment"
    fields = ["text", "created_at", "by"]
    readonly_fields = ["text", "created_at", "by"]
    extra = 0
    max_num = 0
    can_delete = False
    verbose_name_plural = gettext_lazy("Versions of the rule")


@admin.register(Segment)
class SegmentAdmin(RuleHelp, admin.ModelAdmin[Segment]):
    """A changed rule is a new version, in force from the next night on; memberships name the one they came about by."""

    form = SegmentForm
    list_display = ["order", "code", "name_zh", "name_en", "active", "service_model", "contact_interval", "rule"]
    list_display_links = ["code"]
    list_select_related = ["rule"]
    inlines = [RuleVersions]
    rule_field = "rule_text"
    rule_address = "customers_segment_rule"
    rule_hint = gettext_lazy("Segments before this one take theirs first.")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # customers' histories name it; it can be taken out of use

    def save_model(self, request: HttpRequest, obj: Segment, form: Any, change: bool) -> None:
        text = form.cleaned_data["rule_text"]
        super().save_model(request, obj, form, change)
        if obj.rule is None or obj.rule.text != text:
            obj.rule = SegmentRule.objects.create(segment=obj, text=text, by_id=request.user.pk)
            obj.save(update_fields=["rule"])


class TierForm(forms.ModelForm[Tier]):
    """The threshold in units people think in."""

    units = forms.IntegerField(
        label=gettext_lazy("From average assets of (units of the base currency)"), min_value=0, max_value=10**12
    )

    class Meta:
        model = Tier
        fields = ["code", "name_zh", "name_en"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["units"] = self.instance.from_aum // minor(1)

    def clean_units(self) -> int:
        units = int(self.cleaned_data["units"])
        if Tier.objects.filter(from_aum=minor(units)).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another tier begins there."))
        return units

    def save(self, commit: bool = True) -> Any:
        self.instance.from_aum = minor(self.cleaned_data["units"])
        return super().save(commit)


@admin.register(Tier)
class TierAdmin(admin.ModelAdmin[Tier]):
    """In force from the next night on."""

    form = TierForm
    list_display = ["code", "name_zh", "name_en", "threshold"]

    @admin.display(description=gettext_lazy("from AUM"))
    def threshold(self, tier: Tier) -> str:
        return f"{tier.from_aum // minor(1):,}"


class DetectorForm(forms.ModelForm[DetectorSetting]):
    """Parameters one by one, as numbers, instead of a lump of JSON."""

    class Meta:
        model = DetectorSetting
        fields = ["active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.instance.parameters:
            self.fields[name].initial = self.instance.parameters[name]


PARAMETERS = {
    "cash": gettext_lazy("Cash, units of the base currency"),
    "transfer": gettext_lazy("Transfers at home, units of the base currency"),
    "cross_border": gettext_lazy("Across the border, units of the base currency"),
    "cash_foreign": gettext_lazy("Cash in foreign currency, US dollars"),
    "transfer_foreign": gettext_lazy("Transfers in foreign currency, US dollars"),
    "cross_border_foreign": gettext_lazy("Across the border in foreign currency, US dollars"),
    "least": gettext_lazy("Least amount, units of the base currency"),
    "times": gettext_lazy("Times what is usual"),
    "months": gettext_lazy("Months of history"),
    "count": gettext_lazy("How many movements"),
    "days": gettext_lazy("Within days"),
    "quiet_days": gettext_lazy("After quiet days"),
    "share_out": gettext_lazy("Share that goes out (0 to 1)"),
    "payments": gettext_lazy("Times the monthly payment"),
    "points": gettext_lazy("Points"),
    "from_share": gettext_lazy("From this share of the threshold (0 to 1)"),
    "parties": gettext_lazy("Different parties"),
    "share": gettext_lazy("Share of the sum (0 to 1)"),
}
_SHARES = frozenset({"share_out", "from_share", "share"})
_DAYS_MOST = {"days": 10, "quiet_days": 3650, "months": 24}


def _number(name: str) -> forms.Field:
    if name in _SHARES:
        return forms.FloatField(label=PARAMETERS[name], min_value=0, max_value=1)
    if name in {"times", "payments"}:
        return forms.FloatField(label=PARAMETERS[name], min_value=1, max_value=1000)
    return forms.IntegerField(label=PARAMETERS[name], min_value=1, max_value=_DAYS_MOST.get(name, 10**10))


@admin.register(DetectorSetting)
class DetectorAdmin(admin.ModelAdmin[DetectorSetting]):
    """The parameters of a detector; in force from the next night on. Every change is audited."""

    list_display = ["detector", "active"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        """A form with a field for each parameter the detector has."""
        names = list(obj.parameters) if isinstance(obj, DetectorSetting) else []
        return type("ParametersForm", (DetectorForm,), {name: _number(name) for name in names})

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        return ["active", *(obj.parameters if isinstance(obj, DetectorSetting) else [])]

    def save_model(self, request: HttpRequest, obj: DetectorSetting, form: Any, change: bool) -> None:
        obj.parameters = {name: form.cleaned_data[name] for name in obj.parameters}
        super().save_model(request, obj, form, change)
