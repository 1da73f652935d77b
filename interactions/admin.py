"""What the admin sees of follow-ups: that they are and become of something. What they say of customers is not there."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.lib.pagination import CappedPaginator
from interactions import rules_admin as rules_admin  # its classes register themselves
from interactions.care import admin as care_admin  # noqa: F401 - its classes register themselves
from interactions.messaging import admin as messaging_admin  # noqa: F401 - its classes register themselves
from interactions.models import Reminder, SurveyRule


@admin.register(Reminder)
class ReminderAdmin(admin.ModelAdmin[Reminder]):
    """Read only, newest first; found by exact numbers, so that a million rows stay quick."""

    fields = readonly_fields = (
        "number", "assignee", "kind", "due", "priority", "state", "snoozed_until", "ended_at", "ended_by", "made_by",
        "touched_at", "later", "created_at",
    )  # fmt: skip
    list_display = ["number", "kind", "due", "state", "assignee", "ended_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["customer", "assignee"]
    search_fields = ["customer__number__exact", "assignee__employee_number__exact"]
    search_help_text = _("A whole customer number or employee number")
    ordering = ["-pk"]
    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50

    @admin.display(description=_("customer number"))
    def number(self, reminder: Reminder) -> str:
        return reminder.customer.number

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(SurveyRule)
class SurveyRuleAdmin(admin.ModelAdmin[SurveyRule]):
    """Which share of contacts is asked about, and what. Whom that draws is decided by hash: nobody picks."""

    list_display = ["about", "kind", "percent"]
    fields = ["about", "kind", "percent"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
