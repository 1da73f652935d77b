"""Typing a rule of the query language in the admin: checked, counted and completed with each pause."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse, reverse_lazy
from django_stubs_ext import StrOrPromise

from crm.lib.dates import bank_day
from crm.lib.keyset import capped_count
from customers.models import Features
from customers.query_language import LONGEST, check, completions

COUNTED = 10_000


class RuleField(forms.CharField):
    """A rule as text; refused where it cannot be read, saying from which character on. help_at: what checks it."""

    def __init__(self, help_at: str, **options: Any) -> None:
        attributes = {
            "rows": 4, "cols": 90, "spellcheck": "false", "autocomplete": "off",
            "hx-get": reverse_lazy(help_at), "hx-target": "#rule-help",
            "hx-trigger": "load, input changed delay:250ms", "hx-sync": "this:queue last",
            "aria-describedby": "rule-help",
        }  # fmt: skip
        super().__init__(required=False, max_length=LONGEST, widget=forms.Textarea(attrs=attributes), **options)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip()
        check(text, bank_day())
        return text


def completed(request: HttpRequest, form: Any, name: str) -> HttpResponse | None:
    """The field `name` of a new `form` with its last word completed by `pick`; None where nothing is picked."""
    offered = completions(request.GET.get(name, ""))
    if (pick := request.GET.get("pick", "")) not in offered:
        return None
    return HttpResponse(str(form(initial={name: offered[pick]})[name]))


class RuleHelp(admin.ModelAdmin[Any]):
    """An admin whose form has one RuleField, `rule_field`; its help stands at admin:`rule_address`."""

    rule_field: str
    rule_address: str
    rule_hint: StrOrPromise = ""
    change_form_template = "admin/rule_change_form.html"

    def get_urls(self) -> list[URLPattern]:
        own = path("rule/", self.admin_site.admin_view(self.rule_help), name=self.rule_address)
        return [own, *super().get_urls()]

    def rule_help(self, request: HttpRequest) -> HttpResponse:
        """What the rule typed so far says: an error, or how many customers it holds for now; and names to go on with.

        With `pick` the answer is the text field itself, its last word completed.
        """
        if not self.has_change_permission(request):
            raise PermissionDenied
        text = request.GET.get(self.rule_field, "")
        picked = completed(request, self.form, self.rule_field)
        if picked is not None:
            return picked
        context: dict[str, Any] = {
            "offered": list(completions(text)), "cap": COUNTED, "field": self.rule_field, "hint": self.rule_hint,
            "address": reverse(f"admin:{self.rule_address}"),
        }  # fmt: skip
        try:
            holding = Features.objects.filter(check(text, bank_day()).condition())
            context["count"] = capped_count(holding, COUNTED)
        except ValidationError as error:
            context["error"] = " ".join(error.messages)
        return render(request, "admin/_rule_help.html", context)
