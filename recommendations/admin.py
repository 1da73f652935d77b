"""Products, weights and chances in the admin; rules are in recommendations/rulebook/admin.py."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib.pagination import CappedPaginator
from customers.query_language import minor
from recommendations.models import RATED, GradeLimit, Product, Regime, RuleChance, ScorecardBand, Weights
from recommendations.rulebook.admin import KeptForEver
from recommendations.rulebook.forms import CodeStays, check_words, checked, in_order


class ProductForm(CodeStays):
    """The least amount in units people think in; a risk exactly where the regime rates."""

    units = forms.IntegerField(
        label=gettext_lazy("Least amount (units of the base currency)"), min_value=0, max_value=10**12, initial=0
    )

    class Meta:
        model = Product
        fields = [
            "code", "name_zh", "name_en", "family", "regime", "risk", "term_days", "target", "private",
            "regular_premium", "value", "sold_from", "sold_until", "active",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["units"] = self.instance.minimum // minor(1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        regime, risk = cleaned.get("regime"), cleaned.get("risk")
        if regime in RATED and not (risk and 1 <= risk <= 5) and "risk" not in self.errors:
            self.add_error("risk", _("Products of this regime have a risk from 1 (R1) to 5 (R5)."))
        elif regime and regime not in RATED and risk is not None:
            self.add_error("risk", _("Products of this regime have no risk rating: leave it empty."))
        if regime == Regime.NONE and cleaned.get("family"):
            self.add_error("family", _("A service is of no product family."))
        elif regime and regime != Regime.NONE and not cleaned.get("family"):
            self.add_error("family", _("A product is of a family."))
        for name in ("name_zh", "name_en", "target"):
            checked(self, name, check_words)
        in_order(self, "sold_from", "sold_until")
        return cleaned

    def save(self, commit: bool = True) -> Any:
        self.instance.minimum = minor(self.cleaned_data["units"])
        return super().save(commit)


@admin.register(Product)
class ProductAdmin(KeptForEver):
    form = ProductForm
    list_display = ["code", "name_zh", "name_en", "family", "regime", "risk", "least", "active", "sold_until"]
    list_filter = ["active", "regime", "family", "risk", "private"]
    search_fields = ["code__istartswith", "name_zh", "name_en__icontains"]
    search_help_text = gettext_lazy("Start of a code, or a part of a name")

    @admin.display(description=gettext_lazy("least amount"), ordering="minimum")
    def least(self, product: Product) -> str:
        return f"{product.minimum // minor(1):,}"


@admin.register(ScorecardBand)
class ScorecardBandAdmin(admin.ModelAdmin[ScorecardBand]):
    """Points in force from the next loan asked for on; what was assessed before keeps its own."""

    list_display = ["trait", "start", "points"]
    list_display_links = ["trait"]
    list_editable = ["points"]
    list_filter = ["trait"]
    list_per_page = 100


@admin.register(GradeLimit)
class GradeLimitAdmin(admin.ModelAdmin[GradeLimit]):
    list_display = ["grade", "least"]


@admin.register(Weights)
class WeightsAdmin(admin.ModelAdmin[Weights]):
    """The one row. Changes are audited as all of the admin's are."""

    list_display = ["__str__", "benefit", "chance", "value"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(RuleChance)
class RuleChanceAdmin(admin.ModelAdmin[RuleChance]):
    """How often rules were welcome: read only, outcomes teach it."""

    list_display = ["rule", "segment", "chance", "n", "updated"]
    list_select_related = ["rule", "segment"]
    show_full_result_count = False
    paginator = CappedPaginator

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
