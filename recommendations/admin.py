"""Products and rules in the admin: checked as they are typed, tried before they are in use."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.audit.log import look
from crm.audit.models import Action
from crm.lib.dates import bank_day
from crm.lib.forbidden_words import forbidden
from crm.lib.pagination import CappedPaginator
from customers.query_language import minor
from customers.rule_typing import RuleField, RuleHelp
from recommendations import words
from recommendations.dry_run import MOST_TRIED, Trial, dry_run
from recommendations.models import RATED, GradeLimit, Product, Regime, Rule, RuleChance, ScorecardBand, Weights

MOST_VIEWED_DAYS = 365


def check_words(text: str) -> None:
    """Raise ValidationError for words that no text for customers may hold, saying where each stands."""
    found = [_("“%(word)s” (character %(at)d)") % {"word": one.word, "at": one.position} for one in forbidden(text)]
    if found:
        raise ValidationError(
            _("Not allowed in a text for customers: %(words)s. Neither forecast nor promise a return, and keep products"
              " and deposits apart.") % {"words": ", ".join(found)}
        )  # fmt: skip


def check_placeholders(text: str) -> None:
    """Raise ValidationError at the first name in braces that is no feature, and for a brace by itself."""
    for name, at in words.placeholders(text):
        if not words.known_placeholder(name):
            raise ValidationError(_("There is no feature “%(name)s” (character %(at)d).") % {"name": name, "at": at})
    rest = words.PLACEHOLDER.sub(lambda match: " " * len(match.group()), text)
    alone = min((at for at in (rest.find("{"), rest.find("}")) if at >= 0), default=-1)
    if alone >= 0:
        raise ValidationError(_("A brace stands alone (character %(at)d).") % {"at": alone + 1})


def _in_order(form: forms.ModelForm[Any], first: str, last: str) -> None:
    begins, ends = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if begins and ends and ends < begins:
        form.add_error(last, _("It ends before it begins."))


class CodeStays(forms.ModelForm[Any]):
    """A form of something that files, rules and histories name by its code."""

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if self.instance.pk and code != self.initial["code"]:
            raise ValidationError(_("The code stays: files and rules name it."))
        return code


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
            _checked(self, name, check_words)
        _in_order(self, "sold_from", "sold_until")
        return cleaned

    def save(self, commit: bool = True) -> Any:
        self.instance.minimum = minor(self.cleaned_data["units"])
        return super().save(commit)


def _checked(form: forms.ModelForm[Any], name: str, *checks: Any) -> None:
    """Ask `checks` about the text of a field; what they raise stands at the field."""
    for check in checks:
        try:
            check(form.cleaned_data.get(name) or "")
        except ValidationError as error:
            form.add_error(name, error)


class KeptForEver(admin.ModelAdmin[Any]):
    """Suggestions and answers name it: it is taken out of use, never deleted."""

    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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


class RuleForm(CodeStays):
    condition = RuleField(
        "admin:recommendations_rule_condition",
        label=gettext_lazy("Condition"),
        help_text=gettext_lazy("Empty: everybody. Names are completed as you type; “and” binds closer than “or”."),
    )

    class Meta:
        model = Rule
        # The condition last: what checks it and the dry run stand below the form.
        fields = [
            "code", "name_zh", "name_en", "active", "order", "benefit", "sure", "owner", "valid_from", "valid_until",
            "reason_zh", "reason_en", "talk_zh", "talk_en", "need", "family", "product", "viewed", "viewed_days",
            "event", "event_days", "condition",
        ]  # fmt: skip
        labels = {"owner": gettext_lazy("Answerable for the rule")}
        widgets = {
            name: forms.Textarea(attrs={"rows": 2, "cols": 90})
            for name in ("reason_zh", "reason_en", "talk_zh", "talk_en")
        }
        help_texts = {
            "reason_zh": gettext_lazy("{feature} stands for the customer's value, {product} for the product."),
            "family": gettext_lazy("What answers the need. Empty: the product, talk or service named below."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("reason_zh", "reason_en", "talk_zh", "talk_en"):
            _checked(self, name, check_words, check_placeholders)
        for name in ("name_zh", "name_en"):
            _checked(self, name, check_words)
        product = cleaned.get("product")
        if "product" not in self.errors and "family" not in self.errors:
            _check_answer(self, cleaned.get("family") or "", product)
        if not 1 <= (cleaned.get("viewed_days") or 0) <= MOST_VIEWED_DAYS and "viewed_days" not in self.errors:
            self.add_error("viewed_days", _("From 1 to %(most)d days.") % {"most": MOST_VIEWED_DAYS})
        _in_order(self, "valid_from", "valid_until")
        return cleaned


def _check_answer(form: RuleForm, family: str, product: Product | None) -> None:
    """Either a family, of which the night takes what suits best, or one product or service."""
    if family and product is not None:
        form.add_error("product", _("Either a family or one product, not both."))
    elif not family and product is None:
        form.add_error("family", _("Name a product family, or below a product, a talk or a service."))


@admin.register(Rule)
class RuleAdmin(RuleHelp, KeptForEver):
    """In force from the next night on. The form can be tried before it is kept."""

    form = RuleForm
    list_display = ["order", "code", "name_zh", "name_en", "need", "family", "product", "active", "owner"]
    list_display_links = ["code"]
    list_filter = ["active", "need", "family"]
    list_select_related = ["product", "owner"]
    search_fields = ["code__istartswith", "name_zh", "name_en__icontains", "condition"]
    search_help_text = gettext_lazy("Start of a code, a part of a name or of the condition")
    autocomplete_fields = ["product", "owner"]
    rule_field = "condition"
    rule_address = "recommendations_rule_condition"
    rule_hint = gettext_lazy("The gate leaves fewer: try it below.")
    change_form_template = "admin/recommendations/rule/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        own = path("try/", self.admin_site.admin_view(self.try_rule), name="recommendations_rule_try")
        return [own, *super().get_urls()]

    def try_rule(self, request: HttpRequest) -> HttpResponse:
        """What the rule, as it is typed now, would find; nothing is kept. Looks at customers are audited."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = TrialForm(request.GET)
        context: dict[str, Any] = {"form": form, "most": MOST_TRIED}
        if form.is_valid():
            result = dry_run(form.trial(), bank_day())
            context["result"] = result
            context["removed"] = [(rule.label, count) for rule, count in result.removed.most_common()]
            look(
                Action.LIST, by=request.user, object_type="customer", object_ids=result.example_ids,
                detail={"tried": form.cleaned_data["condition"][:200]},
            )  # fmt: skip
        return render(request, "admin/recommendations/rule/_trial.html", context)


class TrialForm(forms.ModelForm[Rule]):
    """The part of a rule's form that decides whom it finds."""

    condition = RuleField("admin:recommendations_rule_condition")

    class Meta:
        model = Rule
        fields = ["need", "family", "product", "condition", "viewed", "viewed_days"]

    def trial(self) -> Trial:
        cleaned = self.cleaned_data
        product = cleaned.get("product")
        in_use = Product.objects.filter(active=True, family=cleaned["family"]).order_by("code")
        return Trial(
            need=cleaned["need"],
            condition=cleaned["condition"],
            products=[product] if product else list(in_use) if cleaned["family"] else [],
            viewed=cleaned["viewed"],
            viewed_days=cleaned["viewed_days"],
        )


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
