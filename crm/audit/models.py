"""The audit log: who did what, and who looked at what.

The table is append-only and partitioned by month (see migration 0001): the app's database role may insert and read,
nothing else, and a trigger refuses changes even to the owner. MLPS level 3 asks for user, time, event, object and
result of every access, kept six months or longer and out of everybody's reach.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    """What was done. Looks are VIEW (one object), LIST and SEARCH (the ids shown), REVEAL (a masked value)."""

    VIEW = "view", _("looked at")
    LIST = "list", _("listed")
    SEARCH = "search", _("searched")
    REVEAL = "reveal", _("revealed")
    CREATE = "create", _("created")
    CHANGE = "change", _("changed")
    DELETE = "delete", _("deleted")
    GRANT = "grant", _("granted access")
    REVOKE = "revoke", _("revoked access")
    WALK_IN = "walk_in", _("opened for a walk-in")
    SIGN_IN = "sign_in", _("signed in")
    SIGN_OUT = "sign_out", _("signed out")
    IMPORT = "import", _("imported")
    EXPORT = "export", _("exported")


class Result(models.TextChoices):
    OK = "ok", _("done")
    DENIED = "denied", _("denied")
    FAILED = "failed", _("failed")


class EntryQuerySet(models.QuerySet["Entry"]):
    def about(self, object_type: str, object_id: int) -> "EntryQuerySet":
        """Entries in which the object with `object_id` occurs, alone or in a list."""
        return self.filter(object_type=object_type, object_ids__contains=[object_id])


class Entry(models.Model):
    """One audited event. Actor and object are copied as text too, so that a row still reads when they are gone."""

    at = models.DateTimeField(_("time"), default=timezone.now, editable=False)
    action = models.CharField(_("action"), max_length=16, choices=Action)
    result = models.CharField(_("result"), max_length=8, choices=Result, default=Result.OK)
    actor_id = models.BigIntegerField(_("actor id"), null=True)
    actor_label = models.CharField(_("actor"), max_length=120, blank=True)
    object_type = models.CharField(_("object type"), max_length=32, blank=True)
    object_ids = ArrayField(models.BigIntegerField(), verbose_name=_("object ids"), default=list)
    object_label = models.CharField(_("object"), max_length=120, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    detail: "models.JSONField[Any, Any]" = models.JSONField(_("detail"), default=dict)
    address = models.GenericIPAddressField(_("address"), null=True)
    request_id = models.UUIDField(_("request"), null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        db_table = "audit_entry"
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["actor_id", "-at"], name="audit_actor_at"),
            models.Index(fields=["object_label", "-at"], name="audit_object_at"),
            GinIndex(fields=["object_ids"], name="audit_object_ids"),
        ]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_label} {self.get_action_display()} {self.object_label}"
