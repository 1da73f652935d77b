"""Festivals in the admin: whom to greet, from what age on, and how many."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.lib.dates import bank_day
from interactions.care import festivals
from interactions.models import Festival


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
