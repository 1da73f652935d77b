"""Files on their way in: the batch, and its rows until they are decided."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class BatchState(models.TextChoices):
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class ImportBatch(models.Model):
    """One run of an import: what file, by whom, and how its rows ended."""

    kind = models.CharField(_("kind"), max_length=24)
    file_name = models.CharField(_("file"), max_length=200)
    file_hash = models.CharField(_("SHA-256 of the file"), max_length=64)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=BatchState, default=BatchState.RUNNING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    imported = models.PositiveIntegerField(_("imported"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    # The sum of the file's amounts, as the bank's own list says and as the file held it; of movements only.
    control_total = models.DecimalField(_("control total"), max_digits=20, decimal_places=2, null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class StagedRow(models.Model):
    """One parsed row of a running import: typed values as JSON, sealed bytes as hex. Gone when the batch ends."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    key = models.CharField(max_length=200, db_collation="C")
    data: "models.JSONField[Any, Any]" = models.JSONField()
    reason = models.TextField(blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="one_staged_row_per_line")]
        indexes = [models.Index(fields=["batch", "key"], name="staged_row_key")]
