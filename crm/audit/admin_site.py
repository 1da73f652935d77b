"""The admin site: every change made in it is audited, because registering a model adds the auditing."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from crm.audit.log import record
from crm.audit.models import Action


class AuditedModelAdmin(admin.ModelAdmin[Any]):
    """Writes an audit row beside each admin change, in its transaction."""

    def _record(self, request: HttpRequest, action: Action, obj: Model, detail: object) -> None:
        record(
            action,
            by=request.user,
            object_type=obj._meta.model_name or "",
            object_ids=[obj.pk],
            label=str(obj),
            detail={"admin": detail},
        )

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._record(request, Action.CREATE, obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._record(request, Action.CHANGE, obj, message)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            self._record(request, Action.DELETE, obj, [])
        return super().log_deletions(request, queryset)


class ZhikeAdminSite(admin.AdminSite):
    site_header = _("Zhike administration")
    site_title = _("Zhike")
    index_title = _("People, branches, rules, audit")
    site_url = None
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        base = admin_class or admin.ModelAdmin
        models = model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        audited = type(base.__name__, (base, AuditedModelAdmin), {"__module__": base.__module__})
        super().register(models, audited, **options)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The one sign-in page serves the admin too: one lock-out, one audit trail."""
        return redirect_to_login(request.GET.get("next", request.get_full_path()))
