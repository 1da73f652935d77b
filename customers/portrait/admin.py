"""Portrait tags in the admin: conditions are checked as they are typed, reasons name only what is known."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.feature_fields import FIELDS
from customers.models import PortraitRule
from customers.portrait.words import unknown_names
from customers.rule_typing import RuleField, RuleHelp


class PortraitRuleForm(forms.ModelForm[PortraitRule]):
    proof = forms.ChoiceField(
        label=gettext_lazy("New evidence by"),
        required=False,
        help_text=gettext_lazy(
            "Once somebody said that the tag is wrong, it comes back only when this is half as much again, or a later"
            " day. Empty: never."
        ),
    )
    condition = RuleField(
        "admin:customers_portraitrule_condition",
        label=gettext_lazy("Condition"),
        help_text=gettext_lazy("Names are completed as you type; “and” binds closer than “or”."),
    )

    class Meta:
        model = PortraitRule
        fields = ["code", "name_zh", "name_en", "order", "active", "reason_zh", "reason_en", "proof", "condition"]
        widgets = {name: forms.Textarea(attrs={"rows": 2, "cols": 90}) for name in ("reason_zh", "reason_en")}
        help_texts = {"reason_zh": gettext_lazy("{feature} stands for the customer's value.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proof = self.fields["proof"]
        assert isinstance(proof, forms.ChoiceField)
        proof.choices = [("", "—"), *((name, f"{field.label} ({name})") for name, field in FIELDS.items())]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if self.instance.pk and code != self.initial["code"]:
            raise ValidationError(_("The code stays: files and rules name it."))
        return code

    def clean_condition(self) -> str:
        text = str(self.cleaned_data["condition"])
        if not text:
            raise ValidationError(_("A tag that everybody carries says nothing: write a condition."))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("reason_zh", "reason_en"):
            for unknown in unknown_names(cleaned.get(name) or ""):
                self.add_error(name, _("There is no feature “%(name)s”.") % {"name": unknown})
        return cleaned


@admin.register(PortraitRule)
class PortraitRuleAdmin(RuleHelp, admin.ModelAdmin[PortraitRule]):
    """In force from the next night on; a tag taken out of use is shown no more at once."""

    form = PortraitRuleForm
    list_display = ["order", "code", "name_zh", "name_en", "active", "condition"]
    list_display_links = ["code"]
    list_filter = ["active"]
    rule_field = "condition"
    rule_address = "customers_portraitrule_condition"
    rule_hint = gettext_lazy("Only those who agreed to a portrait carry it.")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what people said about its tags hangs on it; it can be taken out of use
