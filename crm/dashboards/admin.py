"""The weights of the score: a change is a new version with its reason, and what was stays to be read."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from crm.dashboards.models import MOST_BUSINESS, ScoreWeights
from crm.dashboards.scorecard.weighing import in_force


class ScoreWeightsForm(forms.ModelForm[ScoreWeights]):
    """A hundred points in all, of which business gives at most MOST_BUSINESS."""

    class Meta:
        model = ScoreWeights
        fields = ["satisfaction", "follow_up", "activity", "care", "business", "reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        points = [cleaned.get(name) for name in self.Meta.fields[:-1]]
        if None not in points and (total := sum(int(each or 0) for each in points)) != 100:
            raise ValidationError(_("The points are %(total)d together; they must be 100."), params={"total": total})
        if (cleaned.get("business") or 0) > MOST_BUSINESS:
            self.add_error("business", _("At most %(most)d: business never decides a score.") % {"most": MOST_BUSINESS})
        return cleaned


@admin.register(ScoreWeights)
class ScoreWeightsAdmin(admin.ModelAdmin[ScoreWeights]):
    """In force at once, for every card. The form begins with what is in force."""

    form = ScoreWeightsForm
    list_display = ["at", "satisfaction", "follow_up", "activity", "care", "business", "reason", "by"]
    list_select_related = ["by"]
    ordering = ["-at", "-pk"]
    list_per_page = 50

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return vars(in_force()) | super().get_changeform_initial_data(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ScoreWeights, form: Any, change: bool) -> None:
        obj.by_id = request.user.pk
        super().save_model(request, obj, form, change)
