"""The audit log in the admin: read only, searched by exact values so that a year of rows stays quick."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.audit.models import Entry
from crm.lib.pagination import CappedPaginator

# What only compliance may read of: that there is a case, and in which state, is confidential (domain: 反洗钱).
FOR_COMPLIANCE_ALONE = ("case",)
# The group of that role (crm.staff.models.Role): by name, since audit stands below staff. Not a permission, which a
# superuser would have without being of compliance.
COMPLIANCE = "compliance"


class PeriodFilter(admin.SimpleListFilter):
    """The last week unless asked otherwise: only that month's partitions are read."""

    title = _("period")
    parameter_name = "days"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("1 day")), ("30", _("30 days")), ("365", _("1 year")), ("all", _("Everything"))]

    def choices(self, changelist: Any) -> Any:
        first, *rest = super().choices(changelist)
        yield {**first, "display": _("7 days")}
        yield from rest

    def queryset(self, request: HttpRequest, queryset: QuerySet[Entry]) -> QuerySet[Entry]:
        value = self.value() or "7"
        if not value.isdecimal():
            return queryset
        return queryset.filter(at__gte=timezone.now() - timedelta(days=min(int(value), 36500)))


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin[Entry]):
    list_display = [
        "at",
        "actor_label",
        "action",
        "result",
        "object_type",
        "object_label",
        "reason",
        "address",
    ]
    list_filter = [PeriodFilter, "action", "result"]
    search_fields = ["actor_label__istartswith", "object_label__exact"]
    search_help_text = _("Start of an employee number, or a whole customer number")
    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        entries = super().get_queryset(request)
        groups = getattr(request.user, "groups", None)
        reads_all = groups is not None and groups.filter(name=COMPLIANCE).exists()
        return entries if reads_all else entries.exclude(object_type__in=FOR_COMPLIANCE_ALONE)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
