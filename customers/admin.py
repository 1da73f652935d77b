"""What the admin sees of customers: notices and imports. No customer data are here, on purpose."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from customers import rule_admin as rule_admin  # its classes register themselves
from customers.models import ExchangeRate, ImportBatch, PrivacyNotice
from customers.portrait import admin as portrait_admin  # noqa: F401 - registers itself


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(admin.ModelAdmin[PrivacyNotice]):
    """A published notice is what customers agreed to: it is added to, never edited."""

    list_display = ["purpose", "version", "published_at", "asks_again", "legal_basis"]
    list_filter = ["purpose"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ImportBatch)
class ImportBatchAdmin(admin.ModelAdmin[ImportBatch]):
    list_display = [
        "started_at",
        "kind",
        "file_name",
        "state",
        "imported",
        "updated",
        "unchanged",
        "rejected",
        "control_total",
        "by",
    ]
    list_filter = ["kind", "state"]
    list_select_related = ["by"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ExchangeRate)
class ExchangeRateAdmin(admin.ModelAdmin[ExchangeRate]):
    """A rate counts from its day on; what was converted by an earlier one stays as it is."""

    list_display = ["currency", "day", "rate"]
    list_filter = ["currency"]
    date_hierarchy = "day"
