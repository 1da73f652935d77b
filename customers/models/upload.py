"""Lists that a supervisor brings in the browser: the file while it is worked on, its columns, what can be undone."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models.staging import ImportBatch


class UploadState(models.TextChoices):
    """`new`: its columns are to be chosen. Three of them mean that a worker is at it."""

    NEW = "new", _("columns to be chosen")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    IMPORTING = "importing", _("being imported")
    DONE = "done", _("imported")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")


RUNNING = (UploadState.CHECKING, UploadState.IMPORTING, UploadState.UNDOING)


class Upload(models.Model):
    """One file of one person. Everything that holds rows of it is sealed, and gone when it is no longer needed.

    header: a name for every column, unique; "" for one without heading and content. choices: see uploading.columns.
    found: sealed JSON, see uploading.running.Found. errors: sealed workbook of the rejected rows.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=24)
    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(null=True)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    changed_at = models.DateTimeField(auto_now=True)
    state = models.CharField(_("state"), max_length=12, choices=UploadState, default=UploadState.NEW)
    sheets = ArrayField(models.TextField(), default=list)
    sheet = models.TextField(blank=True, default="")
    header_row = models.PositiveIntegerField(default=1)
    header = ArrayField(models.TextField(), default=list)
    rows = models.PositiveIntegerField(default=0)
    choices: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    refusal = models.TextField(blank=True, default="")
    imported = models.PositiveIntegerField(_("imported"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    rejected = models.PositiveIntegerField(_("rejected"), default=0)
    found = models.BinaryField(null=True)
    errors = models.BinaryField(null=True)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(_("finished"), null=True)
    undone: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["by", "-started_at"], name="upload_by")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def running(self) -> bool:
        return self.state in RUNNING


class KeptRow(models.Model):
    """A customer that an upload wrote: their row as it was before, None where it was new.

    written_at: the customer's `updated_at` as the upload left it; another one says that somebody changed them since.
    """

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="kept")
    customer_id = models.BigIntegerField()
    before: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    written_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["upload", "customer_id"], name="one_kept_row_per_customer")]


class ColumnChoice(models.Model):
    """How a branch read a file with these headings the last time, to be offered again."""

    kind = models.CharField(max_length=24)
    branch = models.ForeignKey("staff.Branch", models.CASCADE, related_name="+")
    headings = models.CharField(max_length=64)  # fingerprint of the set of headings
    choices: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "branch", "headings"], name="one_choice_per_headings")]
