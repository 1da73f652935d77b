"""The contact policy's rules in the admin: a change is a new version, and every version stays."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from interactions import policy_rules
from interactions.models import ContactLimit, ContactRules


class BoundForm(forms.ModelForm[Any]):
    """A number or, said explicitly, no bound."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("unlimited") and cleaned.get("cap") is not None:
            self.add_error("cap", _("Either a number or unlimited."))
        if not cleaned.get("unlimited") and cleaned.get("cap") is None and "cap" not in self.errors:
            self.add_error("cap", _("A number (0: none at all), or tick unlimited."))
        days = cleaned.get("days")
        if days is not None and not 1 <= days <= 366:
            self.add_error("days", _("From 1 to 366 days."))
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_until") is None):
            self.add_error("quiet_until", _("Both ends of the quiet hours, or none."))
        return cleaned


class LimitForm(BoundForm):
    """As good as empty until a channel is chosen."""

    class Meta:
        model = ContactLimit
        fields = ["channel", "cap", "unlimited", "days", "quiet_from", "quiet_until"]


class LimitInline(admin.TabularInline[ContactLimit, ContactRules]):
    model = ContactLimit
    form = LimitForm
    extra = 3
    max_num = 6

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ContactRules)
class ContactRulesAdmin(admin.ModelAdmin[ContactRules]):
    """Added to, never edited: the newest is in force, the others are the history, and both are in the audit."""

    form = BoundForm
    fields = ["cap", "unlimited", "days", "rest_days", "quiet_from", "quiet_until", "reason"]
    inlines = [LimitInline]
    list_display = ["at", "in_force", "bound", "days", "rest_days", "quiet_from", "quiet_until", "reason", "by"]
    list_select_related = ["by"]
    ordering = ["-pk"]

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def in_force(self, rules: ContactRules) -> bool:
        return not ContactRules.objects.filter(pk__gt=rules.pk).exists()

    @admin.display(description=gettext_lazy("marketing contacts at most"))
    def bound(self, rules: ContactRules) -> str:
        return _("unlimited") if rules.unlimited else str(rules.cap)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new version begins as the one in force."""
        rules = policy_rules.in_force()
        return {
            "cap": rules.total.cap, "unlimited": rules.total.cap is None, "days": rules.total.days,
            "rest_days": rules.rest_days, "quiet_from": rules.quiet.start, "quiet_until": rules.quiet.end,
        }  # fmt: skip

    def save_model(self, request: HttpRequest, obj: ContactRules, form: Any, change: bool) -> None:
        obj.by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
