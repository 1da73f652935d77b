"""A run of the night, its steps, and the chunks they are cut into."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Run(models.Model):
    """One attempt at the night of a bank day.

    full, why_full: whether everything was computed anew, and the reason in words. definitions: fingerprint of what was
    computed. counts: publication -> rows written. published_at: when the worklist became live.
    """

    day = models.DateField(_("bank day"))
    attempt = models.PositiveSmallIntegerField(_("attempt"))
    full = models.BooleanField(_("full"))
    why_full = models.CharField(_("why full"), max_length=200, blank=True, default="")
    definitions = models.CharField(max_length=200)
    state = models.CharField(_("state"), max_length=8, choices=RunState, default=RunState.RUNNING)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    published_at = models.DateTimeField(_("published"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    counts: "models.JSONField[Any, Any]" = models.JSONField(_("rows written"), default=dict)
    error = models.TextField(_("error"), blank=True, default="")
    told_late = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("night")
        verbose_name_plural = _("nights")
        ordering = ["-started_at"]
        default_permissions = ("view", "add")
        constraints = [
            models.UniqueConstraint(fields=["day", "attempt"], name="one_run_per_attempt"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="running"), name="one_running_night"),
        ]

    def __str__(self) -> str:
        return f"{self.day} #{self.attempt}"


class StepState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")


class Step(models.Model):
    """One step of a run. path: the dotted path of the NightStep."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(_("step"), max_length=40)
    path = models.CharField(max_length=120)
    state = models.CharField(_("state"), max_length=8, choices=StepState, default=StepState.WAITING)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["order"]
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["run", "order"], name="one_step_per_place")]

    def __str__(self) -> str:
        return self.name


class ChunkState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    SPLIT = "split", _("split")


class Chunk(models.Model):
    """A range of customers (ends included) in one step, perhaps of one month.

    token: who works on it now; a worker whose lease has lapsed finds another's token here and commits nothing.
    """

    step = models.ForeignKey(Step, models.CASCADE, related_name="chunks")
    first = models.BigIntegerField(_("first customer"))
    last = models.BigIntegerField(_("last customer"))
    month = models.DateField(_("month"), null=True)
    everybody = models.BooleanField(default=False)
    state = models.CharField(_("state"), max_length=8, choices=ChunkState, default=ChunkState.WAITING)
    token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(_("lease until"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    rows = models.BigIntegerField(_("rows"), default=0)
    error = models.TextField(_("error"), blank=True, default="")

    class Meta:
        verbose_name = _("chunk")
        verbose_name_plural = _("chunks")
        ordering = ["pk"]
        default_permissions = ("view",)
        indexes = [models.Index(fields=["step", "state"], name="chunk_step_state")]


class SetAside(models.Model):
    """A customer whose data made a step fail: left as they were yesterday, while the night went on."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="set_aside")
    step = models.CharField(_("step"), max_length=40)
    customer_id = models.BigIntegerField()
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("customer set aside")
        verbose_name_plural = _("customers set aside")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["run", "step", "customer_id"], name="set_aside_once")]
