"""What the admin sees of follow-ups: that they are and become of something. What they say of customers is not there."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib.dates import bank_day
from crm.lib.pagination import CappedPaginator
from interactions.care import festivals
from interactions.models import Festival, Reminder


class FestivalForm(forms.ModelForm[Festival]):
    class Meta:
        model = Festival
        fields = ["name", "active", "segments", "tags", "from_age", "most"]
        widgets = {"segments": forms.CheckboxSelectMultiple}
        help_texts = {
            "segments": gettext_lazy("Who is in none of them and carries none of the tags is not greeted."),
            "tags": gettext_lazy("Words that managers put on customers, separated by commas"),
            "most": gettext_lazy("Those with most at the bank come first."),
        }


@admin.register(Festival)
class FestivalAdmin(admin.ModelAdmin[Festival]):
    """Whom to greet on which festival. Its day is the lunar calendar's."""

    form = FestivalForm
    list_display = ["name", "next_day", "active", "chosen", "from_age", "most"]
    list_editable = ["active"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Festival]:
        return super().get_queryset(request).prefetch_related("segments")

    @admin.display(description=gettext_lazy("next on"))
    def next_day(self, festival: Festival) -> date | None:
        today = bank_day()
        found = (festivals.day_of(festival.name, year) for year in (today.year, today.year + 1))
        return next((day for day in found if day and day >= today), None)

    @admin.display(description=gettext_lazy("whom"))
    def chosen(self, festival: Festival) -> str:
        names = [segment.name for segment in festival.segments.all()] + list(festival.tags)
        return _("; ").join(str(name) for name in names) or _("nobody")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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
    search_help_text = gettext_lazy("A whole customer number or employee number")
    ordering = ["-pk"]
    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50

    @admin.display(description=gettext_lazy("customer number"))
    def number(self, reminder: Reminder) -> str:
        return reminder.customer.number

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
