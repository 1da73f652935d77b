from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "crm.audit"
    label = "audit"
    verbose_name = _("Audit")


class ZhikeAdminConfig(AdminConfig):
    """Django's admin with a site that audits every change made in it."""

    default_site = "crm.audit.admin_site.ZhikeAdminSite"
