"""Forms of products and rules: refused at the field, and at the character, where something is wrong with them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib.forbidden_words import forbidden
from customers.rule_typing import RuleField
from recommendations import words
from recommendations.dry_run import Trial
from recommendations.models import Product, Rule, RuleVersion
from recommendations.rulebook.versions import draft_of, packed, unpacked

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


def in_order(form: forms.ModelForm[Any], first: str, last: str) -> None:
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


def checked(form: forms.ModelForm[Any], name: str, *checks: Any) -> None:
    """Ask `checks` about the text of a field; what they raise stands at the field."""
    for check in checks:
        try:
            check(form.cleaned_data.get(name) or "")
        except ValidationError as error:
            form.add_error(name, error)


class RuleForm(CodeStays):
    """What the draft says where one waits for approval, else what is in force."""

    condition = RuleField(
        "admin:recommendations_rule_condition",
        label=gettext_lazy("Condition"),
        help_text=gettext_lazy("Empty: everybody. Names are completed as you type; “and” binds closer than “or”."),
    )

    class Meta:
        model = Rule
        # The condition last: what checks it and the dry run stand below the form.
        fields = [
            "code", "name_zh", "name_en", "order", "benefit", "sure", "owner", "valid_from", "valid_until",
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        draft = draft_of(self.instance) if self.instance.pk else None
        if draft is not None:
            self.initial = {**self.initial, **unpacked(draft.content)}

    def content(self) -> dict[str, Any]:
        """What was typed, as a version keeps it."""
        return packed(self.cleaned_data)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("reason_zh", "reason_en", "talk_zh", "talk_en"):
            checked(self, name, check_words, check_placeholders)
        for name in ("name_zh", "name_en"):
            checked(self, name, check_words)
        product = cleaned.get("product")
        if "product" not in self.errors and "family" not in self.errors:
            _check_answer(self, cleaned.get("family") or "", product)
        if not 1 <= (cleaned.get("viewed_days") or 0) <= MOST_VIEWED_DAYS and "viewed_days" not in self.errors:
            self.add_error("viewed_days", _("From 1 to %(most)d days.") % {"most": MOST_VIEWED_DAYS})
        in_order(self, "valid_from", "valid_until")
        return cleaned


def _check_answer(form: RuleForm, family: str, product: Product | None) -> None:
    """Either a family, of which the night takes what suits best, or one product or service."""
    if family and product is not None:
        form.add_error("product", _("Either a family or one product, not both."))
    elif not family and product is None:
        form.add_error("family", _("Name a product family, or below a product, a talk or a service."))


class TrialForm(forms.ModelForm[Rule]):
    """The part of a rule's form that decides whom it finds."""

    condition = RuleField("admin:recommendations_rule_condition")

    class Meta:
        model = Rule
        fields = ["need", "family", "product", "condition", "viewed", "viewed_days", "event", "event_days"]

    def trial(self, rule: int | None = None) -> Trial:
        """rule: the id of the rule that is tried, None for a new one."""
        cleaned = self.cleaned_data
        product = cleaned.get("product")
        in_use = Product.objects.filter(active=True, family=cleaned["family"]).order_by("code")
        return Trial(
            need=cleaned["need"],
            condition=cleaned["condition"],
            products=[product] if product else list(in_use) if cleaned["family"] else [],
            viewed=cleaned["viewed"],
            viewed_days=cleaned["viewed_days"],
            event=cleaned["event"],
            event_days=cleaned["event_days"],
            rule=rule,
        )


def posted(version: RuleVersion) -> dict[str, Any]:
    """The content of `version` as if it were typed now: what is wrong with it by today's rules, a form will say."""
    columns = unpacked(version.content)
    product = columns.pop("product")
    typed = {name: value for name, value in columns.items() if value is not None}
    return typed | {"code": version.rule.code, "product": product.pk if product is not None else ""}


def problems(version: RuleVersion) -> list[str]:
    """What forbids to put `version` in force: a feature that is gone, a word that is no longer allowed."""
    form = RuleForm(posted(version), instance=Rule.objects.get(pk=version.rule_id))
    return [f"{form.fields[name].label if name in form.fields else ''}: {error}".lstrip(": ")
            for name, errors in form.errors.items() for error in errors]  # fmt: skip


class DecisionForm(forms.Form):
    comment = forms.CharField(
        label=gettext_lazy("Comment"), max_length=300, widget=forms.Textarea(attrs={"rows": 2, "cols": 90})
    )
